/* SPDX-License-Identifier: Apache-2.0 */
package com.example.notes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.RSAKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import rowlock.api.test.TestIssuer;
import rowlock.local.testing.TestServers;

/** Notes of two owners, over HTTP, with signed tokens and a real database. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class NotesIT {
  private static final RSAKey KEY = TestIssuer.newKey("key-1");
  private static final TestIssuer ISSUER = new TestIssuer().publish(KEY);

  @LocalServerPort private int port;
  @Autowired private NoteRepository notes;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry settings) {
    var postgres = TestServers.postgres();
    var database = "notes_" + UUID.randomUUID().toString().replace("-", "");
    postgres.createDatabase(database);
    settings.add("rowlock.issuer", ISSUER::url);
    settings.add("rowlock.db.url", () -> postgres.jdbcUrl(database));
    settings.add("rowlock.db.user", () -> database);
    settings.add("rowlock.db.password", () -> "a password of the test");
    settings.add("rowlock.db.migration.user", postgres::superuser);
    settings.add("rowlock.db.migration.password", postgres::superuserPassword);
    settings.add("management.server.port", () -> 0);
  }

  private RestClient client(UUID owner) {
    var claims = ISSUER.claims(owner);
    claims.put("aud", List.of("notes-api"));
    claims.put("scope", "notes.read notes.write");
    return RestClient.builder()
        .baseUrl("http://localhost:" + port + "/api/me/notes")
        .defaultHeader(
            "Authorization", "Bearer " + TestIssuer.sign(KEY, TestIssuer.header(KEY), claims))
        .build();
  }

  private static Note create(RestClient client, String title, String... tags) {
    var note =
        client
            .post()
            .body(
                Map.of(
                    "title",
                    title,
                    "body",
                    "text",
                    "tags",
                    List.of(tags).stream().map(tag -> Map.of("name", tag)).toList()))
            .retrieve()
            .body(Note.class);
    assertThat(note).isNotNull();
    return note;
  }

  private static List<?> list(RestClient client) {
    List<?> list = client.get().retrieve().body(List.class);
    assertThat(list).isNotNull();
    return list;
  }

  private static int status(Runnable request) {
    try {
      request.run();
      return 200;
    } catch (HttpClientErrorException e) {
      return e.getStatusCode().value();
    }
  }

  @Test
  void notesAndTheirTags_areCreatedReadReplacedAndDeleted() {
    var alice = client(UUID.randomUUID());
    var note = create(alice, "first", "red", "blue");
    assertThat(note.id()).isNotNull();

    var changed =
        alice
            .put()
            .uri("/{id}", note.id())
            .body(Map.of("title", "second", "body", "", "tags", List.of(Map.of("name", "green"))))
            .retrieve()
            .body(Note.class);
    assertThat(changed).isNotNull();
    assertThat(changed.title()).isEqualTo("second");
    var read = alice.get().uri("/{id}", note.id()).retrieve().body(Note.class);
    assertThat(read).isNotNull();
    assertThat(read.tags()).containsExactly(new Tag("green"));

    alice.delete().uri("/{id}", note.id()).retrieve().toBodilessEntity();
    assertThat(list(alice)).isEmpty();
  }

  @Test
  void everyMethodOfTheRepository_reachesTheNotesOfItsOwnerOnly() {
    var alice = client(UUID.randomUUID());
    var bob = client(UUID.randomUUID());
    var note = create(alice, "of Alice", "private");
    create(bob, "of Bob");

    assertThat(list(bob)).hasSize(1).asString().contains("of Bob").doesNotContain("of Alice");
    assertThat(status(() -> bob.get().uri("/{id}", note.id()).retrieve().toBodilessEntity()))
        .isEqualTo(404);
    assertThat(
            status(
                () ->
                    bob.put()
                        .uri("/{id}", note.id())
                        .body(Map.of("title", "taken", "body", "", "tags", List.of()))
                        .retrieve()
                        .toBodilessEntity()))
        .isEqualTo(404);
    assertThat(status(() -> bob.delete().uri("/{id}", note.id()).retrieve().toBodilessEntity()))
        .isEqualTo(404);
    assertThat(list(alice)).hasSize(1).asString().contains("of Alice", "private");
  }

  @Test
  void aRequestWithoutAToken_isRefused() {
    var stranger = RestClient.create("http://localhost:" + port + "/api/me/notes");
    assertThat(status(() -> stranger.get().retrieve().toBodilessEntity())).isEqualTo(401);
  }

  @Test
  void contentThatBreaksARule_isNamed() {
    var alice = client(UUID.randomUUID());
    assertThat(status(() -> create(alice, " ", "red"))).isEqualTo(422);
  }

  @Test
  void outsideARequest_noNoteCanBeReached() {
    assertThatThrownBy(() -> notes.count()).rootCause().hasMessageContaining("No owner is bound");
  }
}
