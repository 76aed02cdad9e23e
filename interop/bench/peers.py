"""Other programs' servers, from PyPI. Their calendars are made over HTTP and then filled with files: a PUT takes some of them a second."""

import os
import pathlib
import subprocess
import sys

from server import LOGIN, PASSWORD, Server


class Peer(Server):
    home = ""

    def path(self, size):
        return f"{self.home}n-{size}/"

    def fill(self, folder, events):
        for name, octets in events:
            (folder / name).write_bytes(octets)

    def load(self, size, events):
        client = self.client()
        status, answer = client.ask("MKCALENDAR", self.path(size))
        if status != 201:
            raise SystemExit(f"{self.name}: MKCALENDAR: {status} {answer[:300]}")
        client.close()
        self.stop()
        self.fill(self.calendar_folder(size), events)
        self.start()
        # What it keeps beside the files it makes now, which is not measured.
        etags = b'<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
        client = self.client()
        client.ask("PROPFIND", self.path(size), etags, "Depth: 1\r\n")
        client.close()


class Radicale(Peer):
    """Files in a folder, read and hashed for each report; one htpasswd file. It closes the connection after each answer."""

    name = "radicale"
    home = f"/{LOGIN}/"

    def __init__(self):
        super().__init__()
        (self.folder / "users").write_text(f"{LOGIN}:{PASSWORD}\n")
        (self.folder / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n[storage]\nfilesystem_folder = {self.data}\n[logging]\nlevel = warning\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_encryption = plain\nhtpasswd_filename = {self.folder / 'users'}\n")

    def command(self):
        return [sys.executable, "-m", "radicale", "--config", str(self.folder / "config")]

    def calendar_folder(self, size):
        return self.data / "collection-root" / LOGIN / f"n-{size}"


class Xandikos(Peer):
    """A git repository for each calendar, a commit for each PUT. It asks nobody for a password here: without TLS it can't."""

    name = "xandikos"
    home = f"/{LOGIN}/calendars/"

    def command(self):
        return [str(pathlib.Path(sys.executable).with_name("xandikos")), "serve", "-d", str(self.data), "--defaults",
                "--current-user-principal", f"/{LOGIN}/", "-l", "127.0.0.1", "-p", str(self.port), "--state-dir", str(self.folder / "state")]

    def calendar_folder(self, size):
        return self.data / LOGIN / "calendars" / f"n-{size}"

    def fill(self, folder, events):
        super().fill(folder, events)
        someone = {"GIT_AUTHOR_NAME": "bench", "GIT_AUTHOR_EMAIL": "bench@example.org",
                   "GIT_COMMITTER_NAME": "bench", "GIT_COMMITTER_EMAIL": "bench@example.org"}
        for words in (["add", "--all"], ["commit", "--quiet", "--message", "Filled"]):
            subprocess.run(["git", *words], cwd=folder, check=True, env=os.environ | someone)


PEERS = {peer.name: peer for peer in (Radicale, Xandikos)}
