"""A working day with evolution-data-server: an account, its calendars, changes on both sides, and a booking confirmed by its status."""

from desk import Calendar, Desk, GLib, ICalGLib, turn
from device import URL, Device
from people import Customer, Staff, attempt, check, told

OTHER = Device()
CABIN = OTHER.calendar()

# As GNOME's calendar makes one.
EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260105T080000Z
DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20270104T{hour:02}0000
DTEND;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20270104T{hour:02}3000
SUMMARY:{title}
TRANSP:OPAQUE
END:VEVENT
"""
THEIRS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//other//EN\r\nBEGIN:VEVENT\r\nUID:theirs@home\r\nDTSTAMP:20260105T080000Z\r\n" \
    "DTSTART:20270104T130000Z\r\nDTEND:20270104T133000Z\r\nSUMMARY:{title}\r\nX-EXAMPLE;X-WITH=\"a;b\":kept\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def finding():
    desk = Desk(URL, "anna-demo")
    cabins = [f"Kabine {n} – Filiale Stuttgart" for n in (1, 2)]
    found = turn(lambda: set(cabins) <= set(desk.sources()) and desk.sources())
    check("by address and login the account finds both cabins", found)
    check("the password was asked for once", desk.asked == ["openslot"])
    sources = [found[name] for name in cabins]
    check("they can be written to", all(source.get_writable() for source in sources))
    colours = [source.get_extension("Calendar").dup_color() for source in sources]
    check("and have the server's colours", all(colour and colour.startswith("#") for colour in colours) and len(set(colours)) == 2)
    return desk, Calendar(sources[0])


def reading(calendar):
    wanted = {"demo-team", "demo-messung"}
    check("the demo's events come", turn(lambda: wanted <= calendar.uids()))
    check("with their rules and exceptions", calendar.value("demo-team", "RRULE") == "FREQ=WEEKLY" and calendar.value("demo-team", "EXDATE"))
    check("a day shows what is in it", calendar.between("20270104T000000Z", "20270105T000000Z") == ["Teambesprechung"])
    check("and not what is not", calendar.between("20270105T000000Z", "20270106T000000Z") == [])


def mine(uid):
    """The server's copy of an event, whatever its address."""
    return next((lines for lines in OTHER.listed(CABIN).values() if f"UID:{uid}" in lines), None)


def writing(calendar):
    uid = calendar.create(EVENT.format(uid="mine@desk", hour=10, title="Inventur"))
    lines = mine(uid)
    check("a new event is on the server when the call ends", lines and "SUMMARY:Inventur" in lines)
    start = [line for line in lines or [""] if line.startswith("DTSTART;")][-1]
    check("with its zone", start.endswith(":20270104T100000") and "Berlin" in start)
    component = calendar.get(uid)
    component.set_summary("Inventur, neu")
    component.set_location("Keller")
    calendar.modify(component)
    attempt("an edit too", lambda: {"SUMMARY:Inventur\\, neu", "LOCATION:Keller"} <= set(mine(uid)))
    calendar.remove(uid)
    check("and a deletion", mine(uid) is None)


def others(calendar):
    def comes(title):
        calendar.refresh()
        return turn(lambda: calendar.value("theirs@home", "SUMMARY") == title)

    path = CABIN + "theirs%40home.ics"
    OTHER.put(path, THEIRS.format(title="Von nebenan"))
    check("another device's event comes with a refresh", comes("Von nebenan"))
    OTHER.put(path, THEIRS.format(title="Geändert"))
    check("its edit too", comes("Geändert"))
    component = calendar.get("theirs@home")
    component.set_summary("Hier geändert")
    calendar.modify(component)
    lines = mine("theirs@home")
    check("changed here, it is the same object, and what EDS does not know is kept", "SUMMARY:Hier geändert" in lines and 'X-EXAMPLE;X-WITH="a;b":kept' in lines)
    stale = calendar.get("theirs@home")
    OTHER.put(path, THEIRS.format(title="Dort geändert"))
    stale.set_location("Keller")
    calendar.modify(stale)
    check("an edit of an older revision overwrites: EDS sends no condition", {"SUMMARY:Hier geändert", "LOCATION:Keller"} <= set(mine("theirs@home")))
    OTHER.delete(path)
    check("another device's deletion comes", comes(None))


def bookings(calendar):
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    uid, = staff.requests()

    def comes(status):
        calendar.refresh()
        return turn(lambda: calendar.value(uid, "STATUS") == status)

    check("a booking comes as a tentative event", comes("TENTATIVE"))
    component = calendar.get(uid)
    component.set_status(ICalGLib.PropertyStatus.CONFIRMED)
    calendar.modify(component)
    check("its status confirms it", staff.requests() == [] and "X-OPENSLOT-STATE:CONFIRMED" in mine(uid))
    check("the history names anna and the program", any(line.startswith("Confirmed anna, Evolution") for line in staff.history(uid)))
    check("the customer is told", turn(lambda: told("CONFIRMED")))
    check("what the server made of it is here at once", turn(lambda: calendar.value(uid, "X-OPENSLOT-STATE") == "CONFIRMED"))
    check("its title has no prefix any more", not calendar.value(uid, "SUMMARY").startswith("ANFRAGE"))
    knowing_nothing = calendar.get(uid)
    check("the customer cancels", customer.cancel())
    knowing_nothing.set_location("Kabine 1, hinten")
    calendar.modify(knowing_nothing)
    lines = mine(uid)
    check("an edit from before brings nothing back", "LOCATION:Kabine 1\\, hinten" in lines and "STATUS:CANCELLED" in lines)
    check("and the cancellation comes", comes("CANCELLED"))
    check("its time is free again", start.isoformat() in customer.free())


def declining(calendar):
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    customer.book(customer.free()[0], family_name="Zweite")
    uid, = staff.requests()
    calendar.refresh()
    turn(lambda: calendar.get(uid))
    calendar.remove(uid)
    check("a booking deleted here is declined", staff.requests() == [] and any(line.startswith("Deleted anna, ") for line in staff.history(uid)))


def refusal(calendar):
    """What the server does not take is said to the user in its words."""
    try:
        calendar.create(EVENT.format(uid="wrong@desk", hour=10, title="Ohne Ende").replace("DTEND", "DTEND;X-A=b").replace("T103000", "T093000"))
        check("an event that ends before it begins is refused with the reason", False)
    except GLib.Error as fault:
        print("#", fault.message, flush=True)
        check("an event that ends before it begins is refused with the reason", "403" in fault.message and "valid-calendar-data" in fault.message)


def main():
    desk, calendar = finding()
    reading(calendar)
    writing(calendar)
    others(calendar)
    bookings(calendar)
    declining(calendar)
    refusal(calendar)
    print("# asked for:", desk.asked, flush=True)
    check("nothing asked for its password twice", len(desk.asked) == len(set(desk.asked)))


main()
