"""A day with a client library: a small program in its own language does what it is told, line by line; here is what it is told.

The program reads `{"verb": …, …}` and writes `{"value": …}` or `{"fault": TEXT}`, a line each. Its verbs:
  find → [{href, name, components}]      list {calendar} → [{href, etag}]      read {calendar, hrefs} → [{href, etag, data}]
  range {calendar, start, end} → [href]  create {calendar, name, data} → etag  update {href, etag, data} → etag
  delete {href, etag}                    sync {calendar} → {changed: [href], gone: [href]}; it keeps its token, and drops it at a fault
  spoil {calendar}: its token becomes one that the server never gave           make {name, title} → href; remove {href}
Addresses are absolute paths. Not for: what one library alone can do (its own folder's script).
"""

import json
import subprocess
from datetime import datetime, timedelta, timezone

from device import Device
from people import Customer, Staff, attempt, check, told, wait_for

EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//library//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260105T080000Z
DTSTART:{start}
DTEND:{end}
SUMMARY:{title}
X-EXAMPLE;X-WITH="a;b":kept & <as> it is
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def event(uid, title, hour=10):
    """An event on 4 January 2027."""
    return EVENT.format(uid=uid, title=title, start=f"20270104T{hour:02}0000Z", end=f"20270104T{hour:02}3000Z")


class Fault(Exception):
    """What the library threw."""


class Program:
    """The small program, as an object with its verbs."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def __getattr__(self, verb):
        def ask(**words):
            self.process.stdin.write(json.dumps({"verb": verb} | words) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
            if not line:
                raise Fault("the program has ended")
            answer = json.loads(line)
            if "fault" in answer:
                print(f"# {verb}: {answer['fault']}", flush=True)
                raise Fault(answer["fault"])
            return answer["value"]

        return ask

    def end(self):
        self.process.stdin.close()
        self.process.wait(10)


def refused(act, words=""):
    """Whether an act fails, with some words."""
    try:
        act()
    except Fault as fault:
        return words in str(fault)
    return False


def finding(program, stranger):
    calendars = {one["href"]: one for one in program.find()}
    cabins = [calendars.get(f"/dav/calendars/anna/kabine-{n}/") for n in (1, 2)]
    check("by address and login it finds both cabins", all(cabins))
    check("with their names", [one["name"] for one in cabins] == [f"Kabine {n} – Filiale Stuttgart" for n in (1, 2)])
    check("as calendars of events", all(one["components"] == ["VEVENT"] for one in cabins))
    check("a wrong password is refused", refused(stranger.find))
    return cabins[0]["href"]


def reading(program, cabin, other):
    listed = {one["href"]: one["etag"] for one in program.list(calendar=cabin)}
    check("it lists the objects with their ETags", {cabin + "demo-team.ics"} < set(listed) and all(listed.values()))
    got = {one["href"]: one for one in program.read(calendar=cabin, hrefs=sorted(listed))}
    octets = lambda href: other.get(href).text.replace("\r\n", "\n")
    check("and reads them as they are", all(got[href]["data"].replace("\r\n", "\n").strip() == octets(href).strip() for href in listed))
    check("with the same ETags", all(got[href]["etag"] == etag for href, etag in listed.items()))
    now = datetime.now(timezone.utc).replace(microsecond=0)
    month = program.range(calendar=cabin, start=now.isoformat(), end=(now + timedelta(days=28)).isoformat())
    check("a range of time finds the series in it", cabin + "demo-team.ics" in month)
    empty = program.range(calendar=cabin, start="2019-01-01T00:00:00+00:00", end="2019-01-02T00:00:00+00:00")
    check("and nothing where nothing is", empty == [])


def writing(program, cabin, other):
    href = cabin + "one.ics"
    first = program.create(calendar=cabin, name="one.ics", data=event("one", "Inventur"))
    check("a new event is stored, octet for octet", other.get(href).text == event("one", "Inventur"))
    check("its ETag comes back", first and first == other.get(href).etag)
    attempt("it is not written over by a second one", lambda: refused(lambda: program.create(calendar=cabin, name="one.ics", data=event("two", "x")), "412"))
    attempt("nor its UID given twice", lambda: refused(lambda: program.create(calendar=cabin, name="two.ics", data=event("one", "x"))))
    second = program.update(href=href, etag=first, data=event("one", "Inventur, neu"))
    check("an edit is stored, with another ETag", second and second != first and other.get(href).text == event("one", "Inventur, neu"))
    attempt("an edit of the older revision is a conflict", lambda: refused(lambda: program.update(href=href, etag=first, data=event("one", "alt")), "412"))
    attempt("and a deletion of it", lambda: refused(lambda: program.delete(href=href, etag=first), "412"))
    check("both left it as it was", other.get(href).etag == second)
    program.delete(href=href, etag=second)
    check("deleted, it is gone", other.get(href).status == 404)


def syncing(program, cabin, other):
    quiet = {"changed": [], "gone": []}
    check("a first sync lists everything", len(program.sync(calendar=cabin)["changed"]) == len(program.list(calendar=cabin)))
    check("a second one nothing", program.sync(calendar=cabin) == quiet)
    other.put(cabin + "theirs@home.ics", event("theirs@home", "von nebenan"))
    new = program.sync(calendar=cabin)
    check("another device's event comes", len(new["changed"]) == 1 and new["gone"] == [])
    got = program.read(calendar=cabin, hrefs=new["changed"])
    check("and is read", len(got) == 1 and "SUMMARY:von nebenan" in got[0]["data"])
    other.put(cabin + "theirs@home.ics", event("theirs@home", "später", 12))
    check("another device's edit comes", program.sync(calendar=cabin) == new)
    attempt("what it had before is a conflict", lambda: refused(lambda: program.update(href=got[0]["href"], etag=got[0]["etag"], data=event("theirs@home", "meins")), "412"))
    fresh = program.read(calendar=cabin, hrefs=new["changed"])[0]
    program.update(href=fresh["href"], etag=fresh["etag"], data=event("theirs@home", "meins"))
    check("read again, it can be changed", "SUMMARY:meins" in other.get(cabin + "theirs@home.ics").lines)
    program.sync(calendar=cabin)
    other.delete(cabin + "theirs@home.ics")
    check("another device's deletion comes", program.sync(calendar=cabin) == {"changed": [], "gone": new["changed"]})
    program.spoil(calendar=cabin)
    attempt("a token of nobody's is refused", lambda: refused(lambda: program.sync(calendar=cabin)))
    check("and without one it starts anew", len(program.sync(calendar=cabin)["changed"]) == len(program.list(calendar=cabin)))


def own_calendar(program, other):
    made = program.make(name="notizen", title="Annas Notizen")
    names = {one["href"]: one["name"] for one in program.find()}
    check("a calendar of one's own is made", names.get(made) == "Annas Notizen")
    program.create(calendar=made, name="mittag.ics", data=event("mittag", "Mittag"))
    check("written to", other.get(made + "mittag.ics").status == 200)
    program.remove(href=made)
    check("and deleted", made not in [one["href"] for one in program.find()])
    attempt("a resource's calendar is not", lambda: refused(lambda: program.remove(href=other.calendar("kabine-2")), "403"))


def confirming(program, cabin, agent):
    """A booking comes, is confirmed by its status, and is cancelled by the customer."""
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    program.sync(calendar=cabin)
    start = customer.book(customer.free()[0])
    came = program.sync(calendar=cabin)["changed"]
    check("a booking comes as a new event", len(came) == 1)
    booking, = program.read(calendar=cabin, hrefs=came)
    uid, = staff.requests()
    check("a tentative one, that staff see as a request", "\nSTATUS:TENTATIVE" in booking["data"] and f"UID:{uid}" in booking["data"])
    confirmed = booking["data"].replace("STATUS:TENTATIVE", "STATUS:CONFIRMED")
    given = program.update(href=booking["href"], etag=booking["etag"], data=confirmed)
    check("no ETag comes for what the server changed", not given)
    after, = program.read(calendar=cabin, hrefs=came)
    check("STATUS:CONFIRMED confirms it", "X-OPENSLOT-STATE:CONFIRMED" in after["data"] and staff.requests() == [])
    check(f"the history names anna and {agent}", any(line.startswith(f"Confirmed anna, {agent}") for line in staff.history(uid)))
    check("the customer was told", wait_for(lambda: told("CONFIRMED")))
    program.sync(calendar=cabin)
    check("the customer cancels", customer.cancel())
    attempt("an edit from before is refused", lambda: refused(lambda: program.update(href=after["href"], etag=after["etag"], data=after["data"]), "412"))
    check("the cancellation comes", program.sync(calendar=cabin)["changed"] == came)
    cancelled, = program.read(calendar=cabin, hrefs=came)
    check("as CANCELLED", "\nSTATUS:CANCELLED" in cancelled["data"] and start.isoformat() in customer.free())


def day(program, stranger, agent):
    """All of it; `stranger` is the same program with a wrong password, `agent` how it calls itself."""
    other = Device()
    cabin = finding(program, stranger)
    reading(program, cabin, other)
    writing(program, cabin, other)
    syncing(program, cabin, other)
    own_calendar(program, other)
    confirming(program, cabin, agent)
    return cabin, other
