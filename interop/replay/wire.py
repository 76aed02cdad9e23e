"""What replayed programs share: bodies in a program's own way of writing XML, and answers read as strictly as it reads them.

Not for: what a program does, and in which order (`apple`, `davx5`, `outlook`). The order and the properties are observed facts about these
programs; the bodies are written here.
"""

import gzip
import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from device import Device

NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "CS": "http://calendarserver.org/ns/",
    "I": "http://apple.com/ns/ical/",
    "ME": "http://me.com/_namespace/",
    "P": "https://bitfire.at/webdav-push",
}
STATUS_LINE = re.compile(r"HTTP/\d\.\d (\d{3}) \S")


class Broken(Exception):
    """What would have made the program give up."""


def need(truth, words):
    if not truth:
        raise Broken(words)
    return truth


class Dialect:
    """How a program writes XML: what it binds at the root, by our prefix; whatever else is declared where it stands."""

    def __init__(self, declaration, bound):
        self.declaration, self.bound = declaration, bound

    def element(self, name, /, *content, root=False, **attributes):
        prefix, local = name.split(":")
        tag = self.bound.get(prefix, "B:") + local
        if root:
            spaces = {bound: prefix for prefix, bound in self.bound.items()}
        else:
            spaces = {} if prefix in self.bound else {"B:": prefix}
        written = [f' xmlns{":" + bound[:-1] if bound else ""}="{NAMESPACES[which]}"' for bound, which in spaces.items()]
        if root and prefix not in self.bound:
            written.append(f' xmlns:B="{NAMESPACES[prefix]}"')
        written += [f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items()]
        inner = "".join(content)
        return f"<{tag}{''.join(written)}>{inner}</{tag}>" if inner else f"<{tag}{''.join(written)}/>"

    def document(self, name, /, *content, **attributes):
        return self.declaration + self.element(name, *content, root=True, **attributes)

    def prop(self, names):
        return self.element("D:prop", *[self.element(name) for name in names.split()])

    def hrefs(self, hrefs):
        return [self.element("D:href", escape(href)) for href in hrefs]


class Item:
    """A DAV:response: its address, its own status if it has one, and what its propstats say."""

    def __init__(self, response):
        self.href = need(response.findtext("{DAV:}href"), "a response without href")
        status = response.findtext("{DAV:}status")
        self.status = code(status) if status else None
        self.found, self.failed = {}, {}
        for propstat in response.findall("{DAV:}propstat"):
            status = code(propstat.findtext("{DAV:}status"))
            into = self.found if status == 200 else self.failed
            into |= {short(element.tag): element if status == 200 else (status, element) for element in propstat.find("{DAV:}prop")}

    def text(self, name):
        element = self.found.get(name)
        return element.text if element is not None else None

    def href_in(self, name):
        """The one address in a property, as an absolute path."""
        element = self.found.get(name)
        found = [href.text for href in element.iter("{DAV:}href")] if element is not None else []
        need(len(found) == 1, f"{name} has {len(found)} addresses")
        return need(found[0].startswith("/") and found[0], f"{name} is no absolute path: {found[0]}")

    def names_in(self, name):
        """The names of the elements in a property."""
        element = self.found.get(name)
        return [short(child.tag) for child in element.iter() if child is not element] if element is not None else []

    @property
    def components(self):
        element = self.found.get("C:supported-calendar-component-set")
        return [comp.get("name") for comp in element] if element is not None else []


def code(status):
    """The number in a status line; a line that a program's pattern does not find breaks it."""
    return int(need(STATUS_LINE.match(status or ""), f"no status line: {status}").group(1))


def short(tag):
    """`{DAV:}href` → `D:href`"""
    namespace, local = tag[1:].split("}")
    return next((f"{prefix}:{local}" for prefix, uri in NAMESPACES.items() if uri == namespace), tag)


class Client(Device):
    """A program with its habits; `headers` go with every request."""

    headers = {}
    dialect = None

    def ask(self, method, path, body=None, headers=None):
        """The answer, decompressed where the program said that it may be compressed."""
        answer = self.send(method, path, body, self.headers | (headers or {}))
        if answer.headers.get("Content-Encoding") == "gzip":
            answer.body = gzip.decompress(answer.body)
        return answer

    def multistatus(self, method, path, body, depth=None):
        """A multistatus as items, and its sync token."""
        headers = {"Content-Type": self.xml_type} | ({"Depth": depth} if depth is not None else {})
        answer = self.ask(method, path, body, headers)
        need(answer.status == 207, f"{method} {path} answered {answer.status}: {answer.text[:300]}")
        return parsed(answer)

    def propfind(self, path, names, depth="0"):
        items, _ = self.multistatus("PROPFIND", path, self.dialect.document("D:propfind", self.dialect.prop(names)), depth)
        return items

    def one(self, path, names):
        """PROPFIND 0: its only item."""
        items = self.propfind(path, names)
        need(len(items) == 1, f"PROPFIND 0 of {path} has {len(items)} responses")
        return items[0]

    def query(self, calendar, names, component, depth="1", **time_range):
        """calendar-query for a component, in a range of time or without one."""
        x = self.dialect
        inner = [x.element("C:time-range", **time_range)] if time_range else []
        filter_ = x.element("C:filter", x.element("C:comp-filter", x.element("C:comp-filter", *inner, name=component), name="VCALENDAR"))
        return self.multistatus("REPORT", calendar, x.document("C:calendar-query", x.prop(names), filter_), depth)[0]

    def multiget(self, calendar, names, hrefs, depth=None):
        x = self.dialect
        items, _ = self.multistatus("REPORT", calendar, x.document("C:calendar-multiget", x.prop(names), *x.hrefs(hrefs)), depth)
        for item in items:
            need(item.status or (item.text("D:getetag") and item.text("C:calendar-data")), f"{item.href} has neither data nor a status")
        return items

    def sync(self, path, token, names, depth):
        """sync-collection: changed items, hrefs of what is gone, the new token."""
        x = self.dialect
        # As Outlook's program pastes it: a token that needs escapes would break it.
        need(not set(token) & set("&<>"), f"a token that needs escapes: {token}")
        body = x.document("D:sync-collection", x.element("D:sync-token", token), x.element("D:sync-level", "1"), x.prop(names))
        items, new = self.multistatus("REPORT", path, body, depth)
        need(new, "no new sync token")
        return [item for item in items if item.status != 404], [item.href for item in items if item.status == 404], new

    def bad_token(self, path, names, depth):
        """The answer to a token that the server never gave: its status, and whether its body names DAV:valid-sync-token in DAV:error."""
        x = self.dialect
        body = x.document("D:sync-collection", x.element("D:sync-token", "urn:nobody:1"), x.element("D:sync-level", "1"), x.prop(names))
        answer = self.ask("REPORT", path, body, {"Content-Type": self.xml_type, "Depth": depth})
        error = ElementTree.fromstring(answer.body)
        return answer.status, error.tag == "{DAV:}error" and error.find("{DAV:}valid-sync-token") is not None

    def store(self, path, text, **conditions):
        """PUT; the status, and the ETag that the program then holds: the answer's, or that of a GET where none came."""
        answer = self.put(path, text, **(self.headers | conditions))
        if answer.status not in (200, 201, 204):
            return answer.status, None
        return answer.status, answer.etag or self.fetched(path)[0]

    def fetched(self, path):
        """GET: the ETag and the object."""
        answer = self.ask("GET", path)
        need(answer.status == 200, f"GET of {path} answered {answer.status}")
        return need(answer.etag, "GET without ETag"), answer.text


def parsed(answer):
    """A multistatus as items, and its sync token."""
    need("xml" in answer.headers.get("Content-Type", ""), "a multistatus that is not XML")
    root = ElementTree.fromstring(answer.body)
    return [Item(response) for response in root.findall("{DAV:}response")], root.findtext("{DAV:}sync-token")


def crlf(text):
    """An object out of XML, whose parser has made line feeds of its line ends."""
    return re.sub(r"\r?\n", "\r\n", text or "")


def strict(etag):
    """Whether an ETag is a strong one in quotes."""
    return bool(etag and re.fullmatch(r'"[^"]+"', etag))


def with_line(text, name, value):
    """An object whose master's line of a name has another value; folded lines are taken whole."""
    return re.sub(rf"(?m)^{name}(;[^:\r\n]*)?:[^\r\n]*(\r\n[ \t][^\r\n]*)*", lambda line: f"{name}{line.group(1) or ''}:{value}", text)


def line(text, name):
    """The value of the last line of a name, unfolded."""
    flat = re.sub(r"\r\n[ \t]", "", text)
    found = re.findall(rf"(?m)^{name}(?:;[^:\r\n]*)?:([^\r\n]*)", flat)
    return found[-1] if found else None
