/* SPDX-License-Identifier: Apache-2.0 */
// Entry point: requests the session state and draws the page.
import { html, nothing, render } from "./lit.js";
import { accountView, closeAccount, openAccountByAddress } from "./account/account.js";
import { words } from "./language/language.js";
import { onSession, refreshSession, session } from "./session/session.js";
import { onTabMessage } from "./session/tabs.js";
import { unreachableView, welcomeView } from "./session/welcome.js";
import { confirmView } from "./shell/confirm.js";
import { connectionView, isUnreachable, onReconnect, setProbe } from "./shell/connection.js";
import { headerView, updateTitle } from "./shell/header.js";
import { clearNotices, noticesView, notify } from "./shell/notices.js";
import { focusOn, setView } from "./shell/render.js";
import { keysView, listenToKeys } from "./shell/shortcuts.js";
import { expectNoDeletion, loginResult, takeActionResult } from "./session/results.js";
import { cancelAll } from "./tasks/deletion.js";
import { clearDrafts, hasDrafts, openDrafts } from "./tasks/drafts.js";
import { globalKeys, keepFocus, listKeys } from "./tasks/keys.js";
import { clearList, list, load, readUrl, refresh } from "./tasks/list.js";
import { restoreUnsaved, retryTransient } from "./tasks/unsaved.js";
import { tasksView } from "./tasks/view.js";

/** Interval of session requests in milliseconds. */
const SESSION_INTERVAL = 30000;

const root = document.getElementById("app");

function main() {
  switch (session.state) {
    case "in":
      return html`<main class="page" id="main">${tasksView()}</main>`;
    case "out":
      return html`<main class="page narrow" id="main">${welcomeView(loginResult.login, hasDrafts())}</main>`;
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
    readUrl();
    load().then(() => {
      if (list.phase === "ready") {
        expectNoDeletion(); // the tasks were loaded, so the account exists
      }
      retryTransient();
    });
    const result = takeActionResult();
    if (!openAccountByAddress(result) && result.text) {
      notify(result.text, result);
    }
    return;
  }
  clearList();
  cancelAll();
  closeAccount();
  clearNotices();
  takeActionResult();
  if (["signed-out", "signed-out-here", "deleted"].includes(session.reason)) {
    clearDrafts();
  }
  focusOn("#why");
});

setProbe(refreshSession);
onReconnect(refresh);
onTabMessage("session", refreshSession);
onTabMessage("tasks", refresh);

// a browser that slept has received no notifications
async function refreshOnReturn() {
  if (document.visibilityState === "visible" && !isUnreachable() && (await refreshSession())) {
    refresh();
  }
}
let lastRefresh = performance.now();
for (const name of ["visibilitychange", "focus"]) {
  addEventListener(name, () => {
    // both events occur together
    if (performance.now() - lastRefresh > 1000) {
      lastRefresh = performance.now();
      refreshOnReturn();
    }
  });
}
// An open page without activity sends no requests, but must not show tasks after the session was ended elsewhere.
setInterval(() => {
  if (document.visibilityState === "visible" && session.state === "in" && !isUnreachable()) {
    refreshSession();
  }
}, SESSION_INTERVAL);
listenToKeys(globalKeys, listKeys);

let first = true;
setView(() => {
  if (first) {
    root.replaceChildren();
    first = false;
  }
  const restore = keepFocus();
  render(page(), root);
  updateTitle();
  restore();
});
await refreshSession();
