/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package rowlock.web;

import org.jspecify.annotations.NullMarked;
