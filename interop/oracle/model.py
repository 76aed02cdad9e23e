"""A case's occurrences by the words of RFC 5545 §3.2.13, §3.3.5, §3.8.4.4, §3.8.5.1, §3.8.5.2 and §3.8.5.3, around the times of its rules.

The same with `ways`: as a program has them that reads the RFCs in these ways; `deviations` has their names.
"""
import datetime as dt
import itertools

from generate import DAY, FINE, UTC, instant, local, zone_of

# How far around the window recurring-ical-events is asked, in seconds.
MARGIN = 4 * 86_400


def meets(row, window):
    """RFC 4791 §9.9's table for VEVENT; an event without length is met at its start."""
    start, end = row[0], row[1]
    return window[0] <= start < window[1] if start == end else start < window[1] and end > window[0]


def with_rules(case, times, ways=frozenset()):
    """A case's occurrences, its rules' wall-clock times given by `times(rule, start, last)`; `ways` as in `deviations`."""
    return {row for row in Model(case, times, ways).rows() if meets(row, case["window"])}


class Model:
    """All that a case says, put together."""

    def __init__(self, case, times, ways):
        self.case, self.times, self.ways, self.zone, self.start = case, times, ways, zone_of(case), case["start"]
        self.loose = "loose-ids" in ways
        self.keys = keys = Keys(case, self.loose)
        self.out = {key for row in case["exdates"] if row["form"] != "date" for key in keys.of(row["at"], row["form"])}
        self.days = {row["at"].date() for row in case["exdates"] if row["form"] == "date"}
        # Of two at one time the first counts.
        self.overrides = {key: row for row in reversed(case["overrides"]) for key in keys.of(row["id"], row["form"])}
        self.periods = {key: row["end"] for row in case["rdates"] if row["end"] for key in keys.of(row["at"], row["form"])}
        self.futures = sorted(((self.at(row["id"]), row) for row in case["overrides"] if row["future"]), key=lambda future: future[0])
        self.steps = Steps(case) if "exdate-in-step" in ways else None
        self.reach, self.shown = rie_reach(case), []
        if self.loose:
            self.out |= {dt.datetime.combine(day, dt.time()) for day in self.days}
        # RDATEs by their wall-clock time, each with the PERIOD's end that it may have; those whose first is in UTC; and those that are instances
        # of their own.
        self.dates, self.utc, self.apart = {}, set(), []
        for row in case["rdates"]:
            time = rdate_time(case, row, ways)
            if row["form"] == "utc" and time not in self.dates:
                self.utc.add(time)
            if "fold-twice" in ways and row["form"] == "utc" and folds(time, self.zone):
                self.apart.append((time, row["end"]))
            elif self.dates.get(time) is None or "period-last" in ways and row["end"]:
                self.dates[time] = row["end"]

    def at(self, wall):
        return instant(wall, self.zone)

    def rows(self):
        found, given = set(), set()
        for wall, end, utc in self.instances():
            mark = wall if {"gap-twice", "wall-ids"} & self.ways else self.at(wall)
            if mark in given:
                continue
            stays = self.stays(wall, utc)
            if stays:
                found.add(self.row_of(wall, end, utc))
            # Of two at one time the other may stay where their names are not the same.
            if stays or not self.loose:
                given.add(mark)
        return found | self.rows_apart() | self.override_rows()

    def instances(self):
        """Every instance near the window as (its wall-clock time, the PERIOD's end that an RDATE brings, whether it is in UTC), RDATEs first."""
        case, ways = self.case, self.ways
        # How far from the window an instance may lie that matters: one that is moved, or that shows an override.
        matter = [o for o in case["overrides"] if o["future"] or {"outside-unseen", "loose-ids"} & ways]
        shift = max([abs(o["start"] - o["id"]) + DAY for o in matter], default=dt.timedelta(0))
        early = local(case["window"][0], self.zone) - dt.timedelta(seconds=longest_span(case)) - shift - 2 * DAY
        last = local(case["window"][1], self.zone) + shift + dt.timedelta(hours=3)
        if self.steps:
            early = self.start
        found = set()
        for rule in case["rules"]:
            times = times_of(case, rule, list(self.times(rule, self.start, last)), ways)
            found.update(time for time in times if time >= early)
        bounded = [rule for rule in case["rules"] if "UNTIL" in rule]
        over = "until-first" in ways and bool(bounded) and all(ends_early(case, rule, ways) for rule in bounded)
        if "no-dtstart" not in ways and not over or not recurs(case):
            found.add(self.start)
        dates = [(wall, end, wall in self.utc) for wall, end in sorted(self.dates.items(), key=lambda item: item[0])]
        others = [(wall, None, False) for wall in sorted(found)]
        # EXDATEs in step go by the clock alone.
        return sorted(dates + others, key=lambda item: item[0]) if self.steps else dates + others

    def stays(self, wall, utc):
        """Whether neither EXDATE nor an override takes an instance out."""
        id, mine = self.at(wall), self.names(wall, utc)
        known = next((self.overrides[key] for key in reversed(mine) if key in self.overrides), None)
        if known and "wall-ids" in self.ways and wall != (local(id, self.zone) if known["form"] == "utc" else known["id"]):
            known = None
        if known and self.out.isdisjoint(mine) and ("loose-ids" not in self.ways or self.reach[0] <= id <= self.reach[1]):
            self.shown.append(known)
        if self.steps:
            return not self.steps.takes(wall) and not known
        return self.out.isdisjoint(mine) and not excepted(wall, self.days, self.ways, id if utc else None) and not known

    def names(self, wall, utc):
        """What an instance is known by; `utc` is one that an RDATE in UTC gives."""
        return self.keys.of(wall, "utc" if utc else self.case["kind"])

    def row_of(self, wall, end, utc):
        case, ways, id = self.case, self.ways, self.at(wall)
        if "loose-ids" in ways:
            end = next((self.periods[key] for key in reversed(self.names(wall, utc)) if key in self.periods), end)
        since, future = max((future for future in self.futures if future[0] <= id), key=lambda future: future[0], default=(None, None))
        if future:
            moved = wall + shift_of(case, future, ways)
            if "utc-rdate-clock" in ways and utc:
                length = period_length(case, end).total_seconds() if end else wall_length(future["length"], future["start"])
                begin = id + int(shift_of(case, future, ways).total_seconds())
                return (begin, begin + int(length), since if "future-id" in ways else id)
            last = ending(case, moved, future["length"], future["start"], ways)
            if end and "period-stays" in ways:
                last = self.at(moved + period_length(case, end))
            return (self.at(moved), last, since if "future-id" in ways else id)
        if end:
            return (id, period_end(case, wall, end, utc, ways), id)
        if "utc-rdate-clock" in ways and utc:
            return (id, id + wall_length(case["length"], self.start), id)
        return (id, ending(case, wall, case["length"], self.start, ways), id if recurs(case) or case["overrides"] else None)

    def rows_apart(self):
        """The RDATEs that are instances of their own."""
        found = set()
        for wall, end in self.apart:
            mine, id = self.keys.of(wall, "utc"), self.at(wall)
            length = period_length(self.case, end).total_seconds() if end else wall_length(self.case["length"], self.start)
            if self.out.isdisjoint(mine) and not any(key in self.overrides for key in mine):
                found.add((id, id + int(length), id))
        return found

    def override_rows(self):
        found = set()
        for row in self.case["overrides"]:
            known = self.keys.of(row["id"], row["form"])
            lost = not self.out.isdisjoint(known) and row not in self.shown or all(self.overrides[key] is not row for key in known)
            if "loose-ids" in self.ways and lost or "outside-unseen" in self.ways and row not in self.shown:
                continue
            # The override itself is written out, nothing is added to its DTSTART but a DURATION.
            added = self.ways if row["length"] and row["length"][0] == "DURATION" else self.ways & {"gap-end"}
            found.add((self.at(row["start"]), ending(self.case, row["start"], row["length"], row["start"], added), self.at(row["id"])))
        return found


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
    if "until-first" in ways and start not in times:
        found = [time for time in found if time != start]
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
    if future["form"] == "utc":
        return future["start"] - local(instant(future["id"], zone_of(case)), zone_of(case))
    return future["start"] - future["id"]


def period_length(case, end):
    """A PERIOD's length by the clock that it is written in."""
    if end[0] == "duration":
        return dt.timedelta(seconds=end[1])
    _, last, first, form = end
    exact = instant(last, zone_of(case)) - instant(first, zone_of(case))
    return dt.timedelta(seconds=exact) if form == "utc" else last - first


def period_end(case, wall, end, utc, ways):
    """When the instance of a PERIOD ends; `utc` is one that is in UTC."""
    zone = zone_of(case)
    if ways & {"wall-length", "loose-ids", "utc-rdate-clock"}:
        length = period_length(case, end)
        return instant(wall, zone) + int(length.total_seconds()) if utc else instant(wall + length, zone)
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


def rie_margin(case):
    """How far around the window recurring-ical-events is asked, in seconds.

    Of a rule finer than a day a wide margin has too many instances. A floating time is asked by UTC, so it needs a day; a PERIOD is found by
    its beginning; and it stops at the first time past the end, which may be one that a gap has shifted.
    """
    if not is_fine(case) or any(row["end"] for row in case["rdates"]):
        return MARGIN
    return 86_400 if case["kind"] == "floating" else 4_200


def rie_reach(case):
    """Where it looks for instances: farther by as much as one is long or moved."""
    parts = [(case["length"], case["start"], 0)]
    parts += [(o["length"], o["start"], int((o["start"] - o["id"]).total_seconds())) for o in case["overrides"] if o["future"]]
    back = max(wall_length(length, start) + max(moved, 0) for length, start, moved in parts)
    forth = max(max(-moved, 0) for _, _, moved in parts)
    return (case["window"][0] - rie_margin(case) - back, case["window"][1] + rie_margin(case) + forth)
