/* SPDX-License-Identifier: Apache-2.0 */
/** CPU time and latency of requests to an API, compared between jars in one run. */
@NullMarked
package rowlock.benchmarks.request;

import org.jspecify.annotations.NullMarked;
