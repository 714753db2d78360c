/* SPDX-License-Identifier: Apache-2.0 */
// New tasks on their way to the server. One that does not arrive stays, with its text, until it is saved or given up.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { tellTabs } from "../session/tabs.js";
import { onReturn } from "../shell/connection.js";
import { announce, notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, keepDrafts } from "./drafts.js";
import { list, showNew } from "./list.js";

/** These pass by themselves. */
const PASSING = ["unreachable", "api-unreachable", "service-unavailable"];

/**
 * {key, title, description, state: "sending" or "failed", code, problem}; newest last. The server knows a new task by its
 * key (Idempotency-Key): however often it is sent, with or without an answer, it is made once.
 */
export const unsaved = [];

let queue = Promise.resolve();
let timer = 0;

function keep() {
  drafts.unsaved = unsaved.map(({ key, title, description }) => ({ key, title, description }));
  keepDrafts();
}

/** Adds a task. */
export function add(title, description = null) {
  const entry = { key: crypto.randomUUID(), title, description };
  unsaved.push(entry);
  send(entry);
}

/** Brings back what was on its way when the page was left, to be tried again when the list is there. */
export function restoreUnsaved() {
  unsaved.length = 0;
  for (const { key = crypto.randomUUID(), title, description } of drafts.unsaved) {
    unsaved.push({ key, title, description, state: "failed", code: "unreachable", problem: words().tasks.interrupted });
  }
}

/** Sends it, for the first time or again. */
export function send(entry) {
  entry.state = "sending";
  keep();
  redraw();
  queue = queue.then(async () => {
    if (!unsaved.includes(entry)) {
      return;
    }
    const saved = await create(entry);
    if (saved) {
      forget(entry);
      await show(saved);
      tellTabs("tasks");
    }
    redraw();
  });
}

async function show(task) {
  const t = words().tasks;
  if (await showNew(task)) {
    announce(t.added(task.title));
  } else {
    notify(list.text ? t.addedUnmatched(task.title) : t.addedToOpen(task.title));
  }
}

async function create(entry) {
  const { key, title, description } = entry;
  const answer = await call("POST", "/api/me/tasks", { body: { title, description }, key });
  if (answer.ok) {
    return answer.body;
  }
  failed(entry, answer);
  return null;
}

function failed(entry, answer) {
  Object.assign(entry, { state: "failed", code: answer.code, problem: explain(answer) });
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

/** Gives it up. */
export function discard(entry) {
  forget(entry);
  focusOn("#new-task");
}

/** Tries again what failed for a reason that passes by itself. */
export function retryPassing() {
  if (session.state === "in") {
    unsaved.filter((entry) => entry.state === "failed" && PASSING.includes(entry.code)).forEach(send);
  }
}

onReturn(retryPassing);
