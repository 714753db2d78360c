/* SPDX-License-Identifier: Apache-2.0 */
// The session state from the server. Scripts cannot read the cookie, and nothing here outlives the page.
import { markReachable, markUnreachable } from "../shell/connection.js";
import { redraw } from "../shell/render.js";
import { notifyTabs } from "./tabs.js";

/**
 * state: "unknown" (not requested yet), "failed" (the server cannot determine it), "in" or "out".
 * reason: why it is "out": "none", "expired", "signed-out" or "ended" from the server; "deleted" or "signed-out-here" (the
 * logout at the issuer is pending) from this page.
 */
export const session = { state: "unknown", reason: "none", subject: null, name: null, email: null, csrf: null, links: {} };

const LOCAL_REASONS = ["deleted", "signed-out-here"];

const RETRY_DELAY = 5000;

const listeners = [];
let running = null;
let lastSubject = null;

/** Registers a listener, called with the new state after a sign-in or sign-out. */
export function onSession(step) {
  listeners.push(step);
}

/** Requests the state; concurrent calls share one request. @returns whether the server answered */
export function refreshSession() {
  running ??= fetchSession().finally(() => {
    running = null;
  });
  return running;
}

async function fetchSession() {
  let answer;
  try {
    answer = await fetch("/session");
    markReachable();
  } catch {
    markFailed();
    markUnreachable(); // schedules the next request
    return false;
  }
  if (!answer.ok) {
    markFailed();
    setTimeout(() => session.state === "failed" && refreshSession(), RETRY_DELAY);
    return false;
  }
  const body = await answer.json();
  if (body.signedIn) {
    signedIn(body);
  } else {
    signedOut(body.reason);
  }
  return true;
}

/** Records that the state cannot be determined. A known state is kept. */
function markFailed() {
  if (session.state === "unknown") {
    session.state = "failed";
    redraw();
  }
}

function signedIn({ subject, name, email, csrf, links }) {
  if (lastSubject !== null && lastSubject !== subject) {
    // another user: nothing of the previous one may remain on the page
    location.reload();
    return;
  }
  lastSubject = subject;
  const before = session.state;
  Object.assign(session, { state: "in", reason: "none", subject, name, email, csrf, links });
  if (before !== "in") {
    listeners.forEach((step) => step("in"));
  }
  redraw();
}

function signedOut(reason) {
  const before = session.state;
  const known = before === "out" && LOCAL_REASONS.includes(session.reason) ? session.reason : reason;
  Object.assign(session, { state: "out", reason: known, name: null, email: null, csrf: null });
  if (before !== "out") {
    listeners.forEach((step) => step("out"));
  }
  redraw();
}

/** Records that the session has ended, and notifies the other tabs. */
export function endSession(reason) {
  const before = session.state;
  signedOut(reason);
  if (before === "in") {
    notifyTabs("session");
  }
}
