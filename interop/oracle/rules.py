"""The wall-clock times of a rule, by python-dateutil: as it reads the rule itself, and told such that it reads it as RFC 5545 means it."""
import datetime as dt
import itertools

from dateutil import rrule as dateutil_rrule

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class Horizon:
    """The module datetime as dateutil sees it, ending earlier: dateutil looks for an instance up to MAXYEAR, however long that takes."""

    MAXYEAR = dt.MAXYEAR

    def __getattr__(self, name):
        return getattr(dt, name)


horizon = dateutil_rrule.datetime = Horizon()


def rule_text(rule):
    parts = []
    for name, value in rule.items():
        if name == "UNTIL":
            value = value[1]
        parts.append(f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}")
    return ";".join(parts)


def bare(rule):
    return {name: value for name, value in rule.items() if name not in ("COUNT", "UNTIL")}


def raw_times(rule, start, last):
    """The times of a rule without COUNT and UNTIL up to `last`, as dateutil reads it."""
    horizon.MAXYEAR = last.year + 1
    try:
        yield from itertools.takewhile(lambda at: at <= last, dateutil_rrule.rrulestr(rule_text(rule), dtstart=start))
    except ValueError:
        return  # "Invalid combination of interval and byhour": it never happens
    finally:
        horizon.MAXYEAR = dt.MAXYEAR


def times(rule, start, last):
    """The times of a rule without COUNT and UNTIL up to `last`, by RFC 5545 §3.3.10."""
    said = understood(rule, start)
    begin = start - dt.timedelta((start.weekday() - DAYS.index(rule.get("WKST", "MO"))) % 7) if partial_week(rule) else start
    return (at for at in raw_times(said, begin, last) if at >= start)


def partial_week(rule):
    """Whether the place of DTSTART in its week matters: dateutil's first week begins there, not at WKST.

    §3.3.10 of BYSETPOS: "A set of recurrence instances starts at the beginning of the interval".
    """
    return rule["FREQ"] == "WEEKLY" and "BYSETPOS" in rule


def understood(rule, start):
    """A rule in words that dateutil understands as RFC 5545 §3.3.10 means them; nothing else about it is changed.

    BYWEEKNO alone gives dateutil all seven days; "information not contained in the rule" is to come from DTSTART, so its weekday is said.
    BYDAY=MO,2TU is for dateutil both at once, and never; each element is to add days, so MO is said as 1MO,2MO,…
    """
    rule, freq = dict(rule), rule["FREQ"]
    if freq == "YEARLY" and "BYWEEKNO" in rule and not {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & rule.keys():
        rule["BYDAY"] = [DAYS[start.weekday()]]
    if partial_week(rule) and "BYDAY" not in rule:
        rule["BYDAY"] = [DAYS[start.weekday()]]
    days = rule.get("BYDAY", [])
    if len({len(day) > 2 for day in days}) == 2:
        most = 5 if freq == "MONTHLY" or "BYMONTH" in rule else 53
        rule["BYDAY"] = [said for day in days for said in ([day] if len(day) > 2 else [f"{n}{day}" for n in range(1, most + 1)])]
    return rule


def read_otherwise(rule, start):
    """Whether dateutil by itself may read a rule otherwise."""
    return partial_week(rule) or understood(rule, start) != rule
