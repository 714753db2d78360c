/* SPDX-License-Identifier: Apache-2.0 */
package rowlock.product.web.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rowlock.product.web.TestWeb;
import rowlock.product.web.Visitor;

/** Attacks by an injected script in the page, and by another site. */
class PageAttackIT {
  private static final String TOKEN = "eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+";

  private final TestWeb web = TestWeb.shared();

  @Test
  void scriptInThePage_findsNoToken() {
    try (var page = TasksPage.open(web)) {
      page.registerByPages().add("Call Ada");
      var session =
          page.window().context().cookies(web.address() + "/").stream()
              .filter(cookie -> cookie.name.equals(Visitor.COOKIE))
              .peek(cookie -> assertThat(cookie.httpOnly).isTrue())
              .map(cookie -> cookie.value)
              .findFirst()
              .orElseThrow();

      var everything =
          (String)
              page.page()
                  .evaluate(
                      """
                      async () => {
                        const found = [document.cookie, document.documentElement.outerHTML, location.href];
                        for (const store of [localStorage, sessionStorage]) {
                          found.push(JSON.stringify(store));
                        }
                        found.push(JSON.stringify(await indexedDB.databases()), JSON.stringify(await caches.keys()));
                        found.push(String((await navigator.serviceWorker.getRegistrations()).length));
                        for (const path of ['/', '/session', '/api/me/tasks', '/account/sessions', '/login']) {
                          const answer = await fetch(path, {redirect: 'manual'});
                          found.push(JSON.stringify([...answer.headers]), await answer.text());
                        }
                        for (const entry of performance.getEntries()) {
                          found.push(entry.name);
                        }
                        for (const name of Object.getOwnPropertyNames(window)) {
                          if (typeof window[name] === 'string') found.push(window[name]);
                        }
                        return found.join('\\n');
                      }""");

      assertThat(everything)
          .contains("Call Ada", page.address()) // the script finds other data
          .doesNotContainPattern(TOKEN)
          .doesNotContain(session);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = true\">')",
        "document.body.innerHTML = '<svg onload=\"window.ran = true\">'",
        "document.body.appendChild(document.createElement('script')).textContent = 'window.ran = true'",
        "document.body.appendChild(document.createElement('script')).src = 'data:text/javascript,window.ran = true'",
        "setTimeout('window.ran = true')",
        "new Function('window.ran = true')()",
        "document.body.setAttribute('onclick', 'window.ran = true'); document.body.click()",
        "trustedTypes.createPolicy('mine', {createHTML: text => text})",
        "open('javascript:opener.ran = true')",
        "import('data:text/javascript,window.ran = true')"
      })
  void text_isNotExecutedAsScript(String attempt) {
    try (var page = TasksPage.open(web)) {
      assertThat(page.link("Sign in")).isVisible();
      // in a timer, because the policy does not apply to scripts that the driver runs
      page.page()
          .evaluate(
              "() => new Promise(done => { setTimeout(() => { "
                  + attempt
                  + " }); setTimeout(done, 500); })");
      assertThat(page.page().evaluate("Boolean(window.ran)")).isEqualTo(false);
      assertThat(page.problems())
          .anyMatch(problem -> problem.contains("violates") || problem.contains("uncaught"));
    }
  }

  @Test
  void policy_blocksRequestsToOtherSites() {
    try (var foreign = ForeignSite.start();
        var page = TasksPage.open(web)) {
      assertThat(page.link("Sign in")).isVisible();
      page.page()
          .evaluate(
              """
              async there => {
                await fetch(there + 'fetch', {mode: 'no-cors'}).catch(() => {});
                navigator.sendBeacon(there + 'beacon', 'x');
                new Image().src = there + 'image';
                new WebSocket(there.replace('http', 'ws') + 'socket');
                const sheet = document.head.appendChild(document.createElement('link'));
                sheet.rel = 'stylesheet';
                sheet.href = there + 'sheet';
                const form = document.body.appendChild(document.createElement('form'));
                form.action = there + 'form';
                form.submit();
                await new Promise(done => setTimeout(done, 500));
              }""",
              foreign.address());
      assertThat(foreign.requests()).isEmpty();
    }
  }

  @Test
  void otherSite_canNeitherReadNorChangeData() {
    try (var foreign = ForeignSite.start();
        var page = TasksPage.open(web)) {
      page.registerByPages().add("Call Ada");
      var other = page.window().context().newPage();
      var home = web.address().toString();
      foreign.page(
          """
          <!DOCTYPE html><title>Win a boat</title>
          <form id=f method=post action="HOME/logout" target=t></form>
          <form id=g method=post action="HOME/logout?everywhere=true" target=t></form>
          <form id=h method=post enctype=text/plain action="HOME/api/me/tasks" target=t><input name='{"title":"forged","x":"' value='"}'></form>
          <iframe name=t></iframe>
          <iframe src="HOME/"></iframe>
          """
              .replace("HOME", home));
      other.navigate(foreign.address());
      var read =
          other.evaluate(
              """
              async home => {
                const seen = [];
                const task = JSON.stringify({title: 'forged'});
                const attempts = [
                  ['/session', {}], ['/api/me/tasks', {}], ['/account/sessions', {}],
                  ['/api/me/tasks', {method: 'POST', body: task}],
                  ['/api/me/tasks', {method: 'POST', body: task, headers: {'Content-Type': 'application/json'}}],
                  ['/logout', {method: 'POST'}], ['/account/sessions', {method: 'DELETE'}]];
                for (const mode of ['cors', 'no-cors']) {
                  for (const [path, init] of attempts) {
                    try {
                      const answer = await fetch(home + path, {...init, mode, credentials: 'include'});
                      seen.push(await answer.text());
                    } catch { /* refused */ }
                  }
                }
                for (const form of document.forms) {
                  form.submit();
                  await new Promise(done => setTimeout(done, 400));
                }
                const popup = open(home + '/');
                await new Promise(done => setTimeout(done, 400));
                try { seen.push(popup.document.body.textContent); } catch { /* refused */ }
                return seen.join('');
              }""",
              home);
      assertThat(String.valueOf(read)).isEmpty();

      page.page().reload();
      assertThat(page.task("Call Ada")).isVisible();
      assertThat(page.titles()).isEqualTo(List.of("Call Ada"));
    }
  }

  @Test
  void linkFromAnotherSite_opensTheTasks() {
    try (var foreign = ForeignSite.start();
        var page = TasksPage.open(web)) {
      page.registerByPages().add("Call Ada");
      page.window().stayAt(web.address() + "/", web.keycloak().url() + "/", foreign.address());
      foreign.page("<a href='" + web.address() + "/'>tasks</a>");
      page.page().navigate(foreign.address());
      page.page().click("a");
      assertThat(page.task("Call Ada")).isVisible();
    }
  }

  @Test
  void linkWithAttackersCallback_startsNoSession() {
    var attacker = web.visitorStoppingAtCallback();
    var callback = callbackOf(attacker);
    try (var foreign = ForeignSite.start();
        var victim = TasksPage.open(web)) {
      victim.window().stayAt(web.address() + "/", foreign.address());
      foreign.page("<a href='" + callback.toString().replace("&", "&amp;") + "'>Win a boat</a>");
      victim.page().navigate(foreign.address());
      victim.page().click("a");
      // a new login: the attacker's code is not used
      assertThat(victim.page().locator("#kc-form-login")).isVisible();
      assertThat(victim.newTask()).hasCount(0);
      assertThat(victim.window().context().cookies(web.address() + "/"))
          .extracting(cookie -> cookie.name)
          .doesNotContain(Visitor.COOKIE);
    }
  }

  @Test
  void linkWithAttackersCallback_keepsTheSession() {
    var attacker = web.visitorStoppingAtCallback();
    var callback = callbackOf(attacker);
    try (var foreign = ForeignSite.start();
        var victim = TasksPage.open(web)) {
      victim.registerByPages().add("Call Ada");
      var subject = victim.subject();
      victim.window().stayAt(web.address() + "/", foreign.address());
      foreign.page("<a href='" + callback.toString().replace("&", "&amp;") + "'>Win a boat</a>");
      victim.page().navigate(foreign.address());
      victim.page().click("a");
      assertThat(victim.task("Call Ada")).isVisible();
      assertThat(victim.subject()).isEqualTo(subject);
    }
  }

  /** Registers at Keycloak and returns the callback, which the browser has not requested. */
  private URI callbackOf(Visitor visitor) {
    var form = visitor.browser().open(web.at("/login?register=true"));
    return form.submit(
            "kc-register-form",
            Map.of(
                "email", visitor.email(),
                "password", Visitor.PASSWORD,
                "password-confirm", Visitor.PASSWORD))
        .address();
  }
}
