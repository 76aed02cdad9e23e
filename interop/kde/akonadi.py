"""Akonadi with one DAV resource, through D-Bus, and konsolekalendar on it.

Not for: what is checked (`day`).
"""

import os
import re
import subprocess
from pathlib import Path

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

from people import wait_for  # noqa: E402

RESOURCE = "akonadi_davgroupware_resource_0"
# What its set-up dialog writes: whose login, which protocol, and the address.
SETTINGS = """[General]
displayName=openslot
refreshInterval=0
remoteUrls=$default$|CalDav|{url}
settingsVersion=3
defaultUsername=anna
"""


def command(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    print("#", *words, done.returncode, done.stdout.replace("\n", "\n#   "), flush=True)
    return done.stdout


class Akonadi:
    """The service, with somebody at the resource's password dialog."""

    def __init__(self, url, password):
        settings = Path(os.environ["XDG_CONFIG_HOME"]) / f"{RESOURCE}rc"
        settings.write_text(SETTINGS.format(url=url))
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        self.password = password
        self.asked = 0
        # The bus starts it.
        self.call("org.freedesktop.Akonadi.Control", "/AgentManager", "org.freedesktop.Akonadi.AgentManager", "createAgentInstance", "akonadi_davgroupware_resource")
        self.answer(20)

    def call(self, name, path, interface, method, *words):
        arguments = GLib.Variant("(" + "s" * len(words) + ")", words) if words else None
        return self.bus.call_sync(name, path, interface, method, arguments, None, 0, 60_000, None).unpack()

    def answer(self, seconds):
        """Types the password into the resource's dialogs; the first may take its time."""
        dialogs = lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "davgroupware"], capture_output=True, text=True).stdout.split()
        wait_for(dialogs, seconds)
        while open_ones := dialogs():
            self.asked += 1
            for words in (["windowfocus", "--sync", open_ones[-1]], ["type", self.password], ["key", "Return"]):
                subprocess.run(["xdotool", *words], timeout=20)
            wait_for(lambda: open_ones[-1] not in dialogs())

    def end(self):
        """Shuts it all down, and waits until its programs have left."""
        self.call("org.freedesktop.Akonadi.Control", "/ControlManager", "org.freedesktop.Akonadi.ControlManager", "shutdown")
        there = lambda: [name for name in self.call("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "ListNames")[0] if "Akonadi" in name]
        wait_for(lambda: not there(), 30)

    def resource(self, method):
        self.call(f"org.freedesktop.Akonadi.Resource.{RESOURCE}", "/", "org.freedesktop.Akonadi.Resource", method)

    def calendars(self):
        """Their names and numbers."""
        return {name: number for number, name in re.findall(r"(?m)^(\d+) +- (.*)$", command("konsolekalendar", "--list-calendars"))}


class Calendar:
    """One of its calendars, as konsolekalendar has it."""

    def __init__(self, akonadi, number):
        self.akonadi, self.number = akonadi, number

    def events(self):
        """Titles and starts, by UID."""
        text = command("konsolekalendar", "--view", "--all", "--calendar", self.number)
        found = re.findall(r"Date:\t(.*)\n(?:\t(.*)\n)?Summary:\n\t(.*)\n(?:.*\n)*?UID:\n\t(.*)\n", text)
        return {uid: {"date": date, "time": time, "title": title} for date, time, title, uid in found}

    def comes(self, question):
        """Synchronizes until its events are as wanted."""
        self.akonadi.resource("synchronize")
        return wait_for(lambda: question(self.events()), 15)

    def add(self, title, date, start, end):
        command("konsolekalendar", "--add", "--calendar", self.number, "--date", date, "--time", start, "--end-time", end, "--summary", title)

    def change(self, uid, *words):
        command("konsolekalendar", "--change", "--calendar", self.number, "--uid", uid, *words)

    def delete(self, uid):
        command("konsolekalendar", "--delete", "--calendar", self.number, "--uid", uid)
