/* SPDX-License-Identifier: Apache-2.0 */
// New tasks that are being saved. A task that could not be saved stays with its text until it is saved or discarded.
import { explain, words } from "../language/language.js";
import { call } from "../session/calls.js";
import { session } from "../session/session.js";
import { notifyTabs } from "../session/tabs.js";
import { onReconnect } from "../shell/connection.js";
import { announce, notify } from "../shell/notices.js";
import { focusOn, redraw } from "../shell/render.js";
import { drafts, saveDrafts } from "./drafts.js";
import { list, showNew } from "./list.js";

/** Codes of transient failures. */
const TRANSIENT = ["unreachable", "api-unreachable", "service-unavailable"];

/**
 * {key, title, description, state: "sending" or "failed", code, problem}; newest last. The key is sent as Idempotency-Key:
 * however often a task is sent, it is created once.
 */
export const unsaved = [];

let queue = Promise.resolve();
let timer = 0;

function keep() {
  drafts.unsaved = unsaved.map(({ key, title, description }) => ({ key, title, description }));
  saveDrafts();
}

/** Adds a task. */
export function add(title, description = null) {
  const entry = { key: crypto.randomUUID(), title, description };
  unsaved.push(entry);
  send(entry);
}

/** Restores tasks that were unsaved when the page was left. They are sent again after the list is loaded. */
export function restoreUnsaved() {
  unsaved.length = 0;
  for (const { key = crypto.randomUUID(), title, description } of drafts.unsaved) {
    unsaved.push({ key, title, description, state: "failed", code: "unreachable", problem: words().tasks.interrupted });
  }
}

/** Sends a task, for the first time or again. */
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
      notifyTabs("tasks");
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
  if (TRANSIENT.includes(answer.code) && answer.retryAfter) {
    clearTimeout(timer);
    timer = setTimeout(retryTransient, answer.retryAfter * 1000);
  }
}

function forget(entry) {
  const place = unsaved.indexOf(entry);
  if (place >= 0) {
    unsaved.splice(place, 1);
    keep();
  }
}

/** Discards an unsaved task. */
export function discard(entry) {
  forget(entry);
  focusOn("#new-task");
}

/** Sends tasks again that failed because of a transient failure. */
export function retryTransient() {
  if (session.state === "in") {
    unsaved.filter((entry) => entry.state === "failed" && TRANSIENT.includes(entry.code)).forEach(send);
  }
}

onReconnect(retryTransient);
