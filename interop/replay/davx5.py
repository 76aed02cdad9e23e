"""DAVx5 on Android: set-up, its sync by a range without an end or by token, and what it does on each refusal.

Not for: WebDAV-Push, tasks, contacts.
"""

from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

from people import Customer, Staff, check, told, wait_for
from wire import Client, Dialect, crlf, line, need, strict, with_line

FIRST = "D:resourcetype D:displayname D:current-user-principal D:current-user-privilege-set C:calendar-home-set C:supported-calendar-component-set " \
    "I:calendar-color C:calendar-description C:calendar-timezone"
HOME = "D:current-user-privilege-set D:displayname D:owner D:resourcetype P:transports P:topic I:calendar-color C:calendar-description " \
    "C:calendar-timezone C:calendar-timezone-id C:supported-calendar-component-set CS:source"
STATE = "D:supported-report-set D:sync-token CS:getctag C:max-resource-size"
OBJECT = "D:getcontenttype D:getetag C:schedule-tag C:calendar-data"

EVENT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:DAVx5/4.5.3-ose ical4j/3.2.19 (at.bitfire.davdroid)\r\nBEGIN:VEVENT\r\nDTSTAMP:20260105T080000Z\r\n" \
    "UID:{uid}\r\nSEQUENCE:{sequence}\r\nSUMMARY:{title}\r\nDTSTART:20270104T090000Z\r\nDTEND:20270104T093000Z\r\nCLASS:PUBLIC\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


class Phone(Client):
    """DAVx5 with its copy of one calendar: (ETag, object) by address; and the schedule tags of what has one."""

    dialect = Dialect("<?xml version='1.0' encoding='UTF-8' ?>", {"D": "", "C": "CAL:", "CS": "CS:", "I": "APPLE:", "P": "PUSH:"})
    xml_type = "application/xml; charset=utf-8"
    headers = {"Accept-Encoding": "gzip", "Accept-Language": "de-DE, de;q=0.7, *;q=0.5"}

    def __init__(self):
        super().__init__(agent="DAVx5/4.5.3-ose (2025-08-01; dav4jvm; okhttp/5.1.0) Android/15")
        self.copy = {}
        self.tags = {}

    def principal(self, url):
        """From the address that was typed: its principal, which counts only if OPTIONS there says calendar-access."""
        found = self.one(url, FIRST)
        if "D:current-user-principal" not in found.found:
            location = self.ask("PROPFIND", "/.well-known/caldav", headers={"Depth": "0"}).headers["Location"]
            found = self.one(location, FIRST)
        principal = found.href_in("D:current-user-principal")
        need("calendar-access" in self.ask("OPTIONS", principal).headers["DAV"], "OPTIONS of the principal has no calendar-access")
        addresses = self.one(principal, "C:calendar-user-address-set").found["C:calendar-user-address-set"]
        need(any(href.text.startswith("mailto:") for href in addresses), "no address of e-mail")
        return principal

    def calendars(self, principal):
        home = self.one(principal, FIRST).href_in("C:calendar-home-set")
        return {item.href: item for item in self.propfind(home, HOME, "1") if "C:calendar" in item.names_in("D:resourcetype")}

    def state(self, calendar):
        item = self.one(calendar, STATE)
        need(int(item.text("C:max-resource-size")) > 10_000, "objects may hardly be large")
        need({"D:sync-collection", "C:calendar-query", "C:calendar-multiget"} <= set(item.names_in("D:supported-report-set")), "a report is missing")
        return item.text("D:sync-token")

    def download(self, calendar, hrefs):
        """multiget by tens; one without data or ETag stops the sync, and so does an object with several UIDs."""
        hrefs = sorted(hrefs)
        for tens in (hrefs[at:at + 10] for at in range(0, len(hrefs), 10)):
            for item in self.multiget(calendar, OBJECT, tens):
                if item.status is None:
                    need(strict(item.text("D:getetag")), "a weak ETag comes back without its W/")
                    self.copy[item.href] = (item.text("D:getetag"), crlf(item.text("C:calendar-data")))
                    self.tags[item.href] = item.text("C:schedule-tag")

    def sync_by_range(self, calendar):
        """The default: all that touches the time from 90 days back on, whatever has changed."""
        back = (datetime.now(timezone.utc) - timedelta(days=90)).strftime("%Y%m%dT%H%M%SZ")
        there = {item.href: need(item.text("D:getetag"), f"{item.href} without ETag") for item in self.query(calendar, "D:getetag", "VEVENT", start=back)}
        self.download(calendar, [href for href, etag in there.items() if self.copy.get(href, ("",))[0] != etag])
        self.copy = {href: kept for href, kept in self.copy.items() if href in there}

    def sync_by_token(self, calendar, token):
        items, gone, token = self.sync(calendar, token, "D:getetag", "0")
        self.download(calendar, [item.href for item in items if need(item.text("D:getetag"), "a member without ETag")])
        for href in gone:
            self.copy.pop(href, None)
        return token

    def downloaded(self, path):
        """One object anew, by its calendar's multiget."""
        self.download(path[:path.rindex("/") + 1], [path])
        return self.copy[path]

    def upload(self, path, text, etag=None):
        """What becomes of a local edit: kept, uploaded anew, dropped for the server's version, or an error that the user sees."""
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        if etag and self.tags.get(path):
            condition = {"If-Schedule-Tag-Match": self.tags[path]}
        answer = self.put(path, text, **(self.headers | condition))
        if answer.status in (200, 201, 204):
            self.tags[path] = answer.headers.get("Schedule-Tag")
            self.copy[path] = (answer.etag, text) if answer.etag else self.downloaded(path)
            return "kept"
        if answer.status in (404, 410):
            return self.upload(path, text)
        if answer.status in (409, 412) or (answer.status == 403 and "need-privileges" in answer.text):
            self.copy.pop(path, None)
            if self.ask("GET", path).status == 200:
                self.copy[path] = self.downloaded(path)
            return "dropped"
        return f"error {answer.status}"


def day(other):
    phone = Phone()
    say = "DAVx5: "
    principal = phone.principal("/")
    check(say + "the server's address and a login lead to the principal", principal == "/dav/principals/anna/")
    check(say + "its own address does too", phone.principal(principal) == principal)
    calendars = phone.calendars(principal)
    cabin = other.calendar()
    privileges = set(calendars[cabin].names_in("D:current-user-privilege-set"))
    check(say + "both cabins are listed, with name, colour and zone", {cabin, other.calendar("kabine-2")} <= set(calendars) and all(calendars[cabin].text(name) for name in ("D:displayname", "I:calendar-color", "C:calendar-timezone-id")))
    check(say + "to be written to and deleted from", {"D:write-content", "D:unbind"} <= privileges)
    token = phone.state(cabin)
    phone.sync_by_range(cabin)
    check(say + "a sync from 90 days back on brings the series and what is to come", {cabin + "demo-team.ics", cabin + "demo-messung.ics"} <= set(phone.copy))
    writing(phone, say, cabin)
    others(phone, say, cabin, token, other)
    confirming(phone, say, cabin)


def writing(phone, say, cabin):
    path = cabin + "b7a1f2c4.ics"
    text = EVENT.format(uid="b7a1f2c4", sequence=0, title="Inventur")
    check(say + "a new event is uploaded, and its ETag kept", phone.upload(path, text) == "kept" and phone.fetched(path) == (phone.copy[path][0], text))
    plain = phone.send("GET", path)
    check(say + "the ETag is the same with and without compression", plain.etag == phone.copy[path][0])
    text = EVENT.format(uid="b7a1f2c4", sequence=1, title="Inventur, neu")
    stale = phone.copy[path][0]
    check(say + "an edit is uploaded", phone.upload(path, text, stale) == "kept" and phone.copy[path][0] != stale)
    check(say + "an edit of an older revision is dropped for the server's", phone.upload(path, text.replace("neu", "alt"), stale) == "dropped" and phone.copy[path][1] == text)
    check(say + "deleted with its ETag", phone.ask("DELETE", path, headers={"If-Match": phone.copy[path][0]}).status == 204)
    check(say + "an edit of what was deleted meanwhile goes with it", phone.upload(path, text, phone.copy[path][0]) == "dropped" and path not in phone.copy)


def others(phone, say, cabin, token, other):
    path = cabin + "nebenan@home.ics"
    token = phone.sync_by_token(cabin, phone.state(cabin))
    other.put(path, EVENT.format(uid="nebenan@home", sequence=0, title="Von nebenan"))
    token = phone.sync_by_token(cabin, token)
    check(say + "by token, another device's event comes", line(phone.copy.get(path, ("", ""))[1], "SUMMARY") == "Von nebenan")
    other.put(path, EVENT.format(uid="nebenan@home", sequence=1, title="Später"))
    phone.sync_by_range(cabin)
    check(say + "by range, its edit", line(phone.copy[path][1], "SUMMARY") == "Später")
    other.delete(path)
    phone.sync_by_token(cabin, token)
    check(say + "by token, its deletion", path not in phone.copy)
    check(say + "a bad token is refused with its name in the error", phone.bad_token(cabin, "D:getetag", "0")[1])
    wrong = phone.put(path, EVENT.format(uid="nebenan@home", sequence=0, title="x").replace("T093000Z", "T083000Z"), **{"If-None-Match": "*"})
    check(say + "what the server does not take is 403 and no need-privileges, so the user hears of it", wrong.status == 403 and ElementTree.fromstring(wrong.body).find("{DAV:}need-privileges") is None)


def confirming(phone, say, cabin):
    """Android's calendars show the status, and DAVx5 sends it: SEQUENCE raised, X- lines kept, parameters it does not know lost."""
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    uid, = staff.requests()
    phone.sync_by_range(cabin)
    (path, (etag, text)), = [(href, kept) for href, kept in phone.copy.items() if f"UID:{uid}" in kept[1]]
    check(say + "a booking comes as a tentative event", line(text, "STATUS") == "TENTATIVE")
    edited = with_line(with_line(text, "STATUS", "CONFIRMED"), "PRODID", "DAVx5/4.5.3-ose ical4j/3.2.19 (com.android.calendar)")
    check(say + "its status confirms it", phone.upload(path, edited, etag) == "kept" and staff.requests() == [])
    check(say + "no ETag came, so it holds what the server made of it", line(phone.copy[path][1], "X-OPENSLOT-STATE") == "CONFIRMED")
    check(say + "the customer is told", wait_for(lambda: told("CONFIRMED")))
    check(say + "the customer cancels", customer.cancel())
    etag, text = phone.copy[path]
    check(say + "a booking has a schedule tag", phone.tags[path])
    sent = phone.upload(path, with_line(text, "LOCATION", "Kabine 1\\, hinten"), etag)
    check(say + "an edit from before is merged by it, and the cancellation seen", sent == "kept" and line(phone.copy[path][1], "STATUS") == "CANCELLED" and line(phone.copy[path][1], "LOCATION") == "Kabine 1\\, hinten")
    check(say + "the time is free again", start.isoformat() in customer.free())
    check(say + "its history names the program", any("Confirmed anna, DAVx5" in one for one in staff.history(uid)))
