// Calls of a client, each with the contract that has to answer it and the values that the client has to see. What came of each call is written
// to standard output, one JSON object a line.

import assert from "node:assert/strict";

export const url = process.env.GRAPH_URL;
const own = `${url}/__graph-contracts`;

/**
 * Makes one call: `action` uses the client, and asserts what it sees.
 *
 * `contracts` are the pages that have to answer its requests, in order; `null` is a request that none may answer.
 */
export async function call(name, contracts, action) {
  await fetch(`${own}/reset`, { method: "POST" });
  let error = null;
  try {
    await action();
  } catch (cause) {
    error = `${cause?.name ?? "Error"}: ${cause?.message ?? cause}`.slice(0, 500);
  }
  const { requests } = await (await fetch(`${own}/requests`)).json();
  const answered = requests.flatMap((request) => request.within ?? [request]);
  const expected = [contracts].flat();
  const line = {
    call: name,
    expected: expected.map((id) => id && `v1.0/${id}`),
    contracts: answered.map((request) => request.contract ?? null),
    requests: requests.map((request) => `${request.method} ${request.url} ${request.status}`),
    error,
  };
  console.log(JSON.stringify(line));
}

/** Fails unless `actual` has what `expected` has, which may leave members out. */
export function has(actual, expected) {
  assert.ok(actual !== undefined && actual !== null, `there is no object with ${JSON.stringify(expected)}`);
  assert.partialDeepStrictEqual ??= (left, right) => assert.deepEqual(pick(left, right), right);
  assert.partialDeepStrictEqual(JSON.parse(JSON.stringify(actual)), expected);
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
