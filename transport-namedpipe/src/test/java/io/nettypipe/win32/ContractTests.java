/*
 * Copyright 2026 The nettypipe authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance
 * with the License. You may obtain a copy of the License at
 *
 *   https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software distributed under the License is distributed
 * on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for
 * the specific language governing permissions and limitations under the License.
 */
package io.nettypipe.win32;

import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tests of what a system does, for whoever runs them elsewhere than in this build: JUnit's launcher runs these
 * classes. With the system property {@code nettypipe.test.system=real}, set before any of them is loaded, they run on
 * the system that the JVM is on, and on no model. What they saw of a fact they publish as an entry with the keys
 * {@code fact}, {@code system}, {@code windows} (what Windows does), {@code seen}, {@code agrees}, and {@code expected}
 * (whether the system is known to answer that; if not, the test fails); of a fact without an entry a test that passes
 * saw what Windows does.
 */
public final class ContractTests {
    private ContractTests() {
    }

    /** Their classes. */
    public static List<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>(ReflectionSupport.findAllClassesInPackage(
                ContractTest.class.getPackageName(), type -> ContractTest.class.isAssignableFrom(type)
                        && !Modifier.isAbstract(type.getModifiers()), name -> name.endsWith("ContractTest")));
        classes.sort(Comparator.comparing(Class::getName));
        return classes;
    }

    /** All tests, those of the first facts first and those of no fact last. */
    public static List<Method> all() {
        List<Method> tests = new ArrayList<>();
        classes().forEach(type -> tests.addAll(ReflectionSupport.findMethods(type,
                method -> method.isAnnotationPresent(Test.class), HierarchyTraversalMode.TOP_DOWN)));
        tests.sort(Comparator.comparing((Method test) -> test.isAnnotationPresent(Fact.class)
                ? Collections.min(List.of(test.getAnnotation(Fact.class).value())) : "none")
                .thenComparing(Method::toString));
        return tests;
    }

    /** The tests that show a fact, by its id. */
    public static Map<String, List<Method>> byFact() {
        Map<String, List<Method>> tests = new TreeMap<>();
        for (Class<?> type : classes()) {
            for (Method test : type.getDeclaredMethods()) {
                Fact fact = test.getAnnotation(Fact.class);
                for (String id : fact == null ? new String[0] : fact.value()) {
                    tests.computeIfAbsent(id, any -> new ArrayList<>()).add(test);
                }
            }
        }
        tests.values().forEach(list -> list.sort(Comparator.comparing(Method::toString)));
        return tests;
    }
}
