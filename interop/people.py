"""The people around a calendar program in a run: a customer at the booking page, staff at theirs, and the letters.

Not for: calendar programs themselves. Each run's script imports it; Python's own library is enough.
"""

import email
import email.policy
import html
import http.cookiejar
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime
from pathlib import Path

URL = os.environ["URL"]
DATA = Path(os.environ["DATA"])


def check(what, passed):
    """One line of result."""
    print(("ok " if passed else "not ok ") + what, flush=True)
    return bool(passed)


def attempt(what, act):
    """A check by something that returns truth; an exception is a failure with its words in the log."""
    try:
        return check(what, act())
    except Exception as fault:  # whatever a client throws is a result
        print(f"# {what}: {type(fault).__name__}: {fault}", flush=True)
        return check(what, False)


def wait_for(question, seconds=10):
    """Asks again until the answer is true, or the time is over."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.1)


class Browser:
    """Reads pages and sends forms, with cookies."""

    def __init__(self, language="en"):
        self.language = language
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def open(self, path, fields=None):
        """Status, final address and text of a page; `fields` are POSTed."""
        body = urllib.parse.urlencode(fields).encode() if fields is not None else None
        request = urllib.request.Request(urllib.parse.urljoin(URL, path), body, {"Accept-Language": self.language})
        try:
            with self.opener.open(request, timeout=20) as reply:
                return reply.status, reply.url, reply.read().decode()
        except urllib.error.HTTPError as reply:
            return reply.code, reply.url, reply.read().decode()


class Customer(Browser):
    """Books one appointment and may cancel it."""

    link = ""

    def free(self, service="servicetermin", resource="kabine-1", since=""):
        """The starts that the booking page offers, as it writes them; from a date on (YYYY-MM-DD) or from the first."""
        page = f"/book/stuttgart?service={service}&resource={resource}&from={since}"
        return re.findall(r'data-start="([^"]+)"', self.open(page)[2])

    def book(self, start, service="servicetermin", resource="kabine-1", family_name="Tester"):
        """Books a start; returns it as a time."""
        fields = {
            "start": start, "given_name": "Torsten", "family_name": family_name,
            "email": "t.tester@example.org", "telephone": "071121475475",
        }
        status, self.link, _ = self.open(f"/book/stuttgart/new?service={service}&resource={resource}", fields)
        if status != 200 or "/booking/" not in self.link:
            raise RuntimeError(f"booking answered {status} at {self.link}")
        return datetime.fromisoformat(start)

    def cancel(self):
        return self.open(self.link + "/cancel", {})[0] == 200


class Staff(Browser):
    """Somebody at the staff pages."""

    def sign_in(self, login, password):
        status, address, _ = self.open("/staff/sign-in", {"login": login, "password": password})
        if status != 200 or not address.endswith("/staff/"):
            raise RuntimeError(f"signing in answered {status} at {address}")
        return self

    def requests(self):
        """The UIDs of the open requests."""
        return [html.unescape(uid) for uid in re.findall(r'data-uid="([^"]+)"', self.open("/staff/requests")[2])]

    def history(self, uid):
        """The lines of an appointment's history, as text: what, who, through what."""
        text = self.open("/staff/appointment/" + urllib.parse.quote(uid))[2]
        part = re.search(r'<ol class="history".*?</ol>', text, re.S)
        lines = re.findall(r"<li>(.*?)<time", part.group(0), re.S) if part else []
        return [html.unescape(re.sub(r"<[^>]+>", "", line)).strip() for line in lines]


def letters(to="t.tester@example.org"):
    """The letters to somebody, oldest first, each as its iTIP object with lines unfolded."""
    found = []
    for path in sorted((DATA / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if to in str(letter["to"]):
            parts = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
            found.append(re.sub(r"\r?\n[ \t]", "", parts[0].get_content()) if parts else "")
    return found


def told(status, to="t.tester@example.org"):
    """Whether somebody got a letter whose appointment has this status."""
    return any(f"\nSTATUS:{status}" in letter.replace("\r", "") for letter in letters(to))
