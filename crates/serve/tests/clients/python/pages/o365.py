"""O365"""

import asyncio
import datetime

from o365_account import account
from suite import URL, call, fault, same

TEAM, CHANNEL = "9a7c1d34-6d2b-4f6e-8f10-5c1b7e2d3a40", "19:lamps0repairs@thread.tacv2"


def refused(action):
    try:
        action()
    except Exception as error:  # HTTPError of the package that it sends with.
        same("501" in str(error), True)
        return
    raise AssertionError("the call succeeds, and should not")


async def main():
    def user():
        same(account.get_current_user_data().display_name, "Dana Holt")

    await call("me", "user-get", user)

    def users():
        same([own.display_name for own in account.directory().get_users(limit=10)], ["Dana Holt", "Omar Lindt", "Ines Vega"])

    await call("users", "user-list", users)

    def users_query():
        directory = account.directory()
        query = directory.new_query().startswith("display_name", "O")
        same([own.mail for own in directory.get_users(query=query, limit=5)], ["omar@fourlamps.example"])

    await call("users: $filter", "user-list", users_query)

    def messages():
        found = list(account.mailbox().inbox_folder().get_messages(limit=2))
        same([(own.subject, own.is_read, own.sender.address) for own in found][0], ("Lamp in the attic", False, "omar@fourlamps.example"))
        same(found[0].received.astimezone(datetime.timezone.utc).isoformat(), "2026-03-02T08:15:31+00:00")

    await call("messages of the inbox", "user-list-messages", messages)

    def message():
        same(account.mailbox().get_message("AAMkAGI2THVSBBB=").body, "It flickers again.")

    await call("message", "message-get", message)

    def folders():
        same([own.name for own in account.mailbox().get_folders()], ["Inbox", "Invoices"])

    await call("mail folders", "user-list-mailfolders", folders)

    def send():
        message = account.new_message()
        message.to.add("ines@fourlamps.example")
        message.subject, message.body = "Wicks", "Here"
        same(message.send(save_to_sent_folder=False), True)

    await call("sendMail", "user-sendmail", send)

    def draft():
        message = account.mailbox().new_message()
        message.subject = "Order of panes"
        same(message.save_draft(), True)
        same(message.object_id, "AAMkAGI2THVSCCC=")

    await call("create message", "user-post-messages", draft)

    def calendars():
        same([(own.name, own.can_edit) for own in account.schedule().list_calendars()], [("Rounds", True)])

    await call("calendars", "user-list-calendars", calendars)

    def events():
        builder = account.schedule().new_query()
        query = builder.startswith("subject", "Light") & builder.equals("isAllDay", False)
        found = list(account.schedule().get_events(query=query, include_recurring=False))
        same([(own.subject, own.location["displayName"]) for own in found], [("Lighting rehearsal", "Stage two")])

    await call("events", "user-list-events", events)

    def occurrences():
        span = dict(start_recurring=datetime.datetime(2026, 3, 1), end_recurring=datetime.datetime(2026, 4, 1))
        same([own.subject for own in account.schedule().get_events(include_recurring=True, **span)], ["Weekly round of lamps"])

    await call("calendarView", "calendar-list-calendarview", occurrences)

    def new_event():
        event = account.schedule().new_event()
        event.subject, event.start = "Test of the bell", datetime.datetime(2026, 4, 1, 10, 0)
        same(event.save(), True)
        same(event.object_id, "AAMkAGI1EventB=")

    await call("create event", "user-post-events", new_event)

    def contacts():
        same([(own.full_name, own.main_email) for own in account.address_book().get_contacts()], [("Ada Wick", "ada@wicks.example")])

    await call("contacts", "user-list-contacts", contacts)

    def new_contact():
        contact = account.address_book().new_contact()
        contact.name = "Zoe"
        same(contact.save(), True)
        same(contact.object_id, "AAMkAGContact2=")

    await call("create contact", "user-post-contacts", new_contact)

    def task_lists():
        same([own.name for own in account.tasks().list_folders()], ["Lamps to fix"])

    await call("task lists", "todo-list-lists", task_lists)
    drive = account.storage().get_default_drive

    def quota():
        own = account.storage().get_default_drive(request_drive=True)
        same((own.name, own.drive_type), ("OneDrive", "business"))

    await call("drive", "drive-get", quota)

    def children():
        same([own.name for own in drive().get_items(limit=10)], ["plan.pdf", "Wiring"])

    await call("children", "driveitem-list-children", children)

    def item():
        same((drive().get_item("01LAMPPLAN7Q").size), 48213)

    await call("item by id", "driveitem-get", item)

    def item_by_path():
        same(drive().get_item_by_path("/Wiring/plan.pdf").mime_type, "application/pdf")

    await call("item by path", "driveitem-get", item_by_path)

    def search():
        same([own.name for own in drive().search("lamp")], ["Lamp list.docx"])

    await call("search drive", "driveitem-search", search)

    def teams():
        same([own.display_name for own in account.teams().get_my_teams()], ["Lamp works"])

    await call("my teams", "user-list-joinedteams", teams)

    def channels():
        same([own.display_name for own in account.teams().get_channels(TEAM)], ["Repairs"])

    await call("channels", "channel-list", channels)

    def site():
        same(account.sharepoint().get_root_site().display_name, "Lamp house")

    await call("root site", "site-get", site)

    def groups():
        same([own.display_name for own in account.groups().list_groups()], ["Lamplighters", "Glaziers"])

    await call("groups", "group-list", groups)

    await call("an error", None, lambda: refused(lambda: account.connection.get(f"{URL}/v1.0/lampposts")))

    def once(*faults):
        fault(*faults)
        same(account.get_current_user_data().display_name, "Dana Holt")

    await call("a 429 that says after how many seconds", [None, "user-get"], lambda: once("429;retry-after=1"))
    await call("a 429 that says until when", [None, "user-get"], lambda: once("429;retry-after=date"))
    await call("a 503", [None, "user-get"], lambda: once("503"))


asyncio.run(main())
