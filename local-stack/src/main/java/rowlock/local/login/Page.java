/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.local.login;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/** What the browser shows after all redirects. */
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

  /** The address in the address bar. */
  public URI address() {
    return address;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The value of a header of the answer. */
  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /** The page itself. */
  public Document document() {
    return document;
  }

  /** All text that a person reads on it. */
  public String text() {
    return document.text();
  }

  /**
   * The parameters of the redirect to the application, {@code code} and {@code state} for example;
   * empty on any other page.
   */
  public Optional<Map<String, String>> callback() {
    return session.isApplication(address)
        ? Optional.of(Forms.decode(address.getRawQuery()))
        : Optional.empty();
  }

  /** Whether there is a form of that id. */
  public boolean hasForm(String id) {
    return document.getElementById(id) instanceof FormElement;
  }

  /**
   * Fills in the form of that id and sends it; fields that are not given keep what the page put in.
   *
   * @throws IllegalArgumentException if there is no such form or no such field in it
   */
  public Page submit(String formId, Map<String, String> fields) {
    if (document.getElementById(formId) instanceof FormElement form) {
      return send(form, fields);
    }
    throw new IllegalArgumentException("No form " + formId + " on the page that says: " + text());
  }

  /**
   * Presses a button of that name in whichever form has it.
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
   * @throws IllegalArgumentException if there is none
   */
  public Page follow(String selector) {
    var link = document.selectFirst(selector);
    if (link == null) {
      throw new IllegalArgumentException(
          "No link " + selector + " on the page that says: " + text());
    }
    return session.open(URI.create(link.absUrl("href")));
  }

  /** Opens an address in the same browser, as if it were clicked in a mail. */
  public Page open(URI link) {
    return session.open(link);
  }

  /** Opens a link of a mail in the same browser, and presses the button of its page, if any. */
  public Page openMail(URI link) {
    return open(link).confirm();
  }

  /** Presses the button of the page behind a link of a mail, as long as there is one. */
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
