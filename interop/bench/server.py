"""A server of one's own: its practice, its settings, its start and end, and what it takes of the machine."""

import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

OPENSLOT = os.environ["OPENSLOT"]
LOGIN, PASSWORD = "anna", "anna-bench"
# Each location has rooms of its own: `many` for bookings, the others for one calendar of each size.
BOOKABLE = 20


def practice(sizes):
    location = ('[[location]]\nid = "{0}"\nname = "{0}"\nstreet = "Weg 1"\npostcode = "12345"\ncity = "Ort"\ntelephone = "0711/123456"\n'
                'email = "bench@example.org"\nzone = "Europe/Berlin"\nhours = {{ {1} }}\n')
    room = '[[resource]]\nid = "{0}"\nname = "{0}"\nlocation = "{1}"\n'
    rooms = [(f"room-{n}", "many") for n in range(BOOKABLE)] + [(f"n-{size}", f"n-{size}") for size in sizes]
    text = 'name = "Bench"\nopen_requests = 100000\n[fields]\nemail = "required"\n'
    text += location.format("many", 'mon-sun = "00:00-24:00"')
    text += "".join(location.format(f"n-{size}", 'mon-fri = "09:00-18:00"') for size in sizes)
    text += "".join(room.format(*each) for each in rooms)
    text += '[[service]]\nid = "short"\nname = "Short"\nminutes = 15\nhorizon_days = 365\n'
    text += '[[service]]\nid = "visit"\nname = "Visit"\nminutes = 60\nstep = 30\n'
    grants = ", ".join(f'{room} = "write"' for room, _ in rooms)
    return text + f'[[staff]]\nlogin = "{LOGIN}"\nname = "Anna"\ncalendars = {{ {grants} }}\n'


class Server:
    def __init__(self, sizes):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="openslot-bench."))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.config = self.folder / "openslot.toml"
        self.config.write_text(f'listen = "127.0.0.1:{self.port}"\ndata = "data"\n[limits]\nbookings_per_hour = 4000000\n')
        (self.folder / "practice.toml").write_text(practice(sizes))
        self.command("apply", str(self.folder / "practice.toml"))
        self.command("user", "passwd", LOGIN, "--stdin", said=PASSWORD)
        self.process = None

    def command(self, *words, said=""):
        done = subprocess.run([OPENSLOT, *words, "--config", str(self.config)], input=said, text=True, capture_output=True)
        if done.returncode:
            raise SystemExit(f"openslot {' '.join(words)}: {done.stdout}{done.stderr}")

    def start(self):
        """Milliseconds from the process's start to the first 200."""
        log = open(self.folder / "log", "ab")
        begun = time.perf_counter()
        self.process = subprocess.Popen([OPENSLOT, "serve", "--config", str(self.config)], stdout=log, stderr=log)
        while time.perf_counter() - begun < 30:
            try:
                with socket.create_connection(("127.0.0.1", self.port)) as asking:
                    asking.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                    if asking.recv(4096).startswith(b"HTTP/1.1 200"):
                        return (time.perf_counter() - begun) * 1000
            except OSError:
                time.sleep(0.0005)
        raise SystemExit("the server did not start:\n" + (self.folder / "log").read_text())

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()

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
        return sum(f.stat().st_blocks * 512 for f in (self.folder / "data" / "store").rglob("*") if f.is_file()) / 2**20
