"""The calendar that is measured: the same events for the same seed and the same first Monday.

As a program, `events.py COUNT MONDAY SEED` writes `spread` events: for each a line with its length, then its octets.
"""

import datetime
import random
import sys

WEEKS = 104
# How many events `spread` has in each 104 weeks.
BLOCK = 1_000

VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""

BERLIN = ";TZID=Europe/Berlin"


def stamp(at):
    return at.strftime("%Y%m%dT%H%M%S")


def event(uid, lines, summary):
    return (f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n{lines}SUMMARY:{summary}\n"
            f"DESCRIPTION:Measured\\, not invented: nobody comes to this one.\nLOCATION:Kabine\nEND:VEVENT\n")


def calendar(*parts):
    return ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//openslot//bench//EN\n" + "".join(parts) + "END:VCALENDAR\n").replace("\n", "\r\n")


def times(start, minutes, zone, suffix=""):
    return f"DTSTART{zone}:{stamp(start)}{suffix}\nDTEND{zone}:{stamp(start + datetime.timedelta(minutes=minutes))}{suffix}\n"


def weekly(uid, start, minutes, rule, summary):
    """Every week, once left out, once moved by an hour."""
    week = datetime.timedelta(weeks=1)
    moved = f"RECURRENCE-ID{BERLIN}:{stamp(start + 3 * week)}\n" + times(start + 3 * week + datetime.timedelta(hours=1), minutes, BERLIN)
    master = times(start, minutes, BERLIN) + f"RRULE:FREQ=WEEKLY{rule}\nEXDATE{BERLIN}:{stamp(start + 2 * week)}\n"
    return calendar(VTIMEZONE, event(uid, master, summary), event(uid, moved, summary + " (moved)"))


def events(count, monday, seed, number=0, endless=True):
    """Pairs of name and octets: half timed in a zone, 30 % UTC, 10 % all day, 10 % weekly, of which one in ten has no end."""
    chance = random.Random(seed)
    first = datetime.datetime.combine(monday, datetime.time()) - datetime.timedelta(weeks=WEEKS // 2)
    for n in range(number, number + count):
        uid = f"bench-{n:06}"
        summary = f"Appointment {n}"
        day = first + datetime.timedelta(days=chance.randrange(WEEKS * 7))
        start = day + datetime.timedelta(minutes=480 + 15 * chance.randrange(40))
        minutes = 15 * chance.randrange(1, 7)
        kind = chance.randrange(100)
        if kind < 50:
            text = calendar(VTIMEZONE, event(uid, times(start, minutes, BERLIN), summary))
        elif kind < 80:
            text = calendar(event(uid, times(start, minutes, "", "Z"), summary))
        elif kind < 90:
            after = day + datetime.timedelta(days=1)
            text = calendar(event(uid, f"DTSTART;VALUE=DATE:{day:%Y%m%d}\nDTEND;VALUE=DATE:{after:%Y%m%d}\n", summary))
        else:
            rule = "" if chance.randrange(10) == 0 and endless else f";COUNT={chance.randrange(5, 30)}"
            text = weekly(uid, start, minutes, rule, summary)
        yield f"{uid}.ics", text.encode()


def spread(count, monday, seed):
    """The same over so many years that the weeks after the Monday hold the same events however many there are: more lie before and after.

    What began before the 104 weeks around the Monday has ended.
    """
    for block in range(count // BLOCK):
        years = (block + 1) // 2 * (1 if block % 2 else -1)
        yield from events(BLOCK, monday + datetime.timedelta(weeks=WEEKS * years), seed + block, block * BLOCK, years >= 0)


def main():
    count, monday, seed = int(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2]), int(sys.argv[3])
    for _, octets in spread(count, monday, seed):
        sys.stdout.buffer.write(b"%d\n" % len(octets) + octets)


if __name__ == "__main__":
    main()
