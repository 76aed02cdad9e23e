"""evolution-data-server as its programs see it: a registry with an account, and calendars that are clients.

Not for: what is checked (`day`).
"""

import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # noqa: E402

ACCOUNT = """[Data Source]
DisplayName=openslot
Enabled=true

[Collection]
BackendName=webdav
Identity=anna
CalendarEnabled=true
ContactsEnabled=true
MailEnabled=false
CalendarUrl={url}/

[Authentication]
Host={host}
Port={port}
Method=plain/password
User=anna
"""


def turn(question, seconds=15):
    """Lets signals come in until a question is answered."""
    end = time.monotonic() + seconds
    while True:
        while GLib.MainContext.default().iteration(False):
            pass
        answer = question()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.05)


class Desk:
    """The registry, with somebody who types the password when asked."""

    def __init__(self, url, password):
        parts = urlsplit(url)
        self.password, self.asked = password, []
        sources = Path(os.environ["XDG_CONFIG_HOME"]) / "evolution" / "sources"
        sources.mkdir(parents=True, exist_ok=True)
        (sources / "office.source").write_text(ACCOUNT.format(url=url, host=parts.hostname, port=parts.port))
        self.registry = EDataServer.SourceRegistry.new_sync(None)
        self.registry.connect("credentials-required", self.answer)
        self.account = self.registry.ref_source("office")
        # Whoever waits for a signal may have come after it.
        if self.account.get_connection_status() == EDataServer.SourceConnectionStatus.AWAITING_CREDENTIALS:
            self.answer(self.registry, self.account, None, "", None, None)

    def answer(self, _registry, source, _reason, _certificate, _errors, _fault):
        self.asked.append(source.get_display_name())
        credentials = EDataServer.NamedParameters()
        credentials.set("username", "anna")
        credentials.set("password", self.password)
        source.invoke_authenticate_sync(credentials, None)

    def sources(self, extension="Calendar"):
        """The account's own sources, by name."""
        return {one.get_display_name(): one for one in self.registry.list_sources(extension) if one.get_parent() == "office"}


class Calendar:
    """A calendar as a program has it open: EDS's own copy, and what it sends."""

    def __init__(self, source):
        self.client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, 20, None)

    def refresh(self):
        """What the button Refresh does; the news come on their own time."""
        self.client.refresh_sync(None)

    def uids(self):
        """Every event's UID; exceptions of a series have the same one."""
        _, components = self.client.get_object_list_sync("#t", None)
        return {component.get_uid() for component in components}

    def get(self, uid):
        """An event, or nothing."""
        try:
            return self.client.get_object_sync(uid, None, None)[1]
        except GLib.Error:
            return None

    def value(self, uid, name):
        """A property's value as it stands in EDS's copy."""
        component = self.get(uid)
        lines = component.as_ical_string().replace("\r\n ", "").split("\r\n") if component else []
        return next((line.split(":", 1)[1] for line in lines if line.split(":")[0].split(";")[0] == name), None)

    def between(self, start, end):
        """The titles of what touches a range of time, given as iCalendar writes UTC."""
        times = [f'(make-time "{time}")' for time in (start, end)]
        _, components = self.client.get_object_list_sync(f"(occur-in-time-range? {' '.join(times)})", None)
        return sorted(component.get_summary() for component in components)

    def create(self, text):
        """A new event from its text; returns its UID."""
        return self.client.create_object_sync(ICalGLib.Component.new_from_string(text), ECal.OperationFlags.NONE, None)[1]

    def modify(self, component):
        self.client.modify_object_sync(component, ECal.ObjModType.ALL, ECal.OperationFlags.NONE, None)

    def remove(self, uid):
        self.client.remove_object_sync(uid, None, ECal.ObjModType.ALL, ECal.OperationFlags.NONE, None)
