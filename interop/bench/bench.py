"""Measures; see README.md."""

import argparse
import datetime
import itertools
import re
import shutil
import statistics
import time

import events
import server as machine
from measure import Figure, Meter, Request
from peers import PEERS

NAMESPACES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
DATA = "<prop><getetag/><c:calendar-data/></prop>"
DEPTH0, DEPTH1 = ("Depth: 0\r\nContent-Type: application/xml\r\n", "Depth: 1\r\nContent-Type: application/xml\r\n")
# Far enough ahead for any lead time, in seconds.
BOOK_AHEAD = 4 * 86_400


class Bench:
    def __init__(self, options):
        self.options = options
        self.meter = Meter(options.seconds)
        self.ours = machine.Openslot(options.sizes + options.alone)
        self.peers = [PEERS[name]() for name in options.peers]
        self.servers = [self.ours, *self.peers]
        today = datetime.date.today()
        self.monday = today - datetime.timedelta(days=today.weekday())
        self.chosen = re.compile(options.only)

    def load(self, size, servers):
        """Not a measurement. The calendars of `--alone` have as much in a week as that of a thousand."""
        lay = events.spread if size in self.options.alone else events.events
        todo = list(lay(size, self.monday, self.options.seed))
        for server in servers:
            begun = time.perf_counter()
            server.load(size, todo)
            took = time.perf_counter() - begun
            print(f"   ({server.name}: {size} events, {sum(len(o) for _, o in todo) / 2**20:.1f} MiB, loaded in {took:.1f} s)", flush=True)

    # Rows

    def row(self, label, figures):
        """`figures`: ours, then the peers'."""
        ours = figures[0]
        rate = f"{ours.rate:,.0f}/s" if ours.rate else ""
        text = f"{label:<44} {rate:>10} {ours.median:>9.2f} {ours.p99:>9.2f} {ours.cpu:>9.3f}  "
        for peer, theirs in itertools.zip_longest(self.peers, figures[1:]):
            text += f"{self.beside(ours, theirs):>34}  "
        notes = [ours.note] + [f"{p.name}: {f.note}" for p, f in zip(self.peers, figures[1:]) if f and f.note != ours.note]
        print(text + "; ".join(note for note in notes if note), flush=True)

    def beside(self, ours, theirs):
        if not theirs:
            return "–"
        short = lambda ratio: f"{ratio:,.1f}" if ratio < 100 else f"{ratio:,.0f}"
        ratio = ours.rate / theirs.rate if ours.rate else theirs.median / ours.median
        cpu = f", CPU × {short(theirs.cpu / ours.cpu)}" if ours.cpu else ""
        return f"{theirs.median:,.1f} (× {short(ratio)}{cpu})"

    def measure(self, label, requests):
        """One kind of request to each server, over one connection and over several; `requests` in the order of the servers."""
        alone = None
        if self.chosen.search(label):
            alone = [self.meter.one(server, request) for server, request in zip(self.servers, requests)]
            self.row(label, alone)
        self.together(label, requests, [8], alone)

    def together(self, label, requests, connections=(1, 8), alone=None):
        for count in connections:
            name = f"{label}, {count} conn."
            if self.chosen.search(name):
                guesses = [figure.median for figure in alone] if alone else [0.0] * len(requests)
                figures = [self.meter.several(server, request, count, guess)
                           for server, request, guess in zip(self.servers, requests, guesses)]
                if figures[0]:
                    self.row(name, figures)

    # What is measured

    def cold_start(self, label, servers):
        figures = []
        for server in servers:
            starts = []
            for _ in range(5):
                starts.append(server.start())
                server.stop()
            server.start()
            starts.sort()
            figures.append(Figure(0, statistics.median(starts), starts[-1], 0.0))
        self.row(f"cold start, {label}", figures)

    def first_question(self, size):
        """What the first one pays for all: the index is built, the password checked."""
        client = self.ours.client()
        client.ask("GET", self.ours.path(size))
        before, begun = self.ours.cpu_ms(), time.perf_counter()
        client.ask("REPORT", self.ours.path(size), self.free_busy(1), DEPTH1)
        took = (time.perf_counter() - begun) * 1000
        self.row(f"free-busy of 1 week(s) in {size}, the first", [Figure(0, took, took, self.ours.cpu_ms() - before, "builds the index")])
        client.close()

    def bookings(self):
        first = (int(time.time()) // 86_400 + 4) * 86_400 + BOOK_AHEAD
        for connections in (1, 8):
            if self.chosen.search("booking"):
                figure = self.meter.wrk(self.ours, connections, self.options.seconds, "book", "/book/many/new", machine.BOOKABLE, first)
                self.row(f"booking, {connections} conn.", [figure])
            first += 120 * 86_400

    def utc(self, days):
        return (self.monday + datetime.timedelta(days=days)).strftime("%Y%m%dT000000Z")

    def span(self, weeks):
        return f'<c:time-range start="{self.utc(7)}" end="{self.utc(7 + 7 * weeks)}"/>'

    def free_busy(self, weeks):
        return f"<c:free-busy-query {NAMESPACES}>{self.span(weeks)}</c:free-busy-query>".encode()

    def query(self):
        return (f'<c:calendar-query {NAMESPACES}>{DATA}<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">'
                f"{self.span(1)}</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>").encode()

    def multiget(self, path, size):
        hrefs = "".join(f"<href>{path}bench-{n * 7919 % size:06}.ics</href>" for n in range(100))
        return f"<c:calendar-multiget {NAMESPACES}>{DATA}{hrefs}</c:calendar-multiget>".encode()

    def sync(self, token):
        return (f"<sync-collection {NAMESPACES}><sync-token>{token}</sync-token><sync-level>1</sync-level>"
                "<prop><getetag/></prop></sync-collection>").encode()

    def reads(self, size, servers):
        paths = [server.path(size) for server in servers]
        report = lambda body, depth=DEPTH1: [Request("REPORT", path, body, depth) for path in paths]
        self.together(f"GET of {size}", [Request("GET", path, names=size) for path in paths])
        for weeks in (1, 8):
            self.measure(f"free-busy of {weeks} week(s) in {size}", report(self.free_busy(weeks)))
        self.measure(f"calendar-query of a week in {size}", report(self.query()))
        self.measure(f"multiget of 100 in {size}", [Request("REPORT", path, self.multiget(path, size), DEPTH1) for path in paths])
        etags = f"<propfind {NAMESPACES}><prop><getetag/></prop></propfind>".encode()
        self.measure(f"PROPFIND 1 getetag of {size}", [Request("PROPFIND", path, etags, DEPTH1) for path in paths])
        self.measure(f"sync initial of {size}", report(self.sync(""), DEPTH0))
        tokens = [self.ten_changes(server, size) for server in servers]
        changed = [Request("REPORT", path, self.sync(token), DEPTH0) for path, token in zip(paths, tokens)]
        self.measure(f"sync of 10 changes in {size}", changed)
        if self.chosen.search(f"slot page beside {size}"):
            page = Request("GET", f"/book/n-{size}?service=visit")
            self.row(f"slot page beside {size}", [self.meter.one(self.ours, page)])

    def ten_changes(self, server, size):
        """The token before them."""
        client, path = server.client(), server.path(size)
        _, answer = client.ask("REPORT", path, self.sync(""), DEPTH0)
        token = re.search(rb"sync-token>([^<]+)<", answer)[1].decode()
        for name, octets in events.events(10, self.monday, self.options.seed):
            server.put(client, path + name, octets.replace(b"LOCATION:Kabine", f"LOCATION:{self.meter.runs}".encode()))
        client.close()
        return token

    def new_event(self, uid="@UID@"):
        start = datetime.datetime.combine(self.monday, datetime.time(12))
        return events.calendar(events.VTIMEZONE, events.event(uid, events.times(start, 30, events.BERLIN), "Put")).encode()

    def writes(self, size, servers):
        new = [Request("PUT", server.path(size), self.new_event(), template=True) for server in servers]
        self.together(f"PUT new into {size}", new)

    def whatever_the_size(self, small, large):
        """The same question of a small calendar and of a large one with as many events in the week, in turns."""
        numbers = itertools.count()
        def ask(method, size, body, headers=DEPTH1):
            return lambda client: client.message(method, self.ours.path(size), body, headers)
        def put(size):
            def make(client):
                uid = f"beside-{next(numbers)}"
                return client.message("PUT", f"{self.ours.path(size)}{uid}.ics", self.new_event(uid), "Content-Type: text/calendar\r\n")
            return make
        week, get = self.free_busy(1), lambda client: client.message("GET", f"{self.ours.path(large)}bench-000001.ics")
        of_both = lambda *question: (ask(question[0], small, *question[1:]), ask(question[0], large, *question[1:]))
        pairs = {f"free-busy of 1 week(s), {large} beside {small}": of_both("REPORT", week),
                 f"free-busy of 8 week(s), {large} beside {small}": of_both("REPORT", self.free_busy(8)),
                 f"calendar-query of a week, {large} beside {small}": of_both("REPORT", self.query()),
                 f"free-busy of 1 week(s) beside GET in {large}": (get, ask("REPORT", large, week)),
                 f"PUT new, {large} beside {small}": (put(small), put(large))}
        for label, (one, other) in pairs.items():
            if self.chosen.search(label):
                ratio, (first, second) = self.meter.beside(one, other, self.ours.client)
                print(f"{label:<56} × {ratio:.2f}   ({second:.3f} ms, {first:.3f} ms)", flush=True)

    def footprint(self, when):
        """Writing goes on for a time, not for a number: after it, who is faster keeps more."""
        print(f"\n{when}:")
        for server in self.servers:
            resident, own = server.memory_mib()
            print(f"{server.name:<10} memory: RSS {resident:.1f} MiB, PSS {own:.1f} MiB, peak {server.peak_mib():.1f} MiB   "
                  f"disk: {server.disk_mib():.1f} MiB")

    def run(self):
        options = self.options
        print(f"seed {options.seed}, first Monday {self.monday}, {options.seconds} s each, {machine.OPENSLOT}")
        try:
            columns = "".join(f"{peer.name + ' ms':>34}  " for peer in self.peers)
            print(f"{'':<44} {'rate':>10} {'median ms':>9} {'p99 ms':>9} {'CPU ms':>9}  {columns}")
            self.cold_start("empty", self.servers)
            for size in options.sizes:
                self.load(size, self.servers)
                self.reads(size, self.servers)
            for size in options.alone:
                self.load(size, [self.ours])
                self.reads(size, [self.ours])
                self.whatever_the_size(options.sizes[0], size)
            self.footprint("after what was read")
            for size in options.sizes:
                self.writes(size, self.servers)
            for size in options.alone:
                self.writes(size, [self.ours])
            self.bookings()
            self.footprint("after what was written")
            for server in self.servers:
                server.stop()
            self.cold_start("full", self.servers)
            self.first_question((options.sizes + options.alone)[-1])
        finally:
            for server in self.servers:
                server.stop()
                if options.keep:
                    print(f"kept: {server.folder}")
                else:
                    shutil.rmtree(server.folder)


def main():
    numbers = lambda text: [int(n) for n in text.split(",") if n]
    names = lambda text: [name for name in text.split(",") if name]
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3, help="how long each thing is measured")
    parser.add_argument("--sizes", type=numbers, default=[1_000, 10_000], help="1000,10000")
    parser.add_argument("--alone", type=numbers, default=[], help="larger ones of openslot's alone, with as much in a week as 1000 have: 100000")
    parser.add_argument("--peers", type=names, default=[], help=",".join(PEERS))
    parser.add_argument("--seed", type=int, default=4791)
    parser.add_argument("--only", default="", help="a pattern of what to measure, as named in the table")
    parser.add_argument("--keep", action="store_true", help="keep the servers' folders")
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
