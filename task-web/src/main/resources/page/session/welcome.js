/* SPDX-License-Identifier: Apache-2.0 */
// What is seen without a session: why there is none, and the way in.
import { html, nothing } from "../lit.js";
import { language, words } from "../language/language.js";
import { icon } from "../shell/icons.js";
import { look, session } from "./session.js";

/** A way to Keycloak's pages, in the language of this one, that leads back here. */
export function loginAddress(parameters = {}, to = location.pathname + location.search + location.hash) {
  return `/login?${new URLSearchParams({ lang: language(), to, ...parameters })}`;
}

/**
 * @param outcome what became of an attempt to sign in: a key of words().logins, or null
 * @param kept whether something that was typed waits for the person
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

/** The server cannot say who is signed in. */
export function unreachableView() {
  return html`
    <section class="card state">
      ${icon("warning")}
      <h1>${words().welcome.failed}</h1>
      <button type="button" class="button" @click=${look}>${words().again}</button>
    </section>
  `;
}
