/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.keycloak.revocation.delivery;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import rowlock.keycloak.revocation.delivery.stock.ClientAuthentication;
import rowlock.keycloak.revocation.delivery.stock.ExistingAccounts;
import rowlock.keycloak.revocation.delivery.stock.Outbox;

/**
 * {@code POST {issuer}/rowlock-events/changes}: the messages of a receiver since its last poll,
 * delivered by push or not. For receivers that were down, or that cannot be pushed to.
 */
public final class ChangesResource implements RealmResourceProvider {
  private static final int MAX = 1000;
  private static final int DEFAULT_MAX = 500;

  private final KeycloakSession session;

  ChangesResource(KeycloakSession session) {
    this.session = session;
  }

  @Override
  public Object getResource() {
    return this;
  }

  /**
   * Returns the messages after a cursor, signed now.
   *
   * @return {@code sets} (token by {@code jti}), {@code next} (the cursor of the next request),
   *     {@code moreAvailable}; with the parameter {@code accounts}, {@code existing} instead
   */
  @POST
  @Path("changes")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  public Response changes() {
    var realm = session.getContext().getRealm();
    var secure = session.getContext().getUri().getBaseUri().getScheme().equals("https");
    if (!secure && realm.getSslRequired().isRequired(session.getContext().getConnection())) {
      return error(Response.Status.FORBIDDEN, "invalid_request", "HTTPS required");
    }
    var client = ClientAuthentication.authenticate(session);
    if (client == null) {
      return error(
          Response.Status.UNAUTHORIZED, "invalid_client", "A public client cannot authenticate");
    }
    var receiver = Receiver.of(client);
    if (receiver == null) {
      return error(
          Response.Status.FORBIDDEN,
          "access_denied",
          "The client has neither "
              + ReceiverSettings.PUSH_URL
              + " nor "
              + ReceiverSettings.POLL
              + "=true");
    }
    var form = session.getContext().getHttpRequest().getDecodedFormParameters();
    if (form.containsKey("accounts")) {
      return existing(form.getFirst("accounts"));
    }
    var cursor = Cursor.parse(form.getFirst("since"));
    var max = max(form.getFirst("max"));
    if (cursor == null || max == null) {
      return error(
          Response.Status.BAD_REQUEST,
          "invalid_request",
          "since must be the next of an earlier response, max a number from 1 to " + MAX);
    }
    return answer(receiver, cursor, max);
  }

  /** Returns those of some accounts that exist. */
  private Response existing(String accounts) {
    var ids = new HashSet<>(List.of(accounts.split(" ", -1)));
    if (ids.size() > MAX) {
      return error(
          Response.Status.BAD_REQUEST,
          "invalid_request",
          "accounts must be at most " + MAX + " ids, separated by spaces");
    }
    var existing = ExistingAccounts.among(session, session.getContext().getRealm(), ids);
    return Response.ok(Map.of("existing", existing), MediaType.APPLICATION_JSON_TYPE)
        .cacheControl(noStore())
        .build();
  }

  private Response answer(Receiver receiver, Cursor since, int max) {
    var realm = session.getContext().getRealm();
    var now = Instant.now();
    var found = new Outbox(session).after(receiver.id(), since.time(), since.id(), max + 1);
    var more = found.size() > max;
    var sets = new LinkedHashMap<String, String>();
    var next = since;
    for (var message : more ? found.subList(0, max) : found) {
      sets.put(
          message.messageId(),
          SecurityEventToken.sign(session, realm, message, receiver.clientId()));
      next = Cursor.after(message);
    }
    var cursor = more ? next : Cursor.atEnd(now);
    return Response.ok(
            Map.of("sets", sets, "next", cursor.text(), "moreAvailable", more),
            MediaType.APPLICATION_JSON_TYPE)
        .cacheControl(noStore())
        .build();
  }

  /** Returns the maximum number of messages, or null if the text is invalid. */
  private static @Nullable Integer max(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return DEFAULT_MAX;
    }
    var number = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    return number >= 1 && number <= MAX ? number : null;
  }

  /** RFC 6749 §5.2. */
  private static Response error(Response.Status status, String code, String description) {
    var response =
        Response.status(status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(Map.of("error", code, "error_description", description))
            .cacheControl(noStore());
    if (status == Response.Status.UNAUTHORIZED) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"rowlock-events\"");
    }
    return response.build();
  }

  private static CacheControl noStore() {
    var control = new CacheControl();
    control.setNoStore(true);
    return control;
  }

  @Override
  public void close() {}
}
