// @microsoft/microsoft-graph-client

import { FileUpload, LargeFileUploadTask, PageIterator, ResponseType } from "@microsoft/microsoft-graph-client";
import { client } from "../graph-client.mjs";
import { assert, call, each, failed, fault, has, url } from "../suite.mjs";


const dana = { displayName: "Dana Holt", jobTitle: "Keeper of lamps", businessPhones: ["+1 555 0107"], mobilePhone: null };

await call("me", "user-get", async () => has(await client.api("/me").get(), dana));
await call("users", "user-list", async () => {
  const { value } = await client.api("/users").get();
  each(value, "displayName", ["Dana Holt", "Omar Lindt", "Ines Vega"]);
});
await call("users: $select", "user-list", async () => {
  const { value } = await client.api("/users").select("displayName,mail").get();
  assert.deepEqual(value[1], { displayName: "Omar Lindt", mail: "omar@fourlamps.example" });
});
await call("users: $filter", "user-list", async () => {
  const { value } = await client.api("/users").filter("startswith(displayName,'O') or jobTitle eq 'Fitter'").get();
  each(value, "givenName", ["Omar", "Ines"]);
});
await call("users: $orderby and $top", "user-list", async () => {
  const { value } = await client.api("/users").orderby("displayName desc").top(2).get();
  each(value, "givenName", ["Omar", "Ines"]);
});
await call("users: $count and $search", "user-list", async () => {
  const found = await client.api("/users").header("ConsistencyLevel", "eventual").count(true).search('"displayName:Dana"').get();
  has(found, { "@odata.count": 1 });
  each(found.value, "givenName", ["Dana"]);
});
await call("users: $expand", "user-list", async () => {
  const { value } = await client.api("/users").expand("manager").get();
  each(value, "surname", ["Holt", "Lindt", "Vega"]);
});
await call("users: page iterator", ["user-list", "user-list", "user-list"], async () => {
  const names = [];
  const first = await client.api("/users").top(1).get();
  await new PageIterator(client, first, (user) => names.push(user.givenName)).iterate();
  assert.deepEqual(names, ["Dana", "Omar", "Ines"]);
});
await call("user by name", "user-get--example-2-request", async () => {
  has(await client.api("/users/ines@fourlamps.example").get(), { displayName: "Omar Lindt" });
});
await call("user: $select", "user-get--example-2-request", async () => {
  const user = await client.api("/users/omar@fourlamps.example").select("displayName,userPrincipalName,id").get();
  has(user, { displayName: "Omar Lindt", userPrincipalName: "omar@fourlamps.example" });
});
await call("create user", "user-post-users", async () => {
  const user = await client.api("/users").post({
    accountEnabled: true,
    displayName: "Tess Quill",
    mailNickname: "tess",
    userPrincipalName: "tess@fourlamps.example",
    passwordProfile: { forceChangePasswordNextSignIn: false, password: "Br1ght!" },
  });
  has(user, { displayName: "Tess Quill", userPrincipalName: "tess@fourlamps.example" });
  assert.equal(user.id, "e0a4a5b2-9d0e-4bd3-8f63-5f8f2c0f0a77");
});
await call("update user", "user-update", async () => {
  await client.api("/users/omar@fourlamps.example").patch({ jobTitle: "Master glazier" });
});
await call("delete user", "user-delete", async () => {
  await client.api("/users/b7f2d1c4-52a9-4c0b-8f65-7d7e0a9c4411").delete();
});
await call("users: delta", ["user-delta", "user-delta"], async () => {
  const first = await client.api("/users/delta").get();
  each(first.value, "displayName", ["Noor Haddad"]);
  const last = await client.api(first["@odata.nextLink"]).get();
  assert.match(last["@odata.deltaLink"], /\/users\/delta\?/);
});
await call("my groups", "user-list-memberof", async () => {
  each((await client.api("/me/memberOf").get()).value, "displayName", ["Lamplighters"]);
});
await call("manager", "user-list-manager", async () => {
  has(await client.api("/me/manager").get(), { displayName: "Ines Vega", "@odata.type": "#microsoft.graph.user" });
});
await call("assign manager", "user-post-manager", async () => {
  const manager = { "@odata.id": `${url}/v1.0/users/c81e0f6d-0b4e-49c9-8a55-2d0c6a1f7e32` };
  await client.api("/users/b7f2d1c4-52a9-4c0b-8f65-7d7e0a9c4411/manager/$ref").put(manager);
});

await call("messages", "user-list-messages", async () => {
  const { value } = await client.api("/me/messages").select("subject,from").top(10).get();
  each(value, "subject", ["Lamp in the attic", "Glass for the hall"]);
  has(value[0], { from: { emailAddress: { address: "omar@fourlamps.example" } } });
});
await call("messages of a folder: $filter", "user-list-messages", async () => {
  const { value } = await client.api("/me/mailFolders/inbox/messages").filter("isRead eq false").get();
  each(value, "importance", ["high"]);
});
await call("message", "message-get", async () => {
  has(await client.api("/me/messages/AAMkAGI2THVSBBB=").get(), { subject: "Lamp in the attic", body: { content: "It flickers again." } });
});
await call("create message", "user-post-messages", async () => {
  const message = { subject: "Order of panes", importance: "high", body: { contentType: "text", content: "Two." } };
  has(await client.api("/me/messages").post(message), { id: "AAMkAGI2THVSCCC=", isDraft: true, ...message });
});
await call("update message", "message-update", async () => {
  has(await client.api("/me/messages/AAMkAGI2THVSAAA=").update({ isRead: false }), { isRead: false, subject: "Lamp in the attic" });
});
await call("sendMail", "user-sendmail", async () => {
  const message = {
    subject: "Wicks",
    body: { contentType: "HTML", content: "<p>They are here.</p>" },
    toRecipients: [{ emailAddress: { address: "ines@fourlamps.example" } }],
  };
  await client.api("/me/sendMail").post({ message });
});
await call("mail folders", "user-list-mailfolders", async () => {
  each((await client.api("/me/mailFolders").get()).value, "totalItemCount", [41, 12]);
});
await call("messages: delta", "message-delta", async () => {
  const changes = await client.api("/me/mailFolders/AAMkAGFolder1=/messages/delta").get();
  each(changes.value, "subject", ["Changed wick"]);
  assert.ok(changes["@odata.deltaLink"].startsWith(url));
});

await call("events", "user-list-events", async () => {
  const { value } = await client.api("/me/events").header("Prefer", 'outlook.timezone="Pacific Standard Time"').get();
  has(value[0], { subject: "Lighting rehearsal", start: { dateTime: "2026-03-05T18:00:00.0000000", timeZone: "UTC" } });
});
await call("create event", "user-post-events", async () => {
  const event = {
    subject: "Test of the bell",
    start: { dateTime: "2026-04-01T10:00:00", timeZone: "Europe/Berlin" },
    end: { dateTime: "2026-04-01T10:30:00", timeZone: "Europe/Berlin" },
  };
  has(await client.api("/me/calendar/events").post(event), { id: "AAMkAGI1EventB=", ...event });
});
await call("accept event", "event-accept", async () => {
  await client.api("/me/events/AAMkAGI1EventA=/accept").post({ sendResponse: false });
});
await call("calendarView", "calendar-list-calendarview", async () => {
  const span = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2026-02-01T00:00:00Z";
  each((await client.api(`/me/calendarView?${span}`).top(5).get()).value, "subject", ["Weekly round of lamps"]);
});
await call("contacts", "user-list-contacts", async () => {
  each((await client.api("/me/contacts").get()).value, "companyName", ["Wick & Sons"]);
});
await call("create contact", "user-post-contacts", async () => {
  has(await client.api("/me/contacts").post({ givenName: "Zoe", surname: "Spark" }), { givenName: "Zoe", surname: "Spark" });
});
await call("task lists", "todo-list-lists", async () => {
  each((await client.api("/me/todo/lists").get()).value, "displayName", ["Lamps to fix"]);
});
await call("tasks", "todotasklist-list-tasks", async () => {
  each((await client.api("/me/todo/lists/AAMkADTodoList1=/tasks").get()).value, "title", ["Oil the hinge"]);
});
await call("create task", "todotasklist-post-tasks", async () => {
  has(await client.api("/me/todo/lists/any/tasks").post({ title: "Sweep" }), { title: "Sweep", status: "notStarted" });
});

await call("drive", "drive-get", async () => has(await client.api("/me/drive").get(), { quota: { total: 1099511627776 } }));
await call("item by id", "driveitem-get", async () => {
  has(await client.api("/me/drive/items/01LAMPPLAN7Q").get(), { name: "plan.pdf", size: 48213 });
});
await call("item by path", "driveitem-get", async () => {
  has(await client.api("/me/drive/root:/Wiring/attic/plan.pdf").get(), { file: { mimeType: "application/pdf" } });
});
await call("children by path", "driveitem-list-children", async () => {
  each((await client.api("/me/drive/root:/Wiring/attic:/children").get()).value, "name", ["plan.pdf", "Wiring"]);
});
await call("children: page iterator", ["driveitem-list-children", "driveitem-list-children"], async () => {
  const names = [];
  const first = await client.api("/me/drive/root/children").get();
  await new PageIterator(client, first, (item) => names.push(item.name)).iterate();
  assert.deepEqual(names, ["plan.pdf", "Wiring"]);
});
await call("create folder", "driveitem-post-children", async () => {
  has(await client.api("/me/drive/root/children").post({ name: "Globes", folder: {} }), { name: "Globes", folder: { childCount: 0 } });
});
await call("put content by path", "driveitem-put-content", async () => {
  has(await client.api("/me/drive/root:/Wiring/note.txt:/content").put("eleven wicks"), { name: "note.txt" });
});
await call("download", ["driveitem-get-content", "driveitem-get-content"], async () => {
  const bytes = await client.api("/me/drive/items/01LAMPPLAN7Q/content").responseType(ResponseType.ARRAYBUFFER).get();
  assert.ok(Buffer.from(bytes).toString("latin1").startsWith("%PDF-"));
});
await call("upload session", ["driveitem-createuploadsession", null, null, "driveitem-put-content"], async () => {
  const begin = `${url}/v1.0/me/drive/root:/Wiring/film.mp4:/createUploadSession`;
  const session = await LargeFileUploadTask.createUploadSession(client, begin, { item: { name: "film.mp4" } });
  const bytes = Buffer.alloc(700_000, 7);
  const file = new FileUpload(bytes, "film.mp4", bytes.length);
  const task = new LargeFileUploadTask(client, file, session, { rangeSize: 327_680 });
  has((await task.upload()).responseBody, { name: "note.txt" });
});
await call("attach a large file", ["attachment-createuploadsession", null, "attachment-createuploadsession"], async () => {
  const begin = `${url}/v1.0/me/messages/AAMkAGI2THVSCCC=/attachments/createUploadSession`;
  const bytes = Buffer.alloc(400_000, 7);
  const attachment = { AttachmentItem: { attachmentType: "file", name: "plan.pdf", size: bytes.length } };
  const session = await LargeFileUploadTask.createUploadSession(client, begin, attachment);
  const task = new LargeFileUploadTask(client, new FileUpload(bytes, "plan.pdf", bytes.length), session, { rangeSize: 327_680 });
  assert.ok((await task.upload()).location.startsWith(url));
});
await call("search drive", "driveitem-search", async () => {
  each((await client.api("/me/drive/root/search(q='oil lamp')").get()).value, "name", ["Lamp list.docx"]);
});
await call("drive: delta", ["driveitem-delta", "driveitem-delta"], async () => {
  const changes = await client.api("/me/drive/root/delta").get();
  each(changes.value, "name", ["folder2", "file.txt"]);
  has(await client.api(changes["@odata.deltaLink"]).get(), {});
});
await call("copy", "driveitem-copy", async () => {
  const answer = await client
    .api("/me/drive/items/01LAMPPLAN7Q/copy")
    .responseType(ResponseType.RAW)
    .post({ parentReference: { driveId: "b!lampDrive", id: "01LAMPSHADES3" } });
  assert.equal(answer.status, 202);
  assert.ok(answer.headers.get("location").startsWith(url));
  assert.equal(answer.headers.get("x-graph-contract"), "v1.0/driveitem-copy");
});
await call("createLink", "driveitem-createlink", async () => {
  has(await client.api("/me/drive/items/01LAMPPLAN7Q/createLink").post({ type: "edit", scope: "organization" }), { roles: ["read"] });
});

await call("groups", "group-list", async () => {
  each((await client.api("/groups").filter("displayName eq 'Glaziers'").get()).value, "description", ["Panes only"]);
});
await call("group", "group-get", async () => {
  const group = await client.api("/groups/3f5a8c02-1f0e-4ab2-9a8b-4a2f1f3d8e21").select("displayName,groupTypes").get();
  has(group, { displayName: "Lamplighters", groupTypes: ["Unified"] });
  assert.equal(group.description, undefined);
});
await call("create group", "group-post-groups", async () => {
  const group = { displayName: "Bells", mailEnabled: false, mailNickname: "bells", securityEnabled: true };
  has(await client.api("/groups").post(group), group);
});
await call("members", "group-list-members", async () => {
  each((await client.api("/groups/0c9d2f5e-7f61-4d0a-9f4b-6b1f2f7a9c20/members").get()).value, "@odata.type", [
    "#microsoft.graph.user",
    "#microsoft.graph.user",
  ]);
});
await call("add member", "group-post-members", async () => {
  const member = { "@odata.id": "https://graph.microsoft.com/v1.0/directoryObjects/c81e0f6d-0b4e-49c9-8a55-2d0c6a1f7e32" };
  await client.api("/groups/0c9d2f5e-7f61-4d0a-9f4b-6b1f2f7a9c20/members/$ref").post(member);
});
await call("remove member", "group-delete-members", async () => {
  await client.api("/groups/0c9d2f5e-7f61-4d0a-9f4b-6b1f2f7a9c20/members/c81e0f6d-0b4e-49c9-8a55-2d0c6a1f7e32/$ref").delete();
});
await call("groups: delta", "group-delta", async () => {
  each((await client.api("/groups/delta").get()).value, "displayName", ["Changed lamps"]);
});
await call("my teams", "user-list-joinedteams", async () => {
  each((await client.api("/me/joinedTeams").get()).value, "displayName", ["Lamp works"]);
});
await call("channels", "channel-list", async () => {
  each((await client.api("/teams/9a7c1d34-6d2b-4f6e-8f10-5c1b7e2d3a40/channels").get()).value, "membershipType", ["standard"]);
});
await call("send channel message", "channel-post-messages", async () => {
  const channel = "/teams/9a7c1d34-6d2b-4f6e-8f10-5c1b7e2d3a40/channels/19:lamps0repairs@thread.tacv2";
  has(await client.api(`${channel}/messages`).post({ body: { content: "Lights on" } }), { body: { content: "Lights on" } });
});
await call("devices of Intune", "intune-manageddevice-list", async () => {
  each((await client.api("/deviceManagement/managedDevices").get()).value, "deviceName", ["LAMP-LAPTOP-7"]);
});
await call("device of Intune", "intune-manageddevice-get", async () => {
  const device = await client.api("/deviceManagement/managedDevices/5a1de71c-90c2-4a67-8f3c-2f1b6d0e9a10").get();
  has(device, { deviceName: "LAMP-LAPTOP-7", isEncrypted: true, totalStorageSpaceInBytes: 8 });
});
await call("photo", "profilephoto-get", async () => {
  const bytes = Buffer.from(await client.api("/me/photo/$value").responseType(ResponseType.ARRAYBUFFER).get());
  assert.equal(bytes.subarray(0, 3).toString("hex"), "ffd8ff");
});
await call("put photo", "profilephoto-update", async () => {
  await client.api("/me/photo/$value").header("Content-Type", "image/jpeg").put(Buffer.from([0xff, 0xd8, 0xff, 0xd9]));
});
await call("report", ["reportroot-getoffice365activeuserdetail", "reportroot-getoffice365activeuserdetail--response-2"], async () => {
  const report = await client.api("/reports/getOffice365ActiveUserDetail(period='D30')").responseType(ResponseType.TEXT).get();
  assert.match(report, /^Report Refresh Date,.*\n2026-03-01,dana@fourlamps.example,Dana Holt$/);
});
await call("search", "search-query", async () => {
  const requests = [{ entityTypes: ["driveItem"], query: { queryString: "wick" } }];
  const { value } = await client.api("/search/query").post({ requests });
  has(value[0].hitsContainers[0].hits[0], { summary: "The lamp flickers" });
});
await call("root site", "site-get", async () => has(await client.api("/sites/root").get(), { displayName: "Lamp house" }));
await call("list items: $expand", "listitem-list", async () => {
  const { value } = await client.api("/sites/root/lists/Inventory/items").expand("fields($select=Name,Color)").get();
  each(value.map((item) => item.fields), "Color", ["White", "Green"]);
});
await call("subscription", "subscription-post-subscriptions", async () => {
  const subscription = {
    changeType: "updated",
    notificationUrl: "https://hooks.fourlamps.example/own",
    resource: "/me/events",
    expirationDateTime: "2027-01-01T00:00:00Z",
  };
  has(await client.api("/subscriptions").post(subscription), subscription);
});
await call("$batch", ["user-get", "user-list", "user-post-messages", null], async () => {
  const requests = [
    { id: "1", method: "GET", url: "/me" },
    { id: "2", method: "GET", url: "/users?$top=1" },
    { id: "3", method: "POST", url: "/me/messages", headers: { "Content-Type": "application/json" }, body: { subject: "Bells" } },
    { id: "4", method: "GET", url: "/lampposts" },
  ];
  const { responses } = await client.api("/$batch").post({ requests });
  assert.deepEqual(Object.fromEntries(responses.map(({ id, status }) => [id, status])), { 1: 200, 2: 200, 3: 201, 4: 501 });
  has(responses.find(({ id }) => id === "2").body.value, [{ displayName: "Dana Holt" }]);
});
await call("an error", null, async () => {
  const error = await failed(() => client.api("/lampposts").get());
  assert.equal(error.statusCode, 501);
  assert.match(error.message, /lampposts/);
});
await call("an option that is not valid", "user-list", async () => {
  const error = await failed(() => client.api("/users").filter("displayName eq").get());
  assert.equal(error.statusCode, 400);
});
await call("a 429 that says after how many seconds", [null, "user-list"], async () => {
  await fault("429;retry-after=1");
  each((await client.api("/users").get()).value, "givenName", ["Dana", "Omar", "Ines"]);
});
await call("a 429 that says until when", [null, "user-get"], async () => {
  await fault("429;retry-after=date");
  has(await client.api("/me").get(), dana);
});
await call("a 503", [null, "user-post-messages"], async () => {
  await fault("503");
  has(await client.api("/me/messages").post({ subject: "Bells" }), { subject: "Bells" });
});
await call("429, then 503", [null, null, "user-get"], async () => {
  await fault("429", "503;retry-after=date");
  has(await client.api("/me").get(), dana);
});
await call("429 to the end", [null, null, null, null], async () => {
  await fault("429", "429", "429", "429");
  assert.equal((await failed(() => client.api("/me").get())).statusCode, 429);
});
