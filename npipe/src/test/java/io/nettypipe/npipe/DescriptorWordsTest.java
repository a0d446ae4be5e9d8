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
package io.nettypipe.npipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** Descriptors in words. */
final class DescriptorWordsTest {
    private static DescriptorWords words(String sddl) {
        return new DescriptorWords(sddl, sid -> sid.equals("S-1-5-21-1-2-3-1001") ? "HERE\\me" : sid);
    }

    @Test
    void descriptor_ofOurServers_isToldLineByLine() {
        DescriptorWords words = words("O:S-1-5-21-1-2-3-1001D:P(D;;FA;;;NU)(A;;FA;;;SY)(A;;FA;;;S-1-5-21-1-2-3-1001)"
                + "(A;;0x12019b;;;AU)");
        assertEquals("HERE\\me (S-1-5-21-1-2-3-1001)", words.owner());
        assertEquals(List.of("who comes from the network may not do anything", "LocalSystem may do everything",
                "HERE\\me (S-1-5-21-1-2-3-1001) may do everything", "authenticated users may read, write"),
                words.access());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GR                  | everyone may read",
        "GW                  | everyone may write, create instances",
        "GA                  | everyone may do everything",
        "FRFW                | everyone may read, write, create instances",
        "CCDCLC              | everyone may read, write, create instances",
        "RC                  | everyone may ask about it",
        "0x80000000          | everyone may read",
        "0xc0002             | everyone may write, change who may, become the owner",
        "0x1f01ff            | everyone may do everything",
        "XX                  | (A;;XX;;;WD)"
    })
    void rights_ofAnEntry_areToldAsWhatOneMayDoWithAPipe(String rights, String expected) {
        assertEquals(List.of(expected), words("D:(A;;" + rights + ";;;WD)").access());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "D:NO_ACCESS_CONTROL                                  | everybody may do everything: it has no access control",
        "O:BA                                                 | everybody may do everything: it has no access control",
        "D:P                                                  | nobody may do anything",
        "D:(XA;;FA;;;WD;(Member_of {SID(BA)}))                | (XA;;FA;;;WD;(Member_of {SID(BA)}))",
        "D:(A;IO;FA;;;WD)                                     | (A;IO;FA;;;WD)"
    })
    void descriptor_thatIsNoListOfGrants_isNeverToldAsOne(String sddl, String expected) {
        assertEquals(List.of(expected), words(sddl).access());
    }
}
