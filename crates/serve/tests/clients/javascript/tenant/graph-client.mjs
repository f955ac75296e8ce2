// @microsoft/microsoft-graph-client: objects from their creation to their deletion

import { FileUpload, LargeFileUploadTask, PageIterator, ResponseType } from "@microsoft/microsoft-graph-client";
import { client } from "../graph-client.mjs";
import { assert, call, each, failed, has, url } from "../suite.mjs";
import { user } from "../user.mjs";

const ids = {};
let delta;

for (const name of ["ann", "bea", "cleo"]) {
  await call(`create user ${name}`, "user-post-users", async () => {
    const created = await client.api("/users").post(user(name));
    has(created, { displayName: name, userPrincipalName: `${name}@fourlamps.example` });
    ids[name] = created.id;
  });
}
await call("create a user that is there", "user-post-users", async () => {
  const error = await failed(() => client.api("/users").post(user("ann")));
  assert.deepEqual([error.statusCode, error.code], [400, "Request_BadRequest"]);
  assert.match(error.message, /userPrincipalName already exists/);
});
await call("get user by id", "user-get", async () => has(await client.api(`/users/${ids.ann}`).get(), { displayName: "ann", id: ids.ann }));
await call("get user by name", "user-get", async () => has(await client.api("/users/ANN@fourlamps.example").get(), { id: ids.ann }));
await call("users: $filter and $select", "user-list", async () => {
  const { value } = await client.api("/users").filter("startswith(displayName,'b') or displayName eq 'cleo'").select("displayName").get();
  assert.deepEqual(value, [{ displayName: "bea" }, { displayName: "cleo" }]);
});
await call("users: page iterator", ["user-list", "user-list", "user-list"], async () => {
  const names = [];
  const first = await client.api("/users").orderby("displayName desc").top(1).get();
  await new PageIterator(client, first, (own) => names.push(own.displayName)).iterate();
  assert.deepEqual(names, ["cleo", "bea", "ann"]);
});
await call("users: delta", "user-delta", async () => {
  const first = await client.api("/users/delta").get();
  each(first.value, "displayName", ["ann", "bea", "cleo"]);
  delta = first["@odata.deltaLink"];
});
await call("update user by name", "user-update", async () => {
  await client.api("/users/bea@fourlamps.example").patch({ jobTitle: "Glazier" });
});
await call("what was changed", "user-get", async () => {
  has(await client.api(`/users/${ids.bea}`).select("jobTitle,displayName").get(), { jobTitle: "Glazier", displayName: "bea" });
});
await call("delete user by name", "user-delete", async () => void (await client.api("/users/cleo@fourlamps.example").delete()));
for (const key of ["cleo", "cleo@fourlamps.example"]) {
  await call(`get the deleted user by ${key === "cleo" ? "id" : "name"}`, "user-get", async () => {
    const error = await failed(() => client.api(`/users/${ids[key] ?? key}`).get());
    assert.equal(error.statusCode, 404);
    assert.match(error.message, /does not exist/);
  });
}
await call("users: what changed since", "user-delta", async () => {
  const changes = await client.api(delta).get();
  assert.deepEqual(
    changes.value.map((own) => [own.id, own["@removed"]?.reason ?? own.jobTitle]),
    [
      [ids.bea, "Glazier"],
      [ids.cleo, "deleted"],
    ],
  );
});

await call("assign manager", "user-post-manager", async () => {
  await client.api(`/users/${ids.ann}/manager/$ref`).put({ "@odata.id": `${url}/v1.0/users/${ids.bea}` });
});
await call("manager", "user-list-manager", async () => has(await client.api(`/users/${ids.ann}/manager`).get(), { id: ids.bea }));
await call("users: $expand", "user-get", async () => {
  const own = await client.api(`/users/${ids.ann}`).expand("manager($select=id,displayName)").get();
  assert.deepEqual(own.manager, { "@odata.type": "#microsoft.graph.user", id: ids.bea, displayName: "bea" });
});

await call("create group", "group-post-groups", async () => {
  const group = { displayName: "Bells", mailEnabled: false, mailNickname: "bells", securityEnabled: true };
  const created = await client.api("/groups").post(group);
  has(created, group);
  ids.group = created.id;
});
const member = () => ({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ids.ann}` });
const members = async () => (await client.api(`/groups/${ids.group}/members`).get()).value.map((own) => [own["@odata.type"], own.displayName]);
await call("add member", "group-post-members", async () => void (await client.api(`/groups/${ids.group}/members/$ref`).post(member())));
await call("add member again", "group-post-members", async () => {
  const error = await failed(() => client.api(`/groups/${ids.group}/members/$ref`).post(member()));
  assert.equal(error.statusCode, 400);
  assert.match(error.message, /references already exist/);
});
await call("members", "group-list-members", async () => assert.deepEqual(await members(), [["#microsoft.graph.user", "ann"]]));
await call("remove member", "group-delete-members", async () => {
  await client.api(`/groups/${ids.group}/members/${ids.ann}/$ref`).delete();
});
await call("no members", "group-list-members", async () => assert.deepEqual(await members(), []));

await call("create folder", "driveitem-post-children", async () => {
  const folder = await client.api("/me/drive/root/children").post({ name: "Wiring", folder: {} });
  has(folder, { name: "Wiring", folder: { childCount: 0 } });
});
await call("create the folder again", "driveitem-post-children", async () => {
  const twice = { name: "Wiring", folder: {}, "@microsoft.graph.conflictBehavior": "fail" };
  const error = await failed(() => client.api("/me/drive/root/children").post(twice));
  assert.deepEqual([error.statusCode, error.code], [409, "nameAlreadyExists"]);
});
const film = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 251));
await call("upload session", ["driveitem-createuploadsession", null, null, null], async () => {
  const begin = `${url}/v1.0/me/drive/root:/Wiring/film.mp4:/createUploadSession`;
  const session = await LargeFileUploadTask.createUploadSession(client, begin, { item: { name: "film.mp4" } });
  const task = new LargeFileUploadTask(client, new FileUpload(film, "film.mp4", film.length), session, { rangeSize: 327_680 });
  const { responseBody } = await task.upload();
  has(responseBody, { name: "film.mp4", size: 700_000 });
  ids.film = responseBody.id;
});
await call("what was uploaded", ["driveitem-get-content", null], async () => {
  const bytes = await client.api(`/me/drive/items/${ids.film}/content`).responseType(ResponseType.ARRAYBUFFER).get();
  assert.ok(film.equals(Buffer.from(bytes)));
});
await call("item by path", "driveitem-get", async () => has(await client.api("/me/drive/root:/Wiring/film.mp4").get(), { id: ids.film }));
await call("children by path", "driveitem-list-children", async () => {
  each((await client.api("/me/drive/root:/Wiring:/children").get()).value, "name", ["film.mp4"]);
});
await call("put content by path", "driveitem-put-content", async () => {
  has(await client.api("/me/drive/root:/Wiring/note.txt:/content").put("eleven wicks"), { name: "note.txt", size: 12 });
});
await call("delete item", "driveitem-delete", async () => void (await client.api(`/me/drive/items/${ids.film}`).delete()));
await call("get the deleted item", "driveitem-get", async () => {
  const error = await failed(() => client.api(`/me/drive/items/${ids.film}`).get());
  assert.deepEqual([error.statusCode, error.code], [404, "itemNotFound"]);
});

await call("create message", "user-post-messages", async () => {
  const message = { subject: "Order of panes", importance: "high", body: { contentType: "text", content: "Two." } };
  const created = await client.api("/me/messages").post(message);
  has(created, message);
  ids.message = created.id;
});
await call("update message", "message-update", async () => {
  has(await client.api(`/me/messages/${ids.message}`).update({ isRead: false }), { isRead: false, subject: "Order of panes" });
});
await call("message", "message-get", async () => has(await client.api(`/me/messages/${ids.message}`).get(), { subject: "Order of panes", isRead: false }));
await call("delete message", "message-delete", async () => void (await client.api(`/me/messages/${ids.message}`).delete()));
await call("get the deleted message", "message-get", async () => {
  const error = await failed(() => client.api(`/me/messages/${ids.message}`).get());
  assert.equal(error.statusCode, 404);
});
await call("$batch: create, and read what is there", ["user-post-users", "user-list"], async () => {
  const { responses } = await client.api("/$batch").post({
    requests: [
      { id: "1", method: "POST", url: "/users", headers: { "Content-Type": "application/json" }, body: user("eve") },
      { id: "2", method: "GET", url: "/users?$select=displayName&$orderby=displayName", dependsOn: ["1"] },
    ],
  });
  assert.deepEqual(responses.map(({ status }) => status), [201, 200]);
  each(responses[1].body.value, "displayName", ["ann", "bea", "eve"]);
});
