/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import rowlock.api.test.RowlockTest;
import rowlock.api.test.ScopeContract;

/** Every route requires a scope. */
@RowlockTest
class NoteScopeIT extends ScopeContract {}
