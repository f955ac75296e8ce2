// @microsoft/msgraph-sdk, which Kiota generates

import { PageIterator } from "@microsoft/msgraph-sdk-core";
import { createUserCollectionResponseFromDiscriminatorValue } from "@microsoft/msgraph-sdk/models/index.js";
import { adapter, client } from "../msgraph-sdk.mjs";
import { assert, call, each, failed, fault, has } from "../suite.mjs";

const channel = client.teams.byTeamId("9a7c1d34-6d2b-4f6e-8f10-5c1b7e2d3a40").channels.byChannelId("19:lamps0repairs@thread.tacv2");

await call("me", "user-get", async () => {
  has(await client.me.get(), { displayName: "Dana Holt", businessPhones: ["+1 555 0107"], jobTitle: "Keeper of lamps" });
});
await call("users", "user-list", async () => each((await client.users.get()).value, "givenName", ["Dana", "Omar", "Ines"]));
await call("users: $select, $filter, $orderby, $top, $count", "user-list", async () => {
  const queryParameters = { select: ["displayName"], filter: "jobTitle ne 'Fitter'", orderby: ["displayName desc"], top: 1, count: true };
  const found = await client.users.get({ queryParameters });
  each(found.value, "displayName", ["Omar Lindt"]);
  each(found.value, "mail", [undefined]);
  assert.equal(found.odataCount, 2);
});
await call("users: $search", "user-list", async () => {
  const config = { queryParameters: { search: '"displayName:Ines"' }, headers: { ConsistencyLevel: ["eventual"] } };
  each((await client.users.get(config)).value, "surname", ["Vega"]);
});
await call("users: page iterator", ["user-list", "user-list"], async () => {
  const names = [];
  const first = await client.users.get({ queryParameters: { top: 2 } });
  const next = (user) => names.push(user.givenName) > 0;
  await new PageIterator(adapter, first, next, createUserCollectionResponseFromDiscriminatorValue, {}).iterate();
  assert.deepEqual(names, ["Dana", "Omar", "Ines"]);
});
await call("user by name", "user-get--example-2-request", async () => {
  has(await client.users.byUserId("ines@fourlamps.example").get(), { displayName: "Omar Lindt" });
});
await call("create user", "user-post-users", async () => {
  const passwordProfile = { password: "Br1ght!", forceChangePasswordNextSignIn: false };
  const user = { accountEnabled: true, displayName: "Tess Quill", mailNickname: "tess", userPrincipalName: "tess@fourlamps.example" };
  has(await client.users.post({ ...user, passwordProfile }), { displayName: "Tess Quill", id: "e0a4a5b2-9d0e-4bd3-8f63-5f8f2c0f0a77" });
});
await call("update user", "user-update", async () => void (await client.me.patch({ jobTitle: "Head of wicks" })));
await call("delete user", "user-delete", async () => void (await client.users.byUserId("omar@fourlamps.example").delete()));
await call("users: delta", "user-delta", async () => {
  each((await client.users.delta.get()).value, "displayName", ["Noor Haddad"]);
});
await call("my groups", "user-list-memberof", async () => {
  each((await client.me.memberOf.get()).value, "displayName", ["Lamplighters"]);
});
await call("manager", "user-list-manager", async () => has(await client.me.manager.get(), { displayName: "Ines Vega" }));
await call("messages", "user-list-messages", async () => {
  const { value } = await client.me.messages.get({ queryParameters: { select: ["importance", "receivedDateTime"] } });
  each(value, "importance", ["high", "normal"]);
  assert.equal(value[0].receivedDateTime.toISOString(), "2026-03-02T08:15:31.000Z");
});
await call("message", "message-get", async () => {
  const message = await client.me.messages.byMessageId("AAMkAGI2THVSBBB=").get();
  has(message, { subject: "Lamp in the attic", from: { emailAddress: { name: "Omar Lindt" } }, body: { contentType: "text" } });
});
await call("create message", "user-post-messages", async () => {
  const draft = { subject: "Order of panes", importance: "high", body: { content: "Two.", contentType: "text" } };
  has(await client.me.messages.post(draft), { ...draft, isDraft: true });
});
await call("sendMail", "user-sendmail", async () => {
  const toRecipients = [{ emailAddress: { address: "ines@fourlamps.example" } }];
  const message = { subject: "Wicks", body: { content: "<p>Here</p>", contentType: "html" }, toRecipients };
  await client.me.sendMail.post({ message, saveToSentItems: false });
});
await call("events", "user-list-events", async () => {
  each((await client.me.events.get()).value, "subject", ["Lighting rehearsal"]);
});
await call("create event", "user-post-events", async () => {
  const at = (hour) => ({ dateTime: `2026-04-01T${hour}:00:00`, timeZone: "UTC" });
  const event = { subject: "Test of the bell", start: at(10), end: at(11) };
  has(await client.me.events.post(event), { ...event, id: "AAMkAGI1EventB=" });
});
await call("calendarView", "calendar-list-calendarview", async () => {
  const queryParameters = { startDateTime: "2026-01-01T00:00:00Z", endDateTime: "2026-02-01T00:00:00Z" };
  each((await client.me.calendarView.get({ queryParameters })).value, "subject", ["Weekly round of lamps"]);
});
await call("contacts", "user-list-contacts", async () => {
  has((await client.me.contacts.get()).value[0], { emailAddresses: [{ address: "ada@wicks.example" }] });
});
await call("tasks", "todotasklist-list-tasks", async () => {
  const { value } = await client.me.todo.lists.byTodoTaskListId("AAMkADTodoList1=").tasks.get();
  has(value[0], { title: "Oil the hinge", status: "notStarted", importance: "high" });
});
await call("create task", "todotasklist-post-tasks", async () => {
  has(await client.me.todo.lists.byTodoTaskListId("any").tasks.post({ title: "Sweep" }), { title: "Sweep", id: "AAMkADTask2=" });
});
await call("drive", "drive-get", async () => {
  has(await client.me.drive.get(), { driveType: "business", quota: { total: 1099511627776 } });
});
await call("my teams", "user-list-joinedteams", async () => {
  each((await client.me.joinedTeams.get()).value, "displayName", ["Lamp works"]);
});
await call("channel messages", "channel-list-messages", async () => {
  has((await channel.messages.get()).value[0], { body: { content: "Who has the ladder?" }, from: { user: { displayName: "Omar Lindt" } } });
});
await call("send channel message", "channel-post-messages", async () => {
  has(await channel.messages.post({ body: { content: "Lights on" } }), { id: "1616990032035", body: { content: "Lights on" } });
});
await call("root site", "site-get", async () => has(await client.sites.bySiteId("root").get(), { displayName: "Lamp house" }));
await call("lists of a site", "list-list", async () => {
  has((await client.sites.bySiteId("root").lists.get()).value[0], { displayName: "Inventory of lamps", list: { template: "genericList" } });
});
await call("photo", "profilephoto-get", async () => {
  assert.equal(Buffer.from(await client.me.photo.content.get()).subarray(0, 3).toString("hex"), "ffd8ff");
});
await call("an error", null, async () => {
  const error = await failed(() => client.me.onenote.notebooks.get());
  assert.equal(error.responseStatusCode, 501);
});
await call("an option that is not valid", "user-list", async () => {
  const error = await failed(() => client.users.get({ queryParameters: { filter: "displayName eq" } }));
  assert.equal(error.responseStatusCode, 400);
});
await call("a 429 that says after how many seconds", [null, "user-list"], async () => {
  await fault("429;retry-after=1");
  each((await client.users.get()).value, "givenName", ["Dana", "Omar", "Ines"]);
});
await call("a 429 that says until when", [null, "user-get"], async () => {
  await fault("429;retry-after=date");
  has(await client.me.get(), { displayName: "Dana Holt" });
});
await call("a 503", [null, "user-post-messages"], async () => {
  await fault("503");
  has(await client.me.messages.post({ subject: "Bells" }), { subject: "Bells" });
});
await call("429, then 503", [null, null, "user-get"], async () => {
  await fault("429", "503;retry-after=date");
  has(await client.me.get(), { displayName: "Dana Holt" });
});
