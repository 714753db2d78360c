/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.realm.apply;

/**
 * Represents one request, or a few that belong together.
 *
 * @param label for people
 * @param action sends the requests
 */
record Step(String label, Runnable action) {}
