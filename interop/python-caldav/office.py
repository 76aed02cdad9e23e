"""What an office's script does with python-caldav: find, read, write, search, sync, and confirm a booking."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import caldav
from caldav.lib import error
from people import DATA, URL, Customer, Staff, attempt, check, told, wait_for

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime.now(BERLIN)
# Midnight of next week's Monday: the demo's appointments stand in that week.
MONDAY = (NOW + timedelta(days=7 - NOW.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def day(days, hour=0, minute=0):
    """Monday next week and so many days, at a wall clock's time."""
    return (MONDAY + timedelta(days=days)).replace(hour=hour, minute=minute)


def client(login):
    return caldav.DAVClient(url=URL, username=login, password=f"{login}-demo", require_tls=False, enable_rfc6764=False)


def summaries(objects):
    return sorted(str(one.icalendar_component["SUMMARY"]) for one in objects)


def discovery(anna):
    principal = anna.principal()
    check("the principal is found by the server's address", principal.url.path == "/dav/principals/anna/")
    check("and its calendar home", principal.calendar_home_set.url.path == "/dav/calendars/anna/")
    calendars = {one.url.path: one for one in principal.get_calendars()}
    hours = {path for path in calendars if path.endswith(".hours/")}
    own = sorted(set(calendars) - hours)
    check("anna has two cabins, a calendar and a task list", own == [f"/dav/calendars/anna/{name}/" for name in ("anna", "calendar", "gruppenraum", "kabine-1", "kabine-2", "tasks")])
    check("and the hours of the cabins and their branch", hours == {f"/dav/calendars/anna/{name}.hours/" for name in ("anna", "gruppenraum", "kabine-1", "kabine-2", "location.stuttgart")})
    names = [calendars[path].get_display_name() for path in own]
    check("with their names", names == ["Anna – Filiale Stuttgart", "Kalender", *(f"{one} – Filiale Stuttgart" for one in ("Gruppenraum", "Kabine 1", "Kabine 2")), "Aufgaben"])
    one = calendars["/dav/calendars/anna/kabine-1/"]
    attempt("a calendar says that it holds events", lambda: one.get_supported_components() == ["VEVENT"])
    attempt("the server says calendar-access", anna.check_cdav_support)
    cabins = lambda login: [c.url.path for c in client(login).principal().get_calendars() if "/kabine-" in c.url.path and not c.url.path.endswith(".hours/")]
    attempt("ben has one cabin", lambda: cabins("ben") == ["/dav/calendars/ben/kabine-2/"])
    return principal, one


def refused(act, fault):
    try:
        act()
    except fault:
        return True
    return False


def reading(cabin):
    events = cabin.get_events()
    check("the demo's events are read", summaries(events) == ["Kalibrierung Messkabine", "Teambesprechung"])
    attempt("an event is found by its UID", lambda: cabin.get_event_by_uid("demo-team").icalendar_component["UID"] == "demo-team")
    attempt("an unknown UID is not", lambda: refused(lambda: cabin.get_event_by_uid("nobody"), error.NotFoundError))
    attempt("multiget returns one", lambda: len(cabin.multiget([events[0].url])) == 1)


def searching(cabin):
    def found(start, end, **options):
        return cabin.search(event=True, start=start, end=end, **options)

    attempt("a time range returns what touches it", lambda: summaries(found(day(1), day(2))) == ["Kalibrierung Messkabine"])
    attempt("a series is returned once without expand", lambda: len(found(day(0), day(0, 23))) == 1)
    attempt("and not on the date that it leaves out", lambda: found(day(7), day(7, 23)) == [])

    # The client asks for half a day more at both ends, and does not cut what the server expanded: no occurrence is near them here.
    def starts(**options):
        parts = found(day(0), day(26), **options)
        return sorted(p.icalendar_component["DTSTART"].dt.astimezone(BERLIN) for p in parts if p.icalendar_component["UID"] == "demo-team")

    weeks = [day(n, 9) for n in (0, 14, 21)]
    attempt("expanded by the server, its occurrences come", lambda: starts(server_expand=True) == weeks)
    attempt("expanded by the client, the same ones", lambda: starts(expand=True) == weeks)
    attempt("a text is searched", lambda: summaries(cabin.search(event=True, summary="Messkabine")) == ["Kalibrierung Messkabine"])

    def start_only():
        return summaries(cabin.search(event=True, start=day(7))) == ["Teambesprechung"]

    attempt("a range without an end works", start_only)


def writing(cabin):
    start = day(3, 10)
    made = cabin.add_event(dtstart=start, dtend=start + timedelta(hours=1), summary="Fortbildung, außer Haus", uid="interop-one")
    check("a new event is stored", "interop-one" in made.url.path)
    read = cabin.get_event_by_uid("interop-one")
    attempt("its title comes back", lambda: str(read.icalendar_component["SUMMARY"]) == "Fortbildung, außer Haus")
    first = read.etag

    stale = cabin.get_event_by_uid("interop-one")
    read.icalendar_component["SUMMARY"] = "Fortbildung im Haus"
    read.save()
    again = cabin.get_event_by_uid("interop-one")
    check("an edit is stored", str(again.icalendar_component["SUMMARY"]) == "Fortbildung im Haus")
    check("with another ETag", first and again.etag and first != again.etag)
    stale.icalendar_component["SUMMARY"] = "von gestern"
    attempt("an edit of an older revision is refused", lambda: refused(stale.save, error.ETagMismatchError))
    taken = {"dtstart": start, "dtend": start + timedelta(hours=1), "summary": "zweite", "uid": "interop-one"}
    attempt("a UID is not given twice", lambda: refused(lambda: cabin.add_event(no_overwrite=True, **taken), error.ConsistencyError))
    return again


def free_busy(cabin):
    answer = cabin.freebusy_request(day(3), day(4))
    busy = answer.icalendar_component["FREEBUSY"]
    periods = [p for line in (busy if isinstance(busy, list) else [busy]) for p in getattr(line, "dts", [line])]
    starts = [(p.dt[0] if hasattr(p, "dt") else p.start).astimezone(timezone.utc) for p in periods]
    return starts == [day(3, 10).astimezone(timezone.utc)]


def syncing(cabin, event):
    before = cabin.get_objects_by_sync_token(disable_fallback=True)
    check("a first sync lists everything", len(list(before)) == 3 and str(before.sync_token))
    attempt("nothing new, nothing listed", lambda: list(cabin.get_objects_by_sync_token(before.sync_token, disable_fallback=True)) == [])
    event.icalendar_component["SUMMARY"] = "Fortbildung, neu"
    event.save()
    after = cabin.get_objects_by_sync_token(before.sync_token, load_objects=True, disable_fallback=True)
    attempt("a change is listed", lambda: summaries(after) == ["Fortbildung, neu"])
    cabin.get_event_by_uid("interop-one").delete()
    gone = cabin.get_objects_by_sync_token(after.sync_token, disable_fallback=True)
    attempt("a deletion is listed as one", lambda: [one.url.path for one in gone] == [event.url.path] and len(gone.deleted_urls) == 1)
    bad = lambda: cabin.get_objects_by_sync_token("urn:nothing:of:ours", disable_fallback=True)
    try:
        bad()
        check("a bad token is named as such", False)
    except error.DAVError as fault:
        named = any("valid-sync-token" in str(one) for one in getattr(fault, "preconditions", None) or [])
        check("a bad token is named as such", named)
    attempt("and the client lists everything anew", lambda: len(list(cabin.get_objects_by_sync_token("urn:nothing:of:ours"))) == 2)


def own_calendar(principal):
    made = principal.make_calendar(name="Annas Notizen", cal_id="notizen")
    listed = {one.url.path: one.get_display_name() for one in principal.get_calendars()}
    check("a calendar of one's own is made", listed.get("/dav/calendars/anna/notizen/") == "Annas Notizen")
    made.add_event(dtstart=day(0, 12), dtend=day(0, 13), summary="Mittag")
    check("and written to", summaries(made.get_events()) == ["Mittag"])
    made.set_properties([caldav.elements.dav.DisplayName("Annas Kalender")])
    # The client shows names that it has read once, so ask anew.
    names = [one.get_display_name() for one in principal.get_calendars() if one.url.path == made.url.path]
    check("it can be renamed", names == ["Annas Kalender"])
    made.delete()
    check("and deleted", made.url.path not in [one.url.path for one in principal.get_calendars()])
    shared = next(one for one in principal.get_calendars() if one.url.path.endswith("/kabine-2/"))
    attempt("a resource's calendar can't be deleted", lambda: refused(shared.delete, error.DAVError) and len(shared.get_events()) == 2)


def confirming(cabin):
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    start = customer.book(customer.free()[0])
    events = [e for e in cabin.search(event=True, start=start, end=start + timedelta(minutes=30))]
    check("a booking is an event of the calendar", len(events) == 1)
    booking = events[0]
    part = booking.icalendar_component
    check("a tentative one", part["STATUS"] == "TENTATIVE" and part["X-OPENSLOT-STATE"] == "REQUESTED")
    uid = str(part["UID"])
    check("staff see the request", staff.requests() == [uid])
    check("the customer got a letter", wait_for(lambda: told("TENTATIVE")))
    part["STATUS"] = "CONFIRMED"
    booking.save()
    booking.load()
    part = booking.icalendar_component
    check("STATUS:CONFIRMED confirms it", part["STATUS"] == "CONFIRMED" and part["X-OPENSLOT-STATE"] == "CONFIRMED")
    check("its title has no prefix any more", not str(part["SUMMARY"]).startswith("ANFRAGE"))
    check("the request has left the list", staff.requests() == [])
    check("the history names anna and the program", "Confirmed anna, python-caldav" in staff.history(uid))
    check("the customer was told", wait_for(lambda: told("CONFIRMED")))
    knowing, unknowing = cabin.get_event_by_uid(uid), cabin.get_event_by_uid(uid)
    unknowing.props.clear()
    check("the customer cancels", customer.cancel())
    knowing.icalendar_component["LOCATION"] = "Kabine 1, hinten links"
    # It sends the schedule tag that it read (RFC 6638 §3.2.10), which the customer's doings leave as it is.
    knowing.save()
    knowing.load()
    part = knowing.icalendar_component
    check("an edit from before is merged and brings nothing back", part["LOCATION"] == "Kabine 1, hinten links" and part["STATUS"] == "CANCELLED")
    unknowing.icalendar_component["LOCATION"] = "Kabine 1, hinten rechts"
    unknowing.save()
    unknowing.load()
    part = unknowing.icalendar_component
    check("and one without its ETag is merged", part["LOCATION"] == "Kabine 1, hinten rechts" and part["STATUS"] == "CANCELLED")
    check("the time is free again", start.isoformat() in customer.free())


def main():
    anna = client("anna")
    principal, cabin = discovery(anna)
    wrong = caldav.DAVClient(url=URL, username="anna", password="wrong", require_tls=False, enable_rfc6764=False)
    attempt("a wrong password is refused", lambda: refused(lambda: wrong.principal().get_calendars(), error.AuthorizationError))
    reading(cabin)
    searching(cabin)
    event = writing(cabin)
    attempt("free-busy shows it", lambda: free_busy(cabin))
    syncing(cabin, event)
    own_calendar(principal)
    confirming(cabin)


main()
