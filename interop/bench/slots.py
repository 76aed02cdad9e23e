"""How fast the booking page is: many events, many resources, many visitors. See README.md."""

import argparse
import concurrent.futures
import datetime
import re
import shutil
import time

import events
import server as machine
from client import Client
from measure import Meter, Request
from visitors import Crowd, visit

# The one who loads calendars sees them all; the one who GETs an event sees one.
LOADER = "ben"
FIVE, EVENTS = 5, 10_000
MANY, OF_EACH = 1_000, 20
BOOKERS, VISITORS = 50, 1_000
# How long a visitor and a booker look at a page before the next, in seconds.
LOOK, FILL_IN = 3, 4


class Practice(machine.Openslot):
    """`where` says how many rooms each location has, beside those for bookings and for one calendar with ten events."""

    def __init__(self, where):
        self.where = where
        super().__init__([10])
        self.ask("user", "passwd", LOADER, "--stdin", said=machine.PASSWORD)

    def practice(self, sizes):
        text = super().practice(sizes)
        text += "".join(machine.LOCATION.format(name, 'mon-fri = "08:00-18:00"') for name in self.where)
        rooms = [(f"{name}-{n}", name) for name, count in self.where.items() for n in range(count)]
        text += "".join(machine.ROOM.format(*room) for room in rooms)
        text += '[[service]]\nid = "weeks"\nname = "Weeks"\nminutes = 30\nhorizon_days = 42\n'
        text += '[[service]]\nid = "year"\nname = "Year"\nminutes = 30\nhorizon_days = 365\n'
        return text + f'[[staff]]\nlogin = "{LOADER}"\nname = "Ben"\nrole = "admin"\n'

    def fill(self, calendars):
        """Loads events into calendars over eight connections: pairs of a calendar's name and its objects."""
        def share(part):
            client = Client(self.port, LOADER, machine.PASSWORD)
            for room, objects in part:
                for name, octets in objects:
                    self.put(client, f"/dav/calendars/{LOADER}/{room}/{name}", octets)
            client.close()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(share, [calendars[n::8] for n in range(8)]))


def away(monday, months):
    """A weekly absence on every working day until so many months are over."""
    start = datetime.datetime.combine(monday, datetime.time(0))
    until = events.stamp(start + datetime.timedelta(days=30 * months)) + "Z"
    lines = events.times(start, 24 * 60, events.BERLIN) + f"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL={until}\n"
    return [("away.ics", events.calendar(events.VTIMEZONE, events.event("away", lines, "Away")).encode())]


class Bench:
    def __init__(self, options):
        self.options, self.meter = options, Meter(options.seconds)
        today = datetime.date.today()
        self.monday = today - datetime.timedelta(days=today.weekday())
        self.server = self.get = None

    def load(self, calendars):
        self.server.load(10, self.some(10, 1))
        begun = time.perf_counter()
        self.server.fill(calendars)
        count = sum(len(objects) for _, objects in calendars)
        print(f"   ({count} events in {len(calendars)} calendars, loaded in {time.perf_counter() - begun:.0f} s)", flush=True)

    def some(self, count, seed):
        return list(events.events(count, self.monday, seed))

    def first(self, label, path):
        """What the first visitor pays for all: the indexes are built."""
        client = self.server.client()
        begun = time.perf_counter()
        status, answer = client.ask("GET", path)
        assert status == 200, answer[:500]
        free = re.search(rb'datetime="([^"]+)"|name="start" value="([^"]+)"', answer)
        print(f"{label + ', the first time':<52} {(time.perf_counter() - begun) * 1000:>9.2f} ms   PSS {self.server.memory_mib()[1]:.0f} MiB   {free[0].decode() if free else ''}")
        client.close()

    def page(self, label, path, goal):
        figure = self.meter.one(self.server, Request("GET", path))
        print(f"{label:<52} {figure.median:>9.3f} ms   p99 {figure.p99:.2f}   CPU {figure.cpu:.3f}   {figure.note}   "
              f"× {figure.median / self.get.median:.1f} of GET (at most {goal}), CPU × {figure.cpu / self.get.cpu:.1f}", flush=True)

    def pages(self, rows):
        self.get = self.meter.one(self.server, Request("GET", self.server.path(10) + "bench-000001.ics"))
        print(f"{'GET of one event':<52} {self.get.median:>9.3f} ms   p99 {self.get.p99:.2f}   CPU {self.get.cpu:.3f}")
        for row in rows:
            self.first(*row[:2])
        for row in rows:
            self.page(*row)

    def five(self):
        """Rooms full of events, and many visitors."""
        self.load([(f"five-{n}", self.some(EVENTS, n)) for n in range(FIVE)])
        later = (datetime.date.today() + datetime.timedelta(days=36)).isoformat()
        self.pages([(f"six weeks × {FIVE} × {EVENTS} events", "/book/five?service=weeks", 10),
                    (f"the last of six weeks × {FIVE} × {EVENTS} events", f"/book/five?service=weeks&from={later}", 10)])
        self.visitors()

    def many(self):
        """Rooms that are free today or tomorrow, and rooms that are in a year's last month."""
        calendars = [(f"soon-{n}", self.some(OF_EACH, n)) for n in range(MANY)]
        self.load(calendars + [(f"late-{n}", self.some(OF_EACH, n) + away(self.monday, 11)) for n in range(MANY)])
        self.pages([(f"first free of {MANY} resources, soon", "/book/soon?service=year", 500),
                    (f"first free of {MANY} resources, after 11 months", "/book/late?service=year", 500)])

    def visitors(self):
        """Visitors look at slots while others book; some ask for what computes nothing meanwhile."""
        seconds = max(15, 5 * self.options.seconds)
        first = (int(time.time()) // 86_400 + 8) * 86_400
        head = f"Host: 127.0.0.1:{self.server.port}\r\n"
        get = lambda path: lambda who, number: f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
        def book(who, number):
            # A time of one's own: a quarter of an hour in one of the rooms.
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(first + (number * BOOKERS + who) // machine.BOOKABLE * 900))
            form = (f"service=short&resource=room-{(number * BOOKERS + who) % machine.BOOKABLE}&start={at}&given_name=Test&family_name=Kunde"
                    f"&email=v{who}-{number}@example.org&telephone=0711{who:03}{number:05}")
            kind = "Content-Type: application/x-www-form-urlencoded\r\n"
            return f"POST /book/many/new HTTP/1.1\r\n{head}{kind}Content-Length: {len(form)}\r\n\r\n{form}".encode()
        slots = Crowd("slots", VISITORS, LOOK, get("/book/five?service=weeks"), 200)
        nothing = Crowd("nothing", VISITORS // 10, LOOK, get("/health"), 200)
        bookings = Crowd("bookings", BOOKERS, FILL_IN, book, 303)
        before = self.server.cpu_ms()
        visit(self.server.port, seconds, [slots, nothing, bookings])
        for crowd in (slots, nothing, bookings):
            print(f"{crowd.name:<10} {crowd.count:>5} people {len(crowd.took) / seconds:>7.1f}/s   median {crowd.at(0.5):>7.2f} ms   "
                  f"p99 {crowd.at(0.99):>7.2f} ms   {crowd.wrong} wrong")
        print(f"p99 of slots × {slots.at(0.99) / nothing.at(0.99):.2f} of what computes nothing; "
              f"processor {(self.server.cpu_ms() - before) / seconds / 10:.0f} % of one core")

    def run(self):
        print(f"{self.options.seconds} s each, {machine.OPENSLOT}")
        for where, measure in [({"five": FIVE}, self.five), ({"soon": MANY, "late": MANY}, self.many)]:
            self.server = Practice(where)
            try:
                self.server.start()
                measure()
                resident, own = self.server.memory_mib()
                print(f"memory: RSS {resident:.1f} MiB, PSS {own:.1f} MiB, peak {self.server.peak_mib():.1f} MiB\n")
            finally:
                self.server.stop()
                if self.options.keep:
                    print(f"kept: {self.server.folder}")
                else:
                    shutil.rmtree(self.server.folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3, help="how long each thing is measured")
    parser.add_argument("--keep", action="store_true", help="keep the servers' folders")
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
