/* SPDX-License-Identifier: Apache-2.0 */
// Calls to the server. What may go wrong comes back as a value, in one shape.
import { found, lost } from "../shell/connection.js";
import { look, over, session } from "./session.js";

/**
 * @param method HTTP method
 * @param path a path of this server
 * @param body to be sent as JSON
 * @param version the version of a task that the change starts from
 * @param key what the task that is to be made is known by, a UUID: sent twice, it is made once
 * @param keepalive whether the call may outlive the page
 * @returns {ok: true, body} or {ok: false, code, retryAfter}: `code` is the problem's code (the last part of its
 *     `type`), "unreachable" when nothing was heard, or "unreadable"; `retryAfter` is in seconds, or null
 */
export async function call(method, path, options = {}) {
  const subject = session.subject;
  const first = await once(method, path, options);
  if (first.code !== "cross-site" || options.keepalive) {
    return first;
  }
  // Our token is of an earlier session: somebody has signed in anew in another tab. If it is the same person, go on.
  await look();
  return session.state === "in" && session.subject === subject ? once(method, path, options) : first;
}

async function once(method, path, { body, version, key, keepalive = false }) {
  const headers = { Accept: "application/json, application/problem+json" };
  if (method !== "GET") {
    headers["X-CSRF-Token"] = session.csrf ?? "";
  }
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (version !== undefined) {
    headers["If-Match"] = `"v${version}"`;
  }
  if (key !== undefined) {
    headers["Idempotency-Key"] = `"${key}"`;
  }
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      keepalive,
      cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.ok) {
      const text = await answer.text();
      found();
      return { ok: true, body: text ? JSON.parse(text) : null };
    }
  } catch (failure) {
    if (failure instanceof SyntaxError) {
      return { ok: false, code: "unreadable", retryAfter: null };
    }
    lost();
    return { ok: false, code: "unreachable", retryAfter: null };
  }
  found();
  return refused(answer);
}

async function refused(answer) {
  const problem = await answer.json().catch(() => ({}));
  const code = String(problem.type ?? "").split("/").pop() || "unreadable";
  if (code === "sign-in-required") {
    over(problem.reason ?? "none");
  }
  return { ok: false, code, title: problem.title, retryAfter: seconds(answer.headers.get("Retry-After")) };
}

/** Retry-After in either of its forms (RFC 9110 section 10.2.3). */
function seconds(text) {
  if (!text) {
    return null;
  }
  const value = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(value) ? Math.min(Math.max(1, Math.ceil(value)), 3600) : null;
}
