/* SPDX-License-Identifier: Apache-2.0 */
// The language of the page: the one the person chose here, else the first of their browser's that we have.
import { redraw } from "../shell/render.js";
import { de } from "./de.js";
import { en } from "./en.js";

const KEY = "rowlock.language";
const LANGUAGES = { en, de };

let current = chosen() ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES) ?? "en";
document.documentElement.lang = current;

function chosen() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept in LANGUAGES ? kept : null;
  } catch {
    return null; // no storage: the browser's language it is
  }
}

/** All words of the page. */
export function words() {
  return LANGUAGES[current];
}

export function language() {
  return current;
}

/** Speaks another language from now on. */
export function speak(tag) {
  current = tag;
  document.documentElement.lang = tag;
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // for this page then
  }
  redraw();
}

/** Why a call failed, in a sentence. */
export function explain(answer) {
  const { problems } = words();
  const text = problems[answer.code] ?? answer.title ?? problems.unknown;
  return answer.retryAfter ? `${text} ${problems.retryIn(answer.retryAfter)}` : text;
}

/** How long ago that was, in words. @param seconds since 1970 */
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
