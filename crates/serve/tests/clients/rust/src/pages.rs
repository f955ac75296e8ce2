//! Calls against the pages that are written for the suite.

use graph_rs_sdk::{GraphClient, ODataQuery as _};
use serde_json::{Value, json};

use crate::sent;
use crate::suite::{Done, call, each, fault, same};

const TEAM: &str = "9a7c1d34-6d2b-4f6e-8f10-5c1b7e2d3a40";
const CHANNEL: &str = "19:lamps0repairs@thread.tacv2";
const GROUP: &str = "0c9d2f5e-7f61-4d0a-9f4b-6b1f2f7a9c20";
const DANA: &str = "6f1c1a52-3f0e-4f4e-9b63-1f0a5d3c2b10";

pub(crate) async fn calls(client: &GraphClient) {
    call("me", &["user-get"], async || {
        let user = sent!(client.me().get_user());
        same(&json!([user["displayName"], user["mobilePhone"]]), &json!(["Dana Holt", null]))
    })
    .await;
    call("users", &["user-list"], async || {
        same(&each(&sent!(client.users().list_user()), "givenName"), &json!(["Dana", "Omar", "Ines"]))
    })
    .await;
    call("users: $select, $filter, $orderby, $top", &["user-list"], async || {
        let users = client.users().list_user().select(&["displayName"]).filter(&["jobTitle ne 'Fitter'"]);
        let users = sent!(users.order_by(&["displayName desc"]).top("1"));
        same(&users["value"], &json!([{ "displayName": "Omar Lindt" }]))
    })
    .await;
    call("users: paging", &["user-list", "user-list"], async || {
        let pages = client.users().list_user().top("2").paging().json::<Value>().await?;
        let names: Vec<Value> =
            pages.into_iter().filter_map(|page| page.into_body().ok()).map(|page| each(&page, "givenName")).collect();
        same(&json!(names), &json!([["Dana", "Omar"], ["Ines"]]))
    })
    .await;
    call("user by name", &["user-get--example-2-request"], async || {
        same(&sent!(client.user("ines@fourlamps.example").get_user())["displayName"], &json!("Omar Lindt"))
    })
    .await;
    call("create user", &["user-post-users"], async || {
        let user = json!({ "accountEnabled": true, "displayName": "Tess Quill", "mailNickname": "tess",
            "userPrincipalName": "tess@fourlamps.example", "passwordProfile": { "password": "Br1ght!" } });
        same(&sent!(client.users().create_user(&user))["displayName"], &json!("Tess Quill"))
    })
    .await;
    call("update user", &["user-update"], async || {
        let status = client.me().update_user(&json!({ "jobTitle": "Head of wicks" })).send().await?.status();
        same(&json!(status.as_u16()), &json!(204))
    })
    .await;
    call("users: delta", &["user-delta", "user-delta"], async || {
        let pages = client.users().delta().paging().json::<Value>().await?;
        let first = pages.into_iter().next().and_then(|page| page.into_body().ok()).unwrap_or_default();
        same(&each(&first, "displayName"), &json!(["Noor Haddad"]))
    })
    .await;
    call("messages", &["user-list-messages"], async || {
        same(
            &each(&sent!(client.me().messages().list_messages()), "subject"),
            &json!(["Lamp in the attic", "Glass for the hall"]),
        )
    })
    .await;
    call("sendMail", &["user-sendmail"], async || {
        let mail = json!({ "message": { "subject": "Wicks", "body": { "contentType": "Text", "content": "Here" },
            "toRecipients": [{ "emailAddress": { "address": "ines@fourlamps.example" } }] } });
        same(&json!(client.me().send_mail(&mail).send().await?.status().as_u16()), &json!(202))
    })
    .await;
    call("events", &["user-list-events"], async || {
        same(&each(&sent!(client.me().events().list_events()), "subject"), &json!(["Lighting rehearsal"]))
    })
    .await;
    call("calendarView", &["calendar-list-calendarview"], async || {
        let view = client.me().calendar_views().list_calendar_view();
        let view = view.append_query_pair("startDateTime", "2026-01-01T00:00:00Z");
        let view = sent!(view.append_query_pair("endDateTime", "2026-02-01T00:00:00Z"));
        same(&each(&view, "subject"), &json!(["Weekly round of lamps"]))
    })
    .await;
    call("contacts", &["user-list-contacts"], async || {
        same(&each(&sent!(client.me().contacts().list_contacts()), "companyName"), &json!(["Wick & Sons"]))
    })
    .await;
    call("task lists", &["todo-list-lists"], async || {
        same(&each(&sent!(client.me().todo().lists().list_lists()), "displayName"), &json!(["Lamps to fix"]))
    })
    .await;
    call("drive", &["drive-get"], async || {
        same(&sent!(client.me().drive().get_drive())["quota"]["total"], &json!(1099511627776_i64))
    })
    .await;
    call("item by id", &["driveitem-get"], async || {
        same(&sent!(client.me().drive().item("01LAMPPLAN7Q").get_items())["size"], &json!(48213))
    })
    .await;
    call("item by path", &["driveitem-get"], async || {
        same(&sent!(client.me().drive().item_by_path(":/Wiring/plan.pdf:").get_items())["name"], &json!("plan.pdf"))
    })
    .await;
    call("download", &["driveitem-get-content", "driveitem-get-content"], async || {
        let bytes = client.me().drive().item("01LAMPPLAN7Q").get_items_content().send().await?.bytes().await?;
        same(&json!(bytes.starts_with(b"%PDF-")), &json!(true))
    })
    .await;
    call("groups", &["group-list"], async || {
        same(&each(&sent!(client.groups().list_group()), "displayName"), &json!(["Lamplighters", "Glaziers"]))
    })
    .await;
    call("add member", &["group-post-members"], async || {
        let member = json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{DANA}") });
        same(&json!(client.group(GROUP).create_ref_members(&member).send().await?.status().as_u16()), &json!(204))
    })
    .await;
    call("remove member", &["group-delete-members"], async || {
        same(&json!(client.group(GROUP).delete_ref_members(DANA).send().await?.status().as_u16()), &json!(204))
    })
    .await;
    call("channels", &["channel-list"], async || {
        same(&each(&sent!(client.team(TEAM).channels().list_channels()), "displayName"), &json!(["Repairs"]))
    })
    .await;
    call("send channel message", &["channel-post-messages"], async || {
        let message = json!({ "body": { "content": "Lights on" } });
        let sent = sent!(client.team(TEAM).channel(CHANNEL).messages().create_messages(&message));
        same(&sent["body"]["content"], &json!("Lights on"))
    })
    .await;
    call("photo", &["profilephoto-get"], async || {
        let bytes = client.me().get_photo_content().send().await?.bytes().await?;
        same(&json!(bytes.starts_with(b"\xff\xd8\xff")), &json!(true))
    })
    .await;
    call("$batch", &["user-get", "user-list"], async || {
        let batch = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me" }, { "id": "2", "method": "GET", "url": "/users?$top=1" }] });
        let answers = sent!(client.batch(&batch));
        same(&answers["responses"][1]["body"]["value"][0]["displayName"], &json!("Dana Holt"))
    })
    .await;
    call("an error", &[""], async || -> Done {
        let answer = client.me().onenote().notebooks().list_notebooks().send().await?;
        same(&json!(answer.status().as_u16()), &json!(501))
    })
    .await;
    for (name, planned) in [("a 429 that says after how many seconds", "429;retry-after=1"), ("a 503", "503")] {
        call(name, &["", "user-get"], async || {
            fault(planned).await;
            same(&sent!(client.me().get_user())["displayName"], &json!("Dana Holt"))
        })
        .await;
    }
}
