/* SPDX-License-Identifier: Apache-2.0 */
// The person's account, in a sheet over the page. What needs a password is done on Keycloak's pages, which lead back here.
import { html, nothing } from "../lit.js";
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { expectDeletion } from "../session/arrival.js";
import { look, over, session } from "../session/session.js";
import { tellTabs } from "../session/tabs.js";
import { loginAddress } from "../session/welcome.js";
import { closeByBackdrop, confirmed, openDialogs } from "../shell/confirm.js";
import { icon } from "../shell/icons.js";
import { announce, notify } from "../shell/notices.js";
import { afterDrawing, redraw } from "../shell/render.js";
import { clearDrafts } from "../tasks/drafts.js";
import { commitAll } from "../tasks/deletion.js";
import { devicesView, forgetDevices, loadDevices } from "./devices.js";

const PLACE = "#account";
const BACK = "/#account";
const ICONS = {
  profile: "person",
  email: "mail",
  password: "password",
  passkey: "passkey",
  "second-factor": "factor",
  "recovery-codes": "factor",
};

let open = false;
let leaving = false;
let said = null;

/** Opens the sheet. */
export function openAccount() {
  if (open || session.state !== "in") {
    return;
  }
  open = true;
  if (location.hash !== PLACE) {
    history.replaceState(null, "", location.pathname + location.search + PLACE);
  }
  loadDevices();
  afterDrawing(openDialogs);
}

/**
 * Opens it when the address says so: one comes back from Keycloak's pages.
 *
 * @param arrived {text, tone}: what came of it
 * @returns whether it did, and says so itself
 */
export function openAccountByAddress(arrived) {
  if (location.hash !== PLACE) {
    return false;
  }
  openAccount();
  said = arrived.text ? arrived : null;
  if (said) {
    announce(said.text);
  }
  return true;
}

/** Nobody is signed in any more. */
export function closeAccount() {
  open = false;
  said = null;
  forgetDevices();
}

function closed() {
  open = false;
  said = null;
  history.replaceState(null, "", location.pathname + location.search);
  redraw();
}

async function signOut(everywhere) {
  const t = words().account;
  if (leaving || (everywhere && !(await confirmed(t.signOutAllAsk, t.signOutAllText, t.signOutAll)))) {
    return;
  }
  leaving = true;
  await commitAll();
  const answer = await call("POST", everywhere ? "/logout?everywhere=true" : "/logout");
  leaving = false;
  if (!answer.ok) {
    if (session.state === "in") {
      document.querySelector("dialog.sheet")?.close();
      notify(`${t.signOutFailed} ${explain(answer)}`, { tone: "bad" });
    }
    return;
  }
  clearDrafts();
  tellTabs("session");
  history.replaceState(null, "", "/");
  over(answer.body.complete ? "signed-out" : "signed-out-here");
  look();
}

async function deleteAccount() {
  const t = words().account;
  if (await confirmed(t.deleteAsk, t.deleteText, t.deleteGo)) {
    expectDeletion();
    location.assign(loginAddress({ action: "delete-account" }, BACK));
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

/** The sheet, while it is open. */
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
      ${said ? html`<p class="result ${said.tone}">${said.text}</p>` : nothing} ${identity()}
      <section aria-labelledby="security">
        <h3 id="security">${t.security}</h3>
        <ul class="ways-out">
          ${Object.entries(t.links).map(
            ([action, name]) => html`
              <li>
                <a href=${loginAddress({ action }, BACK)}>
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
