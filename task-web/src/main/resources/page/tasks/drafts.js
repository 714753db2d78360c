/* SPDX-License-Identifier: Apache-2.0 */
// Typed text that is not saved yet. It survives a reload, the end of the session and the login pages, in this tab only
// (sessionStorage). It is stored under the user's subject. It is removed when another user signs in and at a sign-out.

const PREFIX = "rowlock.drafts.";

let key = null;

/** adding: text in the field for new tasks; unsaved: tasks that could not be saved; edits: by id of the task. */
export const drafts = empty();

function empty() {
  return { adding: "", unsaved: [], edits: {} };
}

/** Loads the drafts of this user and removes those of other users. */
export function openDrafts(subject) {
  key = PREFIX + subject;
  forget((name) => name !== key);
  Object.assign(drafts, empty(), read());
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {}; // invalid content, or no storage
  }
}

/** Returns whether there are drafts of any user. */
export function hasDrafts() {
  try {
    return Object.keys(sessionStorage).some((name) => name.startsWith(PREFIX));
  } catch {
    return false;
  }
}

/** Stores the current drafts. */
export function saveDrafts() {
  if (key) {
    const any = drafts.adding || drafts.unsaved.length || Object.keys(drafts.edits).length;
    try {
      if (any) {
        sessionStorage.setItem(key, JSON.stringify(drafts));
      } else {
        sessionStorage.removeItem(key);
      }
    } catch {
      // no storage, or it is full: the drafts remain in memory
    }
  }
}

/** Removes all drafts, at a sign-out. */
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
    // no storage
  }
}
