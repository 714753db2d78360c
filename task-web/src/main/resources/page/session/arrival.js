/* SPDX-License-Identifier: Apache-2.0 */
// With what word one comes back from Keycloak's pages. It is said once, and taken out of the address.
import { words } from "../language/language.js";
import { session } from "./session.js";

const query = new URLSearchParams(location.search);

/** login: what became of an attempt to sign in; action, result: what became of a change to the account. */
export const arrival = { login: query.get("login"), action: query.get("action"), result: query.get("result") };

if (arrival.login || arrival.action) {
  ["login", "action", "result"].forEach((name) => query.delete(name));
  history.replaceState(null, "", `${location.pathname}${query.size ? "?" : ""}${query}${location.hash}`);
}

const DELETING = "rowlock.deleting";
const TAKES_AT_MOST = 15 * 60 * 1000;

/** The person goes to have their account deleted. Keycloak then shows a page of its own, and tells us no more than that the session has ended. */
export function expectDeletion() {
  try {
    sessionStorage.setItem(DELETING, String(Date.now()));
  } catch {
    // then it is a session that has ended
  }
}

/** The account is there. */
export function expectNoDeletion() {
  try {
    sessionStorage.removeItem(DELETING);
  } catch {
    // nothing was expected
  }
}

function deletionExpected() {
  try {
    return Date.now() - Number(sessionStorage.getItem(DELETING)) < TAKES_AT_MOST;
  } catch {
    return false;
  }
}

/** What to say of it; empty when there is nothing to say, or it has been said. */
export function arrived() {
  const { action, result } = arrival;
  arrival.action = null;
  if (session.state === "out") {
    if (session.reason === "ended" && deletionExpected()) {
      session.reason = "deleted";
    }
    expectNoDeletion();
    return {};
  }
  // signed in: what became of an attempt to sign in is of no interest, whatever the address says
  arrival.login = null;
  const texts = words().actions[action];
  if (!texts || (action === "delete-account" && result === "success")) {
    return {}; // an account that is signed in has not been deleted
  }
  return result === "success"
    ? { text: texts.success, tone: "plain" }
    : { text: result === "cancelled" ? words().actions.cancelled : texts.error, tone: result === "cancelled" ? "plain" : "bad" };
}
