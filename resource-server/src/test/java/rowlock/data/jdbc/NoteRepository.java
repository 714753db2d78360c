/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jdbc;

import java.util.List;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.data.repository.ListPagingAndSortingRepository;
import org.springframework.data.repository.query.Param;

public interface NoteRepository
    extends ListCrudRepository<Note, Long>, ListPagingAndSortingRepository<Note, Long> {
  List<Note> findByTitle(String title);

  @Query("select title from probe.note where title like :prefix || '%' order by title")
  List<String> titlesFrom(@Param("prefix") String prefix);

  @Modifying
  @Query("update probe.note set title = :title where id = :id")
  int rename(@Param("id") Long id, @Param("title") String title);
}
