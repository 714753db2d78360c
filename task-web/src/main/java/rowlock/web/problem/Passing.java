/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

/** Marks exceptions that say that something is away, and may be back soon: 503. */
public interface Passing {}
