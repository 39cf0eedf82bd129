#!/usr/bin/python3
"""Drive python3-caldav (the library behind many command-line calendars) against a server.

Needs python3-caldav of the distribution. Environment
  DAV_URL                  URL to discover from                    (required)
  DAV_USER, DAV_PASSWORD                                           (default user01/user01)
Last line: 'N passed, M failed, K skipped'.
"""
import os
import sys
from datetime import date, datetime, timezone

try:
    import caldav
    from caldav.lib import error
except ImportError as missing:
    print("skip  %s" % missing)
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

URL = os.environ["DAV_URL"]
USER, PASSWORD = os.environ.get("DAV_USER", "user01"), os.environ.get("DAV_PASSWORD", "user01")
count = {"ok": 0, "FAIL": 0}
made = {}


def step(name, run):
    try:
        tag, why = ("ok" if run() else "FAIL"), ""
    except Exception as problem:
        tag, why = "FAIL", "%s: %s" % (type(problem).__name__, str(problem)[:200])
    count[tag] += 1
    print("%-5s %-58s %s" % (tag, name, why), flush=True)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def component(kind, uid, *lines):
    body = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//python-caldav//EN", "BEGIN:" + kind, "UID:" + uid,
            "DTSTAMP:20260101T000000Z", *lines, "END:" + kind, "END:VCALENDAR", ""]
    return "\r\n".join(body)


def discover():
    made["principal"] = caldav.DAVClient(url=URL, username=USER, password=PASSWORD).principal()
    names = [calendar.name for calendar in made["principal"].calendars()]
    return "Calendar" in names


def wrong_password():
    try:
        caldav.DAVClient(url=URL, username=USER, password="not " + PASSWORD).principal()
    except error.AuthorizationError:
        return True
    return False


def make_calendar():
    made["calendar"] = made["principal"].make_calendar(name="Jeu d'été", cal_id="summer")
    return any("summer" in str(found.url) for found in made["principal"].calendars())


def properties():
    calendar = made["calendar"]
    calendar.set_properties([caldav.elements.dav.DisplayName("Summer")])
    found = calendar.get_properties([caldav.elements.dav.DisplayName()])
    kinds = calendar.get_supported_components()
    return "Summer" in found.values() and {"VEVENT", "VTODO", "VJOURNAL"} <= set(kinds)


def add_event():
    made["event"] = made["calendar"].save_event(
        component("VEVENT", "py-1", "DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "SUMMARY:Café"))
    return "Café" in made["calendar"].event_by_uid("py-1").data


def add_series():
    made["calendar"].save_event(
        component("VEVENT", "py-2", "DTSTART:20270301T120000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5", "SUMMARY:Daily"))
    return len(made["calendar"].events()) == 2


def keeps_existing():
    try:
        made["calendar"].save_event(component("VEVENT", "py-1", "DTSTART:20270302T090000Z"), no_overwrite=True)
    except error.ConsistencyError:
        return True
    return False


def add_todo():
    made["todo"] = made["calendar"].save_todo(
        component("VTODO", "py-3", "SUMMARY:Buy milk", "DUE;VALUE=DATE:20270304", "STATUS:NEEDS-ACTION", "PRIORITY:1"))
    return [todo.icalendar_component["UID"] for todo in made["calendar"].todos()] == ["py-3"]


def complete_todo():
    made["todo"].complete(completion_timestamp=utc(2027, 3, 3))
    return made["calendar"].todos() == [] and len(made["calendar"].todos(include_completed=True)) == 1


def add_journal():
    made["calendar"].save_journal(component("VJOURNAL", "py-4", "DTSTART;VALUE=DATE:20270301", "SUMMARY:Diary"))
    return len(made["calendar"].journals()) == 1


def search_expanded():
    found = made["calendar"].search(event=True, start=utc(2027, 3, 2), end=utc(2027, 3, 5), expand=True)
    return len(found) == 3 and all("RRULE" not in event.data for event in found)


def search_plain():
    found = made["calendar"].date_search(start=utc(2027, 3, 1), end=utc(2027, 3, 2), expand=False)
    return len(found) == 2


def search_any_kind():
    found = made["calendar"].search(start=utc(2027, 3, 1), end=utc(2027, 3, 2))
    kinds = sorted(thing.icalendar_component.name for thing in found)
    return kinds == ["VEVENT", "VEVENT", "VJOURNAL"]


def search_any_kind_by_date():
    found = made["calendar"].date_search(start=utc(2027, 3, 2), end=utc(2027, 3, 3), compfilter=None)
    return [thing.icalendar_component["UID"] for thing in found] == ["py-2"]


def search_text():
    # This version asks with i;octet, under which case counts.
    found = [len(made["calendar"].search(event=True, summary=text)) for text in ("Café", "café")]
    return found == [1, 0]


def multiget():
    urls = [event.url for event in made["calendar"].events()]
    return len(list(made["calendar"].calendar_multiget(urls))) == 2


def free_busy():
    found = made["calendar"].freebusy_request(utc(2027, 3, 1), utc(2027, 3, 3))
    return "VFREEBUSY" in found.data and "20270301T120000Z" in found.data


def first_sync():
    made["sync"] = made["calendar"].objects(load_objects=True)
    return len(list(made["sync"])) == 4


def second_sync():
    event = made["calendar"].event_by_uid("py-1")
    event.icalendar_component["SUMMARY"] = "Café, later"
    event.save()
    made["todo"].delete()
    updated, deleted = made["sync"].sync()
    return len(list(updated)) == 1 and len(list(deleted)) == 1


def delete_event():
    made["calendar"].event_by_uid("py-1").delete()
    try:
        made["calendar"].event_by_uid("py-1")
    except error.NotFoundError:
        return True
    return False


def delete_calendar():
    made["calendar"].delete()
    return not any("summer" in str(found.url) for found in made["principal"].calendars())


step("discovery from the root URL finds the calendar", discover)
step("a wrong password is refused", wrong_password)
step("a calendar is made and listed", make_calendar)
step("its name is changed and read", properties)
step("an event is added and found by its UID", add_event)
step("a series is added", add_series)
step("an event that is there is not overwritten", keeps_existing)
step("a task is added", add_todo)
step("a task is completed", complete_todo)
step("a journal entry is added", add_journal)
step("search with expand gives the occurrences", search_expanded)
step("search by time gives the events as stored", search_plain)
step("search by time without a kind gives whatever there is", search_any_kind)
step("search by date without a kind does too", search_any_kind_by_date)
step("search by text compares bytes when asked to", search_text)
step("multiget gives the events asked for", multiget)
step("free-busy knows the events", free_busy)
step("a first sync gives everything", first_sync)
step("a second sync gives an edit and a deletion", second_sync)
step("an event is deleted", delete_event)
step("the calendar is deleted", delete_calendar)
print("%d passed, %d failed, 0 skipped" % (count["ok"], count["FAIL"]))
sys.exit(1 if count["FAIL"] else 0)
