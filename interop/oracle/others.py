"""The other programs: each answers a case with a set of (start, end, recurrence-id), seconds since 1970, or says why it can't.

`dateutil` puts the wall-clock times of each rule together with zoneinfo and the words of RFC 5545 §3.8.4.4, §3.8.5.1, §3.8.5.2 and
§3.8.5.3; recurring-ical-events (`rie`) and ical.js are asked about whole objects.
"""
import datetime as dt
import itertools
import json
import signal
import subprocess

import icalendar
import recurring_ical_events

import rules
from generate import DAY, DEFAULT, FINE, UTC, instant, local, zone_of
from rules import bare, horizon

MARGIN = 4 * 86_400
# No answer of another program may cost more than this, in seconds of our own work, however busy the machine is.
PATIENCE = 0.25


class GaveUp(Exception):
    """Another program did not answer in time or not at all."""


def meets(row, window):
    """RFC 4791 §9.9's table for VEVENT; an event without length is met at its start."""
    start, end = row[0], row[1]
    return window[0] <= start < window[1] if start == end else start < window[1] and end > window[0]


def dateutil(case):
    """A case's occurrences: its rules by dateutil, the rest by zoneinfo and the RFC's words."""
    return with_rules(case, lambda rule, start, until: rules.times(bare(rule), start, until))


def with_rules(case, times, ways=frozenset()):
    """A case's occurrences, its rules' wall-clock times given by `times(rule, start, last)`; `ways` as in `deviations`."""
    zone, start, window = zone_of(case), case["start"], case["window"]
    at = lambda wall: instant(wall, zone)
    shift = max([abs(o["start"] - o["id"]) + DAY for o in case["overrides"] if o["future"]], default=dt.timedelta(0))
    early, last = local(window[0], zone) - dt.timedelta(seconds=longest_span(case)) - shift - 2 * DAY, local(window[1], zone) + shift + dt.timedelta(hours=3)
    if "exdate-in-step" in ways:
        early = start
    # Every instance by its wall-clock time; an RDATE with a PERIOD brings a length.
    instances = {}
    for rule in case["rules"]:
        instances.update({time: None for time in times_of(case, rule, times(rule, start, last), ways) if time >= early})
    over = "until-first" in ways and bool(case["rules"]) and all(ends_early(case, rule, ways) for rule in case["rules"])
    if "no-dtstart" not in ways and not over or not recurs(case):
        instances.setdefault(start, None)
    dates, apart = set(), []
    for row in case["rdates"]:
        time = rdate_time(case, row, ways)
        if "fold-twice" in ways and row["form"] == "utc" and folds(time, zone):
            apart.append((time, row["end"]))
            continue
        dates.add(time)
        if instances.get(time) is None:
            instances[time] = row["end"]
    recurring = recurs(case) or bool(case["overrides"])
    utc = {local(at(row["at"]), zone) for row in case["rdates"] if row["form"] == "utc"}
    keys = Keys(case, "loose-ids" in ways)
    out = {key for row in case["exdates"] if row["form"] != "date" for key in keys.of(row["at"], row["form"])}
    days = {row["at"].date() for row in case["exdates"] if row["form"] == "date"}
    # Of two at one time the first counts.
    overrides = {key: row for row in reversed(case["overrides"]) for key in keys.of(row["id"], row["form"])}
    periods = {key: row["end"] for row in case["rdates"] if row["end"] for key in keys.of(row["at"], row["form"])}
    futures = sorted((at(row["id"]), n) for n, row in enumerate(case["overrides"]) if row["future"])
    steps = Steps(case) if "exdate-in-step" in ways else None
    found, shown, reach = set(), [], rie_reach(case)
    given = set()
    for wall, end in sorted(instances.items(), key=lambda item: (item[0] not in dates and "exdate-in-step" not in ways, item[0])):
        id, mine = at(wall), keys.of(wall, case["kind"])
        if id in given and "gap-twice" not in ways:
            continue
        given.add(id)
        known = next((overrides[key] for key in reversed(mine) if key in overrides), None)
        if known and "wall-ids" in ways and wall != (local(id, zone) if known["form"] == "utc" else known["id"]):
            known = None
        if known and out.isdisjoint(mine) and reach[0] <= id <= reach[1]:
            shown.append(known)
        if steps.takes(wall) if steps else not out.isdisjoint(mine) or excepted(wall, days, ways, id if wall in utc else None):
            continue
        if known:
            continue
        if "loose-ids" in ways:
            end = next((periods[key] for key in reversed(mine) if key in periods), end)
        row = max((f for f in futures if f[0] <= id), default=None)
        if row:
            future = case["overrides"][row[1]]
            moved = wall + shift_of(case, future, ways)
            last = ending(case, moved, future["length"], future["start"], ways)
            if end and "period-stays" in ways:
                last = at(moved + period_length(case, end, ways))
            found.add((at(moved), last, row[0] if "future-id" in ways else id))
        elif end:
            found.add((id, period_end(case, wall, end, ways), id))
        elif "utc-rdate-length" in ways and wall in utc:
            found.add((id, id + wall_length(case["length"], start), id))
        else:
            found.add((id, ending(case, wall, case["length"], start, ways), id if recurring else None))
    for wall, end in apart:
        length = period_length(case, end, ways) if end else dt.timedelta(seconds=wall_length(case["length"], start))
        if out.isdisjoint(keys.of(wall, "utc")) and not any(key in overrides for key in keys.of(wall, "utc")):
            found.add((at(wall), at(wall) + int(length.total_seconds()), at(wall)))
    for row in case["overrides"]:
        known = keys.of(row["id"], row["form"])
        hidden = "loose-ids" in ways and (row not in shown and not out.isdisjoint(known) or all(overrides[key] is not row for key in known))
        if not hidden and ("outside-unseen" not in ways or row in shown):
            # The override itself is written out, nothing is added to its DTSTART but a DURATION.
            added = ways if row["length"] and row["length"][0] == "DURATION" else ways & {"gap-end"}
            found.add((at(row["start"]), ending(case, row["start"], row["length"], row["start"], added), at(row["id"])))
    return {row for row in found if meets(row, window)}


class Keys:
    """What tells an instance: its instant; `loose`: either of its UTC time and its wall-clock time, as if both were of one clock."""

    def __init__(self, case, loose):
        self.zone, self.loose = zone_of(case), loose and case["kind"] in ("zoned", "utc")

    def of(self, wall, form):
        at = instant(wall, self.zone)
        if not self.loose:
            return (at,)
        utc = dt.datetime.fromtimestamp(at, UTC).replace(tzinfo=None)
        return (utc,) if form == "utc" else (utc, wall)


class Steps:
    """EXDATEs as a second list beside the instances, of which each instance moves on by one at most; a date is all of its day.

    The list is begun where a binary search says that DTSTART stands in it.
    """

    def __init__(self, case):
        self.zone, start = UTC if case["kind"] == "floating" else zone_of(case), case["start"]
        self.rows = []
        for row in case["exdates"]:
            dated = row["form"] == "date"
            midnight = row["at"].replace(hour=0, minute=0, second=0)
            new = (instant(midnight, UTC), row["at"].date()) if dated else (instant(row["at"], self.zone), None)
            self.rows.insert(place(self.rows, lambda other: new[0] - other[0]), new)
        del self.rows[:place(self.rows, lambda row: (start.date() - row[1]).days if row[1] else instant(start, self.zone) - row[0])]

    def takes(self, wall):
        if not self.rows:
            return False
        mine, theirs = (wall.date(), self.rows[0][1]) if self.rows[0][1] else (instant(wall, self.zone), self.rows[0][0])
        if mine >= theirs:
            self.rows.pop(0)
        return mine == theirs


def place(rows, compare):
    """Where a binary search ends that stops at the first row it finds equal."""
    low, high, found = 0, len(rows) - 1, 0
    while low <= high:
        middle = (low + high) // 2
        said = compare(rows[middle])
        found = middle + (said > 0)
        if said == 0:
            break
        low, high = (low, middle - 1) if said < 0 else (middle + 1, high)
    return found


def excepted(wall, days, ways, utc):
    """Whether an EXDATE without a time takes an instance out; `utc` is the instant of one that an RDATE in UTC gives."""
    if "exdate-utc-day" in ways and utc is not None:
        return dt.datetime.fromtimestamp(utc, UTC).date() in days
    return wall.date() in days


def times_of(case, rule, times, ways):
    """COUNT and UNTIL: DTSTART is the first and counts as one (RFC 5545 §3.3.10), the last is at or before UNTIL."""
    zone, start = zone_of(case), case["start"]
    found = ([] if "count-from-rule" in ways or "no-dtstart" in ways else [start])
    found += [time for time in times if time > start or (not found and time >= start)]
    if "gap-first" in ways:
        found = [time for time in found if instant(time, zone) >= instant(start, zone)]
    if "month-twice" in ways and "COUNT" in rule and begins_amid(rule, start):
        first = len([time for time in found if (time.year, time.month) == (start.year, start.month)])
        found = found[:max(min(rule["COUNT"], first), rule["COUNT"] - first)]
    found = found[:rule.get("COUNT")]
    if "until-stops" in ways:
        return list(itertools.takewhile(lambda time: "UNTIL" not in rule or within(case, rule, time, ways), found))
    return [time for time in found if "UNTIL" not in rule or within(case, rule, time, ways)]


def begins_amid(rule, start):
    """Whether a monthly rule's BYMONTH has months before that of DTSTART."""
    return rule["FREQ"] == "MONTHLY" and "BYMONTH" in rule and start.month > min(rule["BYMONTH"])


def is_fine(case):
    """Whether a rule is finer than a day."""
    return any(rule["FREQ"] in FINE for rule in case["rules"])


def ends_early(case, rule, ways=frozenset()):
    """Whether a rule ends before DTSTART."""
    return "UNTIL" in rule and not within(case, rule, case["start"], ways)


def within(case, rule, time, ways):
    """Whether a time is at or before UNTIL."""
    form, _, last = rule["UNTIL"]
    zone = zone_of(case)
    if form == "date" and case["kind"] != "date" and "until-midnight" in ways:
        midnight = last.replace(hour=0, minute=0, second=0)
        return instant(time, zone) <= instant(midnight, zone if case["kind"] == "floating" else UTC)
    if case["kind"] == "date" or form == "date":
        return time.date() <= last.date()
    if form == "local" and case["kind"] == "zoned" and "until-as-utc" in ways:
        return instant(time, zone) <= instant(last, UTC)
    if form == "utc":
        return time < last - DAY or instant(time, zone) <= instant(last, zone)
    return time <= last


def folds(wall, zone):
    """Whether the wall clock says a time twice."""
    return wall.replace(tzinfo=zone, fold=0).utcoffset() > wall.replace(tzinfo=zone, fold=1).utcoffset()


def recurs(case):
    return bool(case["rules"] or case["rdates"])


def rdate_time(case, row, ways):
    """The wall-clock time of an RDATE; a date in a series with times means that day's instance."""
    start, zone = case["start"], zone_of(case)
    if row["form"] == "date":
        clock = dt.time() if "rdate-midnight" in ways else start.time()
        return dt.datetime.combine(row["at"].date(), clock)
    return local(instant(row["at"], zone), zone) if row["form"] == "utc" else row["at"]


def shift_of(case, future, ways):
    """How far THISANDFUTURE moves what follows, by the wall clock."""
    if "future-exact" in ways and future["form"] == "utc":
        return dt.timedelta(seconds=instant(future["start"], zone_of(case)) - instant(future["id"], zone_of(case)))
    if "future-utc-id" in ways and future["form"] == "utc" and case["kind"] == "zoned":
        return future["start"] - local(instant(future["id"], zone_of(case)), UTC)
    return future["start"] - future["id"]


def period_length(case, end, ways):
    """A PERIOD's length by the wall clock."""
    return dt.timedelta(seconds=end[1]) if end[0] == "duration" else end[1] - end[2]


def period_end(case, wall, end, ways=frozenset()):
    zone = zone_of(case)
    if "wall-length" in ways or "loose-ids" in ways:
        return instant(wall + period_length(case, end, ways), zone)
    return instant(wall, zone) + end[1] if end[0] == "duration" else instant(end[1], zone)


def longest_span(case):
    """No instance lasts longer, in seconds, but for what the clocks do."""
    spans = [span(case, case["length"], case["start"])] + [span(case, o["length"], o["start"]) for o in case["overrides"]]
    return max(spans + [30 * 3600 for row in case["rdates"] if row["end"]])


def span(case, length, start):
    return ending(case, start, length, start) - instant(start, zone_of(case))


def wall_length(length, first):
    """A length by the wall clock, in seconds."""
    if length is None:
        return 0
    return int((length[1] - first).total_seconds()) if length[0] == "DTEND" else length[1] * 86_400 + length[2]


def ending(case, wall, length, first, ways=frozenset()):
    """RFC 5545 §3.8.5.3: an exact length by DTEND, a nominal one by DURATION; §3.6.1 for neither."""
    zone = zone_of(case)
    begin = instant(wall, zone)
    if length is None:
        return instant(wall + DAY, zone) if case["kind"] == "date" else begin
    if "wall-length" in ways:
        return instant(wall + dt.timedelta(seconds=wall_length(length, first)), zone)
    if length[0] == "DURATION" and "exact-then-wall" in ways:
        return instant(wall + dt.timedelta(seconds=wall_length(length, first)), zone)
    if length[0] == "DURATION":
        return instant(wall + DAY * length[1], zone) + length[2]
    if case["kind"] == "date":
        return instant(wall + (length[1] - first), zone)
    exact = instant(length[1], zone) - instant(first, zone)
    if "gap-end" in ways:
        return begin + exact
    if "exact-then-wall" in ways:
        return instant(wall + dt.timedelta(seconds=exact), zone)
    # An end in the hour after a gap that DTSTART lies in is before it by UTC; the wall clock's length is meant.
    return begin + (exact if exact >= 0 else int((length[1] - first).total_seconds()))


def in_time(work):
    """Runs Python code of others; GaveUp after PATIENCE."""
    def stop(*_):
        raise GaveUp("it took too long")
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def rie_margin(case):
    """How far around the window recurring-ical-events is asked, in seconds.

    Of a rule finer than a day a wide margin has too many instances. A floating time is asked by UTC, so it needs a day; and a PERIOD is found
    by its beginning.
    """
    if not is_fine(case) or any(row["end"] for row in case["rdates"]):
        return MARGIN
    return 86_400 if case["kind"] == "floating" else 600


def rie_reach(case):
    """Where it looks for instances: farther by as much as one is long or moved."""
    parts = [(case["length"], case["start"], 0)]
    parts += [(o["length"], o["start"], int((o["start"] - o["id"]).total_seconds())) for o in case["overrides"] if o["future"]]
    back = max(wall_length(length, start) + max(moved, 0) for length, start, moved in parts)
    forth = max(max(-moved, 0) for _, _, moved in parts)
    return (case["window"][0] - rie_margin(case) - back, case["window"][1] + rie_margin(case) + forth)


def rie(case, text):
    """recurring-ical-events: the whole object."""
    zone, window = zone_of(case), case["window"]
    def moment(value):
        if not isinstance(value, dt.datetime):
            return instant(dt.datetime(value.year, value.month, value.day), zone)
        return instant(value, value.tzinfo or zone)
    def work():
        begin, end = (dt.datetime.fromtimestamp(at, UTC) for at in (window[0] - rie_margin(case), window[1] + rie_margin(case)))
        if case["kind"] in ("floating", "date"):
            begin, end = (at.replace(tzinfo=None) for at in (begin, end))
        calendar = icalendar.Calendar.from_ical(text)
        found = set()
        for event in recurring_ical_events.of(calendar, keep_recurrence_attributes=True).between(begin, end):
            id = event.get("RECURRENCE-ID")
            recurring = case["rules"] or case["rdates"] or case["overrides"]
            row = (moment(event["DTSTART"].dt), moment(event["DTEND"].dt), moment(id.dt) if recurring and id else None)
            found.add(row)
        return {row for row in found if meets(row, window)}
    horizon.MAXYEAR = local(window[1], UTC).year + 2
    try:
        return in_time(work)
    except GaveUp:
        raise
    except Exception as error:
        raise GaveUp(f"{type(error).__name__}: {error}") from error
    finally:
        horizon.MAXYEAR = dt.MAXYEAR


class IcalJs:
    """ical.js in a process of its own, given the offsets of the same zones by table."""

    def __init__(self, script, tables):
        self.process = subprocess.Popen(["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(tables) + "\n")

    def ask(self, case, text):
        zone = {"zoned": case["tzid"], "utc": "UTC"}.get(case["kind"], DEFAULT)
        # No instance is moved farther, and none is longer.
        moved = max([abs(o["start"] - o["id"]) for o in case["overrides"]], default=dt.timedelta(0))
        far = int(moved.total_seconds()) + longest_span(case) + (3_600 if is_fine(case) else 86_400)
        question = {"text": text, "zone": zone, "from": case["window"][0] - far, "last": case["window"][1] + far}
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise GaveUp(answer["error"])
        recurring = case["rules"] or case["rdates"] or case["overrides"]
        rows = {(start, end, id if recurring else None) for start, end, id in answer["rows"]}
        return {row for row in rows if meets(row, case["window"])}

    def close(self):
        self.process.stdin.close()
        self.process.wait()
