"""The other programs: each answers a case with a set of (start, end, recurrence-id), seconds since 1970, or says why it can't.

`dateutil` puts the wall-clock times of each rule together with zoneinfo and the words of RFC 5545 §3.8.4.4, §3.8.5.1, §3.8.5.2 and
§3.8.5.3; recurring-ical-events (`rie`) and ical.js are asked about whole objects.
"""
import datetime as dt
import json
import signal
import subprocess

import icalendar
import recurring_ical_events

import rules
from generate import DEFAULT, UTC, instant, local, zone_of
from model import is_fine, longest_span, meets, rie_margin, shift_of, with_rules
from rules import bare, horizon

# No answer of another program may cost more than this, in seconds of our own work, however busy the machine is.
PATIENCE = 0.25


class GaveUp(Exception):
    """Another program did not answer in time or not at all."""


def dateutil(case):
    """A case's occurrences: its rules by dateutil, the rest by zoneinfo and the RFC's words."""
    return with_rules(case, lambda rule, start, last: rules.times(bare(rule), start, last))


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
        # No instance is moved farther, by us or by it, and none is longer.
        moves = [shift for o in case["overrides"] for shift in (o["start"] - o["id"], shift_of(case, o, {"future-utc-id"}))]
        moved = max(map(abs, moves), default=dt.timedelta(0))
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
