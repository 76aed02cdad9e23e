"""Calendars kept as folders of files by vdirsyncer, and changed on both sides."""

from device import Device
from pair import HOME, configure, moved, quiet, run
from people import Customer, Staff, check, told, wait_for

FOLDER = HOME / "anna" / "kabine-1"
OTHER = Device()
CALENDAR = OTHER.calendar()

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//files//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260105T080000Z
DTSTART:{start}
DTEND:{end}
SUMMARY:Prüfung\\, intern
X-EXAMPLE;X-WITH="a;b":kept as it is
X-EXAMPLE:kept twice
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def event(uid, hour):
    return EVENT.format(uid=uid, start=f"20270104T{hour:02}0000Z", end=f"20270104T{hour:02}3000Z").encode()


def there(name):
    """The server's object: status and octets."""
    answer = OTHER.get(CALENDAR + name)
    return answer.status, answer.body


def here():
    return {path.name: path.read_bytes() for path in FOLDER.glob("*.ics")}


def same():
    """Whether every file is the server's object, octet for octet."""
    files = here()
    return bool(files) and all(there(name) == (200, octets) for name, octets in files.items())


def finding(config):
    code, _ = run(config, "discover")
    check("anna's calendars are found by the server's address", code == 0)
    folders = lambda login: sorted(path.name for path in (HOME / login).iterdir())
    wanted = ["anna", "anna.hours", "calendar", "gruppenraum", "gruppenraum.hours", "kabine-1", "kabine-1.hours", "kabine-2", "kabine-2.hours"]
    check("two cabins, their hours, a calendar and a task list", folders("anna") == [*wanted, "location.stuttgart.hours", "tasks"])
    code, _ = run(config, "sync")
    check("a first sync copies what is there", code == 0 and sorted(here()) == ["demo-messung.ics", "demo-team.ics"])
    check("octet for octet", same())
    code, _ = run(config, "metasync")
    check("the calendar's name comes along", code == 0 and (FOLDER / "displayname").read_text() == "Kabine 1 – Filiale Stuttgart")
    code, said = run(config, "sync")
    check("a second sync does nothing", code == 0 and not moved(said))
    ben = configure("ben")
    run(ben, "discover")
    check("ben has one cabin", folders("ben") == ["ben", "ben.hours", "calendar", "kabine-2", "kabine-2.hours", "location.stuttgart.hours", "tasks"])


def up(config):
    (FOLDER / "one.ics").write_bytes(event("one", 9))
    code, _ = run(config, "sync")
    check("a new file becomes an event", code == 0 and there("one.ics") == (200, event("one", 9)))
    check("and nothing more", quiet(config))
    (FOLDER / "one.ics").write_bytes(event("one", 10))
    code, _ = run(config, "sync")
    check("an edited file changes it", code == 0 and there("one.ics") == (200, event("one", 10)))
    (FOLDER / "one.ics").unlink()
    code, _ = run(config, "sync")
    check("a deleted file deletes it", code == 0 and there("one.ics")[0] == 404)
    check("and nothing more comes of it", quiet(config))


def down(config):
    OTHER.put(CALENDAR + "two.ics", event("two", 9))
    code, _ = run(config, "sync")
    check("a new event becomes a file", code == 0 and here().get("two.ics") == event("two", 9))
    OTHER.put(CALENDAR + "two.ics", event("two", 10))
    code, _ = run(config, "sync")
    check("an edited event changes it", code == 0 and here().get("two.ics") == event("two", 10))
    OTHER.delete(CALENDAR + "two.ics")
    code, _ = run(config, "sync")
    check("a deleted event deletes it", code == 0 and "two.ics" not in here())


def conflict(config):
    OTHER.put(CALENDAR + "three.ics", event("three", 9))
    run(config, "sync")
    (FOLDER / "three.ics").write_bytes(event("three", 10))
    OTHER.put(CALENDAR + "three.ics", event("three", 11))
    code, said = run(config, "sync")
    untouched = here()["three.ics"] == event("three", 10) and there("three.ics")[1] == event("three", 11)
    check("edits on both sides stay as they are", code == 1 and "onflict" in said and untouched)
    code, _ = run(configure("anna", 'conflict_resolution = "b wins"'), "sync")
    check("or the server's is taken where one says so", code == 0 and here()["three.ics"] == event("three", 11))
    configure("anna")


def confirming(config):
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    customer.book(customer.free()[0])
    before = set(here())
    run(config, "sync")
    (name,) = set(here()) - before
    path = FOLDER / name
    check("a booking becomes a file", b"\r\nSTATUS:TENTATIVE\r\n" in path.read_bytes() and len(staff.requests()) == 1)
    (uid,) = staff.requests()
    path.write_bytes(path.read_bytes().replace(b"\r\nSTATUS:TENTATIVE\r\n", b"\r\nSTATUS:CONFIRMED\r\n"))
    code, _ = run(config, "sync")
    check("STATUS:CONFIRMED in it confirms", code == 0 and b"X-OPENSLOT-STATE:CONFIRMED" in there(name)[1])
    check("the request has left the list", staff.requests() == [])
    check("the history names anna and the program", any("Confirmed anna, vdirsyncer" in line for line in staff.history(uid)))
    check("the customer was told", wait_for(lambda: told("CONFIRMED")))
    code, _ = run(config, "sync")
    check("the next sync brings what the server made of it", code == 0 and same())
    check("then there is quiet", quiet(config))
    customer.cancel()
    code, _ = run(config, "sync")
    check("a cancellation comes as CANCELLED", code == 0 and b"\r\nSTATUS:CANCELLED\r\n" in path.read_bytes())


def emptied(config):
    for path in FOLDER.glob("*.ics"):
        path.unlink()
    code, _ = run(config, "sync")
    check("an emptied folder deletes nothing", code == 1 and there("demo-team.ics")[0] == 200)


def main():
    config = configure("anna")
    finding(config)
    up(config)
    down(config)
    conflict(config)
    confirming(config)
    emptied(config)


main()
