/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import java.util.UUID;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.data.repository.ListPagingAndSortingRepository;

/** The notes of the current owner: row security hides all others from every method. */
interface NoteRepository
    extends ListCrudRepository<Note, UUID>, ListPagingAndSortingRepository<Note, UUID> {}
