/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.web.problem;

/** Marks exceptions about a service that is temporarily unavailable; they are answered 503. */
public interface TransientFailure {}
