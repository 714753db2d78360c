/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * A keyword of a note.
 *
 * @param name the word
 */
record Tag(@NotBlank @Size(max = 30) String name) {}
