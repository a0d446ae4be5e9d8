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

import java.util.List;
import java.util.Set;

/**
 * The system calls that say who somebody is: users, descriptors, and acting as another. None of them is on the path of
 * a message, so unlike those of {@link Win32} they take and return Java's types, and may allocate. Users and groups are
 * SIDs in the form {@code S-1-5-18}.
 * <p>
 * All methods may be called from any thread. Those that act as another concern the calling thread.
 */
public interface Win32Identity {

    /**
     * The user of this process, whoever the calling thread acts as ({@code GetTokenInformation}, {@code TokenUser}).
     *
     * @throws SystemCallException if the system says so
     */
    String processUser() throws SystemCallException;

    /**
     * The groups of this process that access checks look at ({@code GetTokenInformation}, {@code TokenGroups}, those
     * with {@code SE_GROUP_ENABLED}). Its logon session is one: {@code S-1-5-5-x-y}.
     *
     * @throws SystemCallException if the system says so
     */
    List<String> processGroups() throws SystemCallException;

    /**
     * Builds a descriptor ({@code ConvertStringSecurityDescriptorToSecurityDescriptorW}).
     *
     * @param sddl in the Security Descriptor Definition Language
     * @return a self-relative SECURITY_DESCRIPTOR
     * @throws SystemCallException if it is none
     */
    byte[] descriptor(String sddl) throws SystemCallException;

    /**
     * Reads the owner and the DACL of an open pipe ({@code GetSecurityInfo}). The handle needs {@code READ_CONTROL}.
     *
     * @param pipe either end
     * @return in the Security Descriptor Definition Language
     * @throws SystemCallException if the system says so
     */
    String descriptorOf(long pipe) throws SystemCallException;

    /**
     * Reads the owner of an open pipe ({@code GetSecurityInfo}, {@code OWNER_SECURITY_INFORMATION}): of its name, which
     * is one for all instances. The handle needs {@code READ_CONTROL}.
     *
     * @param pipe either end; for a pipe of another machine it asks that machine, and <strong>blocks</strong>
     * @return its SID
     * @throws SystemCallException if the system says so
     */
    String ownerOf(long pipe) throws SystemCallException;

    /**
     * To whom the descriptor of an open pipe grants something ({@code GetSecurityInfo}, {@code
     * DACL_SECURITY_INFORMATION}). The handle needs {@code READ_CONTROL}.
     *
     * @param pipe   either end; a pipe of another machine <strong>blocks</strong>, as with {@link #ownerOf}
     * @param rights specific and standard rights, of which any one counts
     * @return SIDs: Everyone's of a pipe without a DACL; what has the entry's number in place of one, of an entry that
     *     may grant it and names nobody in a simple way
     * @throws SystemCallException if the system says so
     */
    Set<String> grantees(long pipe, int rights) throws SystemCallException;

    /**
     * The integrity level that somebody must have to write to an open pipe, or to serve it, by its mandatory label
     * ({@code GetSecurityInfo}, {@code LABEL_SECURITY_INFORMATION}). The handle needs {@code READ_CONTROL}.
     *
     * @param pipe either end; a pipe of another machine <strong>blocks</strong>, as with {@link #ownerOf}
     * @return the last number of the level's SID: 0x2000, medium, of a pipe without a label; 0 of one whose label does
     *     not say {@code SYSTEM_MANDATORY_LABEL_NO_WRITE_UP}
     * @throws SystemCallException if the system says so
     */
    int integrityOf(long pipe) throws SystemCallException;

    /**
     * The process at the other end ({@code GetNamedPipeClientProcessId} and {@code GetNamedPipeServerProcessId}).
     *
     * @param pipe   an end
     * @param client whether to ask for the client's process, which only the server's end knows on every system
     * @return the process id
     * @throws SystemCallException if the system says so
     */
    int processId(long pipe, boolean client) throws SystemCallException;

    /**
     * The session of the other end ({@code GetNamedPipeClientSessionId} and {@code GetNamedPipeServerSessionId}).
     *
     * @param pipe   an end
     * @param client whether to ask for the client's session
     * @return the Terminal Services session id
     * @throws SystemCallException if the system says so
     */
    int sessionId(long pipe, boolean client) throws SystemCallException;

    /**
     * What an account is called ({@code LookupAccountSidW}). <strong>Blocks</strong>, as it may ask a domain's server.
     *
     * @param sid the account
     * @return {@code domain\name}
     * @throws SystemCallException if it cannot be found out; {@link Win32Error#ERROR_NONE_MAPPED} if there is none
     */
    String accountName(String sid) throws SystemCallException;

    /**
     * Whom a name means ({@code LookupAccountNameW}). <strong>Blocks</strong>, as it may ask a domain's server.
     *
     * @param name {@code domain\name}, or a name alone
     * @return the SID of a user or a group
     * @throws SystemCallException if it cannot be found out; {@link Win32Error#ERROR_NONE_MAPPED} if there is none, or
     *     it is a domain's
     */
    String accountSid(String name) throws SystemCallException;

    /**
     * From now on the calling thread acts as the client of a pipe ({@code ImpersonateNamedPipeClient}).
     *
     * @param pipe the server's end
     * @return the error, after which the thread goes on as before; {@link Win32Error#ERROR_CANNOT_IMPERSONATE} of a
     *     client that opened the pipe without {@link PipeFlags#SECURITY_SQOS_PRESENT}, or with
     *     {@code SECURITY_CONTEXT_TRACKING}, if nothing was read from it yet
     */
    int impersonateNamedPipeClient(long pipe);

    /**
     * Opens the token of who the calling thread acts as ({@code OpenThreadToken} with {@code TOKEN_QUERY} and
     * {@code TOKEN_IMPERSONATE}, on behalf of the process).
     *
     * @return a handle to be closed, or the negated error: {@link Win32Error#ERROR_NO_TOKEN} if it acts as nobody else
     */
    long openThreadToken();

    /**
     * The user of a token ({@code GetTokenInformation}, {@code TokenUser}).
     *
     * @param token as of {@link #openThreadToken}
     * @return the SID
     * @throws SystemCallException if the system says so
     */
    String userOf(long token) throws SystemCallException;

    /**
     * From now on the calling thread acts as the user of a token ({@code SetThreadToken}).
     *
     * @param token as of {@link #openThreadToken}
     * @return the error
     */
    int setThreadToken(long token);

    /**
     * From now on the calling thread acts as the process ({@code RevertToSelf}).
     *
     * @return the error, after which the thread goes on as who it acted as
     */
    int revertToSelf();
}
