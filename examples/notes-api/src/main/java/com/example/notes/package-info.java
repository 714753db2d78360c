/* SPDX-License-Identifier: Apache-2.0 */
/** Notes with tags: a second domain on the starter. */
@NullMarked
package com.example.notes;

import org.jspecify.annotations.NullMarked;
