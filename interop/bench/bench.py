"""Measures; see README.md."""

import argparse
import base64
import concurrent.futures
import datetime
import pathlib
import re
import shutil
import statistics
import subprocess
import time

import events
import server as machine
from client import Client

HERE = pathlib.Path(__file__).parent
NAMESPACES = 'xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"'
# Far enough ahead for any lead time, in seconds.
BOOK_AHEAD = 4 * 86_400


class Bench:
    def __init__(self, options):
        self.options = options
        self.server = machine.Server(options.sizes)
        self.runs = 0
        today = datetime.date.today()
        self.monday = today - datetime.timedelta(days=today.weekday())
        self.chosen = re.compile(options.only)

    def client(self):
        return Client(self.server.port, machine.LOGIN, machine.PASSWORD)

    def path(self, size):
        return f"/dav/calendars/{machine.LOGIN}/n-{size}/"

    # Loading

    def load(self, size):
        """By PUT over several connections; not a measurement."""
        todo = list(events.events(size, self.monday, self.options.seed))
        share = lambda part: [self.put(client, self.path(size) + name, octets) for client in [self.client()] for name, octets in part]
        begun = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(share, [todo[n::8] for n in range(8)]))
        print(f"   ({size} events, {sum(len(o) for _, o in todo) / 2**20:.1f} MiB, put in {time.perf_counter() - begun:.1f} s)")

    def put(self, client, path, octets):
        status, answer = client.ask("PUT", path, octets, "Content-Type: text/calendar\r\n")
        if status not in (201, 204):
            raise SystemExit(f"PUT {path}: {status} {answer[:300]}")

    # Measuring

    def wrk(self, label, connections, what, *arguments):
        """Requests per second for some seconds; `what` is a load of load.lua."""
        if not self.chosen.search(label):
            return
        self.runs += 1
        token = "Basic " + base64.b64encode(f"{machine.LOGIN}:{machine.PASSWORD}".encode()).decode()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{self.options.seconds}s", "-s", str(HERE / "load.lua"),
                   f"http://127.0.0.1:{self.server.port}", "--", what, str(self.runs), token, *map(str, arguments)]
        before = self.server.cpu_ms()
        text = subprocess.run(command, text=True, capture_output=True, check=True).stdout
        found = re.search(r"RESULT (\d+) (\S+) (\S+) (\S+) (\d+)", text)
        if not found:
            raise SystemExit(text)
        count, seconds, median, p99, wrong = (float(part) for part in found.groups())
        cpu = (self.server.cpu_ms() - before) / max(count, 1)
        note = f"{wrong:.0f} WRONG ANSWERS" if wrong else ""
        self.row(f"{label}, {connections} conn.", f"{count / seconds:,.0f}/s", median, p99, cpu, note)

    def times(self, label, method, path, body=b"", headers="", expect=(200, 207), count=None):
        """Milliseconds of one request after the other over one connection."""
        if not self.chosen.search(label):
            return
        client = self.client()
        message = client.message(method, path, body, headers)
        status, answer = client.exchange(message)
        if status not in expect:
            raise SystemExit(f"{label}: {status} {answer[:500]}")
        took, cpu = [], 0.0
        begun = time.perf_counter()
        # A tenth of the time to warm up.
        while time.perf_counter() - begun < self.options.seconds / 10:
            client.exchange(message)
        before, begun = self.server.cpu_ms(), time.perf_counter()
        while len(took) < 20 or (time.perf_counter() - begun < self.options.seconds and len(took) < 5_000):
            at = time.perf_counter()
            client.exchange(message)
            took.append((time.perf_counter() - at) * 1000)
        cpu = (self.server.cpu_ms() - before) / len(took)
        client.close()
        took.sort()
        note = f"{len(answer) / 1024:,.0f} KiB" + (f", {answer.count(count)} objects" if count else "")
        median = statistics.median(took)
        self.row(label, f"{1000 / median:,.0f}/s", median, took[int(len(took) * 0.99)], cpu, note)

    def row(self, label, rate, median, p99, cpu, note=""):
        print(f"{label:<44} {rate:>10} {median:>9.2f} {p99:>9.2f} {cpu:>9.3f}  {note}", flush=True)

    # What is measured

    def cold_start(self, label):
        starts = []
        for _ in range(5):
            starts.append(self.server.start())
            self.server.stop()
        self.server.start()
        starts.sort()
        self.row(f"cold start, {label}", "", statistics.median(starts), starts[-1], 0.0)

    def first_question(self, size):
        """What the first one pays for all: the index is built, the password checked."""
        body = f'<c:free-busy-query {NAMESPACES}><c:time-range start="{self.utc(7)}" end="{self.utc(14)}"/></c:free-busy-query>'
        client = self.client()
        client.ask("GET", self.path(size))
        before, begun = self.server.cpu_ms(), time.perf_counter()
        client.ask("REPORT", self.path(size), body.encode(), "Depth: 1\r\n")
        took = (time.perf_counter() - begun) * 1000
        self.row(f"free-busy of 1 week(s) in {size}, the first", "", took, took, self.server.cpu_ms() - before, "builds the index")
        client.close()

    def bookings(self):
        first = (int(time.time()) // 86_400 + 4) * 86_400 + BOOK_AHEAD
        for connections in (1, 8):
            self.wrk("booking", connections, "book", "/book/many/new", machine.BOOKABLE, first)
            first += 120 * 86_400

    def objects(self, size):
        for connections in (1, 8):
            self.wrk(f"GET of {size}", connections, "get", self.path(size), size)
        template = self.server.folder / "put.ics"
        start = datetime.datetime.combine(self.monday, datetime.time(12))
        template.write_bytes(events.calendar(
            events.VTIMEZONE, events.event("@UID@", events.times(start, 30, events.BERLIN), "Put")).encode())
        for connections in (1, 8):
            self.wrk(f"PUT new beside {size}", connections, "put", "/dav/calendars/anna/room-0/", template)

    def utc(self, days):
        return (self.monday + datetime.timedelta(days=days)).strftime("%Y%m%dT000000Z")

    def reports(self, size):
        path = self.path(size)
        depth1 = "Depth: 1\r\nContent-Type: application/xml\r\n"
        data = "<prop><getetag/><c:calendar-data/></prop>"
        for weeks in (1, 8):
            span = f'<c:time-range start="{self.utc(7)}" end="{self.utc(7 + 7 * weeks)}"/>'
            body = f"<c:free-busy-query {NAMESPACES}>{span}</c:free-busy-query>"
            self.times(f"free-busy of {weeks} week(s) in {size}", "REPORT", path, body.encode(), depth1)
        week = f'<c:time-range start="{self.utc(7)}" end="{self.utc(14)}"/>'
        query = (f'<c:calendar-query {NAMESPACES}>{data}<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{week}'
                 "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>")
        self.times(f"calendar-query of a week in {size}", "REPORT", path, query.encode(), depth1, count=b"<D:response>")
        hrefs = "".join(f"<href>{path}bench-{n * 7919 % size:06}.ics</href>" for n in range(100))
        multiget = f"<c:calendar-multiget {NAMESPACES}>{data}{hrefs}</c:calendar-multiget>"
        self.times(f"multiget of 100 in {size}", "REPORT", path, multiget.encode(), depth1, count=b"<D:response>")
        etags = f"<propfind {NAMESPACES}><prop><getetag/></prop></propfind>"
        self.times(f"PROPFIND 1 getetag of {size}", "PROPFIND", path, etags.encode(), depth1, count=b"<D:response>")
        sync = lambda token: (f"<sync-collection {NAMESPACES}><sync-token>{token}</sync-token><sync-level>1</sync-level>"
                              "<prop><getetag/></prop></sync-collection>").encode()
        depth0 = "Depth: 0\r\nContent-Type: application/xml\r\n"
        self.times(f"sync initial of {size}", "REPORT", path, sync(""), depth0, count=b"<D:response>")
        client = self.client()
        _, answer = client.ask("REPORT", path, sync(""), depth0)
        token = re.search(rb"sync-token>([^<]+)<", answer).group(1).decode()
        for name, octets in list(events.events(10, self.monday, self.options.seed)):
            self.put(client, path + name, octets.replace(b"LOCATION:Kabine", f"LOCATION:{token[-12:]}".encode()))
        client.close()
        self.times(f"sync of 10 changes in {size}", "REPORT", path, sync(token), depth0, count=b"<D:response>")

    def slot_page(self, size):
        self.times(f"slot page beside {size}", "GET", f"/book/n-{size}?service=visit")

    def footprint(self):
        resident, own = self.server.memory_mib()
        print(f"\nmemory: RSS {resident:.1f} MiB, PSS {own:.1f} MiB, peak {self.server.peak_mib():.1f} MiB   disk: {self.server.disk_mib():.1f} MiB")

    def run(self):
        print(f"seed {self.options.seed}, first Monday {self.monday}, {self.options.seconds} s each, {machine.OPENSLOT}")
        try:
            print(f"{'':<44} {'rate':>10} {'median ms':>9} {'p99 ms':>9} {'CPU ms':>9}")
            self.cold_start("empty")
            for size in self.options.sizes:
                self.load(size)
                self.objects(size)
                self.reports(size)
                self.slot_page(size)
            self.bookings()
            self.footprint()
            self.server.stop()
            self.cold_start("full")
            self.first_question(self.options.sizes[-1])
        finally:
            self.server.stop()
            if self.options.keep:
                print(f"kept: {self.server.folder}")
            else:
                shutil.rmtree(self.server.folder)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3, help="how long each thing is measured")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[1_000, 10_000], help="1000,10000")
    parser.add_argument("--seed", type=int, default=4791)
    parser.add_argument("--only", default="", help="a pattern of what to measure, as named in the table")
    parser.add_argument("--keep", action="store_true", help="keep the server's folder")
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
