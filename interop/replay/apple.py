"""Calendar on macOS and iOS: accounts set up by host and login, and a day with them.

Not for: CardDAV, push by Apple's own service.
"""

import re
import uuid
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

from device import URL
from people import Customer, Staff, attempt, check, told, wait_for
from wire import NAMESPACES, Client, Dialect, crlf, line, need, parsed, strict, with_line

FIRST = "D:current-user-principal D:principal-URL D:resourcetype"
PRINCIPAL = "C:calendar-home-set C:calendar-user-address-set D:current-user-principal D:displayname CS:dropbox-home-URL CS:email-address-set " \
    "CS:notification-URL D:principal-collection-set D:principal-URL D:resource-id C:schedule-inbox-URL C:schedule-outbox-URL D:supported-report-set"
HOME = "D:add-member CS:allowed-sharing-modes I:autoprovisioned ME:bulk-requests C:calendar-alarm I:calendar-color C:calendar-description " \
    "C:calendar-free-busy-set I:calendar-order C:calendar-timezone D:current-user-privilege-set C:default-alarm-vevent-date " \
    "C:default-alarm-vevent-datetime D:displayname CS:getctag CS:invite I:language-code I:location-code D:owner CS:pre-publish-url " \
    "CS:publish-url CS:push-transports CS:pushkey D:quota-available-bytes D:quota-used-bytes I:refreshrate D:resource-id D:resourcetype " \
    "C:schedule-calendar-transp C:schedule-default-calendar-URL CS:source CS:subscribed-strip-alarms CS:subscribed-strip-attachments " \
    "CS:subscribed-strip-todos C:supported-calendar-component-set C:supported-calendar-component-sets D:supported-report-set D:sync-token"
DELEGATES = "CS:calendar-proxy-read-for CS:calendar-proxy-write-for"
LISTED = "D:getcontenttype D:getetag"
OBJECT = "D:getetag C:calendar-data C:schedule-tag CS:created-by CS:updated-by"

ZONE = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n" \
    "DTSTART:19810329T020000\r\nTZNAME:MESZ\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\n" \
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nDTSTART:19961027T030000\r\nTZNAME:MEZ\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
EVENT = "BEGIN:VCALENDAR\r\nCALSCALE:GREGORIAN\r\nPRODID:-//Apple Inc.//macOS 15.1//EN\r\nVERSION:2.0\r\n" + ZONE + \
    "BEGIN:VEVENT\r\nCREATED:20260105T080000Z\r\nDTEND;TZID=Europe/Berlin:20270104T103000\r\nDTSTAMP:20260105T080001Z\r\n" \
    "DTSTART;TZID=Europe/Berlin:20270104T100000\r\nLAST-MODIFIED:20260105T080000Z\r\nSEQUENCE:0\r\nSUMMARY:{title}\r\nTRANSP:OPAQUE\r\n" \
    "UID:{uid}\r\nX-APPLE-CREATOR-IDENTITY:com.apple.calendar\r\nX-APPLE-CREATOR-TEAM-IDENTITY:0000000000\r\n" \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Erinnerung\r\nTRIGGER:-PT15M\r\nUID:{uid}-A\r\nX-WR-ALARMUID:{uid}-A\r\nEND:VALARM\r\n" \
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
BUSY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nPRODID:-//Apple Inc.//macOS 15.1//EN\r\nBEGIN:VFREEBUSY\r\nUID:9A1F\r\nDTSTAMP:20260105T080000Z\r\n" \
    "DTSTART:20270104T000000Z\r\nDTEND:20270105T000000Z\r\nORGANIZER:mailto:anna@mustermann.example\r\nATTENDEE:mailto:ben@mustermann.example\r\n" \
    "X-CALENDARSERVER-MASK-UID:9A20\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
ALARM = "BEGIN:VALARM&#13;\nX-WR-ALARMUID:0F0E&#13;\nUID:0F0E&#13;\nTRIGGER:-PT15H&#13;\nACTION:NONE&#13;\nEND:VALARM&#13;\n"


class Apple(Client):
    """What both have in common."""

    dialect = Dialect('<?xml version="1.0" encoding="UTF-8"?>\n', {"D": "A:"})
    xml_type = "text/xml"

    def __init__(self, agent):
        super().__init__(agent=agent)
        self.headers = {"Accept": "*/*", "Accept-Language": "de-DE,de;q=0.9", "Accept-Encoding": "gzip, deflate", "Brief": "t", "Prefer": "return=minimal"}

    def set_up(self):
        """From the host alone; returns the principal."""
        body = self.dialect.document("D:propfind", self.dialect.prop(FIRST))
        asking = {"Depth": "0", "Content-Type": "text/xml", "Authorization": None}
        answer = self.ask("PROPFIND", "/.well-known/caldav", body, asking)
        need(answer.status in (301, 302, 307, 308), f"well-known answered {answer.status}")
        place = answer.headers["Location"]
        answer = self.ask("PROPFIND", place, body, asking)
        need(answer.status == 401, f"{place} answered {answer.status} to nobody")
        realm = need(re.fullmatch(r'Basic realm="[^"]+".*', answer.headers["WWW-Authenticate"]), "no realm").group(0)
        for path in ("/", "/principals/", place):
            again = self.ask("PROPFIND", path, body, asking)
            need(again.status == 401 and again.headers["WWW-Authenticate"] == realm, f"{path} has another realm")
        found = {self.one(path, FIRST).href_in("D:current-user-principal") for path in (place, "/", "/principals/")}
        need(len(found) == 1, f"several principals: {found}")
        return found.pop()

    def account(self, principal):
        """What the principal says; the calendar home and the collection of principals."""
        options = self.ask("OPTIONS", principal)
        need(options.status == 200 and "calendar-access" in options.headers["DAV"], "OPTIONS of the principal")
        item = self.one(principal, PRINCIPAL)
        need(not item.failed, f"properties with a failure though return=minimal was asked: {list(item.failed)}")
        addresses = [href.text for href in item.found["C:calendar-user-address-set"]]
        need("mailto:anna@mustermann.example" in addresses, f"no address: {addresses}")
        for name in ("C:schedule-inbox-URL", "C:schedule-outbox-URL", "CS:notification-URL", "CS:dropbox-home-URL"):
            if name in item.found:
                self.one(item.href_in(name), "D:resourcetype C:calendar-availability")
        home = item.href_in("C:calendar-home-set")
        need(home.endswith("/"), "a home without its slash")
        need(self.one(home.rstrip("/"), "D:resourcetype").href == home, "the home without its slash")
        return home, item.href_in("D:principal-collection-set")

    def calendars(self, home):
        """The home's calendars as it lists them, by address."""
        found = {}
        for item in self.propfind(home, HOME, "1"):
            if "C:calendar" not in item.names_in("D:resourcetype"):
                continue
            need(len(item.components) == 1, f"{item.href} would be split: {item.components}")
            need(item.href.endswith("/") and item.text("D:displayname") and item.text("CS:getctag") and item.text("D:sync-token"), f"{item.href} lacks something")
            # Opening hours are the administrator's to change, and shown to everybody as what cannot be written.
            if not item.href.endswith(".hours/"):
                need({"D:write", "D:write-content", "D:bind", "D:unbind", "D:write-properties"} <= set(item.names_in("D:current-user-privilege-set")), f"{item.href} would be read-only")
            found[item.href] = item
        return found

    def set(self, path, *properties):
        """PROPPATCH, a property a request; all must be taken: 200 without more where minimal answers were asked for, or 207."""
        for written in properties:
            body = self.dialect.document("D:propertyupdate", self.dialect.element("D:set", self.dialect.element("D:prop", written)))
            answer = self.ask("PROPPATCH", path, body, {"Content-Type": self.xml_type})
            if answer.status != 200:
                need(answer.status == 207, f"PROPPATCH of {path} answered {answer.status}")
                (item,), _ = parsed(answer)
                need(not item.failed, f"PROPPATCH of {path}: {item.failed}")

    def make_list(self, home):
        """Reminders makes its list where there is none."""
        x = self.dialect
        made = f"{home}{str(uuid.uuid4()).upper()}/"
        zone = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Apple Inc.//macOS 15.1//EN\r\nCALSCALE:GREGORIAN\r\n" + ZONE + "END:VCALENDAR\r\n").replace("\r", "&#13;")
        properties = [
            x.element("I:calendar-order", "1"), x.element("C:supported-calendar-component-set", x.element("C:comp", name="VTODO")),
            x.element("I:calendar-color", "#1BADF8", symbolic_color="blue"), x.element("C:calendar-timezone", zone),
            x.element("D:displayname", "Erinnerungen"), x.element("C:schedule-calendar-transp", x.element("C:transparent")),
        ]
        body = x.document("C:mkcalendar", x.element("D:set", x.element("D:prop", *properties)))
        answer = self.ask("MKCALENDAR", made, body, {"Content-Type": "text/xml"})
        need(answer.status == 201, f"MKCALENDAR answered {answer.status}")
        item = self.calendars(home)[made]
        need(item.components == ["VTODO"] and item.text("D:displayname") == "Erinnerungen", "the list is not what was asked for")

    def objects(self, calendar, items):
        """What a program does with a listing: the objects of text/calendar that have an ETag, by multiget; their text by address."""
        hrefs = [item.href for item in items if item.href != calendar]
        for item in items:
            need(item.href == calendar or (strict(item.text("D:getetag")) and item.text("D:getcontenttype").startswith("text/calendar")), f"{item.href} lacks something")
        return {item.href: (item.text("D:getetag"), crlf(item.text("C:calendar-data"))) for item in self.multiget(calendar, OBJECT, hrefs)} if hrefs else {}


class Mac(Apple):
    def settled(self, principal, home, principals):
        """What macOS writes and asks while it sets an account up."""
        x = self.dialect
        report = x.document("D:principal-search-property-set")
        answer = self.ask("REPORT", principals, report, {"Depth": "0", "Content-Type": "text/xml"})
        need(answer.status == 200 and "principal-search-property" in answer.text, f"principal-search-property-set answered {answer.status}")
        inner = "".join(x.element("D:property", name=name, namespace=space) for name, space in (("displayname", "DAV:"), ("email-address-set", "http://calendarserver.org/ns/")))
        expand = [x.element("D:property", inner, name=name.removeprefix("CS:"), namespace="http://calendarserver.org/ns/") for name in DELEGATES.split()]
        self.multistatus("REPORT", principal, x.document("D:expand-property", *expand))
        self.set(home, x.element("C:default-alarm-vevent-date", ALARM), x.element("C:default-alarm-vevent-datetime", ALARM))
        zone = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Apple Inc.//macOS 15.1//EN\r\n" + ZONE + "END:VCALENDAR\r\n").replace("\r", "&#13;")
        for number, calendar in enumerate(self.calendars(home)):
            name = self.one(calendar, "D:displayname").text("D:displayname")
            self.set(calendar, x.element("I:calendar-order", str(number)), x.element("D:displayname", name),
                     x.element("I:calendar-color", f"#FD820{number % 10}FF", symbolic_color="orange"), x.element("C:calendar-timezone", zone))
        colours = {item.text("I:calendar-color") for item in self.calendars(home).values()}
        need(any(colour.startswith("#FD820") for colour in colours), f"the colours did not stay: {colours}")
        return True

    def news(self, home, known):
        """A poll: the home by its token where it has one, else listed; then what has changed in each calendar that is named."""
        named = self.calendars(home)
        if "D:sync-collection" in self.one(home, "D:supported-report-set").names_in("D:supported-report-set"):
            told, _, known[home] = self.sync(home, known.get(home, ""), HOME, "1")
            named = {href: item for href, item in named.items() if href in [item.href for item in told]}
        changed = {}
        for href, item in named.items():
            if item.components == ["VEVENT"] and item.text("D:sync-token") != known[href]:
                items, gone, known[href] = self.sync(href, known[href], LISTED, "1")
                changed[href] = (self.objects(href, items), gone)
        return changed

    def mailboxes(self, principal):
        """The inbox is polled like a calendar; whoever is invited is asked for busy times at the outbox."""
        item = self.one(principal, PRINCIPAL)
        inbox, outbox = item.href_in("C:schedule-inbox-URL"), item.href_in("C:schedule-outbox-URL")
        state = self.one(inbox, "CS:getctag D:sync-token")
        need(state.text("CS:getctag") or state.text("D:sync-token"), "an inbox that cannot be polled")
        need(len(self.propfind(inbox, LISTED, "1")) >= 1, "no inbox")
        people = {"Originator": "mailto:anna@mustermann.example", "Recipient": "mailto:ben@mustermann.example"}
        answer = self.ask("POST", outbox, BUSY, people | {"Content-Type": "text/calendar"})
        need(answer.status == 200, f"the outbox answered {answer.status}")
        (response,) = ElementTree.fromstring(answer.body).findall(f"{{{NAMESPACES['C']}}}response")
        status, data = [response.findtext(f"{{{NAMESPACES['C']}}}{name}") for name in ("request-status", "calendar-data")]
        return status.startswith("2.0") and "BEGIN:VFREEBUSY" in data and "METHOD:REPLY" in data


class Phone(Apple):
    def poll(self, calendar, known):
        """Whether a calendar has changed, and then all of it from a month back on: start without end."""
        item = self.one(calendar, "CS:getctag D:sync-token")
        need(item.text("CS:getctag") and item.text("D:sync-token"), "a calendar without ctag or token")
        if known.get(calendar) == item.text("CS:getctag"):
            return None
        known[calendar] = item.text("CS:getctag")
        back = (datetime.now(timezone.utc) - timedelta(days=31)).strftime("%Y%m%dT000000Z")
        return self.objects(calendar, self.query(calendar, LISTED, "VEVENT", start=back))


def other_change(other, path):
    text = EVENT.format(uid="NEBENAN-1", title="Von nebenan")
    other.put(path, text)
    return text


def mac(other):
    mac = Mac("macOS/15.1 (24B83) dataaccessd/1.0")
    say = "macOS: "
    principal = mac.set_up()
    check(say + "the host and a login lead to the principal", principal == "/dav/principals/anna/")
    home, principals = mac.account(principal)
    check(say + "the principal has one home, an address, and its own way to it", home.startswith("/"))
    cabins = [other.calendar(f"kabine-{n}") for n in (1, 2)]
    calendars = mac.calendars(home)
    check(say + "both cabins are listed, each of one kind, to be written to", set(cabins) <= set(calendars))
    attempt(say + "a list for reminders is there, or made and comes back as made", lambda: any(item.components == ["VTODO"] for item in calendars.values()) or mac.make_list(home) is None)
    attempt(say + "what it writes while it settles is taken", lambda: mac.settled(principal, home, principals))
    attempt(say + "the inbox can be polled, and the outbox tells when somebody is busy", lambda: mac.mailboxes(principal))
    cabin = cabins[0]
    now = datetime.now(timezone.utc)
    weeks = {"start": now.strftime("%Y%m%dT000000Z"), "end": (now + timedelta(days=21)).strftime("%Y%m%dT000000Z")}
    shown = mac.objects(cabin, mac.query(cabin, LISTED, "VEVENT", **weeks))
    check(say + "the weeks shown come first", cabin + "demo-team.ics" in shown)
    items, gone, token = mac.sync(cabin, "", LISTED, "1")
    first = mac.objects(cabin, items)
    check(say + "then everything by sync", set(shown) <= set(first) and not gone)
    known = {href: item.text("D:sync-token") for href, item in mac.calendars(home).items()}
    mac.news(home, known)
    check(say + "a poll of the home by its token has no news where there are none", mac.news(home, known) == {} and home in known)
    writing(mac, say, cabin, cabins[1])
    news = mac.news(home, known)
    check(say + "its own changes come back as news and no more", set(news) <= set(cabins))
    text = other_change(other, cabin + "nebenan.ics")
    changed, _ = mac.news(home, known)[cabin]
    check(say + "another device's event comes, its bytes as they were", changed[cabin + "nebenan.ics"][1] == text)
    stale = changed[cabin + "nebenan.ics"][0]
    other.put(cabin + "nebenan.ics", text.replace("Von nebenan", "Später"))
    status, _ = mac.store(cabin + "nebenan.ics", text.replace("Von nebenan", "Meins"), **{"If-Match": stale})
    check(say + "an edit of the older revision is a conflict, and fetched again", status == 412 and "SUMMARY:Später" in mac.fetched(cabin + "nebenan.ics")[1])
    other.delete(cabin + "nebenan.ics")
    check(say + "another device's deletion comes", mac.news(home, known)[cabin][1] == [cabin + "nebenan.ics"])
    check(say + "a bad token is 403 with its name, and an empty one begins anew", mac.bad_token(cabin, LISTED, "1") == (403, True) and mac.sync(cabin, "", LISTED, "1")[0] != [])
    booking(mac, say, lambda: mac.news(home, known)[cabin][0])


def writing(program, say, cabin, other_cabin):
    uid = str(uuid.uuid4()).upper()
    path = f"{cabin}{uid}.ics"
    text = EVENT.format(uid=uid, title="Inventur")
    status, etag = program.store(path, text, **{"If-None-Match": "*"})
    check(say + "a new event is stored, with the ETag that a GET has", status == 201 and strict(etag) and program.fetched(path) == (etag, text))
    status, second = program.store(path, with_line(text, "SUMMARY", "Inventur 2"), **{"If-Match": etag})
    status3, third = program.store(path, with_line(text, "SUMMARY", "Inventur 3"), **{"If-Match": second})
    check(say + "edited twice in a row, the second edit is no conflict", (status, status3) == (204, 204) and len({etag, second, third}) == 3)
    moved = f"{other_cabin}{uid}.ics"
    status, _ = program.store(moved, text, **{"If-None-Match": "*"})
    check(say + "moved to another calendar: put there, then deleted here", status == 201 and program.ask("DELETE", path).status == 204)
    check(say + "and back: deleted first", program.ask("DELETE", moved).status == 204 and program.store(path, text)[0] == 201)
    check(say + "deleted without a condition", program.ask("DELETE", path).status == 204 and program.ask("GET", path).status == 404)


def booking(program, say, news):
    """A booking comes, is confirmed by its title (Calendar shows no status), dragged to another time, and deleted."""
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    uid, = staff.requests()
    (path, (etag, text)), = [(href, found) for href, found in news().items() if f"UID:{uid}" in found[1]]
    title = line(text, "SUMMARY")
    check(say + "a booking comes as a request", title.startswith("ANFRAGE: "))
    text = program.fetched(path)[1]
    answer = program.put(path, with_line(text, "SUMMARY", title.removeprefix("ANFRAGE: ")), **(program.headers | {"If-Match": etag}))
    check(say + "its title without the prefix confirms it, and no ETag comes for what the server changed", answer.status == 204 and answer.etag is None and staff.requests() == [])
    etag, text = program.fetched(path)
    check(say + "fetched again, it is confirmed", line(text, "X-OPENSLOT-STATE") == "CONFIRMED" and line(text, "STATUS") == "CONFIRMED")
    check(say + "the customer is told", wait_for(lambda: told("CONFIRMED")))
    later = datetime.fromisoformat(customer.free(since=f"{start:%Y-%m-%d}")[-1])
    moved = with_line(text, "DTSTART", f"{later:%Y%m%dT%H%M%S}")
    moved = with_line(moved, "DTEND", f"{later + timedelta(minutes=30):%Y%m%dT%H%M%S}")
    # It writes its own VTIMEZONE.
    moved = re.sub(r"(?s)BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", lambda _: ZONE, moved)
    status, etag = program.store(path, moved, **{"If-Match": etag})
    check(say + "dragged, it is moved", status == 204 and start.isoformat() in customer.free() and later.isoformat() not in customer.free(since=f"{later:%Y-%m-%d}"))
    check(say + "deleted, it is called off", program.ask("DELETE", path).status == 204 and wait_for(lambda: told("CANCELLED")))
    check(say + "its history names the program", all("anna, " in one for one in staff.history(uid)[1:]))


def phone(other):
    phone = Phone("iOS/18.1.1 (22B91) dataaccessd/1.0")
    say = "iOS: "
    principal = phone.set_up()
    home, _ = phone.account(principal)
    cabin = other.calendar()
    calendars = phone.calendars(home)
    check(say + "the host and a login lead to both cabins", {cabin, other.calendar("kabine-2")} <= set(calendars))
    x = phone.dialect
    attempt(say + "colours and order are taken", lambda: phone.set(cabin, x.element("I:calendar-color", "#63DA38FF", symbolic_color="green"), x.element("I:calendar-order", "3")) is None)
    task_lists = lambda: [href for href, item in phone.calendars(home).items() if item.components == ["VTODO"]]
    if not task_lists():
        phone.make_list(home)
    lists = task_lists()
    check(say + "the list of reminders is asked without a range", lists and phone.objects(lists[0], phone.query(lists[0], LISTED, "VTODO")) == {})
    known = {}
    check(say + "from a month back on without an end, the series comes", cabin + "demo-team.ics" in phone.poll(cabin, known))
    check(say + "a poll without news ends there", phone.poll(cabin, known) is None)
    writing(phone, say, cabin, other.calendar("kabine-2"))
    other_change(other, cabin + "nebenan.ics")
    check(say + "another device's event comes", cabin + "nebenan.ics" in phone.poll(cabin, known))
    other.delete(cabin + "nebenan.ics")
    check(say + "and is gone when it is deleted", cabin + "nebenan.ics" not in phone.poll(cabin, known))
    booking(phone, say, lambda: phone.poll(cabin, known))
