/* SPDX-License-Identifier: Apache-2.0 */
// Results with which the browser returns from Keycloak's pages. They are shown once and removed from the address.
import { words } from "../language/language.js";
import { session } from "./session.js";

const query = new URLSearchParams(location.search);

/** login: result of a failed login; action, result: account action and its result. */
export const loginResult = { login: query.get("login"), action: query.get("action"), result: query.get("result") };

if (loginResult.login || loginResult.action) {
  ["login", "action", "result"].forEach((name) => query.delete(name));
  history.replaceState(null, "", `${location.pathname}${query.size ? "?" : ""}${query}${location.hash}`);
}

const DELETION_KEY = "rowlock.deleting";
const MAX_DELETION_MILLIS = 15 * 60 * 1000;

/** Records that the user opens the page that deletes the account. Afterwards Keycloak only reports that the session has ended. */
export function expectDeletion() {
  try {
    sessionStorage.setItem(DELETION_KEY, String(Date.now()));
  } catch {
    // no storage: the page will say that the session was ended
  }
}

/** Removes the record, because the account exists. */
export function expectNoDeletion() {
  try {
    sessionStorage.removeItem(DELETION_KEY);
  } catch {
    // no storage, no record
  }
}

function deletionExpected() {
  try {
    return Date.now() - Number(sessionStorage.getItem(DELETION_KEY)) < MAX_DELETION_MILLIS;
  } catch {
    return false;
  }
}

/** Returns text and tone of the action's result; empty if there is none or it was returned before. */
export function takeActionResult() {
  const { action, result } = loginResult;
  loginResult.action = null;
  if (session.state === "out") {
    if (session.reason === "ended" && deletionExpected()) {
      session.reason = "deleted";
    }
    expectNoDeletion();
    return {};
  }
  // a session contradicts a failed login, which is therefore not shown
  loginResult.login = null;
  const texts = words().actions[action];
  if (!texts || (action === "delete-account" && result === "success")) {
    return {}; // a session contradicts a deleted account
  }
  return result === "success"
    ? { text: texts.success, tone: "plain" }
    : { text: result === "cancelled" ? words().actions.cancelled : texts.error, tone: result === "cancelled" ? "plain" : "bad" };
}
