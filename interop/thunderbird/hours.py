"""Opening hours in Thunderbird: one Tuesday of the branch's week is dragged with the mouse, and the booking page follows.

Only somebody whom the practice lets change hours can: ben. Not for: what hours mean (the server's own tests).
"""

from datetime import timedelta

from device import Device
from people import check, wait_for

HOURS = "/dav/calendars/ben/location.stuttgart.hours/"
LATER = timedelta(hours=2)
WEEKS = 6


def times(customer, day):
    """The times of day that the booking page offers on a day, at one load."""
    return [start[11:16] for start in customer.free(since=day.isoformat()) if start.startswith(day.isoformat())]


def whole(customer, day):
    """Whether a day is open as the file says, with nothing in the way: no holiday, no appointment."""
    offered = times(customer, day)
    return offered[:1] == ["09:00"] and offered[-1:] == ["17:30"] and len(offered) == 18


def drag(thunderbird, day):
    """The box of a day in the week that is shown: pressed, moved down as many pixels as two hours have, let go."""
    points = thunderbird.run("""
        const view = main().currentView();
        // The others are hidden, as by unticking them in the list: the box is then as wide as its day.
        for (const one of cal.manager.getCalendars()) one.setProperty("calendar-main-in-composite", one == named(args[0]));
        const box = await find(() => [...view.querySelectorAll("calendar-event-box")]
          .find(one => one.occurrence?.startDate.icalString.startsWith(args[1]) && one.occurrence.calendar == named(args[0]) && one.clientHeight));
        await pause(500);
        const area = box.getBoundingClientRect();
        const x = Math.round(area.left + area.width / 2), y = Math.round(area.top + 120);
        return { x, y, down: Math.round(args[2] * box.parentColumn.pixelsPerMinute) };
    """, "/ben/location.stuttgart.hours/", day.strftime("%Y%m%d"), LATER.seconds // 60)
    print("#", points, flush=True)
    x, y, down = points["x"], points["y"], points["down"]
    move = lambda at: {"type": "pointerMove", "x": x, "y": at, "origin": "viewport", "duration": 100}
    steps = [move(y), {"type": "pointerDown", "button": 0}, move(y + 10), move(y + down // 2), move(y + down), {"type": "pointerUp", "button": 0}]
    pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}
    thunderbird.call("WebDriver:PerformActions", {"actions": [pointer]})
    thunderbird.call("WebDriver:ReleaseActions", {})


def dragging(thunderbird, customer, show, monday):
    """One Tuesday, two hours later than usual."""
    tuesdays = [monday + timedelta(days=1 + 7 * week) for week in range(1, WEEKS)]
    day, after = next((one, one + timedelta(days=7)) for one in tuesdays if whole(customer, one) and whole(customer, one + timedelta(days=7)))
    show(thunderbird, day, "hours")
    drag(thunderbird, day)
    ben = Device("ben")
    moved = lambda: [lines for lines in ben.listed(HOURS).values() if any(line.startswith("RECURRENCE-ID") and day.strftime("%Y%m%d") in line for line in lines)]
    check("a Tuesday of the opening hours, dragged, goes to the server as an exception", wait_for(moved))
    show(thunderbird, day, "hours-dragged")
    offered = times(customer, day)
    check("the booking page follows at its next load: closed before, open after", offered[:1] == ["11:00"] and offered[-1:] == ["19:30"])
    check("the next Tuesday is as it was", whole(customer, after))
    thunderbird.run('for (const one of cal.manager.getCalendars()) one.setProperty("calendar-main-in-composite", true);')
