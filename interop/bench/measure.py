"""How long a server takes for one kind of request: one connection from here, several by wrk."""

import base64
import dataclasses
import math
import pathlib
import re
import statistics
import subprocess
import time

import server as machine

HERE = pathlib.Path(__file__).parent
# No row lasts longer than this for one server; what would is left out. In seconds.
PATIENCE = 40
RESPONSE = re.compile(rb"<(?:\w+:)?response[ >]")


@dataclasses.dataclass
class Figure:
    """Rate per second, milliseconds, and what the answer was. Without a rate: what takes place once."""

    rate: float
    median: float
    p99: float
    cpu: float
    note: str = ""


@dataclasses.dataclass
class Request:
    """`names` is how many events there are to GET one after another; `template` is what is PUT, each time under another name."""

    method: str
    path: str
    body: bytes = b""
    headers: str = ""
    expect: tuple = (200, 207)
    names: int = 0
    template: bool = False


class Meter:
    def __init__(self, seconds):
        self.seconds = seconds
        self.runs = 0

    def one(self, server, request):
        """One request after the other over one connection."""
        client = server.client()
        message = client.message(request.method, request.path, request.body, request.headers)
        status, answer = client.exchange(message)
        if status not in request.expect:
            raise SystemExit(f"{server.name}: {request.method} {request.path}: {status} {answer[:500]}")
        took = []
        begun = time.perf_counter()
        # A tenth of the time to warm up.
        while time.perf_counter() - begun < self.seconds / 10:
            client.exchange(message)
        before, begun = server.cpu_ms(), time.perf_counter()
        # Twenty at least, but of what takes seconds only a few.
        while len(took) < 5_000 and ((past := time.perf_counter() - begun) < self.seconds or (len(took) < 20 and past < 10)):
            at = time.perf_counter()
            client.exchange(message)
            took.append((time.perf_counter() - at) * 1000)
        cpu = (server.cpu_ms() - before) / len(took)
        client.close()
        took.sort()
        median = statistics.median(took)
        objects = len(RESPONSE.findall(answer))
        note = f"{len(answer) / 1024:,.0f} KiB" + (f", {objects} objects" if objects else "")
        return Figure(1000 / median, median, took[int(len(took) * 0.99)], cpu, note)

    def several(self, server, request, connections, guess=0.0):
        """As many as it can over some connections. `guess`: what one takes alone, in milliseconds. `None` where that lasts too long."""
        seconds = max(self.seconds, math.ceil(1.5 * connections * guess / 1000))
        if seconds > PATIENCE:
            return None
        body = server.folder / "body"
        body.write_bytes(request.body)
        what = "get" if request.names else "put" if request.template else "ask"
        depth = re.search(r"Depth: (\d)", request.headers)
        return self.wrk(server, connections, seconds, what, request.path, request.names or body, request.method, depth[1] if depth else "0")

    def wrk(self, server, connections, seconds, what, *arguments):
        """`what` is a load of load.lua, `arguments` are its own."""
        self.runs += 1
        token = "Basic " + base64.b64encode(f"{machine.LOGIN}:{machine.PASSWORD}".encode()).decode()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "100s", "-s", str(HERE / "load.lua"),
                   f"http://127.0.0.1:{server.port}", "--", what, str(self.runs), token, *map(str, arguments)]
        before = server.cpu_ms()
        text = subprocess.run(command, text=True, capture_output=True, check=True).stdout
        found = re.search(r"RESULT (\d+) (\S+) (\S+) (\S+) (\d+)", text)
        if not found:
            raise SystemExit(text)
        count, took, median, p99, wrong = (float(part) for part in found.groups())
        cpu = (server.cpu_ms() - before) / max(count, 1)
        return Figure(count / took, median, p99, cpu, f"{wrong:.0f} WRONG ANSWERS" if wrong else "") if count else None

    def beside(self, one, other, connect):
        """Two kinds of request in turns over one connection: how many times as long the second takes, and the medians. Each is a
        function that makes the next message of a client's."""
        client = connect()
        took = ([], [])
        begun = time.perf_counter()
        while len(took[0]) < 200 or (time.perf_counter() - begun < 2 * self.seconds and len(took[0]) < 10_000):
            for times, make in zip(took, (one, other)):
                message = make(client)
                at = time.perf_counter()
                client.exchange(message)
                times.append((time.perf_counter() - at) * 1000)
        client.close()
        # The first tenth is to warm up.
        medians = [statistics.median(times[len(times) // 10:]) for times in took]
        return medians[1] / medians[0], medians
