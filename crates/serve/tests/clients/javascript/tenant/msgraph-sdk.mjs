// @microsoft/msgraph-sdk, which Kiota generates: objects from their creation to their deletion

import { PageIterator } from "@microsoft/msgraph-sdk-core";
import { createUserCollectionResponseFromDiscriminatorValue } from "@microsoft/msgraph-sdk/models/index.js";
import { adapter, client } from "../msgraph-sdk.mjs";
import { assert, call, each, failed, has } from "../suite.mjs";
import { user } from "../user.mjs";

const ids = {};
let delta;

for (const name of ["ann", "bea", "cleo"]) {
  await call(`create user ${name}`, "user-post-users", async () => {
    const created = await client.users.post(user(name));
    has(created, { displayName: name, userPrincipalName: `${name}@fourlamps.example` });
    ids[name] = created.id;
  });
}
await call("create a user that is there", "user-post-users", async () => {
  const error = await failed(() => client.users.post(user("ann")));
  assert.deepEqual([error.responseStatusCode, error.errorEscaped?.code], [400, "Request_BadRequest"]);
});
await call("get user by id", "user-get", async () => has(await client.users.byUserId(ids.ann).get(), { displayName: "ann", id: ids.ann }));
await call("get user by name", "user-get", async () => has(await client.users.byUserId("ann@fourlamps.example").get(), { id: ids.ann }));
await call("users: $filter and $count", "user-list", async () => {
  const queryParameters = { filter: "startswith(displayName,'b')", count: true };
  const found = await client.users.get({ queryParameters, headers: { ConsistencyLevel: "eventual" } });
  each(found.value, "displayName", ["bea"]);
  assert.equal(found.odataCount, 1);
});
await call("users: page iterator", ["user-list", "user-list", "user-list"], async () => {
  const names = [];
  const first = await client.users.get({ queryParameters: { top: 1, orderby: ["displayName desc"] } });
  const next = (own) => names.push(own.displayName) > 0;
  await new PageIterator(adapter, first, next, createUserCollectionResponseFromDiscriminatorValue, {}).iterate();
  assert.deepEqual(names, ["cleo", "bea", "ann"]);
});
await call("users: delta", "user-delta", async () => {
  const first = await client.users.delta.get();
  each(first.value, "displayName", ["ann", "bea", "cleo"]);
  delta = first.odataDeltaLink;
});
await call("update user by name", "user-update", async () => {
  await client.users.byUserId("bea@fourlamps.example").patch({ jobTitle: "Glazier" });
});
await call("what was changed", "user-get", async () => has(await client.users.byUserId(ids.bea).get(), { jobTitle: "Glazier" }));
await call("delete user", "user-delete", async () => void (await client.users.byUserId("cleo@fourlamps.example").delete()));
await call("get the deleted user", "user-get", async () => {
  const error = await failed(() => client.users.byUserId(ids.cleo).get());
  assert.equal(error.responseStatusCode, 404);
});
await call("users: what changed since", "user-delta", async () => {
  const changes = await client.users.delta.withUrl(delta).get();
  each(changes.value, "id", [ids.bea, ids.cleo]);
  assert.equal(changes.value[0].jobTitle, "Glazier");
});

await call("create message", "user-post-messages", async () => {
  const draft = { subject: "Order of panes", importance: "high", body: { content: "Two.", contentType: "text" } };
  const created = await client.me.messages.post(draft);
  has(created, draft);
  ids.message = created.id;
});
await call("update message", "message-update", async () => {
  has(await client.me.messages.byMessageId(ids.message).patch({ isRead: false }), { isRead: false, subject: "Order of panes" });
});
await call("messages: $filter", "user-list-messages", async () => {
  each((await client.me.messages.get({ queryParameters: { filter: "isRead eq false" } })).value, "id", [ids.message]);
});
await call("delete message", "message-delete", async () => void (await client.me.messages.byMessageId(ids.message).delete()));
await call("get the deleted message", "message-get", async () => {
  const error = await failed(() => client.me.messages.byMessageId(ids.message).get());
  assert.equal(error.responseStatusCode, 404);
});
await call("create a list of tasks", "todo-post-lists", async () => {
  ids.list = (await client.me.todo.lists.post({ displayName: "Chimney" })).id;
});
await call("create task", "todotasklist-post-tasks", async () => {
  has(await client.me.todo.lists.byTodoTaskListId(ids.list).tasks.post({ title: "Sweep" }), { title: "Sweep" });
});
await call("tasks", "todotasklist-list-tasks", async () => {
  each((await client.me.todo.lists.byTodoTaskListId(ids.list).tasks.get()).value, "title", ["Sweep"]);
});
