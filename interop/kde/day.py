"""A working day on KDE: an account, its calendars, changes on both sides, and a booking confirmed by its title."""

from akonadi import Akonadi, Calendar
from device import URL, Device
from library import event
from people import Customer, Staff, check, told, wait_for

OTHER = Device()
CABIN = OTHER.calendar()


def there(uid):
    """The server's copy of an event, whatever its address."""
    return next((lines for lines in OTHER.listed(CABIN).values() if f"UID:{uid}" in lines), None)


def titled(title):
    return next((lines for lines in OTHER.listed(CABIN).values() if f"SUMMARY:{title}" in lines), None)


def finding():
    akonadi = Akonadi(URL + "/", "anna-demo")
    cabins = [f"Kabine {n} – Filiale Stuttgart" for n in (1, 2)]
    found = wait_for(lambda: set(cabins) <= set(names := akonadi.calendars()) and names, 30)
    check("by address and login it finds both cabins", found)
    check("the password was asked for once", akonadi.asked == 1)
    return akonadi, Calendar(akonadi, found[cabins[0]])


def writing(calendar):
    calendar.add("Inventur", "2027-01-04", "10:00:00", "10:30:00")
    check("a new event goes to the server", wait_for(lambda: titled("Inventur")))
    lines = titled("Inventur") or []
    uid = next((line[4:] for line in lines if line.startswith("UID:")), "")
    calendar.change(uid, "--summary", "Inventur im Haus")
    check("an edit too", wait_for(lambda: titled("Inventur im Haus")))
    calendar.delete(uid)
    check("and a deletion", wait_for(lambda: not there(uid)))


def others(calendar):
    path = CABIN + "theirs@home.ics"
    OTHER.put(path, event("theirs@home", "Von nebenan"))
    check("another device's event comes", calendar.comes(lambda events: events.get("theirs@home", {}).get("title") == "Von nebenan"))
    OTHER.put(path, event("theirs@home", "Später nebenan", 12))
    check("and its edit", calendar.comes(lambda events: events.get("theirs@home", {}).get("title") == "Später nebenan"))
    calendar.change("theirs@home", "--summary", "Hier geändert")
    check("changed here, it is the same object", wait_for(lambda: "SUMMARY:Hier geändert" in OTHER.get(path).lines))
    OTHER.delete(path)
    check("and its deletion", calendar.comes(lambda events: "theirs@home" not in events))


def confirming(calendar):
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    uid, = staff.requests()
    check("a booking comes as a request", calendar.comes(lambda events: events.get(uid, {}).get("title", "").startswith("ANFRAGE: ")))
    calendar.change(uid, "--summary", calendar.events()[uid]["title"].removeprefix("ANFRAGE: "))
    check("its title without the prefix confirms it", wait_for(lambda: staff.requests() == []))
    check("the history names anna and the program", any(line.startswith("Confirmed anna, ") for line in staff.history(uid)))
    check("the customer is told", wait_for(lambda: told("CONFIRMED")))
    calendar.change(uid, "--summary", "Storno " + calendar.events()[uid]["title"])
    check("STORNO before its title calls it off", wait_for(lambda: told("CANCELLED")))
    check("and its time is free again", start.isoformat() in customer.free())


def conflict(calendar):
    """The customer has cancelled, KDE does not know it yet and edits what was there."""
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    customer.book(customer.free()[0], family_name="Zweite")
    uid, = staff.requests()
    calendar.comes(lambda events: uid in events)
    check("the customer cancels", customer.cancel())
    calendar.change(uid, "--location", "Kabine 1, hinten")
    check("the cancellation comes, whatever became of the edit", calendar.comes(lambda events: events.get(uid, {}).get("title", "").startswith("STORNIERT: ")))
    check("an edit from before brings nothing back", "STATUS:CANCELLED" in there(uid))


def day(calendar):
    check("the demo's events come", calendar.comes(lambda events: {"demo-team", "demo-messung"} <= set(events)))
    writing(calendar)
    others(calendar)
    confirming(calendar)
    conflict(calendar)


def main():
    akonadi, calendar = finding()
    try:
        day(calendar)
        check("the password was not asked for again", akonadi.asked == 1)
    finally:
        akonadi.end()


main()
