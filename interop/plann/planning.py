"""plann, the command line on python-caldav: an event, tasks, and a booking confirmed by its status."""

import os
import subprocess

from device import URL, Device
from library import event
from people import Customer, Staff, attempt, check, told, wait_for

OTHER = Device()
CABIN = OTHER.calendar()


def plann(*words, calendar="Kabine 1 – Filiale Stuttgart", password="anna-demo"):
    chosen = ["--calendar-name", calendar] if calendar else []
    server = ["--caldav-url", URL, "--caldav-user", "anna", "--caldav-pass", password]
    done = subprocess.run([os.environ["PLANN"], "--skip-config", *server, *chosen, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    print("#", *words, done.returncode, (done.stdout + done.stderr).replace("\n", "\n#   "), flush=True)
    return done.stdout


def on_the_fourth(*words):
    """A selection of the events of 4 January 2027, and what is done to them."""
    return plann("select", "--event", "--start", "2027-01-04", "--end", "2027-01-05", *words)


def finding():
    found = plann("list-calendars", calendar=None)
    check("by address and login it finds both cabins", all(f"Kabine {n} – Filiale Stuttgart {URL}/dav/calendars/anna/kabine-{n}/" in " ".join(found.split()) for n in (1, 2)))
    check("a wrong password finds nothing", "kabine" not in plann("list-calendars", calendar=None, password="wrong"))
    check("a calendar is chosen by its name, and its agenda read", "Teambesprechung" in plann("agenda"))


def events():
    uid = plann("add", "event", "Inventur, außer Haus", "2027-01-04T10:00+30m").strip().removeprefix("uid=")
    mine = lambda: OTHER.listed(CABIN).get(f"{CABIN}{uid}.ics")
    check("a new event is stored", uid and "SUMMARY:Inventur\\, außer Haus" in mine())
    check("and listed", "Inventur, außer Haus" in on_the_fourth("list"))
    plann("select", "--uid", uid, "edit", "--set-summary", "Inventur im Haus", "--set-location", "Keller")
    check("an edit changes its title and place", {"SUMMARY:Inventur im Haus", "LOCATION:Keller"} <= set(mine()))
    OTHER.put(CABIN + "theirs.ics", event("theirs", "Von nebenan"))
    check("another device's event is listed", "Von nebenan" in on_the_fourth("list"))
    OTHER.put(CABIN + "theirs.ics", event("theirs", "Später nebenan"))
    check("and its edit", "Später nebenan" in on_the_fourth("list"))
    OTHER.delete(CABIN + "theirs.ics")
    check("and no more when it is deleted", "nebenan" not in on_the_fourth("list"))
    plann("select", "--uid", uid, "delete", "--multi-delete")
    check("a deletion deletes it", mine() is None)


def tasks():
    there = OTHER.calendar("tasks")
    uid = plann("add", "todo", "--set-due", "2027-01-04", "Batterien bestellen", calendar="Aufgaben").strip().removeprefix("uid=")
    check("a task is stored", any("SUMMARY:Batterien bestellen" in lines for lines in OTHER.listed(there).values()))
    check("and listed", "Batterien bestellen" in plann("select", "--todo", "list", calendar="Aufgaben"))
    plann("select", "--todo", "--uid", uid, "complete", calendar="Aufgaben")
    attempt("completed, it is so on the server", lambda: any("STATUS:COMPLETED" in lines for lines in OTHER.listed(there).values()))
    check("and has left the list", "Batterien" not in plann("select", "--todo", "list", calendar="Aufgaben"))


def confirming():
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    uid, = staff.requests()
    day = ("select", "--event", "--start", f"{start:%Y-%m-%d}", "--end", f"{start:%Y-%m-%dT23:59}")
    check("a booking is listed as a request", "ANFRAGE: " in plann(*day, "list"))
    plann("select", "--uid", uid, "edit", "--set-status", "CONFIRMED")
    check("its status confirms it", staff.requests() == [])
    check("the history names anna and the program", any(line.startswith("Confirmed anna, python-caldav") for line in staff.history(uid)))
    check("the customer is told", wait_for(lambda: told("CONFIRMED")))
    check("its title has no prefix any more", "ANFRAGE" not in plann(*day, "list"))
    plann("select", "--uid", uid, "edit", "--cancel")
    check("cancelled here, the customer is told", wait_for(lambda: told("CANCELLED")))
    check("and the time is free again", start.isoformat() in customer.free())


def main():
    finding()
    events()
    tasks()
    confirming()


main()
