"""khal and todoman on folders that vdirsyncer keeps: an agenda, a task list, and a booking confirmed by its title."""

import json
import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from device import Device
from pair import HOME, configure, quiet, run
from people import Customer, Staff, attempt, check, told, wait_for

BIN = Path(os.environ["VDIRSYNCER"]).parent
OTHER = Device()
CABIN = OTHER.calendar()
TASKS = OTHER.calendar("tasks")

KHAL = """
[calendars]
[[kabine-1]]
path = {home}/anna/kabine-1
[[kabine-2]]
path = {home}/anna/kabine-2

[sqlite]
path = {home}/khal.db

[default]
default_calendar = kabine-1

[locale]
local_timezone = Europe/Berlin
default_timezone = Europe/Berlin
timeformat = %H:%M
dateformat = %d.%m.
longdateformat = %d.%m.%Y
datetimeformat = %d.%m. %H:%M
longdatetimeformat = %d.%m.%Y %H:%M
"""

TODOMAN = """
path = "{home}/anna/tasks"
date_format = "%Y-%m-%d"
default_list = "tasks"
cache_path = "{home}/todoman.db"
"""


def tell(program, *words, answers=""):
    """Runs a program of the terminal; its end and what it said."""
    done = subprocess.run([BIN / program, *words], input=answers, capture_output=True, text=True, timeout=60)
    print("#", program, *words, done.returncode, (done.stdout + done.stderr).replace("\n", "\n#   "), flush=True)
    return done.returncode, done.stdout


def khal(*words, answers=""):
    return tell("khal", "-c", str(HOME / "khal.conf"), *words, answers=answers)


def todo(*words):
    return tell("todo", "-c", str(HOME / "todoman.py"), *words)


def synced(config):
    return run(config, "sync")[0] == 0


def setting_up():
    config = configure("anna")
    (HOME / "khal.conf").write_text(KHAL.format(home=HOME))
    (HOME / "todoman.py").write_text(TODOMAN.format(home=HOME))
    found = run(config, "discover")[0] == 0 and synced(config)
    check("a task list comes to the folders too", found and (HOME / "anna" / "tasks").is_dir())
    return config


def agenda(config):
    soon = "%d.%m.%Y"
    now = datetime.now()
    _, said = khal("list", "-a", "kabine-1", now.strftime(soon), (now + timedelta(days=28)).strftime(soon))
    check("khal lists the demo's appointments, the series as often as it is", said.count("Teambesprechung") >= 2 and "Kalibrierung" in said)

    def one():
        """The server's event that khal made."""
        return [lines for lines in OTHER.listed(CABIN).values() if any("Inventur" in line for line in lines)]

    code, _ = khal("new", "-a", "kabine-1", "04.01.2027", "10:00", "10:30", "Inventur, außer Haus", "::", "Bitte Liste mitbringen")
    check("khal new reaches the server", code == 0 and synced(config) and "SUMMARY:Inventur\\, außer Haus" in one()[0])
    khal("edit", "--show-past", "Inventur", answers="s\nInventur im Haus\nt\n04.01.2027 11:00 04.01.2027 12:00\nq\n")
    check("khal edit changes its title and time", synced(config) and {"SUMMARY:Inventur im Haus", "DTSTART;TZID=Europe/Berlin:20270104T110000"} <= set(one()[0]))
    OTHER.put(CABIN + "theirs.ics", "\r\n".join(one()[0]).replace("Inventur im Haus", "Von nebenan").replace("UID:", "UID:theirs-"))
    synced(config)
    attempt("another device's event is in the agenda", lambda: "11:00-12:00 Von nebenan" in khal("list", "04.01.2027", "05.01.2027")[1])
    OTHER.delete(CABIN + "theirs.ics")
    synced(config)
    attempt("and has left it when it is deleted", lambda: "Von nebenan" not in khal("list", "04.01.2027", "05.01.2027")[1])
    khal("edit", "--show-past", "Inventur im Haus", answers="D\ny\n")
    check("khal deletes the event", synced(config) and not one())
    check("and there is quiet", quiet(config))


def tasks(config):
    def there():
        return OTHER.listed(TASKS)

    # Two, since vdirsyncer takes an emptied folder for an accident.
    codes = [todo("new", "-l", "tasks", "-d", "2027-01-04", task)[0] for task in ("Batterien bestellen", "Schlauch bestellen")]
    check("todo new reaches the server", codes == [0, 0] and synced(config) and len(there()) == 2)
    href, lines = next((href, lines) for href, lines in there().items() if "SUMMARY:Batterien bestellen" in lines)
    OTHER.put(href, "\r\n".join(lines).replace("Batterien bestellen", "Batterien Größe 312 bestellen"))
    synced(config)
    tasks = lambda: json.loads(tell("todo", "-c", str(HOME / "todoman.py"), "--porcelain", "list")[1])
    number = next((str(one["id"]) for one in tasks() if one["summary"] == "Batterien Größe 312 bestellen"), "")
    check("another device's edit comes to the list", number)
    todo("done", number)
    check("todo done completes it on the server", synced(config) and {"STATUS:COMPLETED", "PERCENT-COMPLETE:100"} <= set(there()[href]))
    todo("delete", "--yes", number)
    check("todo delete deletes it there", synced(config) and OTHER.get(href).status == 404)
    check("and there is quiet again", quiet(config))


def confirming(config):
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    synced(config)
    day = start.strftime("%d.%m.%Y")
    _, said = khal("list", day, day)
    check("khal shows the booking as a request", f"{start:%H:%M}" in said and "ANFRAGE: " in said)
    uid, = staff.requests()
    before = next(lines for lines in OTHER.listed(CABIN).values() if f"UID:{uid}" in lines)
    title = next(line for line in before if line.startswith("SUMMARY:")).removeprefix("SUMMARY:ANFRAGE: ").replace("\\,", ",")
    khal("edit", uid, answers=f"s\n{title}\nq\n")
    check("the prefix taken out of its title confirms it", synced(config) and staff.requests() == [])
    check("the history names anna and her program", any(line.startswith("Confirmed anna, vdirsyncer") for line in staff.history(uid)))
    check("the customer is told", wait_for(lambda: told("CONFIRMED")))
    synced(config)
    khal("edit", uid, answers=f"s\nStorno {title}\nq\n")
    check("STORNO before its title calls it off", synced(config) and wait_for(lambda: told("CANCELLED")))
    check("and its time is free again", start.isoformat() in customer.free())


def main():
    config = setting_up()
    agenda(config)
    tasks(config)
    confirming(config)


main()
