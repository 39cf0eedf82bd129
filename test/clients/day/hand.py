#!/usr/bin/python3
"""The DAV program and the mail server of the whole-day script: one command a line on standard input, one answer a line.

Commands are JSON objects with `do`; answers are {"value": ...} or {"error": "..."}. Calendars by python3-caldav, mail by smtplib.
Environment: DAV_URL, DAV_USER, DAV_PASSWORD, LMTP_SOCKET.
"""
import json
import os
import smtplib
import sys

import caldav

collections = {}
# What each calendar holds here: the library looks for a UID among components of one kind.
KINDS = {"Calendar": "event", "Tasks": "todo", "Notes": "journal"}


def calendar(name):
    if not collections:
        client = caldav.DAVClient(url=os.environ["DAV_URL"], username=os.environ["DAV_USER"], password=os.environ["DAV_PASSWORD"])
        for found in client.principal().calendars():
            collections[str(found.url).rstrip("/").rsplit("/", 1)[-1]] = found
    return collections[name]


def save(name, text):
    getattr(calendar(name), "save_" + KINDS[name])(text)


def of_uid(name, uid):
    return getattr(calendar(name), KINDS[name] + "_by_uid")(uid)


def read(name, uid):
    return of_uid(name, uid).data


def replace(name, uid, text):
    found = of_uid(name, uid)
    found.data = text
    found.save()


def remove(name, uid):
    of_uid(name, uid).delete()


def everything(name):
    return [thing.data for thing in calendar(name).objects(load_objects=True)]


def deliver(sender, recipient, message):
    with smtplib.LMTP(os.environ["LMTP_SOCKET"]) as server:
        server.sendmail(sender, [recipient], message.encode("latin-1"))


DO = {function.__name__: function for function in (save, read, replace, remove, everything, deliver)}

for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"value": DO[command.pop("do")](**command)}
    except Exception as problem:
        answer = {"error": "%s: %s" % (type(problem).__name__, str(problem)[:500])}
    print(json.dumps(answer), flush=True)
