//! Calls against the pages of the documentation.

use graph_rs_sdk::{GraphClient, ODataQuery as _};
use serde_json::{Value, json};

use crate::sent;
use crate::suite::{call, documented, each, has, same, url};

const USER: &str = "87d349ed-44d7-43e1-9a83-5f2406dee5bd";
const GROUP: &str = "b320ee12-b1cd-4cca-b648-a437be61c5cd";
const TEAM: &str = "893075dd-2487-4122-925f-022c42e20265";
const ITEM: &str = "0123456789AB";

/// Reads something, and sees all that a page shows.
macro_rules! shows {
    ($name:literal, $contract:literal, $request:expr) => {
        call($name, &[$contract], async || has(&sent!($request), &documented($contract))).await
    };
}

pub(crate) async fn calls(client: &GraphClient) {
    shows!("me", "user-get", client.me().get_user());
    shows!("user by id", "user-get", client.user(USER).get_user());
    shows!("users", "user-list", client.users().list_user());
    call("users: $filter, $orderby, $count, $top", &["user-list"], async || {
        let users = client.users().list_user().filter(&["startswith(displayName,'a')"]).order_by(&["displayName"]);
        same(&each(&sent!(users.count("true").top("1")), "mail"), &json!(["a@contoso.com"]))
    })
    .await;
    call("users: delta", &["user-delta", "user-delta"], async || {
        let pages = client.users().delta().paging().json::<Value>().await?;
        let first = pages.into_iter().next().and_then(|page| page.into_body().ok()).unwrap_or_default();
        same(&each(&first, "displayName"), &json!(["Adele Vance"]))
    })
    .await;
    call("create user", &["user-post-users"], async || {
        let user = json!({ "accountEnabled": true, "displayName": "Tess Quill", "mailNickname": "tess",
            "userPrincipalName": "tess@fourlamps.example", "passwordProfile": { "password": "Br1ght!" } });
        same(&sent!(client.users().create_user(&user))["displayName"], &json!("Tess Quill"))
    })
    .await;
    call("delete user", &["user-delete"], async || {
        same(&json!(client.user(USER).delete_user().send().await?.status().as_u16()), &json!(204))
    })
    .await;
    shows!("messages", "user-list-messages", client.me().messages().list_messages());
    shows!("message", "message-get", client.me().message("AAMkADhMGAAA=").get_messages());
    call("sendMail", &["user-sendmail"], async || {
        let mail = json!({ "message": { "subject": "Meet for lunch?", "body": { "contentType": "Text", "content": "Open." },
            "toRecipients": [{ "emailAddress": { "address": "fannyd@contoso.onmicrosoft.com" } }] } });
        same(&json!(client.me().send_mail(&mail).send().await?.status().as_u16()), &json!(202))
    })
    .await;
    shows!("events", "user-list-events", client.me().events().list_events());
    call("calendarView", &["user-list-calendarview"], async || {
        let view = client.me().calendar_views().list_calendar_view();
        let view = view.append_query_pair("startDateTime", "2020-03-01T19:00:00-08:00");
        let view = view.append_query_pair("endDateTime", "2020-03-02T19:00:00-08:00");
        has(&sent!(view), &documented("user-list-calendarview"))
    })
    .await;
    shows!("contacts", "user-list-contacts", client.me().contacts().list_contacts());
    shows!("task lists", "todo-list-lists", client.me().todo().lists().list_lists());
    shows!("drive", "drive-get", client.me().drive().get_drive());
    shows!("item by id", "driveitem-get", client.me().drive().item(ITEM).get_items());
    shows!("item by path", "driveitem-get", client.me().drive().item_by_path(":/Documents/MyFile.xlsx:").get_items());
    call("download", &["driveitem-get-content", "driveitem-get-content"], async || {
        let bytes = client.me().drive().item(ITEM).get_items_content().send().await?.bytes().await?;
        same(&json!(bytes.is_empty()), &json!(false))
    })
    .await;
    shows!("groups", "group-list", client.groups().list_group());
    shows!("group", "group-get", client.group(GROUP).get_group());
    call("add member", &["group-post-members"], async || {
        let member = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{USER}") });
        same(&json!(client.group(GROUP).create_ref_members(&member).send().await?.status().as_u16()), &json!(204))
    })
    .await;
    shows!("team", "team-get", client.team(TEAM).get_team());
    shows!("channels", "channel-list", client.team(TEAM).channels().list_channels());
    call("photo", &["profilephoto-get"], async || {
        let bytes = client.me().get_photo_content().send().await?.bytes().await?;
        same(&json!(bytes.starts_with(b"\xff\xd8\xff")), &json!(true))
    })
    .await;
    call("$batch", &["user-get", "user-list-messages"], async || {
        let requests = json!([{ "id": "1", "method": "GET", "url": "/me" }, { "id": "2", "method": "GET", "url": "/me/messages?$top=1" }]);
        let answers = sent!(client.batch(&json!({ "requests": requests })));
        same(&answers["responses"][0]["body"]["displayName"], &json!("Adele Vance"))
    })
    .await;
    call("a page behind the first", &["channel-list-messages", "channel-list-messages"], async || {
        let channel = "19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2";
        let team = client.team("fbe2bf47-16c8-47cf-b4a5-4b9b187c508b");
        let messages = sent!(team.channel(channel).messages().list_messages());
        let next = messages["@odata.nextLink"].as_str().unwrap_or_default().to_owned();
        same(&json!(next.starts_with(&url())), &json!(true))?;
        let answer = reqwest::Client::new().get(next).bearer_auth("any token").send().await?;
        same(&answer.json::<Value>().await?["value"], &json!([]))
    })
    .await;
}
