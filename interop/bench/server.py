"""A server of one's own: its start and end, what it takes of the machine, and what it is asked under; `peers.py` has other programs' servers."""

import concurrent.futures
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

from client import Client

OPENSLOT = os.environ["OPENSLOT"]
LOGIN, PASSWORD = "anna", "anna-bench"
# Each location has rooms of its own: `many` for bookings, the others for one calendar of each size.
BOOKABLE = 20
LOCATION = ('[[location]]\nid = "{0}"\nname = "{0}"\nstreet = "Weg 1"\npostcode = "12345"\ncity = "Ort"\ntelephone = "0711/123456"\n'
            'email = "bench@example.org"\nzone = "Europe/Berlin"\nhours = {{ {1} }}\n')
ROOM = '[[resource]]\nid = "{0}"\nname = "{0}"\nlocation = "{1}"\n'


class Server:
    """A process that answers on `port`; who inherits says by what `command` it is started, and where it has its calendars."""

    name = ""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{self.name}-bench."))
        self.data = self.folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = None

    def client(self):
        return Client(self.port, LOGIN, PASSWORD)

    def put(self, client, path, octets):
        status, answer = client.ask("PUT", path, octets, "Content-Type: text/calendar\r\n")
        if status not in (200, 201, 204):
            raise SystemExit(f"{self.name}: PUT {path}: {status} {answer[:300]}")

    def start(self):
        """Milliseconds from the process's start to its first answer."""
        begun = time.perf_counter()
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        while time.perf_counter() - begun < 60 and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port)) as asking:
                    asking.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                    if asking.recv(4096).startswith(b"HTTP/1."):
                        return (time.perf_counter() - begun) * 1000
            except OSError:
                time.sleep(0.0005)
        raise SystemExit(f"{self.name} did not start:\n" + (self.folder / "log").read_text())

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def cpu_ms(self):
        """Processor time that the process has had; the clock's number is how Linux names another process's clock."""
        return time.clock_gettime_ns((~self.process.pid << 3) | 2) / 1e6

    def memory_mib(self):
        """Resident, and the part that is its own."""
        text = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        kib = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
        return kib["Rss"] / 1024, kib["Pss"] / 1024

    def peak_mib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.split("VmHWM:")[1].split()[0]) / 1024

    def disk_mib(self):
        """Of what it keeps; letters that ours writes to files are none of that."""
        return sum(f.stat().st_blocks * 512 for f in self.data.rglob("*") if f.is_file()) / 2**20


class Openslot(Server):
    name = "openslot"

    def __init__(self, sizes):
        super().__init__()
        self.data = self.data / "store"
        self.config = self.folder / "openslot.toml"
        self.config.write_text(f'listen = "127.0.0.1:{self.port}"\ndata = "data"\n[limits]\nbookings_per_hour = 4000000\nform_seconds = 0\nconnections = 2000\n')
        (self.folder / "practice.toml").write_text(self.practice(sizes))
        self.ask("apply", str(self.folder / "practice.toml"))
        self.ask("user", "passwd", LOGIN, "--stdin", said=PASSWORD)

    def ask(self, *words, said=""):
        done = subprocess.run([OPENSLOT, *words, "--config", str(self.config)], input=said, text=True, capture_output=True)
        if done.returncode:
            raise SystemExit(f"openslot {' '.join(words)}: {done.stdout}{done.stderr}")

    def practice(self, sizes):
        """Twenty rooms for bookings, and one for each size."""
        rooms = [(f"room-{n}", "many") for n in range(BOOKABLE)] + [(f"n-{size}", f"n-{size}") for size in sizes]
        text = 'name = "Bench"\nopen_requests = 100000\n'
        text += 'privacy_url = "https://example.org/privacy"\nimprint_url = "https://example.org/imprint"\n[fields]\nemail = "required"\n'
        text += LOCATION.format("many", 'mon-sun = "00:00-24:00"')
        text += "".join(LOCATION.format(f"n-{size}", 'mon-fri = "09:00-18:00"') for size in sizes)
        text += "".join(ROOM.format(*each) for each in rooms)
        text += '[[service]]\nid = "short"\nname = "Short"\nminutes = 15\nhorizon_days = 365\n'
        text += '[[service]]\nid = "visit"\nname = "Visit"\nminutes = 60\nstep = 30\n'
        grants = ", ".join(f'{room} = "write"' for room, _ in rooms)
        return text + f'[[staff]]\nlogin = "{LOGIN}"\nname = "Anna"\ncalendars = {{ {grants} }}\n'

    def command(self):
        return [OPENSLOT, "serve", "--config", str(self.config)]

    def path(self, size):
        return f"/dav/calendars/{LOGIN}/n-{size}/"

    def load(self, size, events):
        """By PUT over several connections."""
        def share(part):
            client = self.client()
            for name, octets in part:
                self.put(client, self.path(size) + name, octets)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(share, [events[n::8] for n in range(8)]))
