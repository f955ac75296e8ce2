"""msgraph-sdk, which Kiota generates, against the pages of the documentation"""

import asyncio
import io

from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.drives.item.items.item.create_link.create_link_post_request_body import CreateLinkPostRequestBody
from msgraph.generated.drives.item.items.item.create_upload_session.create_upload_session_post_request_body import (
    CreateUploadSessionPostRequestBody,
)
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.chat_message import ChatMessage
from msgraph.generated.models.contact import Contact
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.drive_item import DriveItem
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.entity_type import EntityType
from msgraph.generated.models.event import Event
from msgraph.generated.models.folder import Folder
from msgraph.generated.models.group import Group
from msgraph.generated.models.importance import Importance
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.message import Message
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.search_query import SearchQuery
from msgraph.generated.models.search_request import SearchRequest
from msgraph.generated.models.subscription import Subscription
from msgraph.generated.models.todo_task import TodoTask
from msgraph.generated.models.user import User
from msgraph.generated.search.query.query_post_request_body import QueryPostRequestBody
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.messages.messages_request_builder import MessagesRequestBuilder
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.large_file_upload import LargeFileUploadTask
from msgraph_core.tasks.page_iterator import PageIterator

from graph import adapter, client, options, reads
from suite import URL, call, documented, same

USER, GROUP = "87d349ed-44d7-43e1-9a83-5f2406dee5bd", "b320ee12-b1cd-4cca-b648-a437be61c5cd"
TEAM, CHANNEL = "fbe2bf47-16c8-47cf-b4a5-4b9b187c508b", "19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2"
DEVICE = "705c034c-034c-705c-4c03-5c704c035c70"


async def shows(name, contract, get, **changed):
    """Reads something, and sees all that a page shows."""

    async def action():
        reads(await get(), {**documented(contract), **changed})

    await call(name, contract, action)


async def main():
    me, user = client.me, client.users.by_user_id(USER)
    await shows("me", "user-get", me.get)
    await shows("user by id", "user-get", user.get)
    await shows("user by name", "user-get", client.users.by_user_id("adelev@contoso.onmicrosoft.com").get)
    await shows("users", "user-list", client.users.get)

    async def users_options():
        query = dict(filter="startswith(displayName,'a')", orderby=["displayName"], count=True, top=1, select=["mail"])
        found = await client.users.get(options(UsersRequestBuilder, **query))
        same(([own.mail for own in found.value], found.odata_count), (["a@contoso.com"], 1))

    await call("users: $filter, $orderby, $count, $top, $select", "user-list", users_options)

    async def users_search():
        config = options(UsersRequestBuilder, search='"displayName:wa"', count=True)
        config.headers.add("ConsistencyLevel", "eventual")
        same([own.given_name for own in (await client.users.get(config)).value], ["Oscar"])

    await call("users: $search", "user-list", users_search)

    async def count():
        same(await client.users.count.get(), 893)

    await call("users: $count alone", "user-list", count)

    async def delta():
        first = await client.users.delta.get()
        same([own.display_name for own in first.value], ["Adele Vance"])
        last = await client.users.delta.with_url(first.odata_next_link).get()
        same((last.value, last.odata_delta_link.startswith(URL)), ([], True))

    await call("users: delta", ["user-delta", "user-delta"], delta)

    async def create_user():
        sent = User(account_enabled=True, display_name="Tess Quill", mail_nickname="tess", user_principal_name="tess@fourlamps.example")
        sent.password_profile = PasswordProfile(password="Br1ght!", force_change_password_next_sign_in=False)
        reads(await client.users.post(sent), {**documented("user-post-users"), "displayName": "Tess Quill", "userPrincipalName": "tess@fourlamps.example"})

    await call("create user", "user-post-users", create_user)
    await call("update user", "user-update", lambda: user.patch(User(office_location="18/2111")))
    await call("delete user", "user-delete", user.delete)
    await shows("manager", "user-list-manager", me.manager.get)
    await shows("direct reports", "user-list-directreports", me.direct_reports.get)
    await shows("my groups", "user-list-memberof", me.member_of.get)
    reference = ReferenceUpdate(odata_id=f"https://graph.microsoft.com/v1.0/users/{USER}")
    await call("assign manager", "user-post-manager", lambda: user.manager.ref.put(reference))
    await shows("licenses", "user-list-licensedetails", me.license_details.get)

    await shows("messages", "user-list-messages", me.messages.get)

    async def select_messages():
        found = await me.messages.get(options(MessagesRequestBuilder, select=["subject"], top=5))
        same([(own.subject, own.sender) for own in found.value], [(own["subject"], None) for own in documented("user-list-messages")["value"]])

    await call("messages: $select and $top", "user-list-messages", select_messages)
    inbox = me.mail_folders.by_mail_folder_id("inbox")
    await shows("messages of the inbox", "mailfolder-list-messages", inbox.messages.get)
    message = me.messages.by_message_id("AAMkADhMGAAA=")
    await shows("message", "message-get", message.get)

    async def create_message():
        draft = Message(subject="Order of panes", importance=Importance.Low, body=ItemBody(content="Two."))
        created = await me.messages.post(draft)
        same((created.subject, created.importance, created.body.content), ("Order of panes", Importance.Low, "Two."))

    await call("create message", "user-post-messages", create_message)

    async def update_message():
        same((await message.patch(Message(is_read=True))).is_read, True)

    await call("update message", "message-update", update_message)
    await call("delete message", "message-delete", message.delete)

    async def send_mail():
        recipient = Recipient(email_address=EmailAddress(address="fannyd@contoso.onmicrosoft.com"))
        mail = Message(subject="Meet for lunch?", body=ItemBody(content="Open."), to_recipients=[recipient])
        await me.send_mail.post(SendMailPostRequestBody(message=mail, save_to_sent_items=False))

    await call("sendMail", "user-sendmail", send_mail)
    await shows("mail folders", "user-list-mailfolders", me.mail_folders.get)

    async def message_delta():
        same((await inbox.messages.delta.get()).odata_next_link.startswith(URL), True)

    await call("messages: delta", "message-delta", message_delta)
    await shows("attachments", "message-list-attachments", message.attachments.get)

    await shows("events", "user-list-events", me.events.get)
    await shows("event", "event-get", me.events.by_event_id("AAMkAGIAAAoZDOFAAA=").get)

    async def create_event():
        start, end = (DateTimeTimeZone(date_time=f"2017-04-15T1{hour}:00:00", time_zone="Pacific Standard Time") for hour in (2, 4))
        created = await me.events.post(Event(subject="Let's go for lunch", start=start, end=end))
        same((created.subject, created.end.date_time), ("Let's go for lunch", "2017-04-15T14:00:00"))

    await call("create event", "user-post-events", create_event)
    span = options(CalendarViewRequestBuilder, start_date_time="2020-03-01T19:00:00-08:00", end_date_time="2020-03-02T19:00:00-08:00")
    await shows("calendarView", "user-list-calendarview", lambda: me.calendar_view.get(span))
    await shows("calendars", "user-list-calendars", me.calendars.get)
    await shows("contacts", "user-list-contacts", me.contacts.get)
    await shows("contact", "contact-get", me.contacts.by_contact_id("AAMkAGI2THk0AAA=").get)

    async def create_contact():
        created = await me.contacts.post(Contact(given_name="Zoe", surname="Spark"))
        same((created.given_name, created.surname), ("Zoe", "Spark"))

    await call("create contact", "user-post-contacts", create_contact)
    await shows("task lists", "todo-list-lists", me.todo.lists.get)
    tasks = me.todo.lists.by_todo_task_list_id("AAMkADIyAAAAABrJAAA=").tasks
    await shows("tasks", "todotasklist-list-tasks", tasks.get)

    async def create_task():
        same((await tasks.post(TodoTask(title="A new task"))).title, "A new task")

    await call("create task", "todotasklist-post-tasks", create_task)

    await shows("drive", "drive-get", me.drive.get)
    items = client.drives.by_drive_id("b!t18F8ybsHUq1z3LTz8xvZqP8zaSWjkFNhsME").items
    item = items.by_drive_item_id("0123456789AB")
    await shows("item by id", "driveitem-get", item.get)
    await shows("item by path", "driveitem-get", items.by_drive_item_id("root:/Documents/MyFile.xlsx:").get)

    async def children():
        names = []
        first = await items.by_drive_item_id("root").children.get()
        await PageIterator(first, adapter).iterate(lambda own: names.append(own.name) or True)
        same(names, [own["name"] for own in documented("driveitem-list-children")["value"]])

    await call("children: page iterator", ["driveitem-list-children", "driveitem-list-children"], children)

    async def create_folder():
        created = await items.by_drive_item_id("root").children.post(DriveItem(name="New Folder", folder=Folder()))
        same((created.name, created.folder.child_count), ("New Folder", 0))

    await call("create folder", "driveitem-post-children", create_folder)

    async def put_content():
        reads(await items.by_drive_item_id("root:/FolderA/FileC.txt:").content.put(b"the contents"), documented("driveitem-put-content"))

    await call("put content by path", "driveitem-put-content", put_content)

    async def download():
        same(len(await item.content.get()) > 0, True)

    await call("download", ["driveitem-get-content", "driveitem-get-content"], download)

    async def upload():
        path = items.by_drive_item_id("root:/Documents/film.mp4:")
        session = await path.create_upload_session.post(CreateUploadSessionPostRequestBody())
        result = await LargeFileUploadTask(session, adapter, io.BytesIO(bytes(400_000)), DriveItem, 327_680).upload()
        same(result.item_response.name, documented("driveitem-put-content")["name"])

    # The client sends the last chunk twice.
    contracts = ["driveitem-createuploadsession", None, "driveitem-put-content", "driveitem-put-content"]
    await call("upload session", contracts, upload)

    async def create_link():
        reads(await item.create_link.post(CreateLinkPostRequestBody(type="view", scope="anonymous")), documented("driveitem-createlink"))

    await call("createLink", "driveitem-createlink", create_link)

    async def search_drive():
        found = await items.by_drive_item_id("root").search_with_q("Contoso Project").get()
        same([own.name for own in found.value], ["Contoso Project", "Contoso Project 2016"])

    await call("search drive", "driveitem-search", search_drive)

    async def drive_delta():
        names = [own.name for own in (await items.by_drive_item_id("root").delta.get()).value]
        same(names, [own.get("name") for own in documented("driveitem-delta")["value"]])

    await call("drive: delta", "driveitem-delta", drive_delta)

    await shows("groups", "group-list", client.groups.get)
    group = client.groups.by_group_id(GROUP)
    await shows("group", "group-get", group.get)

    async def groups_filter():
        found = await client.groups.get(options(GroupsRequestBuilder, filter="mail eq 'golfassist@contoso.com'"))
        same([own.display_name for own in found.value], ["Golf Assist"])

    await call("groups: $filter", "group-list", groups_filter)

    async def create_group():
        sent = Group(display_name="Library Assist", group_types=["Unified"], mail_enabled=True, mail_nickname="library", security_enabled=False)
        created = await client.groups.post(sent)
        same((created.display_name, created.group_types, created.mail_enabled), ("Library Assist", ["Unified"], True))

    await call("create group", "group-post-groups", create_group)
    await shows("members", "group-list-members", group.members.get)
    member = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{USER}")
    await call("add member", "group-post-members", lambda: group.members.ref.post(member))
    await call("remove member", "group-delete-members", group.members.by_directory_object_id(USER).ref.delete)

    await shows("my teams", "user-list-joinedteams", me.joined_teams.get)
    team = client.teams.by_team_id("893075dd-2487-4122-925f-022c42e20265")
    await shows("team", "team-get", team.get)
    await shows("channels", "channel-list", team.channels.get)
    channel = client.teams.by_team_id(TEAM).channels.by_channel_id(CHANNEL)
    await shows("channel messages", "channel-list-messages", channel.messages.get)

    async def send_channel_message():
        same((await channel.messages.post(ChatMessage(body=ItemBody(content="Hello world")))).body.content, "Hello world")

    await call("send channel message", "channel-post-messages", send_channel_message)
    devices = client.device_management.managed_devices
    await shows("devices of Intune", "intune-devices-manageddevice-list", devices.get)
    await shows("device of Intune", "intune-devices-manageddevice-get", devices.by_managed_device_id(DEVICE).get)
    await shows("configurations of Intune", "intune-deviceconfig-deviceconfiguration-list", client.device_management.device_configurations.get)
    await shows("apps of Intune", "intune-apps-mobileapp-list", client.device_app_management.mobile_apps.get)
    await call("sync a device of Intune", "intune-devices-manageddevice-syncdevice", devices.by_managed_device_id(DEVICE).sync_device.post)

    async def photo():
        same((await me.photo.content.get())[:3], b"\xff\xd8\xff")

    await call("photo", "profilephoto-get", photo)

    async def report():
        text = await client.reports.get_office365_active_user_detail_with_period("D7").get()
        same(text.decode().split(",")[:2], ["Report Refresh Date", "User Principal Name"])

    await call("report", ["reportroot-getoffice365activeuserdetail", "reportroot-getoffice365activeuserdetail"], report)

    async def search():
        asked = SearchRequest(entity_types=[EntityType.Message], query=SearchQuery(query_string="contoso"), from_=0, size=15)
        found = await client.search.query.post(QueryPostRequestBody(requests=[asked]))
        same(len(found.value[0].hits_containers[0].hits) > 0, True)

    await call("search", "search-query", search)
    await shows("root site", "site-get", client.sites.by_site_id("root").get)
    await shows("lists of a site", "list-list", client.sites.by_site_id("root").lists.get)

    async def subscribe():
        sent = Subscription(change_type="created", notification_url="https://hooks.example/own", resource="me/messages")
        same((await client.subscriptions.post(sent)).notification_url, "https://hooks.example/own")

    await call("subscription", "subscription-post-subscriptions", subscribe)

    async def batch():
        content = BatchRequestContent()
        for name in ("me", "users"):
            info = RequestInformation(Method.GET, f"{{+baseurl}}/{name}", {"baseurl": adapter.base_url})
            content.add_request(name, BatchRequestItem(info, id=name))
        same((await client.batch.post(content)).get_response_status_codes(), {"me": 200, "users": 200})

    await call("$batch", ["user-get", "user-list"], batch)

    async def refused():
        try:
            await client.solutions.get()
        except ODataError as error:
            same(error.response_status_code, 501)
            return
        raise AssertionError("the call succeeds, and should not")

    await call("an error", None, refused)


asyncio.run(main())
