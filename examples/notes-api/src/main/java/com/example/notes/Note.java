/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.MappedCollection;

/**
 * A note with its tags.
 *
 * @param id chosen by the database; null for a new note
 * @param title one line
 * @param body the text
 * @param tags at most a few words to find it by
 * @param version for optimistic locking; null for a new note
 */
record Note(
    @Id @Nullable UUID id,
    String title,
    String body,
    @MappedCollection(idColumn = "note") Set<Tag> tags,
    @Version @Nullable Integer version) {}
