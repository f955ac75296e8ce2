"""O365, against the pages of the documentation"""

import asyncio
import datetime

from o365_account import account
from suite import call, documented, same

TEAM = "893075dd-2487-4122-925f-022c42e20265"


def named(contract, member):
    """The values of a member of the documented elements."""
    return [own.get(member) for own in documented(contract)["value"]]


async def main():
    def user():
        same(account.get_current_user_data().display_name, "Adele Vance")

    await call("me", "user-get", user)

    def users():
        same([own.display_name for own in account.directory().get_users(limit=10)], named("user-list", "displayName"))

    await call("users", "user-list", users)

    def user_by_name():
        same(account.directory().get_user("adelev@contoso.onmicrosoft.com").job_title, "Retail Manager")

    await call("user by name", "user-get", user_by_name)
    mailbox = account.mailbox()

    def messages():
        same([own.subject for own in mailbox.get_messages(limit=5)], named("user-list-messages", "subject"))

    await call("messages", "user-list-messages", messages)

    def inbox():
        found = list(mailbox.inbox_folder().get_messages(limit=5))
        same([own.subject for own in found], named("mailfolder-list-messages", "subject"))

    await call("messages of the inbox", "mailfolder-list-messages", inbox)

    def message():
        own = mailbox.get_message("AAMkADhMGAAA=")
        shown = documented("message-get")
        same((own.subject, own.sender.address), (shown["subject"], shown["from"]["emailAddress"]["address"]))

    await call("message", "message-get", message)

    def folders():
        same([own.name for own in mailbox.get_folders()], named("user-list-mailfolders", "displayName"))

    await call("mail folders", "user-list-mailfolders", folders)

    def send():
        message = account.new_message()
        message.to.add("fannyd@contoso.onmicrosoft.com")
        message.subject, message.body = "Meet for lunch?", "The new cafeteria is open."
        same(message.send(save_to_sent_folder=False), True)

    await call("sendMail", "user-sendmail", send)

    def draft():
        message = mailbox.new_message()
        message.subject = "Order of panes"
        same((message.save_draft(), message.subject), (True, "Order of panes"))

    await call("create message", "mailfolder-post-messages", draft)

    def calendars():
        same([own.name for own in account.schedule().list_calendars()], named("user-list-calendars", "name"))

    await call("calendars", "user-list-calendars", calendars)

    def events():
        found = account.schedule().get_events(include_recurring=False)
        same([own.subject or None for own in found], named("calendar-list-events", "subject"))

    await call("events", "calendar-list-events", events)

    def occurrences():
        span = dict(start_recurring=datetime.datetime(2020, 3, 1), end_recurring=datetime.datetime(2020, 4, 1))
        found = account.schedule().get_events(include_recurring=True, **span)
        same([own.object_id for own in found], named("calendar-list-calendarview", "id"))

    await call("calendarView", "calendar-list-calendarview", occurrences)

    def new_event():
        event = account.schedule().new_event()
        event.subject, event.start = "Let's go for lunch", datetime.datetime(2026, 4, 1, 10, 0)
        same((event.save(), event.subject), (True, "Let's go for lunch"))

    await call("create event", "calendar-post-events", new_event)

    def contacts():
        same(len(list(account.address_book().get_contacts())), len(named("user-list-contacts", "id")))

    await call("contacts", "user-list-contacts", contacts)

    def new_contact():
        contact = account.address_book().new_contact()
        contact.name = "Zoe"
        same((contact.save(), contact.name), (True, "Zoe"))

    await call("create contact", "user-post-contacts", new_contact)

    def task_lists():
        same([own.name for own in account.tasks().list_folders()], named("todo-list-lists", "displayName"))

    await call("task lists", "todo-list-lists", task_lists)
    drive = account.storage().get_default_drive

    def quota():
        same((drive(request_drive=True).drive_type), "business")

    await call("drive", "drive-get", quota)

    def children():
        same([own.name for own in drive().get_items(limit=4)], named("driveitem-list-children", "name"))

    await call("children", "driveitem-list-children", children)

    def item():
        shown = documented("driveitem-get")
        same((drive().get_item("0123456789AB").object_id), shown["id"])

    await call("item by id", "driveitem-get", item)

    def item_by_path():
        same(drive().get_item_by_path("/Documents/MyFile.xlsx").name, documented("driveitem-get")["name"])

    await call("item by path", "driveitem-get", item_by_path)

    def search():
        same([own.name for own in drive().search("Contoso Project", limit=2)], ["Contoso Project", "Contoso Project 2016"])

    await call("search drive", "driveitem-search", search)

    def teams():
        same([own.object_id for own in account.teams().get_my_teams()], named("user-list-joinedteams", "id"))

    await call("my teams", "user-list-joinedteams", teams)

    def channels():
        same([own.display_name for own in account.teams().get_channels(TEAM)], named("channel-list", "displayName"))

    await call("channels", "channel-list", channels)

    def site():
        same(account.sharepoint().get_root_site().display_name, "OneDrive Team Site")

    await call("root site", "site-get", site)

    def groups():
        same([own.display_name for own in account.groups().list_groups()], named("group-list", "displayName"))

    await call("groups", "group-list", groups)


asyncio.run(main())
