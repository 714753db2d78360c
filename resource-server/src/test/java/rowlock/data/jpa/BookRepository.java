/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.query.Param;

public interface BookRepository extends JpaRepository<Book, UUID> {
  List<Book> findByTitleOrderById(String title);

  @Modifying
  @Query("update Book b set b.title = :title")
  int renameAll(@Param("title") String title);
}
