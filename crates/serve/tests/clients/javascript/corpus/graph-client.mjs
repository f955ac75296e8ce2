// @microsoft/microsoft-graph-client, against the pages of the documentation

import { FileUpload, LargeFileUploadTask, PageIterator, ResponseType } from "@microsoft/microsoft-graph-client";
import { client } from "../graph-client.mjs";
import { assert, call, documented, each, has, url } from "../suite.mjs";

const get = (path) => client.api(path).get();
const eventual = (path) => client.api(path).header("ConsistencyLevel", "eventual");
/** Reads a path, and sees all values that a page shows. */
const shows = (name, contract, path, read = get) => call(name, contract, async () => has(await read(path), documented(contract)));
/** What is sent is in the answer, with all else that the page shows. */
const echoes = (name, contract, path, sent, send = "post") =>
  call(name, contract, async () => has(await client.api(path)[send](sent), { ...documented(contract), ...sent }));

const USER = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
const GROUP = "b320ee12-b1cd-4cca-b648-a437be61c5cd";
const TEAM = "/teams/893075dd-2487-4122-925f-022c42e20265";
const CHANNEL = "/teams/fbe2bf47-16c8-47cf-b4a5-4b9b187c508b/channels/19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2";

await shows("me", "user-get", "/me");
await shows("user by name", "user-get", "/users/adelev@contoso.onmicrosoft.com");
await shows("user by id", "user-get", `/users/${USER}`);
await call("user: $select", "user-get", async () => {
  assert.deepEqual(await client.api(`/users/${USER}`).select("displayName,mail").get(), pickOf(documented("user-get"), ["displayName", "mail"]));
});
await shows("users", "user-list", "/users");
await call("users: $select and $top", "user-list", async () => {
  const { value } = await client.api("/users").select(["displayName", "mail"]).top(5).get();
  has(value, [{ displayName: "contoso1", mail: "'contoso1@gmail.com" }]);
});
await call("users: $filter, $orderby, $count, $top", "user-list--example-4-use-filter-and-top-to-get-one-user-with-a-display", async () => {
  const found = await eventual("/users").filter("startswith(displayName,'a')").orderby("displayName").count(true).top(1).get();
  assert.equal(found["@odata.count"], 1);
  each(found.value, "mail", ["a@contoso.com"]);
});
await call("users: $search", "user-list", async () => each((await eventual("/users").search('"displayName:wa"').count(true).get()).value, "givenName", ["Oscar"]));
await call("users: $count alone", "user-list", async () => assert.equal(await eventual("/users/$count").get(), "893"));
await call("users: delta", ["user-delta", "user-delta"], async () => {
  const first = await get("/users/delta");
  each(first.value, "displayName", ["Adele Vance"]);
  assert.match((await get(first["@odata.nextLink"]))["@odata.deltaLink"], /\/users\/delta\?/);
});
await echoes("create user", "user-post-users", "/users", {
  accountEnabled: true,
  displayName: "Tess Quill",
  mailNickname: "tess",
  userPrincipalName: "tess@fourlamps.example",
});
await call("update me", "user-update", async () => void (await client.api("/me").patch({ officeLocation: "18/2111" })));
await call("delete user", "user-delete", async () => void (await client.api(`/users/${USER}`).delete()));
await shows("manager", "user-list-manager", "/me/manager");
await shows("direct reports", "user-list-directreports", "/me/directReports");
await shows("my groups", "user-list-memberof", "/me/memberOf");
await call("assign manager", "user-post-manager", async () => {
  await client.api(`/users/${USER}/manager/$ref`).put({ "@odata.id": `https://graph.microsoft.com/v1.0/users/${USER}` });
});
await call("my groups: ids", "user-getmembergroups", async () => {
  has(await client.api("/me/getMemberGroups").post({ securityEnabledOnly: true }), documented("user-getmembergroups"));
});
await shows("licenses", "user-list-licensedetails", "/me/licenseDetails");
await shows("people", "user-list-people", "/me/people");

await shows("messages", "user-list-messages", "/me/messages");
await call("messages: page iterator", "user-list-messages", async () => {
  const subjects = [];
  const first = await client.api("/me/messages").select("sender,subject").get();
  await new PageIterator(client, first, (own) => subjects.push(own.subject)).iterate();
  assert.deepEqual(subjects, documented("user-list-messages").value.map((own) => own.subject));
});
await shows("messages of the inbox", "mailfolder-list-messages", "/me/mailFolders/inbox/messages");
await shows("message", "message-get", "/me/messages/AAMkADhMGAAA=");
await call("create message", "user-post-messages", async () => {
  const message = { subject: "Did you see last night's game?", importance: "low", body: { contentType: "html", content: "They were <b>awesome</b>!" } };
  has(await client.api("/me/messages").post(message), message);
});
await call("update message", "message-update", async () => {
  const changed = { isRead: true, categories: ["Red category"] };
  has(await client.api("/me/messages/AAMkADhMGAAA=").patch(changed), changed);
});
await call("delete message", "message-delete", async () => void (await client.api("/me/messages/AAMkADhMGAAA=").delete()));
await call("sendMail", "user-sendmail", async () => {
  const message = {
    subject: "Meet for lunch?",
    body: { contentType: "Text", content: "The new cafeteria is open." },
    toRecipients: [{ emailAddress: { address: "fannyd@contoso.onmicrosoft.com" } }],
  };
  await client.api("/me/sendMail").post({ message, saveToSentItems: false });
});
await call("reply", "message-reply", async () => void (await client.api("/me/messages/AAMkADhMGAAA=/reply").post({ comment: "Yes" })));
await shows("mail folders", "user-list-mailfolders", "/me/mailFolders");
await call("messages: delta", "message-delta", async () => has(await get("/me/mailFolders/inbox/messages/delta"), {}));
await shows("attachments", "message-list-attachments", "/me/messages/AAMkADhMGAAA=/attachments");
await call("attach a large file", ["attachment-createuploadsession", null, "attachment-createuploadsession"], async () => {
  const begin = `${url}/v1.0/me/messages/AAMkADI5MAAIT3drCAAA=/attachments/createUploadSession`;
  const attachment = { AttachmentItem: { attachmentType: "file", name: "flower", size: 400_000 } };
  const session = await LargeFileUploadTask.createUploadSession(client, begin, attachment);
  const task = new LargeFileUploadTask(client, new FileUpload(Buffer.alloc(400_000, 7), "flower", 400_000), session, { rangeSize: 327_680 });
  assert.ok((await task.upload()).location.startsWith(url));
});

await shows("events", "user-list-events", "/me/events");
await call("events: $select, $orderby, $top", "user-list-events", async () => {
  const { value } = await client.api("/me/events").select("subject,start").orderby("createdDateTime DESC").top(50).get();
  each(value, "subject", documented("user-list-events").value.map((own) => own.subject));
});
await shows("event", "event-get", "/me/events/AAMkAGIAAAoZDOFAAA=");
await call("calendarView", "user-list-calendarview", async () => {
  const found = await get("/me/calendarView?startDateTime=2020-03-01T19:00:00-08:00&endDateTime=2020-03-02T19:00:00-08:00");
  has(found, documented("user-list-calendarview"));
});
await call("create event", "user-post-events", async () => {
  const event = {
    subject: "Let's go for lunch",
    body: { contentType: "html", content: "Does noon work for you?" },
    start: { dateTime: "2017-04-15T12:00:00", timeZone: "Pacific Standard Time" },
    end: { dateTime: "2017-04-15T14:00:00", timeZone: "Pacific Standard Time" },
  };
  has(await client.api("/me/events").post(event), { subject: event.subject, start: event.start, end: event.end });
});
await call("accept event", "event-accept", async () => void (await client.api("/me/events/AAMkAGIAAAoZDOFAAA=/accept").post({ sendResponse: true })));
await shows("calendars", "user-list-calendars", "/me/calendars");
await call("free and busy", "calendar-getschedule", async () => {
  const asked = {
    schedules: ["adelev@contoso.onmicrosoft.com"],
    startTime: { dateTime: "2019-03-15T09:00:00", timeZone: "Pacific Standard Time" },
    endTime: { dateTime: "2019-03-15T18:00:00", timeZone: "Pacific Standard Time" },
    availabilityViewInterval: 60,
  };
  has(await client.api("/me/calendar/getSchedule").post(asked), documented("calendar-getschedule"));
});
await shows("contacts", "user-list-contacts", "/me/contacts");
await call("create contact", "user-post-contacts", async () => {
  has(await client.api("/me/contacts").post({ givenName: "Zoe", surname: "Spark" }), { givenName: "Zoe", surname: "Spark" });
});
await shows("task lists", "todo-list-lists", "/me/todo/lists");
await shows("tasks", "todotasklist-list-tasks", "/me/todo/lists/AAMkADIyAAAAABrJAAA=/tasks");
await call("create task", "todotasklist-post-tasks", async () => {
  has(await client.api("/me/todo/lists/AAMkADIyAAAAABrJAAA=/tasks").post({ title: "A new task" }), { title: "A new task" });
});
await call("tasks: delta", "todotask-delta", async () => has(await get("/me/todo/lists/AAMkADIyAAAAABrJAAA=/tasks/delta"), {}));

await shows("drive", "drive-get", "/me/drive");
await shows("item by id", "driveitem-get", "/me/drive/items/0123456789AB");
await shows("item by path", "driveitem-get", "/me/drive/root:/Documents/MyFile.xlsx");
await shows("root", "driveitem-get", "/me/drive/root");
await call("children", "driveitem-list-children", async () => {
  each((await get("/me/drive/root/children")).value, "name", documented("driveitem-list-children").value.map((own) => own.name));
});
await call("children by path", "driveitem-list-children", async () => {
  each((await get("/me/drive/root:/Documents:/children")).value, "name", documented("driveitem-list-children").value.map((own) => own.name));
});
await call("create folder", "driveitem-post-children", async () => {
  has(await client.api("/me/drive/root/children").post({ name: "New Folder", folder: {} }), { name: "New Folder", folder: { childCount: 0 } });
});
await call("put content by path", "driveitem-put-content", async () => {
  has(await client.api("/me/drive/root:/FolderA/FileC.txt:/content").put("the contents"), documented("driveitem-put-content"));
});
await call("download", ["driveitem-get-content", "driveitem-get-content"], async () => {
  const bytes = await client.api("/me/drive/items/0123456789AB/content").responseType(ResponseType.ARRAYBUFFER).get();
  assert.ok(bytes.byteLength > 0);
});
await call("upload session", ["driveitem-createuploadsession", null, null, "driveitem-put-content"], async () => {
  const begin = `${url}/v1.0/me/drive/root:/Documents/film.mp4:/createUploadSession`;
  const session = await LargeFileUploadTask.createUploadSession(client, begin, { item: { "@microsoft.graph.conflictBehavior": "rename" } });
  const task = new LargeFileUploadTask(client, new FileUpload(Buffer.alloc(700_000, 7), "film.mp4", 700_000), session, { rangeSize: 327_680 });
  has((await task.upload()).responseBody, documented("driveitem-put-content"));
});
await call("search drive", "driveitem-search", async () => {
  has(await get("/me/drive/root/search(q='Contoso Project')"), documented("driveitem-search"));
});
await call("drive: delta", "driveitem-delta", async () => {
  const changes = await get("/me/drive/root/delta");
  each(changes.value, "name", documented("driveitem-delta").value.map((own) => own.name));
});
await call("copy", "driveitem-copy", async () => {
  const answer = await client
    .api("/me/drive/items/0123456789AB/copy")
    .responseType(ResponseType.RAW)
    .post({ parentReference: { driveId: "6F7D00BF-FC4D-4E62-9769-6AEA81F3A21B", id: "DCD0D3AD-8989-4F23-A5A2-2C086050513F" }, name: "copy.txt" });
  assert.equal(answer.status, 202);
  assert.ok(answer.headers.get("location").startsWith(url));
});
await call("createLink", "driveitem-createlink", async () => {
  has(await client.api("/me/drive/items/0123456789AB/createLink").post({ type: "view", scope: "anonymous" }), documented("driveitem-createlink"));
});
await call("invite", "driveitem-invite", async () => {
  const sent = { requireSignIn: false, sendInvitation: false, roles: ["read"], recipients: [{ email: "ryan@contoso.com" }], message: "hello" };
  has(await client.api("/me/drive/items/0123456789AB/invite").post(sent), documented("driveitem-invite"));
});

await shows("groups", "group-list", "/groups");
await shows("group", "group-get", `/groups/${GROUP}`);
await call("create group", "group-post-groups", async () => {
  const group = { description: "Self help community for library", displayName: "Library Assist", groupTypes: ["Unified"], mailEnabled: true, mailNickname: "library", securityEnabled: false };
  has(await client.api("/groups").post(group), group);
});
await shows("members", "group-list-members", `/groups/${GROUP}/members`);
await call("add member", "group-post-members", async () => {
  await client.api(`/groups/${GROUP}/members/$ref`).post({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${USER}` });
});
await call("remove member", "group-delete-members", async () => void (await client.api(`/groups/${GROUP}/members/${USER}/$ref`).delete()));
await call("groups: delta", "group-delta", async () => each((await get("/groups/delta")).value, "displayName", documented("group-delta").value.map((own) => own.displayName)));
await call("objects by ids", "directoryobject-getbyids", async () => {
  has(await client.api("/directoryObjects/getByIds").post({ ids: [USER], types: ["user"] }), {});
});

await shows("my teams", "user-list-joinedteams", "/me/joinedTeams");
await shows("team", "team-get", TEAM);
await shows("channels", "channel-list", `${TEAM}/channels`);
await shows("channel messages", "channel-list-messages", `${CHANNEL}/messages`);
await call("send channel message", "channel-post-messages", async () => {
  has(await client.api(`${CHANNEL}/messages`).post({ body: { content: "Hello world" } }), { body: { content: "Hello world" } });
});
await shows("chat messages", "chat-list-messages", "/chats/19:2da4c29f6d7041eca70b638b43d45437@thread.v2/messages");
await shows("devices of Intune", "intune-devices-manageddevice-list", "/deviceManagement/managedDevices");
await shows("device of Intune", "intune-devices-manageddevice-get", "/deviceManagement/managedDevices/705c034c-034c-705c-4c03-5c704c035c70");
await shows("configurations of Intune", "intune-deviceconfig-deviceconfiguration-list", "/deviceManagement/deviceConfigurations");
await shows("apps of Intune", "intune-apps-mobileapp-list", "/deviceAppManagement/mobileApps");
await call("sync a device of Intune", "intune-devices-manageddevice-syncdevice", async () => {
  await client.api("/deviceManagement/managedDevices/705c034c-034c-705c-4c03-5c704c035c70/syncDevice").post({});
});
await call("photo", "profilephoto-get", async () => {
  const bytes = Buffer.from(await client.api("/me/photo/$value").responseType(ResponseType.ARRAYBUFFER).get());
  assert.equal(bytes.subarray(0, 3).toString("hex"), "ffd8ff");
});
await call("photo: what is known of it", "profilephoto-get", async () => has(await get("/me/photo"), { width: 240, height: 240 }));
await call("report", ["reportroot-getoffice365activeuserdetail", "reportroot-getoffice365activeuserdetail"], async () => {
  const report = await client.api("/reports/getOffice365ActiveUserDetail(period='D7')").responseType(ResponseType.TEXT).get();
  assert.match(report, /^Report Refresh Date,User Principal Name/);
});
await call("search", "search-query", async () => {
  const requests = [{ entityTypes: ["message"], query: { queryString: "contoso" }, from: 0, size: 15 }];
  has(await client.api("/search/query").post({ requests }), {});
});
await shows("root site", "site-get", "/sites/root");
await shows("site by path", "site-getbypath", "/sites/contoso.sharepoint.com:/teams/hr");
await shows("lists of a site", "list-list", "/sites/root/lists");
await call("list items: $expand", "listitem-list", async () => {
  const { value } = await client.api("/sites/root/lists/Inventory/items").expand("fields($select=Name,Color,Quantity)").get();
  each(value.map((own) => own.fields), "Name", ["Gadget", "Widget", "Gizmo"]);
});
await call("subscription", "subscription-post-subscriptions", async () => {
  const subscription = { changeType: "created", notificationUrl: "https://hooks.example/own", resource: "me/messages", expirationDateTime: "2027-01-01T00:00:00Z" };
  has(await client.api("/subscriptions").post(subscription), subscription);
});
await call("$batch", ["user-get", "user-list", "user-list-messages", "user-sendmail"], async () => {
  const mail = { message: { subject: "Hi", toRecipients: [{ emailAddress: { address: "a@contoso.com" } }] } };
  const requests = [
    { id: "1", method: "GET", url: "/me" },
    { id: "2", method: "GET", url: "/users?$top=1" },
    { id: "3", method: "GET", url: "/me/messages?$select=subject" },
    { id: "4", method: "POST", url: "/me/sendMail", headers: { "Content-Type": "application/json" }, body: mail },
  ];
  const { responses } = await client.api("/$batch").post({ requests });
  assert.deepEqual(responses.map(({ status }) => status), [200, 200, 200, 202]);
  has(responses[0].body, { displayName: "Adele Vance" });
});

function pickOf(object, names) {
  return Object.fromEntries(names.map((name) => [name, object[name]]));
}
