/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local;

/**
 * A port that must be free before anything starts.
 *
 * @param service who will listen on it, as a person calls it
 * @param variable the environment variable that moves it
 * @param number the port
 */
public record StackPort(String service, String variable, int number) {}
