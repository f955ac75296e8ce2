"""msgraph-sdk, which Kiota generates"""

import asyncio
import datetime
import io

from kiota_abstractions.api_error import APIError
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.drives.item.items.item.create_upload_session.create_upload_session_post_request_body import (
    CreateUploadSessionPostRequestBody,
)
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.calendar import Calendar
from msgraph.generated.models.chat_message import ChatMessage
from msgraph.generated.models.contact import Contact
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.drive_item import DriveItem
from msgraph.generated.models.email_address import EmailAddress
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
from msgraph.generated.models.task_status import TaskStatus
from msgraph.generated.models.todo_task import TodoTask
from msgraph.generated.models.user import User
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import CalendarViewRequestBuilder
from msgraph.generated.users.item.messages.messages_request_builder import MessagesRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem
from msgraph_core.tasks.large_file_upload import LargeFileUploadTask
from msgraph_core.tasks.page_iterator import PageIterator

from graph import adapter, client, options
from suite import URL, call, fault, same

TEAM, CHANNEL = "9a7c1d34-6d2b-4f6e-8f10-5c1b7e2d3a40", "19:lamps0repairs@thread.tacv2"
GROUP, DANA = "0c9d2f5e-7f61-4d0a-9f4b-6b1f2f7a9c20", "6f1c1a52-3f0e-4f4e-9b63-1f0a5d3c2b10"


async def main():
    async def me():
        user = await client.me.get()
        same((user.display_name, user.business_phones, user.mobile_phone), ("Dana Holt", ["+1 555 0107"], None))

    await call("me", "user-get", me)

    async def users():
        found = await client.users.get()
        same([user.given_name for user in found.value], ["Dana", "Omar", "Ines"])

    await call("users", "user-list", users)

    async def users_options():
        query = dict(select=["displayName"], filter="jobTitle ne 'Fitter'", orderby=["displayName desc"], top=1, count=True)
        found = await client.users.get(options(UsersRequestBuilder, **query))
        same([(user.display_name, user.mail) for user in found.value], [("Omar Lindt", None)])
        same(found.odata_count, 2)

    await call("users: $select, $filter, $orderby, $top, $count", "user-list", users_options)

    async def users_search():
        config = options(UsersRequestBuilder, search='"displayName:Ines"')
        config.headers.add("ConsistencyLevel", "eventual")
        same([user.surname for user in (await client.users.get(config)).value], ["Vega"])

    await call("users: $search", "user-list", users_search)

    async def users_pages():
        names = []
        first = await client.users.get(options(UsersRequestBuilder, top=2))
        await PageIterator(first, adapter).iterate(lambda user: names.append(user.given_name) or True)
        same(names, ["Dana", "Omar", "Ines"])

    await call("users: page iterator", ["user-list", "user-list"], users_pages)

    async def count():
        same(await client.users.count.get(), 3)

    await call("users: $count alone", "user-list", count)

    async def user_by_name():
        user = await client.users.by_user_id("ines@fourlamps.example").get()
        same((user.display_name, user.preferred_language), ("Omar Lindt", None))

    await call("user by name", "user-get--example-2-request", user_by_name)

    async def create_user():
        user = User(account_enabled=True, display_name="Tess Quill", mail_nickname="tess", user_principal_name="tess@fourlamps.example")
        user.password_profile = PasswordProfile(password="Br1ght!", force_change_password_next_sign_in=False)
        created = await client.users.post(user)
        same((created.display_name, created.id), ("Tess Quill", "e0a4a5b2-9d0e-4bd3-8f63-5f8f2c0f0a77"))

    await call("create user", "user-post-users", create_user)
    await call("update user", "user-update", lambda: client.me.patch(User(job_title="Head of wicks")))
    await call("delete user", "user-delete", lambda: client.users.by_user_id("omar@fourlamps.example").delete())

    async def delta():
        changes = await client.users.delta.get()
        same([user.display_name for user in changes.value], ["Noor Haddad"])
        last = await client.users.delta.with_url(changes.odata_next_link).get()
        same(last.odata_delta_link.startswith(URL), True)

    await call("users: delta", ["user-delta", "user-delta"], delta)

    async def member_of():
        found = await client.me.member_of.get()
        same([(type(own), own.display_name) for own in found.value], [(Group, "Lamplighters")])

    await call("my groups", "user-list-memberof", member_of)

    async def manager():
        own = await client.me.manager.get()
        same((type(own), own.display_name), (User, "Ines Vega"))

    await call("manager", "user-list-manager", manager)
    reference = ReferenceUpdate(odata_id=f"{URL}/v1.0/users/{DANA}")
    await call("assign manager", "user-post-manager", lambda: client.users.by_user_id("omar").manager.ref.put(reference))

    async def messages():
        found = await client.me.messages.get(options(MessagesRequestBuilder, select=["subject", "importance", "receivedDateTime"]))
        same([message.importance for message in found.value], [Importance.High, Importance.Normal])
        same(found.value[0].received_date_time, datetime.datetime(2026, 3, 2, 8, 15, 31, tzinfo=datetime.timezone.utc))

    await call("messages", "user-list-messages", messages)

    async def message():
        own = await client.me.messages.by_message_id("AAMkAGI2THVSBBB=").get()
        same((own.subject, own.from_.email_address.name, own.body.content_type), ("Lamp in the attic", "Omar Lindt", BodyType.Text))

    await call("message", "message-get", message)

    async def create_message():
        draft = Message(subject="Order of panes", importance=Importance.High, body=ItemBody(content="Two.", content_type=BodyType.Text))
        created = await client.me.messages.post(draft)
        same((created.subject, created.importance, created.is_draft, created.body.content), ("Order of panes", Importance.High, True, "Two."))

    await call("create message", "user-post-messages", create_message)

    async def send_mail():
        recipient = Recipient(email_address=EmailAddress(address="ines@fourlamps.example"))
        mail = Message(subject="Wicks", body=ItemBody(content="<p>Here</p>", content_type=BodyType.Html), to_recipients=[recipient])
        await client.me.send_mail.post(SendMailPostRequestBody(message=mail, save_to_sent_items=False))

    await call("sendMail", "user-sendmail", send_mail)

    async def message_delta():
        changes = await client.me.mail_folders.by_mail_folder_id("inbox").messages.delta.get()
        same([message.subject for message in changes.value], ["Changed wick"])

    await call("messages: delta", "message-delta", message_delta)

    async def events():
        found = await client.me.events.get()
        same([(event.subject, event.start.date_time) for event in found.value], [("Lighting rehearsal", "2026-03-05T18:00:00.0000000")])

    await call("events", "user-list-events", events)

    async def create_event():
        start, end = (DateTimeTimeZone(date_time=f"2026-04-01T1{hour}:00:00", time_zone="UTC") for hour in (0, 1))
        created = await client.me.events.post(Event(subject="Test of the bell", start=start, end=end))
        same((created.id, created.subject, created.end.date_time), ("AAMkAGI1EventB=", "Test of the bell", "2026-04-01T11:00:00"))

    await call("create event", "user-post-events", create_event)

    async def calendar_view():
        config = options(CalendarViewRequestBuilder, start_date_time="2026-01-01T00:00:00Z", end_date_time="2026-02-01T00:00:00Z")
        same([event.subject for event in (await client.me.calendar_view.get(config)).value], ["Weekly round of lamps"])

    await call("calendarView", "calendar-list-calendarview", calendar_view)

    async def calendars():
        found = await client.me.calendars.get()
        same([(type(own), own.name, own.can_edit) for own in found.value], [(Calendar, "Rounds", True)])

    await call("calendars", "user-list-calendars", calendars)

    async def contacts():
        same([own.email_addresses[0].address for own in (await client.me.contacts.get()).value], ["ada@wicks.example"])

    await call("contacts", "user-list-contacts", contacts)

    async def create_contact():
        same((await client.me.contacts.post(Contact(given_name="Zoe", surname="Spark"))).given_name, "Zoe")

    await call("create contact", "user-post-contacts", create_contact)

    async def tasks():
        found = await client.me.todo.lists.by_todo_task_list_id("AAMkADTodoList1=").tasks.get()
        same([(task.title, task.status, task.importance) for task in found.value], [("Oil the hinge", TaskStatus.NotStarted, Importance.High)])

    await call("tasks", "todotasklist-list-tasks", tasks)

    async def create_task():
        created = await client.me.todo.lists.by_todo_task_list_id("any").tasks.post(TodoTask(title="Sweep"))
        same((created.title, created.id), ("Sweep", "AAMkADTask2="))

    await call("create task", "todotasklist-post-tasks", create_task)

    async def drive():
        own = await client.me.drive.get()
        same((own.drive_type, own.quota.total, own.owner.user.display_name), ("business", 1099511627776, "Dana Holt"))

    await call("drive", "drive-get", drive)
    items = client.drives.by_drive_id("b!lampDrive").items

    async def item():
        own = await items.by_drive_item_id("01LAMPPLAN7Q").get()
        same((own.name, own.size, own.file.mime_type), ("plan.pdf", 48213, "application/pdf"))

    await call("item by id", "driveitem-get", item)

    async def item_by_path():
        own = await items.by_drive_item_id("root:/Wiring/attic/plan.pdf:").get()
        same(own.parent_reference.drive_id, "b!lampDrive")

    await call("item by path", "driveitem-get", item_by_path)

    async def children():
        names = []
        first = await items.by_drive_item_id("01LAMPWIRING2").children.get()
        await PageIterator(first, adapter).iterate(lambda item: names.append(item.name) or True)
        same(names, ["plan.pdf", "Wiring"])

    await call("children: page iterator", ["driveitem-list-children", "driveitem-list-children"], children)

    async def create_folder():
        folder = await items.by_drive_item_id("01LAMPWIRING2").children.post(DriveItem(name="Globes", folder=Folder()))
        same((folder.name, folder.folder.child_count), ("Globes", 0))

    await call("create folder", "driveitem-post-children", create_folder)

    async def put_content():
        created = await items.by_drive_item_id("root:/Wiring/note.txt:").content.put(b"eleven wicks")
        same(created.name, "note.txt")

    await call("put content by path", "driveitem-put-content", put_content)

    async def download():
        same((await items.by_drive_item_id("01LAMPPLAN7Q").content.get())[:5], b"%PDF-")

    await call("download", ["driveitem-get-content", "driveitem-get-content"], download)

    async def upload():
        session = await items.by_drive_item_id("01LAMPPLAN7Q").create_upload_session.post(CreateUploadSessionPostRequestBody())
        task = LargeFileUploadTask(session, adapter, io.BytesIO(bytes(400_000)), DriveItem, 327_680)
        result = await task.upload()
        same(result.item_response.name, "note.txt")

    # The client sends the last chunk twice.
    contracts = ["driveitem-createuploadsession", None, "driveitem-put-content", "driveitem-put-content"]
    await call("upload session", contracts, upload)

    async def batch():
        content = BatchRequestContent()
        for name in ("me", "users"):
            info = RequestInformation(Method.GET, f"{{+baseurl}}/{name}", {"baseurl": adapter.base_url})
            content.add_request(name, BatchRequestItem(info, id=name))
        answers = await client.batch.post(content)
        # The client reads bodies in base64 only, and those of JSON are objects.
        same(answers.get_response_status_codes(), {"me": 200, "users": 200})

    await call("$batch", ["user-get", "user-list"], batch)

    async def groups():
        same([group.mail_nickname for group in (await client.groups.get()).value], ["lamplighters", "glaziers"])

    await call("groups", "group-list", groups)

    async def group():
        own = await client.groups.by_group_id(GROUP).get()
        created = datetime.datetime(2025, 11, 4, 22, 3, 35, tzinfo=datetime.timezone.utc)
        same((own.group_types, own.created_date_time), (["Unified"], created))

    await call("group", "group-get", group)

    async def members():
        found = await client.groups.by_group_id(GROUP).members.get()
        same([(type(own), own.mail) for own in found.value], [(User, "dana@fourlamps.example"), (User, "omar@fourlamps.example")])

    await call("members", "group-list-members", members)
    member = ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/directoryObjects/{DANA}")
    await call("add member", "group-post-members", lambda: client.groups.by_group_id(GROUP).members.ref.post(member))
    remove = client.groups.by_group_id(GROUP).members.by_directory_object_id(DANA).ref
    await call("remove member", "group-delete-members", remove.delete)
    channel = client.teams.by_team_id(TEAM).channels.by_channel_id(CHANNEL)

    async def channels():
        found = await client.teams.by_team_id(TEAM).channels.get()
        same([own.display_name for own in found.value], ["Repairs"])

    await call("channels", "channel-list", channels)

    async def send_channel_message():
        sent = await channel.messages.post(ChatMessage(body=ItemBody(content="Lights on")))
        same((sent.id, sent.body.content, sent.from_.user.display_name), ("1616990032035", "Lights on", "Dana Holt"))

    await call("send channel message", "channel-post-messages", send_channel_message)

    async def channel_messages():
        same([own.body.content for own in (await channel.messages.get()).value], ["Who has the ladder?"])

    await call("channel messages", "channel-list-messages", channel_messages)

    async def device():
        own = await client.device_management.managed_devices.by_managed_device_id("5a1de71c-90c2-4a67-8f3c-2f1b6d0e9a10").get()
        same((own.device_name, own.is_encrypted, own.total_storage_space_in_bytes), ("LAMP-LAPTOP-7", True, 8))

    await call("device of Intune", "intune-manageddevice-get", device)

    async def photo():
        same((await client.me.photo.content.get())[:3], b"\xff\xd8\xff")

    await call("photo", "profilephoto-get", photo)

    async def photo_of():
        same((await client.me.photo.get()).width, 240)

    await call("photo: what is known of it", "profilephoto-get--example-2-request", photo_of)

    async def report():
        text = await client.reports.get_office365_active_user_detail_with_period("D7").get()
        same(text.decode().splitlines()[1], "2026-03-01,dana@fourlamps.example,Dana Holt")

    await call("report", ["reportroot-getoffice365activeuserdetail", "reportroot-getoffice365activeuserdetail--response-2"], report)

    async def site():
        same((await client.sites.by_site_id("root").get()).display_name, "Lamp house")

    await call("root site", "site-get", site)

    async def refused():
        try:
            await client.identity.conditional_access.policies.get()
        except ODataError as error:
            same((error.response_status_code, error.error.code), (501, "requestNotDocumented"))
            return
        raise AssertionError("the call succeeds, and should not")

    await call("an error", None, refused)

    async def invalid():
        try:
            await client.users.get(options(UsersRequestBuilder, filter="displayName eq"))
        except APIError as error:
            same(error.response_status_code, 400)
            return
        raise AssertionError("the call succeeds, and should not")

    await call("an option that is not valid", "user-list", invalid)

    async def once(*faults):
        fault(*faults)
        same((await client.me.get()).display_name, "Dana Holt")

    await call("a 429 that says after how many seconds", [None, "user-get"], lambda: once("429;retry-after=1"))
    await call("a 429 that says until when", [None, "user-get"], lambda: once("429;retry-after=date"))

    async def unavailable():
        fault("503")
        same((await client.me.messages.post(Message(subject="Bells"))).subject, "Bells")

    await call("a 503", [None, "user-post-messages"], unavailable)
    await call("429, then 503", [None, None, "user-get"], lambda: once("429", "503;retry-after=date"))


asyncio.run(main())
