/* SPDX-License-Identifier: Apache-2.0 */
// The bar at the top: language, keyboard shortcuts and account.
import { html, nothing } from "../lit.js";
import { language, setLanguage, words } from "../language/language.js";
import { openAccount } from "../account/account.js";
import { session } from "../session/session.js";
import { icon } from "./icons.js";
import { showKeys } from "./shortcuts.js";

const MARK = new URL("../img/mark.svg", import.meta.url);

/** Returns one or two initials of the user. */
export function initials() {
  const source = session.name ?? session.email ?? "";
  const parts = source.split("@")[0].split(/[\s._-]+/).filter(Boolean);
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((part) => [...(part ?? "")][0] ?? "").join("").toUpperCase();
}

/** Returns the bar. */
export function headerView() {
  const { tag, name } = words().otherLanguage;
  const inside = session.state === "in";
  return html`
    <header class="top">
      <div class="brand"><img src=${MARK} alt="" width="36" height="36" /><span>Rowlock</span></div>
      <nav aria-label=${words().account.open}>
        <button type="button" class="quiet" lang=${tag} @click=${() => setLanguage(tag)}>${name}</button>
        ${inside
          ? html`
              <button type="button" class="icon keyboard" aria-label=${words().keys.open} @click=${showKeys}>
                ${icon("keys")}
              </button>
              <button
                type="button"
                class="avatar"
                aria-haspopup="dialog"
                aria-label=${words().account.open}
                @click=${openAccount}
              >
                ${initials() || icon("person")}
              </button>
            `
          : nothing}
      </nav>
    </header>
  `;
}

/** Sets title and language of the document. */
export function updateTitle() {
  document.title = session.state === "in" ? `${words().title} · Rowlock` : "Rowlock";
  document.documentElement.lang = language();
}
