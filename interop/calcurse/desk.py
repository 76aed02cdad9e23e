"""calcurse and its calcurse-caldav: an agenda on a terminal, which keeps little of an event and sends the rest without conditions."""

import os
import subprocess
from pathlib import Path

from device import URL, Device
from library import event
from people import Customer, Staff, attempt, check, told, wait_for

HOME = Path(os.environ["HOME"])
HERE = HOME / ".calcurse"
OTHER = Device()
CABIN = OTHER.calendar()

CONFIG = """
[General]
Hostname = {host}
Path = {path}
HTTPS = No
DryRun = No

[Auth]
Username = anna
Password = anna-demo
"""

SERIES = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//desk//EN
BEGIN:VEVENT
UID:series
DTSTAMP:20260105T080000Z
DTSTART;TZID=Europe/Berlin:20270104T080000
DTEND;TZID=Europe/Berlin:20270104T083000
RRULE:FREQ=DAILY;COUNT=4
SUMMARY:Kasse
END:VEVENT
BEGIN:VEVENT
UID:series
DTSTAMP:20260105T080000Z
RECURRENCE-ID;TZID=Europe/Berlin:20270105T080000
DTSTART;TZID=Europe/Berlin:20270105T090000
DTEND;TZID=Europe/Berlin:20270105T093000
SUMMARY:Kasse, später
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def tell(*command, given=None):
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)
    print("#", *command, done.returncode, (done.stdout + done.stderr).replace("\n", "\n#   "), flush=True)
    return done


def calcurse(*words, given=None):
    return tell("calcurse", "-q", *words, given=given).stdout


def synced(*words):
    """Runs a sync; whether it came to its end."""
    return tell("/usr/bin/python3", "/usr/bin/calcurse-caldav", *words).returncode == 0


def agenda(day="01/04/2027"):
    return calcurse("-d", day)


def without(word):
    """Deletes the appointments with a word in their titles, as its screen would."""
    apts = HERE / "apts"
    apts.write_text("".join(line for line in apts.read_text().splitlines(True) if word not in line))


def titled(title):
    return [href for href, lines in OTHER.listed(CABIN).items() if f"SUMMARY:{title}" in lines]


def setting_up():
    """It asks for the calendar's own address and a login; a wrong password ends it."""
    (HERE / "caldav").mkdir(parents=True)
    config = HERE / "caldav" / "config"
    text = CONFIG.format(host=URL.removeprefix("http://"), path=CABIN)
    config.write_text(text.replace("anna-demo", "wrong"))
    check("a wrong password ends the first sync", not synced("--init", "keep-remote"))
    config.write_text(text)
    (HERE / "caldav" / "lock").unlink(missing_ok=True)
    check("by address and login the first sync takes the server's side", synced("--init", "keep-remote"))
    check("the demo's events are in the agenda", "Teambesprechung" in (HERE / "apts").read_text() and "Kalibrierung" in (HERE / "apts").read_text())
    before = OTHER.listed(CABIN)
    check("a second sync changes nothing", synced() and OTHER.listed(CABIN) == before)


def both_ways():
    calcurse("-i", "-", given=event("mine", "Inventur"))
    check("a new appointment goes to the server, without DTSTAMP and zone as it is", synced() and len(titled("Inventur")) == 1)
    sent = OTHER.listed(CABIN)[titled("Inventur")[0]]
    check("and stays there as it was sent", not any(line.startswith("DTSTAMP") for line in sent) and "DTSTART:20270104T110000" in sent)
    apts = HERE / "apts"
    apts.write_text(apts.read_text().replace("Inventur", "Inventur im Haus"))
    check("an edit is another object, and the old one is deleted", synced() and len(titled("Inventur im Haus")) == 1 and not titled("Inventur"))
    OTHER.put(CABIN + "theirs.ics", event("theirs", "Von nebenan", 14))
    check("another device's event comes", synced() and "Von nebenan" in agenda())
    OTHER.put(CABIN + "theirs.ics", event("theirs", "Später nebenan", 15))
    check("and its edit", synced() and "Später nebenan" in agenda() and "Von nebenan" not in agenda())
    OTHER.put(CABIN + "theirs.ics", event("theirs", "Dritte Fassung", 16))


def conflict():
    """Deleted here, changed there: the server's version stays."""
    without("nebenan")
    check("deleted here and changed there, the server's version stays", synced() and OTHER.get(CABIN + "theirs.ics").status == 200)
    check("and comes back", synced() and "Dritte Fassung" in agenda())
    without("Dritte Fassung")
    check("a deletion deletes it", synced() and OTHER.get(CABIN + "theirs.ics").status == 404)
    without("Inventur")
    OTHER.delete(CABIN + "theirs.ics")
    check("and that of its own event", synced() and not titled("Inventur im Haus"))


def bookings():
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    attempt("a booking comes as a request", lambda: synced() and "ANFRAGE: " in agenda(f"{start:%m/%d/%Y}"))
    uid, = staff.requests()
    without("ANFRAGE: ")
    check("deleted, it is declined", synced() and wait_for(lambda: any(line.startswith("Deleted anna, ") for line in staff.history(uid))))
    check("the customer is told, and the time is free", wait_for(lambda: told("CANCELLED")) and start.isoformat() in customer.free())


def retitled():
    """To calcurse an edit is a new event and a deletion: nobody could tell it from a booking called off and another appointment."""
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    customer.book(customer.free()[0], family_name="Zweite")
    synced()
    uid, = staff.requests()
    apts = HERE / "apts"
    apts.write_text(apts.read_text().replace("ANFRAGE: ", ""))
    check("a booking's edit is sent", synced() and staff.requests() == [])
    check("and confirms it", staff.history(uid)[-1].startswith("Confirmed"))


def exceptions():
    """What it cannot hold: a series with an exception becomes two events, which it would send back under one UID."""
    OTHER.put(CABIN + "series.ics", SERIES)
    check("a series with an exception does not stop the sync", synced() and synced())
    check("the server keeps it as it was", OTHER.get(CABIN + "series.ics").text == SERIES and len(titled("Kasse")) == 1)


def main():
    setting_up()
    both_ways()
    conflict()
    bookings()
    retitled()
    exceptions()


main()
