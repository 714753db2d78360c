/* SPDX-License-Identifier: Apache-2.0 */
// Requests to the server. Failures are returned as values of one form.
import { markReachable, markUnreachable } from "../shell/connection.js";
import { endSession, refreshSession, session } from "./session.js";

/**
 * Sends a request.
 *
 * @param method HTTP method
 * @param path path of this server
 * @param body content, sent as JSON
 * @param version version of the task to change, sent as If-Match
 * @param key UUID of a task to create, sent as Idempotency-Key
 * @param keepalive whether the request may outlive the page
 * @returns {ok: true, body} or {ok: false, code, retryAfter}: `code` is the problem's code (the last part of its
 *     `type`), "unreachable" without a response, or "unreadable"; `retryAfter` is in seconds, or null
 */
export async function call(method, path, options = {}) {
  const subject = session.subject;
  const first = await once(method, path, options);
  if (first.code !== "cross-site" || options.keepalive) {
    return first;
  }
  // The CSRF token is of an earlier session, because a user has signed in in another tab. The same user continues.
  await refreshSession();
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
      markReachable();
      return { ok: true, body: text ? JSON.parse(text) : null };
    }
  } catch (failure) {
    if (failure instanceof SyntaxError) {
      return { ok: false, code: "unreadable", retryAfter: null };
    }
    markUnreachable();
    return { ok: false, code: "unreachable", retryAfter: null };
  }
  markReachable();
  return refused(answer);
}

async function refused(answer) {
  const problem = await answer.json().catch(() => ({}));
  const code = String(problem.type ?? "").split("/").pop() || "unreadable";
  if (code === "sign-in-required") {
    endSession(problem.reason ?? "none");
  }
  return { ok: false, code, title: problem.title, retryAfter: seconds(answer.headers.get("Retry-After")) };
}

/** Parses Retry-After, seconds or a date (RFC 9110 §10.2.3). */
function seconds(text) {
  if (!text) {
    return null;
  }
  const value = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(value) ? Math.min(Math.max(1, Math.ceil(value)), 3600) : null;
}
