/* SPDX-License-Identifier: Apache-2.0 */
// The page without a session: the reason, and the links to sign in and to register.
import { html, nothing } from "../lit.js";
import { language, words } from "../language/language.js";
import { icon } from "../shell/icons.js";
import { refreshSession, session } from "./session.js";

/** Returns the address of a login in the page's language that returns to the current page. */
export function loginAddress(parameters = {}, to = location.pathname + location.search + location.hash) {
  return `/login?${new URLSearchParams({ lang: language(), to, ...parameters })}`;
}

/**
 * Returns the view without a session.
 *
 * @param outcome result of a failed login: a key of words().logins, or null
 * @param kept whether there are drafts
 */
export function welcomeView(outcome, kept) {
  const t = words().welcome;
  const reason = words().reasons[session.reason];
  const failed = words().logins[outcome];
  return html`
    <section class="welcome card" aria-labelledby="welcome">
      ${reason || failed
        ? html`<div class="why ${failed ? "bad" : ""}" role="status" id="why" tabindex="-1">
            ${icon(failed ? "warning" : "person")}
            <p>
              ${failed ?? reason} ${kept && session.reason !== "deleted" ? words().reasons.kept : nothing}
            </p>
          </div>`
        : nothing}
      <h1 id="welcome">${t.title}</h1>
      <p class="lead">${t.lead}</p>
      <div class="ways">
        <a class="button primary" href=${loginAddress()}>${t.signIn}</a>
        <a class="button" href=${loginAddress({ register: "true" })}>${t.register}</a>
      </div>
      <p class="safe">${icon("factor")} <span>${t.safe}</span></p>
    </section>
  `;
}

/** Returns the view for a session state that cannot be determined. */
export function unreachableView() {
  return html`
    <section class="card state">
      ${icon("warning")}
      <h1>${words().welcome.failed}</h1>
      <button type="button" class="button" @click=${refreshSession}>${words().again}</button>
    </section>
  `;
}
