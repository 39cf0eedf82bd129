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


def calendar(name):
    if not collections:
        client = caldav.DAVClient(url=os.environ["DAV_URL"], username=os.environ["DAV_USER"], password=os.environ["DAV_PASSWORD"])
        for found in client.principal().calendars():
            collections[str(found.url).rstrip("/").rsplit("/", 1)[-1]] = found
    return collections[name]


def save(name, text):
    kind = "todo" if "BEGIN:VTODO" in text else "journal" if "BEGIN:VJOURNAL" in text else "event"
    getattr(calendar(name), "save_" + kind)(text)


def read(name, uid):
    return calendar(name).object_by_uid(uid).data


def replace(name, uid, text):
    found = calendar(name).object_by_uid(uid)
    found.data = text
    found.save()


def remove(name, uid):
    calendar(name).object_by_uid(uid).delete()


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
