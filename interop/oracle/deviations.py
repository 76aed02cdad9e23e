"""How other programs read the RFCs otherwise, each as a prediction: what the whole answer is if the program does just that.

A difference is explained only where the answer equals the prediction for some of the ways below, occurrence by occurrence.
"""
import datetime as dt
import itertools

from generate import instant, local, zone_of
from model import begins_amid, ends_early, folds, with_rules
from rules import DAYS, bare, raw_times, read_otherwise, times

WAYS = {
    "wall-length": "lengths are added by the wall clock; RFC 5545 §3.8.5.3: by DTEND \"the same exact duration\", §3.3.6: hours are exact",
    "exact-then-wall": "the exact length of DTEND is added by the wall clock; RFC 5545 §3.8.5.3: \"the same exact duration\"",
    "future-id": "what follows a THISANDFUTURE has its RECURRENCE-ID; RFC 5545 §3.8.4.4: the original start of that instance",
    "future-utc-id": "a RECURRENCE-ID in UTC with THISANDFUTURE is read by the wall clock; RFC 5545 §3.3.5, form 2",
    "future-exact": "THISANDFUTURE with a RECURRENCE-ID in UTC moves by exact time; RFC 5545 §3.2.13: by the clock that the series runs by, for us",
    "rdate-midnight": "an RDATE without a time is midnight; undefined, §3.8.5.2 has all of one type: we take DTSTART's time",
    "until-midnight": "UNTIL without a time ends at midnight; undefined, §3.3.10 wants one type: the day's instances are meant",
    "until-as-utc": "UNTIL in local time is UTC; §3.3.10 forbids it: the wall clock's time is meant",
    "until-first": "no DTSTART where the last UNTIL lies before it, whatever rules have none; RFC 5545 §3.8.5.3: it \"defines the first instance\", §3.3.10: UNTIL \"bounds the recurrence rule\"",
    "month-twice": "a monthly rule's BYMONTH counts the month of DTSTART twice unless it is the first of them; RFC 5545 §3.3.10, COUNT",
    "count-from-rule": "COUNT does not count a DTSTART that the rule leaves out; RFC 5545 §3.3.10: it \"always counts as the first\"",
    "no-dtstart": "a DTSTART that the rule leaves out is none; RFC 5545 §3.8.5.3: it \"defines the first instance\", else undefined",
    "outside-unseen": "an override outside the rule is not shown; RFC 4791 §9.6.6 has it in the set of overridden instances",
    "exdate-in-step": "each instance passes one EXDATE at most, and a date means one instance; RFC 5545 §3.8.5.1: each excludes its own",
    "exdate-utc-day": "of an RDATE in UTC an EXDATE without a time means the day in UTC; undefined: we take the day in DTSTART's zone",
    "loose-ids": "times that read the same are one instance, in UTC, by the wall clock, or a date as its midnight; RFC 5545 §3.3.5: form 2 and form 3 are not",
    "period-stays": "an RDATE's PERIOD keeps its length after THISANDFUTURE; RFC 5545 §3.2.13: all that follow get \"this same duration\"",
    "utc-rdate-clock": "of an RDATE in UTC days and shifts are counted in UTC; RFC 5545 §3.8.5.3: as nominal as in DTSTART's zone",
    "period-last": "of two PERIODs at one time the last counts; undefined (RFC 5545 §3.8.5.3: \"duplicate instances are ignored\"): the first, for us",
    "gap-twice": "what a gap shifts onto the next instance is another one; §3.3.5 shifts it, two at one instant are one for us",
    "until-stops": "a rule ends at its first time past UNTIL; §3.3.10: UNTIL \"bounds\", and what a gap shifts is later than what follows it",
    "gap-first": "what a rule has before the time that a DTSTART in a gap is shifted to is left out; §3.8.5.3: a series runs by local time, in which it follows",
    "gap-end": "an end in the hour after a gap is before a start in it; RFC 5545 §3.8.2.2: it \"MUST be later\", by the clock that both are written in",
    "wall-ids": "what a gap shifts onto the next instance is another one, not overridden with it; RFC 5545 §3.8.5.3: duplicates are ignored",
    "fold-twice": "an RDATE in UTC is another instance than the rule's in a fold (Python's PEP 495); RFC 5545 §3.3.5: a local time there is the first",
    "january": "dateutil takes the first days of January for week 53, or not, by the length of the wrong year; ISO 8601, §3.3.10",
    "raw-rule": "dateutil's BYWEEKNO without BYDAY is all seven days, its BYDAY=MO,2TU is empty, BYSETPOS's first week begins at DTSTART; §3.3.10 (see `rules`)",
}

# What each program is known to do. Order matters for speed alone: the smallest set that predicts the answer is named.
OF = {
    "recurring-ical-events": [
        "wall-length", "future-id", "future-exact", "rdate-midnight", "until-midnight", "until-as-utc", "until-first", "exdate-utc-day", "count-from-rule", "raw-rule",
        "loose-ids", "period-stays", "utc-rdate-clock", "gap-twice", "gap-end", "fold-twice", "until-stops", "period-last",
    ],
    "ical.js": [
        "wall-length", "exact-then-wall", "until-first", "no-dtstart", "month-twice", "outside-unseen", "future-utc-id",
        "exdate-in-step", "gap-first", "gap-end", "wall-ids", "until-midnight", "until-as-utc", "count-from-rule",
    ],
}


def matters(way, case):
    """Whether a way can change anything about a case at all."""
    rules, kind = case["rules"], case["kind"]
    until = [rule["UNTIL"][0] for rule in rules if "UNTIL" in rule]
    return {
        "wall-length": kind not in ("utc", "date"),
        "exact-then-wall": kind not in ("utc", "date"),
        "future-id": any(o["future"] for o in case["overrides"]),
        "future-exact": any(o["future"] and o["form"] == "utc" for o in case["overrides"]),
        "future-utc-id": any(o["future"] and o["form"] == "utc" for o in case["overrides"]),
        "rdate-midnight": kind != "date" and any(row["form"] == "date" for row in case["rdates"]),
        "until-midnight": kind != "date" and "date" in until,
        "until-as-utc": kind == "zoned" and "local" in until,
        "until-first": any(ends_early(case, rule) or ends_early(case, rule, {"until-midnight", "until-as-utc"}) for rule in rules),
        "month-twice": any(begins_amid(rule, case["start"]) and "COUNT" in rule for rule in rules),
        "exdate-utc-day": any(row["form"] == "date" for row in case["exdates"]) and any(row["form"] == "utc" for row in case["rdates"]),
        "count-from-rule": any("COUNT" in rule for rule in rules),
        "exdate-in-step": bool(case["exdates"]),
        "loose-ids": kind == "zoned" and bool(case["rdates"] or case["exdates"] or case["overrides"]),
        "gap-twice": kind not in ("utc", "date"),
        "period-last": sum(bool(row["end"]) for row in case["rdates"]) > 1,
        "until-stops": kind == "zoned" and bool(until),
        "gap-first": in_gap(case["start"], zone_of(case)),
        "gap-end": any(in_gap(row["start"], zone_of(case)) for row in [case, *case["overrides"]]),
        "wall-ids": kind not in ("utc", "date"),
        "fold-twice": any(row["form"] == "utc" and folds(local(instant(row["at"], zone_of(case)), zone_of(case)), zone_of(case)) for row in case["rdates"]),
        "utc-rdate-clock": kind == "zoned" and any(row["form"] == "utc" for row in case["rdates"]),
        "period-stays": any(row["end"] for row in case["rdates"]) and any(o["future"] for o in case["overrides"]),
        "no-dtstart": bool(rules or case["rdates"]),
        "outside-unseen": bool(case["overrides"]),
        "raw-rule": any(read_otherwise(bare(rule), case["start"]) for rule in rules),
    }[way]


def week(day, first):
    """The number of a day's week that begins on the weekday `first`; a week is its fourth day's (RFC 5545 §3.3.10, ISO 8601)."""
    fourth = day - dt.timedelta(days=(day.weekday() - first) % 7 - 3)
    return (fourth.timetuple().tm_yday - 1) // 7 + 1


def january(case, ours, theirs):
    """Whether dateutil differs only as it takes the first days of January for week 53, or not, by the length of the wrong year.

    Each day that is told otherwise must lie in January's first week and be told rightly by us: it is in a week of BYWEEKNO, or not.
    """
    rules = [rule for rule in case["rules"] if {52, 53} & {abs(number) for number in rule.get("BYWEEKNO", [])}]
    if len(rules) != 1 or len(case["rules"]) != 1 or "BYSETPOS" in rules[0] or "COUNT" in rules[0] or case["overrides"]:
        return False
    first, numbers = DAYS.index(rules[0].get("WKST", "MO")), rules[0]["BYWEEKNO"]
    for row in ours ^ theirs:
        day = local(row[2], zone_of(case)).date()
        if day.month != 1 or day.day > 6 or (week(day, first) in numbers) != (row in ours):
            return False
    return True


def explained(program, case, ours, theirs):
    """The ways that predict an answer, or None."""
    if program == "python-dateutil":
        return ("january",) if january(case, ours, theirs) else None
    ways = [way for way in OF[program] if matters(way, case)]
    known = {}

    def times_by(reading):
        def of(rule, start, last):
            key = (reading, id(rule), last)
            if key not in known:
                known[key] = list(reading(bare(rule), start, last))
            return known[key]
        return of

    for size in range(1, 7):
        for some in itertools.combinations(ways, size):
            if with_rules(case, times_by(raw_times if "raw-rule" in some else times), frozenset(some)) == theirs:
                return some
    return None


def in_gap(wall, zone):
    return local(instant(wall, zone), zone) != wall


TIMES = {"BYHOUR", "BYMINUTE", "BYSECOND"}


def ical_js_is_asked(case):
    """None, or why ical.js is not asked: parts of RFC 5545 §3.3.10's table that it has not got."""
    if any(row["end"] for row in case["rdates"]):
        return "an RDATE with a PERIOD ends in an error"
    if case["kind"] != "date" and any(row["form"] == "date" for row in case["rdates"]):
        return "an RDATE without a time becomes a whole day"
    if case["kind"] == "zoned" and any(row["form"] == "utc" for row in case["rdates"]):
        return "an RDATE in UTC is no instance that EXDATE, an override or the rule could mean"
    if case["rdates"] and case["exdates"]:
        return "an RDATE of an instance is a second one, of which EXDATE takes out one"
    if len(case["rules"]) > 1 and case["exdates"]:
        return "of several RRULEs each has an instance of its own, of which EXDATE takes out one"
    if any(o["future"] for o in case["overrides"]) and in_gap(case["start"], zone_of(case)):
        return "THISANDFUTURE is applied by the wall clock to a DTSTART in a gap"
    if len(case["rules"]) > 1 and any({"COUNT", "UNTIL"} & rule.keys() for rule in case["rules"]):
        return "of several RRULEs the others end with the first that ends"
    for rule in case["rules"]:
        freq, by = rule["FREQ"], {name for name in rule if name.startswith("BY")}
        if by & {"BYWEEKNO", "BYYEARDAY"}:
            return "BYWEEKNO and BYYEARDAY are refused or read as months"
        if "BYSETPOS" in by:
            return "BYSETPOS is for single days of a month only"
        if freq in ("HOURLY", "MINUTELY", "SECONDLY") and by:
            return "BY parts don't limit rules finer than a day"
        if freq == "YEARLY" and by & TIMES:
            return "BYHOUR, BYMINUTE and BYSECOND don't expand a yearly rule"
        if freq == "MONTHLY" and by & TIMES:
            return "BYHOUR, BYMINUTE and BYSECOND of a monthly rule fall on the first of the month too"
        if by & TIMES and "unsynchronised" in case["tags"]:
            return "BYHOUR, BYMINUTE and BYSECOND make a first match of any DTSTART"
        if begins_amid(rule, case["start"]) and case["exdates"]:
            return "BYMONTH of a monthly rule has DTSTART's month twice, of which EXDATE takes out one"
        if freq == "MONTHLY" and "BYMONTH" in by and ("unsynchronised" in case["tags"] or "INTERVAL" in rule):
            return "BYMONTH moves a monthly rule off its INTERVAL and its DTSTART"
        if freq == "MONTHLY" and "BYMONTH" in by and any(day[:-2] in ("5", "-5") for day in rule.get("BYDAY", [])):
            return "a fifth weekday that a month lacks passes over months of BYMONTH"
        if freq == "YEARLY" and case["start"].day > 28 and (case["start"].month == 2 or "BYMONTH" in by) and not by & {"BYDAY", "BYMONTHDAY"}:
            return "a day that a month lacks is not left out but moved to the next month"
        if freq == "YEARLY" and "BYMONTHDAY" in by and any(not 0 < day < 29 for day in rule["BYMONTHDAY"]):
            return "BYMONTHDAY of a yearly rule is counted by the length of another month"
        if freq == "YEARLY" and "BYMONTHDAY" in by and "BYMONTH" not in by:
            return "BYMONTHDAY alone in a yearly rule is for DTSTART's month at times"
        if freq == "YEARLY" and "BYMONTH" not in by and any(len(day) > 2 for day in rule.get("BYDAY", [])):
            return "BYDAY does not count to 53 in a year"
        if freq in ("DAILY", "WEEKLY") and "BYMONTH" in by or {"BYDAY", "BYMONTHDAY"} <= by or freq == "DAILY" and "BYMONTHDAY" in by:
            return "two BY parts about days don't limit each other"
    return None
