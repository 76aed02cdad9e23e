"""Somebody's other device: plain requests to the calendar door, for what a run wants to see or change beside the program that it tests.

Not for: calendar programs' own ways (`replay` models some). Python's own library is enough.
"""

import base64
import os
import re
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ["URL"]


class Answer:
    """A status, its headers (names in any case) and octets."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def etag(self):
        return self.headers.get("ETag")

    @property
    def text(self):
        return self.body.decode()

    @property
    def lines(self):
        """An object's lines, unfolded."""
        return re.sub(r"\r?\n[ \t]", "", self.text).splitlines()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Device:
    """Requests with a login, as they are: nothing is followed, nothing is asked twice."""

    def __init__(self, login="anna", agent="other-device/1.0"):
        self.login = login
        self.basic = "Basic " + base64.b64encode(f"{login}:{login}-demo".encode()).decode()
        self.agent = agent
        self.opener = urllib.request.build_opener(NoRedirect())

    def send(self, method, path, body=None, headers=None):
        """The answer to a request; a header that is None is left out."""
        if isinstance(body, str):
            body = body.encode()
        all_headers = {"Authorization": self.basic, "User-Agent": self.agent} | (headers or {})
        request = urllib.request.Request(urllib.parse.urljoin(URL, path), body, method=method)
        request.headers = {name: value for name, value in all_headers.items() if value is not None}
        if body is not None and "Content-Type" not in request.headers:
            request.headers["Content-Type"] = "application/octet-stream"
        try:
            with self.opener.open(request, timeout=20) as reply:
                return Answer(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as reply:
            return Answer(reply.code, reply.headers, reply.read())

    def calendar(self, name="kabine-1"):
        return f"/dav/calendars/{self.login}/{name}/"

    def get(self, path):
        return self.send("GET", path)

    def put(self, path, object_, **conditions):
        return self.send("PUT", path, object_, {"Content-Type": "text/calendar; charset=utf-8"} | conditions)

    def delete(self, path):
        return self.send("DELETE", path)

    def listed(self, calendar):
        """A calendar's objects by address, each as its lines."""
        found = self.send("PROPFIND", calendar, headers={"Depth": "1"}).text
        hrefs = [part.split("</D:href>")[0] for part in found.split("<D:href>")]
        return {href: self.get(href).lines for href in hrefs if href.startswith(calendar) and href.endswith(".ics")}
