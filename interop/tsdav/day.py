"""tsdav's day, and what it alone has: expansion and free-busy through its own calls."""

import os
from datetime import datetime, timedelta, timezone

from device import URL
from library import Program, attempt, check, day


def started(password):
    return Program("node", os.environ["CLIENT"], URL, "anna", password)


def main():
    program, stranger = started("anna-demo"), started("wrong")
    cabin, other = day(program, stranger, "node")
    start = datetime.now(timezone.utc).replace(microsecond=0)
    weeks = {"calendar": cabin, "start": start.isoformat(), "end": (start + timedelta(days=60)).isoformat()}
    expanded = "".join(program.occurrences(**weeks))
    check("expanded by the server, the series comes as occurrences", expanded.count("RECURRENCE-ID") > 4 and "RRULE" not in expanded)
    attempt("free-busy answers periods", lambda: "FREEBUSY" in program.busy(**weeks))
    program.end()
    stranger.end()


main()
