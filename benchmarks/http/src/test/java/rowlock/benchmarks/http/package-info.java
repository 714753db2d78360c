/* SPDX-License-Identifier: Apache-2.0 */
/** Compares CPU time and latency of requests to an API between several jars in one run. */
@NullMarked
package rowlock.benchmarks.http;

import org.jspecify.annotations.NullMarked;
