/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Set;

/**
 * The body of a request that creates or replaces a note.
 *
 * @param title see {@link Note}
 * @param body see {@link Note}
 * @param tags see {@link Note}
 */
record NoteContent(
    @NotBlank @Size(max = 200) String title,
    @NotNull @Size(max = 10_000) String body,
    @NotNull @Size(max = 10) Set<@Valid Tag> tags) {}
