#!/usr/bin/python3
"""Drive cadaver (a command-line WebDAV client, also the habits of neon) against a calendar collection.

Needs cadaver of the distribution. Environment
  DAV_CAL_URL              URL of an existing calendar             (required)
  DAV_USER, DAV_PASSWORD                                           (default user01/user01)
Last line: 'N passed, M failed, K skipped'.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

URL = os.environ["DAV_CAL_URL"].rstrip("/") + "/"
USER, PASSWORD = os.environ.get("DAV_USER", "user01"), os.environ.get("DAV_PASSWORD", "user01")
count = {"ok": 0, "FAIL": 0}

if shutil.which("cadaver") is None:
    print("skip  cadaver is not installed")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

home = tempfile.mkdtemp(prefix="cadaver-")
with open(home + "/.netrc", "w") as netrc:
    host = urllib.parse.urlsplit(URL).hostname
    netrc.write('machine %s\nlogin %s\npassword "%s"\n' % (host, USER, PASSWORD))
os.chmod(home + "/.netrc", 0o600)


def event(uid, summary):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//check//cadaver//EN", "BEGIN:VEVENT", "UID:" + uid,
             "DTSTAMP:20260101T000000Z", "DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "SUMMARY:" + summary,
             "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def write(name, text):
    with open(os.path.join(home, name), "w", newline="") as file:
        file.write(text)


def cadaver(*commands, url=URL):
    environment = {"HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["cadaver", url], cwd=home, env=environment, input="\n".join([*commands, "quit", ""]),
                          capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def step(name, run):
    try:
        tag, why = ("ok", "") if run() else ("FAIL", "")
    except Exception as problem:
        tag, why = "FAIL", "%s: %s" % (type(problem).__name__, str(problem)[:200])
    count[tag] += 1
    print("%-5s %-58s %s" % (tag, name, why), flush=True)


def says(words, *commands, url=URL):
    output = cadaver(*commands, url=url)
    if words not in output:
        raise AssertionError(output.strip()[-180:])
    return True


def round_trip():
    cadaver("get one.ics back.ics")
    with open(home + "/back.ics", newline="") as file:
        return file.read() == event("cadaver-1", "made by cadaver")


def replaced():
    write("one.ics", event("cadaver-1", "made by cadaver, edited"))
    cadaver("put one.ics")
    return says("edited", "cat one.ics")


def gone(name):
    return name not in cadaver("ls")


write("one.ics", event("cadaver-1", "made by cadaver"))
write("broken.ics", "this is not a calendar\r\n")
step("the collection is opened and listed", lambda: says("empty", "ls"))
step("an event is put", lambda: says("succeeded", "put one.ics"))
step("it is listed", lambda: says("one.ics", "ls"))
step("it comes back byte for byte", round_trip)
step("it is replaced", replaced)
step("what is not a calendar is refused", lambda: says("failed", "put broken.ics"))
step("it is moved", lambda: says("succeeded", "move one.ics two.ics") and gone("one.ics"))
step("a copy with the same UID is refused", lambda: says("failed", "copy two.ics three.ics"))
step("its properties are read", lambda: says("getetag", "propnames two.ics"))
step("a property is set and read", lambda: says("blue", "propset two.ics shade blue", "propget two.ics shade"))
step("it is deleted", lambda: says("succeeded", "delete two.ics") and gone("two.ics"))
step("deleting it again fails", lambda: says("404", "delete two.ics"))
shutil.rmtree(home)
print("%d passed, %d failed, 0 skipped" % (count["ok"], count["FAIL"]))
sys.exit(1 if count["FAIL"] else 0)
