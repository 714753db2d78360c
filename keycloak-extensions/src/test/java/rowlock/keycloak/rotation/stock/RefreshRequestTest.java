/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.rotation.stock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RefreshRequestTest {
  @Test
  void digest_anyPropertyDiffers_differs() {
    var digests =
        Stream.of(
                request(Map.of(), Map.of()),
                request(Map.of("jkt", "a"), Map.of()),
                request(Map.of("jkt", "b"), Map.of()),
                request(Map.of("x5t#S256", "a"), Map.of()),
                request(Map.of("attestation", "a"), Map.of()),
                request(Map.of("jkt", "a", "x5t#S256", "a"), Map.of()),
                request(Map.of(), Map.of("scope", List.of("openid"))),
                request(Map.of(), Map.of("scope", List.of("openid email"))),
                request(Map.of(), Map.of("resource", List.of("openid"))),
                request(Map.of(), Map.of("resource", List.of("a", "b"))),
                request(Map.of(), Map.of("resource", List.of("ab"))),
                request(Map.of(), Map.of("audience", List.of("a"))),
                request(Map.of(), Map.of("requested_token_type", List.of("a"))),
                request(Map.of(), Map.of("authorization_details", List.of("a"))),
                request(Map.of(), Map.of("claims", List.of("a"))))
            .map(RefreshRequest::digest)
            .toList();

    assertThat(digests).doesNotHaveDuplicates().allMatch(digest -> digest.matches("[\\w-]{22}"));
  }

  @Test
  void digest_sameRequestWrittenDifferently_isEqual() {
    assertThat(request(Map.of(), Map.of("scope", List.of("email  openid email"))).digest())
        .isEqualTo(request(Map.of(), Map.of("scope", List.of("openid email"))).digest());
    assertThat(request(Map.of(), Map.of("resource", List.of("b", "a", ""))).digest())
        .isEqualTo(request(Map.of(), Map.of("resource", List.of("a", "b"))).digest());
    assertThat(request(Map.of(), Map.of("scope", List.of(""), "client_id", List.of("a"))).digest())
        .isEqualTo(request(Map.of(), Map.of()).digest());
  }

  private static RefreshRequest request(
      Map<String, String> bindings, Map<String, List<String>> form) {
    return new RefreshRequest(new TreeMap<>(bindings), RefreshRequest.narrowing(form));
  }
}
