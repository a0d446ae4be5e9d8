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
package io.nettypipe.channel;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@link SecurityTest} leaves out, because Wine sees it otherwise than the documentation. */
class SddlSyntaxTest {

    @ParameterizedTest
    @ValueSource(strings = {"D:(OA;;CC;bf967aba-0de6-11d0-a285-00aa003049e2;;AU)",
        "D:(XA;;FR;;;WD;(Member_of {SID(BA)} && @User.Title==\"a) b\"))",
        "D:(A;;FA;;;WD)S:(RA;;;;;WD;(\"a\",TS,0,\"b\"))",
        "S:AR(AU;FA;0xFF;;;BA)G:DUD:AI"})
    void parts_ofTheWholeLanguage_arePlausible(String sddl) {
        assertTrue(SddlSyntax.isPlausible(sddl));
    }

    @ParameterizedTest
    @ValueSource(strings = {"D:(A;;FA;;;WD)garbage", "D:(A;;FA;;;WD)D:(A;;FA;;;WD)", "D:Q", "D:(A;X;FA;;;WD)",
        "D:(A;;FA;;;WD)(", "O:"})
    void parts_outOfPlace_areNot(String sddl) {
        assertFalse(SddlSyntax.isPlausible(sddl));
    }
}
