"""Outlook's CalDav Synchronizer: a fresh event for each edit, the ETag of the last listing, answers read by XPath over all propstats.

Not for: resources by principal-property-search, tasks, contacts.
"""

import re
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

from device import URL
from people import Customer, Staff, check, told, wait_for
from wire import Client, Dialect, crlf, line, need, strict

ZONE = "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" \
    "TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" \
    "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"


def event(uid, start, minutes, title, sequence=0, **more):
    """A VEVENT made of Outlook's fields alone: whatever else an event had is not there any more."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ddaysoftware.com//NONSGML DDay.iCal 1.0//EN", ZONE.rstrip(), "BEGIN:VEVENT", "CLASS:PUBLIC",
        "CREATED:20260105T080000Z", "DTSTAMP:20260105T080000Z", f"DTSTART;TZID=W. Europe Standard Time:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=W. Europe Standard Time:{start + timedelta(minutes=minutes):%Y%m%dT%H%M%S}", "LAST-MODIFIED:20260105T080000Z", "PRIORITY:5",
        f"SEQUENCE:{sequence}", f"SUMMARY:{title}", "TRANSP:OPAQUE", f"UID:{uid}", *(f"{name.replace('_', '-')}:{value}" for name, value in more.items()),
        "END:VEVENT", "END:VCALENDAR", "",
    ]
    return "\r\n".join(lines)


class Outlook(Client):
    dialect = Dialect("<?xml version='1.0'?>", {"D": "D:", "C": "C:", "CS": "CS:", "I": "E:"})
    xml_type = "application/xml; charset=UTF-8"

    def __init__(self):
        super().__init__(agent="CalDavSynchronizer/4.4")
        self.etags = {}

    def propfind(self, path, names, depth="0"):
        """As its XPath sees an answer: the status of a propstat is not looked at, so what failed must be empty."""
        items = super().propfind(path, names, depth)
        for item in items:
            for name, (_, element) in item.failed.items():
                need(len(element) == 0 and not (element.text or "").strip(), f"{name} has content though it failed")
        return items

    def find(self):
        """Well-known, principal, delegates, home: the calendars that it would offer."""
        place = self.ask("PROPFIND", "/.well-known/caldav", headers={"Depth": "0"}).headers["Location"]
        principal = self.one(place, "D:current-user-principal D:principal-URL D:resourcetype").href_in("D:current-user-principal")
        home = self.one(principal, "C:calendar-home-set").href_in("C:calendar-home-set")
        if "calendar-proxy" in self.ask("OPTIONS", principal).headers["DAV"]:
            self.one(principal, "CS:calendar-proxy-read-for CS:calendar-proxy-write-for")
        items = self.propfind(home, "D:resourcetype D:displayname I:calendar-color C:supported-calendar-component-set", "1")
        return [item.href for item in items if "C:calendar" in item.names_in("D:resourcetype") and item.text("D:displayname") and item.components]

    def tested(self, calendar):
        """Its test of a connection, and whether it may write."""
        need("calendar-access" in self.ask("OPTIONS", calendar).headers["DAV"], "OPTIONS of the calendar")
        item = self.one(calendar, "D:resourcetype D:supported-report-set D:current-user-privilege-set D:owner")
        need("C:calendar" in item.names_in("D:resourcetype") and "C:calendar-query" in item.names_in("D:supported-report-set"), "no calendar to be queried")
        # It glues scheme and host before the owner.
        need(self.one(URL + item.href_in("D:owner"), "D:displayname").text("D:displayname"), "the owner has no name")
        return "D:write" in item.names_in("D:current-user-privilege-set")

    def listing(self, calendar):
        """The ETags of what lies 60 days back to 365 on; new and changed objects, and addresses of what is gone."""
        now = datetime.now(timezone.utc)
        span = {"start": (now - timedelta(days=60)).strftime("%Y%m%dT000000Z"), "end": (now + timedelta(days=365)).strftime("%Y%m%dT000000Z")}
        there = {item.href: need(item.text("D:getetag"), "no ETag") for item in self.query(calendar, "D:getetag", "VEVENT", **span)}
        changed = [href for href, etag in there.items() if self.etags.get(href) != etag]
        gone = [href for href in self.etags if href not in there]
        self.etags = there
        items = self.multiget(calendar, "D:getetag D:displayname C:calendar-data", changed) if changed else []
        return {item.href: crlf(item.text("C:calendar-data")) for item in items}, gone

    def write(self, path, text, condition):
        """PUT: follows Location, and looks for the ETag elsewhere where none came."""
        answer = self.put(path, text, **condition)
        if answer.status not in (200, 201, 204):
            return answer.status
        path = answer.headers.get("Location", path)
        etag = answer.etag or self.ask("GET", path).etag or self.one(path, "D:getetag").text("D:getetag")
        self.etags[path] = need(etag, "no ETag anywhere")
        return answer.status


def day(other):
    outlook = Outlook()
    say = "Outlook: "
    cabin = other.calendar()
    found = outlook.find()
    check(say + "the host and a login lead to both cabins", {cabin, other.calendar("kabine-2")} <= set(found))
    check(say + "the test of the connection passes, and it may write", outlook.tested(cabin))
    first, _ = outlook.listing(cabin)
    check(say + "a first sync reads what there is", cabin + "demo-team.ics" in first)
    check(say + "a second one nothing", outlook.listing(cabin) == ({}, []))
    writing(outlook, say, cabin, other)
    tokens(outlook, say, cabin, other)
    bookings(outlook, say, cabin)


def writing(outlook, say, cabin, other):
    at = datetime(2027, 1, 4, 10)
    path = cabin + "040000008200E00074C5B7101A82E008.ics"
    text = event("040000008200E00074C5B7101A82E008", at, 30, "Inventur", X_MICROSOFT_CDO_BUSYSTATUS="BUSY")
    check(say + "a new event is stored, its zone under Windows' name", outlook.write(path, text, {"If-None-Match": "*"}) == 201 and outlook.fetched(path) == (outlook.etags[path], text))
    check(say + "and lies where it should", outlook.listing(cabin)[1] == [] and [item.href for item in outlook.query(cabin, "D:getetag", "VEVENT", start="20270104T090000Z", end="20270104T093000Z")] == [path])
    text = text.replace("SEQUENCE:0", "SEQUENCE:1").replace("Inventur", "Inventur, neu")
    check(say + "an edit with the ETag of the last listing is stored", outlook.write(path, text, {"If-Match": outlook.etags[path]}) == 204)
    listed = outlook.etags[path]
    other.put(path, text.replace("neu", "von nebenan"))
    check(say + "another device's edit makes the next one a conflict", outlook.write(path, text, {"If-Match": listed}) == 412)
    check(say + "and comes with the next sync", "von nebenan" in outlook.listing(cabin)[0][path])
    check(say + "deleted with its ETag", outlook.ask("DELETE", path, headers={"If-Match": outlook.etags[path]}).status == 204)
    outlook.listing(cabin)


def tokens(outlook, say, cabin, other):
    _, _, token = outlook.sync(cabin, "", "D:getetag", "0")
    path = cabin + "nebenan.ics"
    other.put(path, event("nebenan", datetime(2027, 1, 4, 12), 30, "Von nebenan"))
    items, gone, token = outlook.sync(cabin, token, "D:getetag", "0")
    check(say + "by token, another device's event comes", [item.href for item in items] == [path] and strict(items[0].text("D:getetag")))
    other.delete(path)
    check(say + "and its deletion", outlook.sync(cabin, token, "D:getetag", "0")[1] == [path])
    check(say + "a bad token is 403", outlook.bad_token(cabin, "D:getetag", "0")[0] == 403)


def bookings(outlook, say, cabin):
    """Outlook knows no STATUS, only "show as": from tentative to busy confirms; a title that begins with Cancelled calls off."""
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    uid, = staff.requests()
    (path, text), = [(href, text) for href, text in outlook.listing(cabin)[0].items() if f"UID:{uid}" in text]
    title = line(text, "SUMMARY")
    sequence = int(line(text, "SEQUENCE") or 0) + 1
    check(say + "a booking comes, shown as tentative", line(text, "STATUS") == "TENTATIVE" and title.startswith("ANFRAGE: "))
    fresh = event(uid, start, 30, title, sequence, X_MICROSOFT_CDO_BUSYSTATUS="BUSY")
    status = outlook.write(path, fresh, {"If-Match": outlook.etags[path]})
    check(say + "shown as busy, it is confirmed", status == 204 and staff.requests() == [])
    kept = outlook.fetched(path)[1]
    check(say + "what Outlook lost of the booking is put back", line(kept, "X-OPENSLOT-STATE") == "CONFIRMED" and line(kept, "STATUS") == "CONFIRMED")
    check(say + "the customer's data with it", "t.tester@example.org" in re.sub(r"\r\n[ \t]", "", kept))
    check(say + "the customer is told", wait_for(lambda: told("CONFIRMED")))
    outlook.listing(cabin)
    again = event(uid, start, 30, "Cancelled: " + line(kept, "SUMMARY"), sequence + 1, X_MICROSOFT_CDO_BUSYSTATUS="FREE")
    check(say + "Cancelled: before its title calls it off", outlook.write(path, again, {"If-Match": outlook.etags[path]}) == 204 and wait_for(lambda: told("CANCELLED")))
    check(say + "and its time is free again", start.isoformat() in customer.free())
    check(say + "its history names the program", any("anna, " in one and "Outlook" in one for one in staff.history(uid)))
