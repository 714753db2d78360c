/* SPDX-License-Identifier: Apache-2.0 */
// Who is signed in, as the server says. The cookie is out of reach; nothing here is worth stealing for longer than the page is open.
import { found, lost } from "../shell/connection.js";
import { redraw } from "../shell/render.js";
import { tellTabs } from "./tabs.js";

/**
 * state: "unknown" (not asked yet), "failed" (the server cannot say), "in" or "out".
 * reason: why it is "out": "none", "expired", "signed-out", "ended", or what this page knows better:
 * "deleted", "signed-out-here" (the sign-in service has yet to be told).
 */
export const session = { state: "unknown", reason: "none", subject: null, name: null, email: null, csrf: null, links: {} };

const KNOWN_BETTER = ["deleted", "signed-out-here"];

const AGAIN_AFTER = 5000;

const listeners = [];
let underWay = null;
let lastSubject = null;

/** Calls back with the new state whenever somebody is signed in or out. */
export function onSession(step) {
  listeners.push(step);
}

/** Asks the server; calls at the same time share one question. @returns whether it answered */
export function look() {
  underWay ??= ask().finally(() => {
    underWay = null;
  });
  return underWay;
}

async function ask() {
  let answer;
  try {
    answer = await fetch("/session");
    found();
  } catch {
    unknown();
    lost(); // which asks again
    return false;
  }
  if (!answer.ok) {
    unknown();
    setTimeout(() => session.state === "failed" && look(), AGAIN_AFTER);
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

/** Who is signed in cannot be said at the moment. A page that knew goes on: the session is kept. */
function unknown() {
  if (session.state === "unknown") {
    session.state = "failed";
    redraw();
  }
}

function signedIn({ subject, name, email, csrf, links }) {
  if (lastSubject !== null && lastSubject !== subject) {
    // somebody else: not a word of the one before may stay on the page
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
  const known = before === "out" && KNOWN_BETTER.includes(session.reason) ? session.reason : reason;
  Object.assign(session, { state: "out", reason: known, name: null, email: null, csrf: null });
  if (before !== "out") {
    listeners.forEach((step) => step("out"));
  }
  redraw();
}

/** An answer said that the session is over. The other tabs are told. */
export function over(reason) {
  const before = session.state;
  signedOut(reason);
  if (before === "in") {
    tellTabs("session");
  }
}
