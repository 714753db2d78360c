/* SPDX-License-Identifier: Apache-2.0 */
// Begins: asks who is signed in, and draws the page for them.
import { html, nothing, render } from "./lit.js";
import { accountView, closeAccount, openAccountByAddress } from "./account/account.js";
import { words } from "./language/language.js";
import { look, onSession, session } from "./session/session.js";
import { onTabs } from "./session/tabs.js";
import { unreachableView, welcomeView } from "./session/welcome.js";
import { confirmView } from "./shell/confirm.js";
import { connectionView, isAway, onReturn, tryWith } from "./shell/connection.js";
import { headerView, nameTab } from "./shell/header.js";
import { clearNotices, noticesView, notify } from "./shell/notices.js";
import { drawWith, focusOn, redraw } from "./shell/render.js";
import { keysView, listenToKeys } from "./shell/shortcuts.js";
import { arrival, arrived, expectNoDeletion } from "./session/arrival.js";
import { forgetAll } from "./tasks/deletion.js";
import { clearDrafts, draftsWait, openDrafts } from "./tasks/drafts.js";
import { globalKeys, keepFocus, listKeys } from "./tasks/keys.js";
import { empty, list, load, readAddress, refresh } from "./tasks/list.js";
import { restoreUnsaved, retryPassing } from "./tasks/unsaved.js";
import { tasksView } from "./tasks/view.js";

/** Milliseconds. */
const LOOK_EVERY = 30000;

const root = document.getElementById("app");

function main() {
  switch (session.state) {
    case "in":
      return html`<main class="page" id="main">${tasksView()}</main>`;
    case "out":
      return html`<main class="page narrow" id="main">${welcomeView(arrival.login, draftsWait())}</main>`;
    case "failed":
      return html`<main class="page narrow" id="main">${unreachableView()}</main>`;
    default:
      return html`<main class="page" id="main" aria-busy="true"></main>`;
  }
}

function page() {
  return html`
    ${session.state === "in" ? html`<a class="skip" href="#new-task">${words().skip}</a>` : nothing}
    ${headerView()} ${connectionView()} ${main()} ${noticesView()} ${accountView()} ${keysView()} ${confirmView()}
  `;
}

onSession((state) => {
  if (state === "in") {
    openDrafts(session.subject);
    restoreUnsaved();
    readAddress();
    load().then(() => {
      if (list.phase === "ready") {
        expectNoDeletion(); // who sees their tasks still has an account
      }
      retryPassing();
    });
    const word = arrived();
    if (!openAccountByAddress(word) && word.text) {
      notify(word.text, word);
    }
    return;
  }
  empty();
  forgetAll();
  closeAccount();
  clearNotices();
  arrived();
  if (["signed-out", "signed-out-here", "deleted"].includes(session.reason)) {
    clearDrafts();
  }
  focusOn("#why");
});

tryWith(look);
onReturn(refresh);
onTabs("session", look);
onTabs("tasks", refresh);

// whoever comes back to the page sees it as it is now
async function cameBack() {
  if (document.visibilityState === "visible" && !isAway() && (await look())) {
    refresh();
  }
}
let sinceLook = performance.now();
for (const name of ["visibilitychange", "focus"]) {
  addEventListener(name, () => {
    // both come at once
    if (performance.now() - sinceLook > 1000) {
      sinceLook = performance.now();
      cameBack();
    }
  });
}
// Nobody touches a page that only lies open, so it has to ask: what has ended elsewhere goes from the screen.
setInterval(() => {
  if (document.visibilityState === "visible" && session.state === "in" && !isAway()) {
    look();
  }
}, LOOK_EVERY);
listenToKeys(globalKeys, listKeys);

let first = true;
drawWith(() => {
  if (first) {
    root.replaceChildren();
    first = false;
  }
  const restore = keepFocus();
  render(page(), root);
  nameTab();
  restore();
});
await look();
