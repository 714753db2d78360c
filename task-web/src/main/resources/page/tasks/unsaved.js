/* SPDX-License-Identifier: Apache-2.0 */
// New tasks on their way to the server. One that does not arrive stays, with its text, until it is saved or given up.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { tellTabs } from "../session/tabs.js";
import { onReturn } from "../shell/connection.js";
import { announce } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, keepDrafts } from "./drafts.js";
import { newestKnown, putFirst } from "./list.js";

/** After these the server may have saved it all the same. */
const UNCLEAR = ["unreachable", "unreadable", "api-timeout", "api-answer-unreadable", "internal-error"];

/** These pass by themselves. */
const PASSING = ["unreachable", "api-unreachable", "service-unavailable"];

/** {key, title, description, state: "sending" or "failed", code, problem, since}; newest last. */
export const unsaved = [];

/** Ids of what this page knows to have made. */
const made = new Set();

let queue = Promise.resolve();
let timer = 0;

function keep() {
  drafts.unsaved = unsaved.map(({ title, description, since }) => ({ title, description, since }));
  keepDrafts();
}

/** What ids begin with that are made now, or a little earlier by another clock (RFC 9562 section 5.7). */
function idsOfNow() {
  const time = (Date.now() - 60000).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** Adds a task. */
export function add(title, description = null) {
  const entry = { key: crypto.randomUUID(), title, description, since: newestKnown() || idsOfNow() };
  unsaved.push(entry);
  send(entry, false);
}

/** Brings back what was on its way when the page was left, to be tried again when the list is there. */
export function restoreUnsaved() {
  unsaved.length = 0;
  for (const { title, description, since } of drafts.unsaved) {
    unsaved.push({ key: crypto.randomUUID(), title, description, since, state: "failed", code: "unreachable", problem: words().tasks.interrupted });
  }
}

/** @param doubtful whether it may have been saved before */
function send(entry, doubtful) {
  entry.state = "sending";
  keep();
  redraw();
  queue = queue.then(async () => {
    if (!unsaved.includes(entry)) {
      return;
    }
    const saved = (doubtful && (await earlier(entry))) || (entry.state === "sending" && (await create(entry)));
    if (saved) {
      forget(entry);
      putFirst(saved);
      announce(words().tasks.added(saved.title));
      tellTabs("tasks");
    }
    redraw();
  });
}

async function create(entry) {
  const { title, description } = entry;
  const answer = await call("POST", "/api/me/tasks", { body: { title, description } });
  if (answer.ok) {
    made.add(answer.body.id);
    return answer.body;
  }
  failed(entry, answer);
  return null;
}

/** The answer to an earlier attempt may have been lost on its way: a newer task with the same text is that one. */
async function earlier(entry) {
  const answer = await call("GET", "/api/me/tasks?limit=50");
  if (!answer.ok) {
    failed(entry, answer);
    return null;
  }
  return answer.body.items.findLast(
    (task) => task.id > entry.since && task.title === entry.title && !made.has(task.id),
  );
}

function failed(entry, answer) {
  // what was in doubt stays in doubt, whatever the next attempt said
  const code = UNCLEAR.includes(entry.code) ? entry.code : answer.code;
  Object.assign(entry, { state: "failed", code, problem: explain(answer) });
  announce(words().tasks.notSaved(entry.title, entry.problem));
  if (PASSING.includes(answer.code) && answer.retryAfter) {
    clearTimeout(timer);
    timer = setTimeout(retryPassing, answer.retryAfter * 1000);
  }
}

function forget(entry) {
  const place = unsaved.indexOf(entry);
  if (place >= 0) {
    unsaved.splice(place, 1);
    keep();
  }
}

/** Tries again. */
export function retry(entry) {
  send(entry, UNCLEAR.includes(entry.code));
}

/** Gives it up. */
export function discard(entry) {
  forget(entry);
  focusOn("#new-task");
}

/** Tries again what failed for a reason that passes by itself. */
export function retryPassing() {
  if (session.state === "in") {
    unsaved.filter((entry) => entry.state === "failed" && PASSING.includes(entry.code)).forEach(retry);
  }
}

onReturn(retryPassing);
