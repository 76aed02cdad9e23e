"""Random events, each with a window: what the calendar engine and the others are asked.

A case is a dict of plain values, so that a deviation can be told by what it is about; `text` writes it as iCalendar.
Wall-clock times are naive datetimes; a case's zone says what they mean. What the RFCs leave undefined is generated too, and tagged.
"""
import datetime as dt
import itertools
import math
import zoneinfo

from rules import DAYS, bare, rule_text, times

ZONES = [
    "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Africa/Casablanca", "Europe/Dublin", "Europe/Berlin",
    "America/New_York", "Asia/Kathmandu", "Pacific/Apia",
]
DEFAULT = "Europe/Berlin"
FINE = ["SECONDLY", "MINUTELY", "HOURLY"]
UTC = dt.timezone.utc
DAY = dt.timedelta(days=1)
WEEK = 7 * 86_400
# How many instances of a rule are looked at when exceptions and overrides are chosen.
NEAR = 60
# No series begins later, seconds since 1970: 2060.
LAST_START = 90 * 365 * 86_400


# The zone data of the package tzdata, pinned, and never the machine's.
zoneinfo.reset_tzpath(to=())


_transitions = {}
_expanded = {}


def transitions(name, since=0):
    """The instants to 2160 at which a zone's offset changes, seconds since 1970; those that series begin near are after 1970."""
    key = (name, since)
    if key not in _transitions:
        zone, found, step = zoneinfo.ZoneInfo(name), [], 86_400 * 3
        offset = lambda at: dt.datetime.fromtimestamp(at, zone).utcoffset()
        at, end = since, 190 * 365 * 86_400
        while at < end:
            if offset(at) != offset(at + step):
                low, high = at, at + step
                while high - low > 1:
                    middle = (low + high) // 2
                    low, high = (middle, high) if offset(middle) == offset(at) else (low, middle)
                found.append(high)
            at += step
        _transitions[key] = found
    return _transitions[key]


def zone_of(case):
    return UTC if case["kind"] == "utc" else zoneinfo.ZoneInfo(case["tzid"] if case["kind"] == "zoned" else DEFAULT)


def instant(local, zone):
    """Seconds since 1970 of a wall-clock time; in a gap the offset before it, in a fold the first (RFC 5545 §3.3.5)."""
    return int((local.replace(tzinfo=None) - dt.datetime(1970, 1, 1) - local.replace(tzinfo=zone, fold=0).utcoffset()).total_seconds())


def local(at, zone):
    return dt.datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)


def some(rng, values, most=3):
    values = list(values)
    return sorted(rng.sample(values, min(len(values), rng.choice([1, 1, 2, most]))))


def signed(rng, most, usual):
    pool = list(range(1, most + 1)) + list(range(-usual, 0)) * 2
    return sorted(set(rng.sample(pool, rng.choice([1, 1, 2, 3]))))


def random_rule(rng, dated):
    freq = rng.choices(
        ["DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "MINUTELY", "SECONDLY"],
        [4, 5, 5, 5, 0 if dated else 2, 0 if dated else 1, 0 if dated else 0.3],
    )[0]
    rule = {"FREQ": freq}
    if rng.random() < 0.45:
        rule["INTERVAL"] = rng.choice([1, 2, 2, 2, 3, 4, 5, 6, 7, 10, 12, 13, 18, 30] + ([60, 90, 100] if freq[-3:] == "TLY" else []))
    fine = freq in FINE
    ways = []  # BY parts this FREQ may have (RFC 5545 §3.3.10's table)
    ways.append(("BYMONTH", lambda: some(rng, range(1, 13), 4)))
    if freq == "YEARLY":
        ways.append(("BYWEEKNO", lambda: signed(rng, 53, 3)))
    if freq == "YEARLY" or fine:
        ways.append(("BYYEARDAY", lambda: signed(rng, 366, 10)))
    if freq != "WEEKLY":
        ways.append(("BYMONTHDAY", lambda: signed(rng, 31, 5)))
    ways += [("BYDAY", lambda: some(rng, DAYS, 5))] * 2
    if not dated:
        ways.append(("BYHOUR", lambda: some(rng, range(24), 4)))
        ways.append(("BYMINUTE", lambda: some(rng, range(60), 4)))
        if rng.random() < 0.3:
            ways.append(("BYSECOND", lambda: some(rng, range(60), 4)))
    for name, make in rng.sample(ways, rng.choice([0, 0, 1, 1, 1, 2, 2, 3])):
        rule[name] = make()
    if "BYDAY" in rule and freq in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in rule and rng.random() < 0.6:
        most = 5 if freq == "MONTHLY" or "BYMONTH" in rule else 53
        numbers = list(range(1, min(most, 6))) + list(range(-min(most, 5), 0)) + ([20, 52, 53, -53] if most == 53 else [])
        rule["BYDAY"] = [rng.choice(["", rng.choice(numbers), rng.choice(numbers)]) for _ in rule["BYDAY"]]
        rule["BYDAY"] = sorted({f"{n}{rng.choice(DAYS)}" for n in rule["BYDAY"]})
    if rng.random() < 0.15 and any(name.startswith("BY") for name in rule):
        rule["BYSETPOS"] = signed(rng, 8, 3) if rng.random() < 0.8 else signed(rng, 366, 40)
    if rng.random() < 0.3:
        rule["WKST"] = rng.choice(DAYS)
    return rule


def expand(rule, start, count=NEAR):
    """The first instances by the wall clock, by dateutil; for choosing what to except and override, and for UNTIL."""
    # A rule that never matches is looked for no farther than this.
    last = start + DAY * {"SECONDLY": 0.02, "MINUTELY": 2, "HOURLY": 60, "DAILY": 1000}.get(rule["FREQ"], 9_000)
    key = (rule_text(bare(rule)), start)
    if _expanded.get("key") != key:
        _expanded.update(key=key, times=list(itertools.islice(times(bare(rule), start, last), NEAR)))
    return _expanded["times"][:count]


def random_start(rng, kind, tzid):
    if kind == "zoned" and rng.random() < 0.35 and transitions(tzid):
        # Around a change of the clocks: in the gap, in the fold, or the days around it.
        zone, at = zoneinfo.ZoneInfo(tzid), rng.choice([at for at in transitions(tzid) if at < LAST_START])
        around = local(at - 1, zone)
        start = around + dt.timedelta(minutes=rng.choice([0, 1, 15, 29, 30, 31, 45, 59, -15, -29, -30, -45, -59, 60, 61, 90]))
        start += DAY * rng.choice([0, 0, 0, -1, 1, -7, 7, -28, 365, -365])
        return start.replace(second=0)
    year = rng.choice([rng.randint(1972, 2040), rng.randint(2015, 2030), rng.randint(2015, 2030)])
    start = dt.datetime(year, 1, 1) + dt.timedelta(days=rng.randrange(366))
    if rng.random() < 0.08:
        start = dt.datetime(rng.choice([1996, 2016, 2020, 2024]), 2, 29)
    if rng.random() < 0.08:
        start = start.replace(month=rng.choice([1, 3, 5, 7, 8, 10, 12]), day=31)
    if kind == "date":
        return start
    return start.replace(hour=rng.choice([rng.randrange(24), 0, 1, 2, 3, 9, 23]), minute=rng.choice([0, 0, 15, 30, 59]),
                         second=rng.choice([0, 0, 0, 0, 17]))


def random_length(rng, start, kind):
    if kind == "date":
        days = rng.choice([1, 1, 1, 2, 3, 7])
        return rng.choice([None, ("DTEND", start + DAY * days), ("DURATION", days, 0)])
    seconds = rng.choice([0, 900, 1800, 3600, 3600, 5400, 7200, 8 * 3600, 24 * 3600, 30 * 3600, 3 * 86400 + 60])
    if rng.random() < 0.06:
        return None
    if rng.random() < 0.4:
        if rng.random() < 0.4:
            return ("DURATION", rng.choice([1, 1, 2, 7]), rng.choice([0, 0, 3600]))
        return ("DURATION", 0, seconds)
    return ("DTEND", start + dt.timedelta(seconds=seconds))


def until_of(rng, at, start, kind, zone):
    """UNTIL in one of its forms, at or near an instance: (form, text, wall-clock time)."""
    at += rng.choice([dt.timedelta(0), dt.timedelta(0), dt.timedelta(seconds=1), dt.timedelta(seconds=-1), DAY, dt.timedelta(hours=5)])
    if kind == "date":
        return ("date", at.strftime("%Y%m%d"), at.replace(hour=0, minute=0, second=0))
    form = rng.choices(["utc", "local", "date"], [8, 1, 1] if kind != "floating" else [0, 8, 1])[0]
    if form == "utc":
        text = dt.datetime.fromtimestamp(instant(at, zone), UTC).strftime("%Y%m%dT%H%M%SZ")
    else:
        text = at.strftime("%Y%m%d" if form == "date" else "%Y%m%dT%H%M%S")
    return (form, text, at)


def make(rng, number):
    kind = rng.choices(["zoned", "utc", "floating", "date"], [12, 2, 2, 3])[0]
    case = {"number": number, "kind": kind, "tzid": rng.choice(ZONES) if kind == "zoned" else None, "tags": set()}
    zone = zone_of(case)
    start = random_start(rng, kind, case["tzid"])
    rules = [random_rule(rng, kind == "date") for _ in range(rng.choices([0, 1, 2], [1, 20, 1])[0])]
    # The finest first, for what is asked lies near the first one's instances.
    rules.sort(key=lambda rule: FINE.index(rule["FREQ"]) if rule["FREQ"] in FINE else len(FINE))
    for rule in rules:
        # A fine rule that has to look for its first instance hour after hour costs the others too much.
        for name, unit in (("BYHOUR", start.hour), ("BYMINUTE", start.minute), ("BYSECOND", start.second)):
            if rule["FREQ"] in FINE[:2] and name in rule:
                rule[name] = sorted({*rule[name], unit})
        if "BYSETPOS" in rule:
            # So does one whose periods never have so many instances that BYSETPOS could take one.
            most = {"SECONDLY": 1, "MINUTELY": size(rule, "BYSECOND"), "HOURLY": size(rule, "BYMINUTE", "BYSECOND")}.get(rule["FREQ"], 366)
            if min(map(abs, rule["BYSETPOS"])) > most:
                rule["BYSETPOS"] = sorted({*rule["BYSETPOS"], -most})
    if rules and rng.random() < 0.85:
        first = expand(rules[0], start, 1)
        if first:
            start = first[0]
    near = expand(rules[0], start) if rules else []
    for rule in rules:
        if not near or near[0] != start or (rule is not rules[0] and expand(rule, start, 1)[:1] != [start]):
            case["tags"].add("unsynchronised")
        way = rng.random()
        if way < 0.3:
            rule["COUNT"] = rng.choice([1, 2, 3, 5, 8, 10, 20, 50, 100])
        elif way < 0.55 and near:
            rule["UNTIL"] = until_of(rng, rng.choice(near), start, kind, zone)
    case.update(start=start, length=random_length(rng, start, kind), rules=rules, rdates=[], exdates=[], overrides=[])
    near = expand(rules[0], start) if rules else [start]
    if rules and "UNTIL" in rules[0]:
        near = [at for at in near if at <= rules[0]["UNTIL"][2]] or [start]
    near = near or [start]
    pivot = rng.choice([0, 0, rng.randrange(len(near)), len(near) - 1])
    close = near[max(0, pivot - 5):pivot + 6]
    if rng.random() < 0.25:
        case["rdates"] = [random_rdate(rng, case, rng.choice(close), zone) for _ in range(rng.choice([1, 1, 2, 3]))]
    if rng.random() < 0.35 and (rules or case["rdates"]):
        case["exdates"] = [random_exdate(rng, case, rng.choice(close), zone) for _ in range(rng.choice([1, 1, 2, 4]))]
    if rng.random() < 0.4 and (rules or case["rdates"]):
        add_overrides(rng, case, close)
        case["overrides"] = lone(case, zone)
    case["window"] = random_window(rng, case, near, pivot, zone)
    return case


def size(rule, *names):
    """How many times of an instance's period the BY parts make."""
    return math.prod(len(rule.get(name, "1")) for name in names)


def form_of(rng, kind):
    return "utc" if kind == "utc" else rng.choices(["zoned", "utc"], [4, 1])[0] if kind == "zoned" else kind


def random_rdate(rng, case, at, zone):
    kind = case["kind"]
    at += rng.choice([dt.timedelta(0), dt.timedelta(hours=1), dt.timedelta(hours=-3), DAY, DAY * 3, dt.timedelta(minutes=95)])
    if kind == "date":
        return {"form": "date", "at": at.replace(hour=0, minute=0, second=0), "end": None}
    way = rng.random()
    if way < 0.06:
        return {"form": "date", "at": at, "end": None}
    end = None
    if way < 0.3:
        end = rng.choice([("end", at + dt.timedelta(minutes=rng.choice([20, 90, 1500])), at), ("duration", rng.choice([900, 7200, 90000]))])
    form = form_of(rng, kind)
    return {"form": form, "at": at, "end": (*end, form) if end and end[0] == "end" else end}


def random_exdate(rng, case, at, zone):
    kind = case["kind"]
    if rng.random() < 0.15:
        at += rng.choice([DAY, dt.timedelta(hours=1), dt.timedelta(seconds=1)])
    if kind == "date":
        return {"form": "date", "at": at.replace(hour=0, minute=0, second=0)}
    return {"form": "date" if rng.random() < 0.12 else form_of(rng, kind), "at": at}


def add_overrides(rng, case, close):
    excepted = {row["at"] for row in case["exdates"]}
    future = rng.random() < 0.25
    for at in rng.sample(close, min(len(close), rng.choice([1, 1, 2, 3]))):
        if at in excepted or any(row["form"] == "date" and row["at"].date() == at.date() for row in case["exdates"]):
            continue
        outside = rng.random() < 0.1
        if outside:
            at += rng.choice([DAY * 2, dt.timedelta(hours=7)] if case["kind"] != "date" else [DAY * 2, DAY * 5])
        by = rng.choice([dt.timedelta(0), dt.timedelta(minutes=30), dt.timedelta(hours=-2), dt.timedelta(hours=5), DAY, -DAY * 2, DAY * 20])
        if case["kind"] == "date":
            by = DAY * by.days
        elif abs(by) >= DAY and any(rule["FREQ"] in FINE[:2] for rule in case["rules"]):
            by /= 48  # So many days of instances cost the others too much.
        start = at + by
        this_and_future = future and not outside
        future = future and not this_and_future
        if any(o["id"] == at for o in case["overrides"]):
            continue
        case["overrides"].append({
            "id": at, "form": form_of(rng, case["kind"]), "start": start, "future": this_and_future, "outside": outside,
            "length": random_length(rng, start, case["kind"]), "status": rng.choice([None, None, "CANCELLED", "TENTATIVE"]),
        })


def lone(case, zone):
    """The overrides without those of an instant that has another or an EXDATE: the first may not be (RFC 5545 §3.8.4.4), and which wins of the
    second is not said anywhere; the engine's tests have it. A gap or a later time may have brought them there.
    """
    days = {row["at"].date() for row in case["exdates"] if row["form"] == "date"}
    taken, found = {instant(row["at"], zone) for row in case["exdates"]}, []
    for row in case["overrides"]:
        at = instant(row["id"], zone)
        if at not in taken and row["id"].date() not in days:
            taken.add(at)
            found.append(row)
    return found


def random_window(rng, case, near, pivot, zone):
    """[start, end) in seconds since 1970: at a change of the clocks, at DTSTART, near a rule's end, in a later year."""
    length = rng.choice([3600, 86_400, 7 * 86_400, 7 * 86_400, 35 * 86_400, 60 * 86_400, 366 * 86_400])
    finest = min((FINE.index(rule["FREQ"]) for rule in case["rules"] if rule["FREQ"] in FINE), default=3)
    length = min(length, [1800, 86_400, 35 * 86_400, 366 * 86_400][finest])
    way = rng.random()
    if way < 0.3:
        middle = instant(near[pivot], zone)
    elif way < 0.5:
        middle = instant(near[-1], zone)
    elif way < 0.6:
        middle = instant(case["start"], zone)
    elif way < 0.9 and case["kind"] != "utc" and finest >= 2:
        name, length = case["tzid"] or DEFAULT, max(length, WEEK) if finest == 3 else length
        begin, years = instant(case["start"], zone), (4 if finest == 3 else 0.2)
        after = [at for at in transitions(name) if begin - 86_400 < at < begin + years * 366 * 86_400]
        middle = rng.choice(after) if after else begin
    else:
        length = max(length, 5 * WEEK) if finest == 3 else length
        years = [0.0002, 0.004, 0.2, rng.choice([2, 2, 2, 2, 5, 5, 15, 90] if all(r['FREQ'] != 'DAILY' for r in case['rules']) else [1, 2, 4])][finest]
        middle = instant(case["start"], zone) + int(rng.random() * years * 365.25 * 86_400)
    start = middle - rng.choice([0, 0, 1, length // 2, length // 2, length, length // 3])
    return (start, start + length)


# ---- as iCalendar

def stamp(at):
    return at.strftime("%Y%m%dT%H%M%S")


def timed(name, at, form, case):
    """A property with a time in one of its forms."""
    zone = zone_of(case)
    if form == "date":
        return f"{name};VALUE=DATE:{at.strftime('%Y%m%d')}"
    if form == "utc":
        return f"{name}:{stamp(dt.datetime.fromtimestamp(instant(at, zone), UTC))}Z"
    if form == "zoned":
        return f"{name};TZID={case['tzid']}:{stamp(at)}"
    return f"{name}:{stamp(at)}"


def duration_text(days, seconds):
    text = "P" + (f"{days}D" if days else "")
    if seconds or not days:
        text += "T" + (f"{seconds // 3600}H" if seconds >= 3600 else "") + (f"{seconds % 3600 // 60}M" if seconds % 3600 else "")
        text += "0S" if text.endswith("T") else ""
    return text


def length_lines(length, form, case):
    if length is None:
        return []
    if length[0] == "DTEND":
        return [timed("DTEND", length[1], form, case)]
    return [f"DURATION:{duration_text(length[1], length[2])}"]


def text(case):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//openslot//oracle//EN"]
    begin = ["BEGIN:VEVENT", f"UID:case-{case['number']}", "DTSTAMP:20260101T000000Z"]
    kind = case["kind"]
    lines += begin + [timed("DTSTART", case["start"], kind, case)] + length_lines(case["length"], kind, case)
    lines += [f"RRULE:{rule_text(rule)}" for rule in case["rules"]]
    for row in case["rdates"]:
        if row["end"] is None:
            lines.append(timed("RDATE", row["at"], row["form"], case))
            continue
        name, value = timed("RDATE", row["at"], row["form"], case).split(":", 1)
        if row["end"][0] == "end":
            end = timed("RDATE", row["end"][1], row["form"], case).split(":", 1)[1]
        else:
            end = duration_text(0, row["end"][1])
        lines.append(f"{name.replace('RDATE', 'RDATE;VALUE=PERIOD')}:{value}/{end}")
    lines += [timed("EXDATE", row["at"], row["form"], case) for row in case["exdates"]]
    lines.append("END:VEVENT")
    for row in case["overrides"]:
        name = "RECURRENCE-ID;RANGE=THISANDFUTURE" if row["future"] else "RECURRENCE-ID"
        lines += begin + [timed(name, row["id"], row["form"], case), timed("DTSTART", row["start"], kind, case)]
        lines += length_lines(row["length"], kind, case)
        lines += [f"STATUS:{row['status']}"] if row["status"] else []
        lines.append("END:VEVENT")
    return "\r\n".join(lines + ["END:VCALENDAR", ""])
