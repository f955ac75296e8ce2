// Calls of a client, each with the contract that has to answer it and the values that the client has to see. What came of each call is written
// to standard output, one JSON object a line.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The base URL of the server. */
export const url = process.env.GRAPH_URL;
// Requests to the server itself need no proxy.
const own = `${process.env.GRAPH_ADMIN ?? url}/__graph-contracts`;

/** The requests that the server has answered. */
const journal = async () => (await (await fetch(`${own}/requests`)).json()).requests;

/** Whether a request is one for sign-in, which no page documents. */
const isSignIn = (url) => /^\/[^/]+\/(oauth2|v2\.0|discovery|userrealm|\.well-known)\//.test(url);

/**
 * Makes one call: `action` uses the client, and asserts what it sees.
 *
 * `contracts` are the pages that have to answer its requests, in order; `null` is a request that none may answer. `unanswered` says why no page
 * answers a call that a client makes in earnest.
 */
export async function call(name, contracts, action, { unanswered } = {}) {
  const before = (await journal()).length;
  let error = null;
  try {
    await action();
  } catch (cause) {
    error = `${cause?.name ?? "Error"}: ${cause?.message ?? cause}`.slice(0, 1000);
  }
  const requests = (await journal()).slice(before).filter(({ url }) => !isSignIn(url));
  const { planned } = await (await fetch(`${own}/faults`)).json();
  if (planned.length > 0) {
    error ??= `the client made no request that has these faults: ${JSON.stringify(planned)}`;
  }
  const answered = requests.flatMap((request) => request.within ?? [request]);
  const expected = [contracts].flat();
  const line = {
    call: name,
    expected: expected.map((id) => id && `v1.0/${id}`),
    contracts: answered.map((request) => request.contract ?? null),
    requests: requests.map((request) => `${request.method} ${request.url} ${request.status}`),
    unanswered,
    error,
  };
  console.log(JSON.stringify(line));
}

/** Plans faults of the next requests, one each. */
export async function fault(...faults) {
  for (const fault of faults) {
    const answer = await fetch(`${own}/faults`, { method: "POST", body: JSON.stringify({ fault }) });
    assert.equal(answer.status, 204);
  }
}

/**
 * The body of a contract's documented response: alone where the page shows it within `value`, with the links that lead to the server, and without
 * annotations and what only says where a value would be.
 */
export function documented(id) {
  const { body } = JSON.parse(readFileSync(`${process.env.GRAPH_CONTRACTS}/v1.0/${id}.json`)).response;
  const { value } = body.json;
  return shown(value && typeof value === "object" && !Array.isArray(value) ? value : body.json);
}

function shown(value) {
  if (Array.isArray(value)) {
    return value.map(shown);
  }
  if (value && typeof value === "object") {
    const own = Object.entries(value).filter(([name, own]) => !name.includes("@") && !/-value$/.test(own));
    return Object.fromEntries(own.map(([name, own]) => [name, shown(own)]));
  }
  return typeof value === "string" ? value.replace(/^https:\/\/graph\.microsoft\.com(?=\/)/, url) : value;
}

/** Fails unless `actual` has what `expected` has, which may leave members out. */
export function has(actual, expected) {
  assert.ok(actual !== undefined && actual !== null, `there is no object with ${JSON.stringify(expected)}`);
  assert.deepEqual(pick(JSON.parse(JSON.stringify(actual)), expected), expected);
}

const pick = (left, right) =>
  right && typeof right === "object" && left && typeof left === "object"
    ? Array.isArray(right)
      ? left.map((item, index) => pick(item, right[index]))
      : Object.fromEntries(Object.keys(right).map((name) => [name, pick(left[name], right[name])]))
    : left;

/** Fails unless the elements have these values of a property. */
export function each(items, property, expected) {
  assert.deepEqual(items?.map((item) => item[property]), expected);
}

/** The error that an action ends with. */
export async function failed(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error("the call succeeds, and should not");
}

export { assert };
