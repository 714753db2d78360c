/* SPDX-License-Identifier: Apache-2.0 */
// What was typed and is not saved yet. It outlives a reload, the end of the session and the way through the login pages, in this tab
// only (sessionStorage). It belongs to one person: it is opened by their subject, whoever comes next has it removed, and so does signing out.

const PREFIX = "rowlock.drafts.";

let key = null;

/** adding: text in the field for new tasks; unsaved: tasks that could not be saved; edits: by id of the task. */
export const drafts = empty();

function empty() {
  return { adding: "", unsaved: [], edits: {} };
}

/** Opens what this person left behind. */
export function openDrafts(subject) {
  key = PREFIX + subject;
  forget((name) => name !== key);
  Object.assign(drafts, empty(), read());
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {}; // not ours, or no storage: begin with nothing
  }
}

/** Whether something that was typed waits for its person. */
export function draftsWait() {
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(PREFIX));
  } catch {
    return false;
  }
}

/** Keeps the drafts as they are now. */
export function keepDrafts() {
  if (key) {
    const any = drafts.adding || drafts.unsaved.length || Object.keys(drafts.edits).length;
    try {
      if (any) {
        sessionStorage.setItem(key, JSON.stringify(drafts));
      } else {
        sessionStorage.removeItem(key);
      }
    } catch {
      // No storage, or none left: the page itself still has it.
    }
  }
}

/** Removes all of it: the person has signed out. */
export function clearDrafts() {
  key = null;
  Object.assign(drafts, empty());
  forget(() => true);
}

function forget(which) {
  try {
    Object.keys(sessionStorage)
      .filter((name) => name.startsWith(PREFIX) && which(name))
      .forEach((name) => sessionStorage.removeItem(name));
  } catch {
    // no storage, nothing to forget
  }
}
