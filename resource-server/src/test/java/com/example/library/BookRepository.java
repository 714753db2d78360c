/* SPDX-License-Identifier: Apache-2.0 */
package com.example.library;

import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

/** The books of the current owner. */
public interface BookRepository extends JpaRepository<Book, UUID> {}
