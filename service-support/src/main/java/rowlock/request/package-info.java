/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Parts of Spring that every request passes, with the same results and less CPU time: the firewall
 * and the metric of requests.
 */
@NullMarked
package rowlock.request;

import org.jspecify.annotations.NullMarked;
