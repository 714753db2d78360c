/* SPDX-License-Identifier: Apache-2.0 */
// The language of the page: the one that the user chose here, or else the first supported one of the browser.
import { redraw } from "../shell/render.js";
import { de } from "./de.js";
import { en } from "./en.js";

const KEY = "rowlock.language";
const LANGUAGES = { en, de };

let current = storedLanguage() ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES) ?? "en";
document.documentElement.lang = current;

function storedLanguage() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept in LANGUAGES ? kept : null;
  } catch {
    return null; // no storage: the browser's language applies
  }
}

/** Returns the texts of the page. */
export function words() {
  return LANGUAGES[current];
}

/** Returns the language tag. */
export function language() {
  return current;
}

/** Switches the language and stores it. */
export function setLanguage(tag) {
  current = tag;
  document.documentElement.lang = tag;
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // no storage: the choice applies until the page is left
  }
  redraw();
}

/** Returns a sentence with the cause of a failed request. */
export function explain(answer) {
  const { problems } = words();
  const text = problems[answer.code] ?? answer.title ?? problems.unknown;
  return answer.retryAfter ? `${text} ${problems.retryIn(answer.retryAfter)}` : text;
}

/** Returns the relative time in words. @param seconds since 1970 */
export function ago(seconds) {
  const past = Date.now() / 1000 - seconds;
  const format = new Intl.RelativeTimeFormat(current, { numeric: "auto" });
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (past >= length) {
      return format.format(-Math.floor(past / length), unit);
    }
  }
  return words().account.justNow;
}
