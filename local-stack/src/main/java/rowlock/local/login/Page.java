/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;
import org.jspecify.annotations.Nullable;

/** Represents the page that the browser shows after all redirects. */
public final class Page {
  private static final String LINK_FORM = "rowlock-link";

  private final BrowserSession session;
  private final URI address;
  private final int status;
  private final HttpHeaders headers;
  private final Document document;

  Page(BrowserSession session, URI address, int status, HttpHeaders headers, String html) {
    this.session = session;
    this.address = address;
    this.status = status;
    this.headers = headers;
    this.document = Jsoup.parse(html, address.toString());
  }

  /** Returns the address in the address bar. */
  public URI address() {
    return address;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the value of a response header, or null if it is missing. */
  public @Nullable String header(String name) {
    return headers.firstValue(name).orElse(null);
  }

  /** Returns the parsed HTML. */
  public Document document() {
    return document;
  }

  /** Returns all visible text. */
  public String text() {
    return document.text();
  }

  /**
   * Returns the parameters of the redirect to the application, {@code code} and {@code state} for
   * example, or null on any other page.
   */
  public @Nullable Map<String, String> callback() {
    return session.isApplication(address) ? Forms.decode(address.getRawQuery()) : null;
  }

  /** Returns whether the page has a form with that id. */
  public boolean hasForm(String id) {
    return document.getElementById(id) instanceof FormElement;
  }

  /**
   * Fills in and submits the form with that id. Fields that are not given keep their value.
   *
   * @throws IllegalArgumentException if there is no such form, or no such field in it
   */
  public Page submit(String formId, Map<String, String> fields) {
    if (document.getElementById(formId) instanceof FormElement form) {
      return send(form, fields);
    }
    throw new IllegalArgumentException("No form " + formId + " on the page that says: " + text());
  }

  /**
   * Presses the button of that name in any form.
   *
   * @throws IllegalArgumentException if there is no such button
   */
  public Page press(String buttonName) {
    var button = document.selectFirst("form [name=" + buttonName + "]");
    if (button == null || !(button.closest("form") instanceof FormElement form)) {
      throw new IllegalArgumentException(
          "No button " + buttonName + " on the page that says: " + text());
    }
    return send(form, Map.of(buttonName, button.val()));
  }

  /**
   * Follows the first link that a CSS selector finds.
   *
   * @throws IllegalArgumentException if there is no such link
   */
  public Page follow(String selector) {
    var link = document.selectFirst(selector);
    if (link == null) {
      throw new IllegalArgumentException(
          "No link " + selector + " on the page that says: " + text());
    }
    return session.open(URI.create(link.absUrl("href")));
  }

  /** Opens an address in the same browser, as if a user had clicked it in a mail. */
  public Page open(URI link) {
    return session.open(link);
  }

  /**
   * Opens a link of a mail in the same browser, and presses the button of its page if there is one.
   */
  public Page openMail(URI link) {
    return open(link).confirm();
  }

  /** Presses the confirmation button of the page as long as there is one. */
  public Page confirm() {
    var page = this;
    while (page.hasForm(LINK_FORM)) {
      page = page.submit(LINK_FORM, Map.of());
    }
    return page;
  }

  private Page send(FormElement form, Map<String, String> fields) {
    var sent = new LinkedHashMap<String, String>();
    form.formData().forEach(field -> sent.put(field.key(), field.value()));
    fields.forEach(
        (name, value) -> {
          if (form.elements().stream()
              .map(Element::attributes)
              .noneMatch(a -> a.get("name").equals(name))) {
            throw new IllegalArgumentException(
                "No field " + name + " in the form on the page that says: " + text());
          }
          sent.put(name, value);
        });
    var action = form.hasAttr("action") ? form.absUrl("action") : address.toString();
    return session.submit(
        form.hasAttr("method") ? form.attr("method") : "get", URI.create(action), sent);
  }
}
