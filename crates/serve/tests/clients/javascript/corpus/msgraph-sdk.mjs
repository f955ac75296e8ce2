// @microsoft/msgraph-sdk, which Kiota generates, against the pages of the documentation

import { PageIterator } from "@microsoft/msgraph-sdk-core";
import { createMessageCollectionResponseFromDiscriminatorValue } from "@microsoft/msgraph-sdk/models/index.js";
import { adapter, client } from "../msgraph-sdk.mjs";
import { assert, call, documented, each, failed, has, url } from "../suite.mjs";

const { me } = client;
const user = client.users.byUserId("87d349ed-44d7-43e1-9a83-5f2406dee5bd");
const channel = client.teams.byTeamId("fbe2bf47-16c8-47cf-b4a5-4b9b187c508b").channels.byChannelId("19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2");
const team = client.teams.byTeamId("893075dd-2487-4122-925f-022c42e20265");

/** Fails unless an object of the client has all that a page shows. */
function reads(actual, expected, at = "$") {
  if (expected === null || expected === undefined) {
    // The client reads null as an object without members where its type has some.
    assert.ok(["null", "{}", undefined].includes(JSON.stringify(actual)), `${at} is ${JSON.stringify(actual)}`);
  } else if (Array.isArray(expected)) {
    assert.equal(actual?.length, expected.length, at);
    expected.forEach((value, index) => reads(actual[index], value, `${at}[${index}]`));
  } else if (typeof expected === "object") {
    assert.ok(actual && typeof actual === "object", `${at} is ${JSON.stringify(actual)}`);
    // What a type of the client does not have is in its additional data.
    Object.entries(expected).forEach(([name, value]) => reads(actual[name] ?? actual.additionalData?.[name], value, `${at}.${name}`));
  } else if (actual instanceof Date) {
    assert.equal(actual.getTime(), new Date(expected).getTime(), at);
  } else {
    assert.equal(String(actual), String(expected), at);
  }
}

/** Reads something, and sees all that a page shows. */
const shows = (name, contract, get) => call(name, contract, async () => reads(await get(), documented(contract)));

await shows("me", "user-get", () => me.get());
await shows("user by id", "user-get", () => user.get());
await shows("user by name", "user-get", () => client.users.byUserId("adelev@contoso.onmicrosoft.com").get());
await shows("users", "user-list", () => client.users.get());
await call("users: $filter, $orderby, $count, $top, $select", "user-list", async () => {
  const queryParameters = { filter: "startswith(displayName,'a')", orderby: ["displayName"], count: true, top: 1, select: ["mail"] };
  const found = await client.users.get({ queryParameters, headers: { ConsistencyLevel: "eventual" } });
  each(found.value, "mail", ["a@contoso.com"]);
  assert.equal(found.odataCount, 1);
});
await call("users: $search", "user-list", async () => {
  const config = { queryParameters: { search: '"displayName:wa"', count: true }, headers: { ConsistencyLevel: "eventual" } };
  each((await client.users.get(config)).value, "givenName", ["Oscar"]);
});
await call("users: $count alone", "user-list", async () => assert.equal(await client.users.count.get(), 893));
await call("users: delta", ["user-delta", "user-delta"], async () => {
  const first = await client.users.delta.get();
  each(first.value, "displayName", ["Adele Vance"]);
  assert.ok((await client.users.delta.withUrl(first.odataNextLink).get()).odataDeltaLink.startsWith(url));
});
await call("create user", "user-post-users", async () => {
  const sent = { accountEnabled: true, displayName: "Tess Quill", mailNickname: "tess", userPrincipalName: "tess@fourlamps.example" };
  const created = await client.users.post({ ...sent, passwordProfile: { password: "Br1ght!", forceChangePasswordNextSignIn: true } });
  reads(created, { ...documented("user-post-users"), ...sent });
});
await call("update user", "user-update", async () => void (await user.patch({ officeLocation: "18/2111" })));
await call("delete user", "user-delete", async () => void (await user.delete()));
await shows("manager", "user-list-manager", () => me.manager.get());
await shows("direct reports", "user-list-directreports", () => me.directReports.get());
await shows("my groups", "user-list-memberof", () => me.memberOf.get());
await shows("licenses", "user-list-licensedetails", () => me.licenseDetails.get());
await shows("messages", "user-list-messages", () => me.messages.get());
await call("messages: page iterator", "user-list-messages", async () => {
  const subjects = [];
  const first = await me.messages.get({ queryParameters: { select: ["subject"], top: 10 } });
  const next = (own) => subjects.push(own.subject) > 0;
  await new PageIterator(adapter, first, next, createMessageCollectionResponseFromDiscriminatorValue, {}).iterate();
  assert.deepEqual(subjects, documented("user-list-messages").value.map((own) => own.subject));
});
const inbox = me.mailFolders.byMailFolderId("inbox");
await shows("messages of the inbox", "mailfolder-list-messages", () => inbox.messages.get());
const message = me.messages.byMessageId("AAMkADhMGAAA=");
await shows("message", "message-get", () => message.get());
await call("create message", "user-post-messages", async () => {
  const draft = { subject: "Order of panes", importance: "low", body: { content: "Two.", contentType: "text" } };
  has(await me.messages.post(draft), draft);
});
await call("update message", "message-update", async () => {
  const changed = { isRead: true, categories: ["Red category"] };
  has(await message.patch(changed), changed);
});
await call("delete message", "message-delete", async () => void (await message.delete()));
await call("sendMail", "user-sendmail", async () => {
  const toRecipients = [{ emailAddress: { address: "fannyd@contoso.onmicrosoft.com" } }];
  await me.sendMail.post({ message: { subject: "Meet for lunch?", body: { content: "Open." }, toRecipients }, saveToSentItems: false });
});
await shows("mail folders", "user-list-mailfolders", () => me.mailFolders.get());
await call("messages: delta", "message-delta", async () => assert.ok((await inbox.messages.delta.get()).odataNextLink.startsWith(url)));
await shows("attachments", "message-list-attachments", () => message.attachments.get());
await shows("events", "user-list-events", () => me.events.get());
await shows("event", "event-get", () => me.events.byEventId("AAMkAGIAAAoZDOFAAA=").get());
await call("create event", "user-post-events", async () => {
  const at = (hour) => ({ dateTime: `2017-04-15T${hour}:00:00`, timeZone: "Pacific Standard Time" });
  const event = { subject: "Let's go for lunch", start: at(12), end: at(14) };
  has(await me.events.post(event), event);
});
await shows("calendarView", "user-list-calendarview", () =>
  me.calendarView.get({ queryParameters: { startDateTime: "2020-03-01T19:00:00-08:00", endDateTime: "2020-03-02T19:00:00-08:00" } }),
);
await shows("calendars", "user-list-calendars", () => me.calendars.get());
await shows("contacts", "user-list-contacts", () => me.contacts.get());
await shows("contact", "contact-get", () => me.contacts.byContactId("AAMkAGI2THk0AAA=").get());
await call("create contact", "user-post-contacts", async () => {
  has(await me.contacts.post({ givenName: "Zoe", surname: "Spark" }), { givenName: "Zoe", surname: "Spark" });
});
await shows("task lists", "todo-list-lists", () => me.todo.lists.get());
const { tasks } = me.todo.lists.byTodoTaskListId("AAMkADIyAAAAABrJAAA=");
await shows("tasks", "todotasklist-list-tasks", () => tasks.get());
await call("create task", "todotasklist-post-tasks", async () => has(await tasks.post({ title: "A new task" }), { title: "A new task" }));
await shows("drive", "drive-get", () => me.drive.get());
await shows("my teams", "user-list-joinedteams", () => me.joinedTeams.get());
await shows("team", "team-get", () => team.get());
await shows("channels", "channel-list", () => team.channels.get());
await shows("channel messages", "channel-list-messages", () => channel.messages.get());
await call("send channel message", "channel-post-messages", async () => {
  has(await channel.messages.post({ body: { content: "Hello world" } }), { body: { content: "Hello world" } });
});
await call("photo", "profilephoto-get", async () => {
  assert.equal(Buffer.from(await me.photo.content.get()).subarray(0, 3).toString("hex"), "ffd8ff");
});
await shows("root site", "site-get", () => client.sites.bySiteId("root").get());
await shows("lists of a site", "list-list", () => client.sites.bySiteId("root").lists.get());
await shows("notebooks", "onenote-list-notebooks", () => me.onenote.notebooks.get());
await call("an error", null, async () => assert.equal((await failed(() => me.chats.get())).responseStatusCode, 501));
