/* SPDX-License-Identifier: Apache-2.0 */
// The account dialog. Actions that need authentication are on Keycloak's pages, which return here.
import { html, nothing } from "../lit.js";
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { expectDeletion } from "../session/results.js";
import { endSession, refreshSession, session } from "../session/session.js";
import { notifyTabs } from "../session/tabs.js";
import { loginAddress } from "../session/welcome.js";
import { closeByBackdrop, confirmed, openDialogs } from "../shell/confirm.js";
import { icon } from "../shell/icons.js";
import { announce, notify } from "../shell/notices.js";
import { afterDrawing, redraw } from "../shell/render.js";
import { clearDrafts } from "../tasks/drafts.js";
import { commitAll } from "../tasks/deletion.js";
import { devicesView, forgetDevices, loadDevices } from "./devices.js";

const HASH = "#account";
const RETURN_TO = "/#account";
const ICONS = {
  profile: "person",
  email: "mail",
  password: "password",
  passkey: "passkey",
  "second-factor": "factor",
  "recovery-codes": "factor",
};

let open = false;
let signingOut = false;
let result = null;

/** Opens the dialog. */
export function openAccount() {
  if (open || session.state !== "in") {
    return;
  }
  open = true;
  if (location.hash !== HASH) {
    history.replaceState(null, "", location.pathname + location.search + HASH);
  }
  loadDevices();
  afterDrawing(openDialogs);
}

/**
 * Opens the dialog if the address has its fragment, after a return from Keycloak's pages.
 *
 * @param actionResult {text, tone} of the account action
 * @returns whether the dialog was opened and shows the result
 */
export function openAccountByAddress(actionResult) {
  if (location.hash !== HASH) {
    return false;
  }
  openAccount();
  result = actionResult.text ? actionResult : null;
  if (result) {
    announce(result.text);
  }
  return true;
}

/** Closes the dialog and removes its data, because no user is signed in. */
export function closeAccount() {
  open = false;
  result = null;
  forgetDevices();
}

function closed() {
  open = false;
  result = null;
  history.replaceState(null, "", location.pathname + location.search);
  redraw();
}

async function signOut(everywhere) {
  const t = words().account;
  if (signingOut || (everywhere && !(await confirmed(t.signOutAllAsk, t.signOutAllText, t.signOutAll)))) {
    return;
  }
  signingOut = true;
  await commitAll();
  const answer = await call("POST", everywhere ? "/logout?everywhere=true" : "/logout");
  signingOut = false;
  if (!answer.ok) {
    if (session.state === "in") {
      document.querySelector("dialog.sheet")?.close();
      notify(`${t.signOutFailed} ${explain(answer)}`, { tone: "bad" });
    }
    return;
  }
  clearDrafts();
  notifyTabs("session");
  history.replaceState(null, "", "/");
  endSession(answer.body.complete ? "signed-out" : "signed-out-here");
  refreshSession();
}

async function deleteAccount() {
  const t = words().account;
  if (await confirmed(t.deleteAsk, t.deleteText, t.deleteGo)) {
    expectDeletion();
    location.assign(loginAddress({ action: "delete-account" }, RETURN_TO));
  }
}

function identity() {
  return html`
    <div class="identity">
      <p class="soft">${words().account.signedInAs}</p>
      ${session.name ? html`<p class="name">${session.name}</p>` : nothing}
      <p class=${session.name ? "soft" : "name"}>${session.email}</p>
    </div>
  `;
}

/** Returns the dialog while it is open. */
export function accountView() {
  if (!open) {
    return nothing;
  }
  const t = words().account;
  return html`
    <dialog class="sheet" aria-labelledby="account" @close=${closed} @click=${closeByBackdrop}>
      <div class="head">
        <h2 id="account">${t.heading}</h2>
        <form method="dialog"><button class="icon" aria-label=${words().close}>${icon("close")}</button></form>
      </div>
      ${result ? html`<p class="result ${result.tone}">${result.text}</p>` : nothing} ${identity()}
      <section aria-labelledby="security">
        <h3 id="security">${t.security}</h3>
        <ul class="ways-out">
          ${Object.entries(t.links).map(
            ([action, name]) => html`
              <li>
                <a href=${loginAddress({ action }, RETURN_TO)}>
                  ${icon(ICONS[action])}<span>${name}</span>${icon("chevron")}
                </a>
              </li>
            `,
          )}
          <li>
            <a href=${session.links.security}>${icon("password")}<span>${t.allSecurity}</span>${icon("chevron")}</a>
          </li>
        </ul>
      </section>
      ${devicesView()}
      <section class="leave">
        <button type="button" class="button" @click=${() => signOut(false)}>${icon("out")} ${t.signOut}</button>
        <button type="button" class="button" @click=${() => signOut(true)}>${t.signOutAll}</button>
        <button type="button" class="link danger" @click=${deleteAccount}>${t.deleteAccount}</button>
      </section>
    </dialog>
  `;
}
