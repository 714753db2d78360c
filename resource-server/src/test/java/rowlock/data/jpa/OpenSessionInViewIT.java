/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.data.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import rowlock.api.ApiServer;
import rowlock.api.test.Prover;
import rowlock.api.test.RowlockTest;
import rowlock.api.test.TestDatabase;
import rowlock.data.DataTables;

/** Requests whose entities are loaded while the answer is made, as Spring Boot does by default. */
@RowlockTest(
    classes = BookApplication.class,
    properties = {"spring.jpa.hibernate.ddl-auto=none", "spring.jpa.open-in-view=true"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenSessionInViewIT extends ApiServer {
  private static final String BOOKS = "/probe/me/books";
  private static final String CHAPTERS = "[\"one\",\"three\",\"two\"]";

  @Autowired private TestDatabase database;

  private final Prover client = Prover.es256();

  @BeforeAll
  void createTables() {
    DataTables.create(database::asSuperuser);
  }

  private HttpResponse<String> add(String token) {
    return send(request(BOOKS + "?title=book", token).POST(BodyPublishers.noBody()));
  }

  @Test
  void lazyCollections_areThoseOfTheOwner() {
    var ann = token();
    var bob = token();
    assertThat(add(ann).statusCode()).isEqualTo(200);
    assertThat(send(request(BOOKS, ann)).body()).isEqualTo(CHAPTERS);
    assertThat(send(request(BOOKS + "/read-only", ann)).body()).isEqualTo(CHAPTERS);
    assertThat(send(request(BOOKS, bob)).body()).isEqualTo("[]");
    assertThat(add(bob).statusCode()).isEqualTo(200);
    assertThat(send(request(BOOKS, ann)).body()).isEqualTo(CHAPTERS);
  }

  @Test
  void endedSession_isRefused() {
    var user = UUID.randomUUID();
    var token = ISSUER.token(KEY, user);
    assertThat(add(token).statusCode()).isEqualTo(200);
    database.asSuperuser(
        "insert into rowlock.account_gate (sub, not_before) values ('" + user + "', now())");
    assertThat(send(request(BOOKS, token)).statusCode()).isEqualTo(401);
    assertThat(add(token).statusCode()).isEqualTo(401);
  }

  private HttpResponse<String> get(String path, String token, String proof) {
    var request = request(path).header("Authorization", "DPoP " + token);
    return send(request.header("DPoP", proof));
  }

  @ParameterizedTest
  @ValueSource(strings = {BOOKS, BOOKS + "/read-only"})
  void proof_isGoodForAllStatementsOfOneRequest_andForNoOther(String path) {
    var token = ISSUER.token(KEY, client::bind);
    for (var i = 0; i < 2; i++) {
      var proof = client.proof("POST", PUBLIC_URL + BOOKS, token);
      var add =
          request(BOOKS + "?title=book")
              .header("Authorization", "DPoP " + token)
              .header("DPoP", proof)
              .POST(BodyPublishers.noBody());
      assertThat(send(add).statusCode()).isEqualTo(200);
      assertThat(send(add).statusCode()).isEqualTo(401);
    }
    var proof = client.proof("GET", PUBLIC_URL + path, token);
    assertThat(get(path, token, proof).statusCode()).isEqualTo(200);
    var replay = get(path, token, proof);
    assertThat(replay.statusCode()).isEqualTo(401);
    assertThat(replay.body()).contains("/problems/invalid-dpop-proof");
  }
}
