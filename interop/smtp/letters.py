"""Books, confirms and cancels; looks at what arrives at a real SMTP server, which goes away in the middle."""

import email
import email.policy
import html
import re
import sys
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from aiosmtpd.controller import Controller

URL, SMTP_PORT, PASSWORD = sys.argv[1], int(sys.argv[2]), sys.argv[3]
PAGE = f"{URL}/book/stuttgart"
CHOICE = {"service": "beratung", "resource": "kabine-1"}
PRACTICE = "info@mustermann.example"
# The outbox waits 15 seconds after a first failure and 30 after the next one, and looks every 5.
PATIENCE_SECONDS = 90


class Letterbox:
    """Takes every letter, in the order of its coming; an address in `refused` is told the answer beside it."""

    def __init__(self):
        self.letters, self.refused, self.controller = [], {}, None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append((envelope.rcpt_tos[0], envelope.content))
        return "250 taken"

    def open(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=SMTP_PORT)
        self.controller.start()

    def close(self):
        self.controller.stop()

    def to(self, address):
        return [email.message_from_bytes(octets, policy=email.policy.default) for to, octets in self.letters if to == address]


class Visitor:
    """A browser as far as forms need one."""

    def __init__(self):
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, address, form=None):
        data = None if form is None else urllib.parse.urlencode(form).encode()
        with self.opener.open(urllib.request.Request(address, data=data), timeout=30) as reply:
            return reply.url, reply.read().decode()

    def book(self, who, family):
        _, page = self.open(f"{PAGE}?{urllib.parse.urlencode(CHOICE)}")
        start = html.unescape(re.search(r'data-start="([^"]+)"', page)[1])
        form = CHOICE | {"start": start, "given_name": "Gerda", "family_name": family, "email": who, "telephone": "0711 21475475"}
        link, _ = self.open(f"{PAGE}/new", form)
        assert "/booking/" in link, link
        return link.split("?")[0]

    def appointment(self, family):
        """The staff page of the newest appointment of a customer."""
        _, page = self.open(f"{URL}/staff/upcoming")
        found = re.findall(r'href="(/staff/appointment/[^"]+)"[^§]*?<strong>([^<]*)</strong> <span>', page)
        return URL + next(href for href, subject in found if family in subject)

    def act(self, address, act):
        _, page = self.open(address)
        csrf = html.unescape(re.search(r'name="csrf" value="([^"]+)"', page)[1])
        seen = re.search(r'name="seen" value="([^"]+)"', page)
        self.open(f"{address}/{act}", {"csrf": csrf, "seen": seen[1] if seen else ""})


def check(what, passed, *why):
    print(("ok " if passed else "not ok ") + what, flush=True)
    if not passed:
        print("not ok", what, *why, file=sys.stderr, flush=True)


def wait_for(answer, seconds=PATIENCE_SECONDS):
    """Asks again until the answer is true or patience ends; the last answer."""
    end = time.monotonic() + seconds
    while not (got := answer()) and time.monotonic() < end:
        time.sleep(0.2)
    return got


def invitation(letter):
    """The text/calendar part of a letter."""
    return next((part for part in letter.walk() if part.get_content_type() == "text/calendar"), None)


def line(name, text):
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*?)\r?$", text.replace("\r\n ", ""), re.M)
    return found and found[1]


def form_of(letter):
    """What is wrong with a customer's letter's build; empty where nothing is."""
    wrong = []
    alternative = next((part for part in letter.walk() if part.get_content_type() == "multipart/alternative"), None)
    kinds = [part.get_content_type() for part in alternative.iter_parts()] if alternative else []
    if kinds != ["text/plain", "text/html", "text/calendar"]:
        wrong.append(f"multipart/alternative holds {kinds}")
    part = invitation(letter)
    if part is None:
        return wrong + ["no text/calendar"]
    octets = part.get_payload(decode=True)
    attached = [other.get_payload(decode=True) for other in letter.iter_attachments() if other.get_content_disposition() == "attachment"]
    if attached != [octets]:
        wrong.append("the attachment is not the invitation")
    if part.get_param("method") != line("METHOD", octets.decode()):
        wrong.append(f"method={part.get_param('method')} but METHOD:{line('METHOD', octets.decode())}")
    if letter.defects or any(part.defects for part in letter.walk()):
        wrong.append("defects")
    for header in ("From", "To", "Subject", "Date", "Message-ID", "Reply-To", "Auto-Submitted"):
        if letter[header] is None:
            wrong.append(f"no {header}")
    return wrong


def links(letters):
    """Which booking each letter speaks of: its link's last part."""
    return [re.search(r"/booking/([\w-]+)", letter.get_body(("plain",)).get_content())[1] for letter in letters]


def while_it_is_there(box, guest, anna):
    link = guest.book("gerda.gern@example.org", "Gern")
    wait_for(lambda: len(box.letters) == 2)
    anna.act(anna.appointment("Gern"), "confirm")
    wait_for(lambda: len(box.letters) == 3)
    guest.open(f"{link}/cancel", {})
    wait_for(lambda: len(box.letters) == 5)
    letters = box.to("gerda.gern@example.org")
    check("request, confirmation and cancellation arrive", len(letters) == 3, [letter["Subject"] for letter in letters])
    check("the practice gets its copies of request and cancellation", len(box.to(PRACTICE)) == 2)
    wrong = [form_of(letter) for letter in letters]
    check("text, HTML, invitation, the same attached", not any(wrong), wrong)
    told = [invitation(letter).get_payload(decode=True).decode() for letter in letters]
    methods = [(line("METHOD", text), line("STATUS", text)) for text in told]
    check("REQUEST, REQUEST, CANCEL", methods == [("REQUEST", "TENTATIVE"), ("REQUEST", "CONFIRMED"), ("CANCEL", "CANCELLED")], methods)
    check("one UID", len({line("UID", text) for text in told}) == 1)
    numbers = [int(line("SEQUENCE", text)) for text in told]
    check("SEQUENCE rises", numbers == sorted(set(numbers)), numbers)
    check("the text holds the customer's link", set(links(letters)) == {link.rsplit("/", 1)[1]})


def while_it_is_away(box, anna):
    box.close()
    before = len(box.letters)
    wanted = {"paul.pech@example.org": [], "rosa.ruhe@example.org": []}
    for _ in range(2):
        for who, family in [("paul.pech@example.org", "Pech"), ("rosa.ruhe@example.org", "Ruhe")]:
            wanted[who].append(Visitor().book(who, family).rsplit("/", 1)[1])
        # Letters of one second have no order; a person needs longer for a second booking.
        time.sleep(1.1)
    ruhe = anna.appointment("Ruhe")
    anna.act(ruhe, "confirm")
    shown = wait_for(lambda: "noch nicht angenommen" in anna.open(ruhe)[1])
    check("the staff page says that a letter is delayed", shown)
    page = anna.open(ruhe)[1]
    check("and says each letter once", page.count("an den Kunden:") == 2 and page.count("Kopie an die Praxis:") == 1, page)
    check("nothing has left", len(box.letters) == before)
    box.open()
    # A new letter finds the server there; those that waited are not overtaken by it.
    wanted["paul.pech@example.org"].append(Visitor().book("paul.pech@example.org", "Pech").rsplit("/", 1)[1])
    # A receipt and a copy for each booking, and one confirmation.
    expected = before + 5 + 5 + 1
    wait_for(lambda: len(box.letters) >= expected)
    time.sleep(2)
    got = {who: links(box.to(who)) for who in wanted}
    check("every letter arrives", all(set(got[who]) == set(links) for who, links in wanted.items()), got, wanted)
    check("the practice's copies too", len(box.to(PRACTICE)) == 2 + 5)
    ids = [email.message_from_bytes(octets)["Message-ID"] for _, octets in box.letters]
    check("none twice", len(ids) == len(set(ids)), ids)
    first = {who: sorted(set(links), key=links.index) for who, links in got.items()}
    check("to each customer in the order of the bookings", first == wanted, got, wanted)
    page = anna.open(ruhe)[1]
    check("the staff page says that it was sent later", "noch nicht angenommen" not in page and "Versuche" in page, page)


def when_it_says_no(box, guest, anna):
    box.refused["nobody@example.org"] = "550 5.1.1 no such user"
    guest.book("nobody@example.org", "Niemand")
    address = anna.appointment("Niemand")
    check("a letter that is refused for good is shown with the server's words",
          wait_for(lambda: "no such user" in anna.open(address)[1]), anna.open(address)[1])


def main():
    box, guest, anna = Letterbox(), Visitor(), Visitor()
    box.open()
    where, _ = anna.open(f"{URL}/staff/sign-in", {"login": "anna", "password": PASSWORD, "next": "/staff/"})
    anna.open(f"{URL}/staff/?lang=de")
    check("anna signs in with it", where == f"{URL}/staff/", where)
    while_it_is_there(box, guest, anna)
    while_it_is_away(box, anna)
    when_it_says_no(box, guest, anna)
    box.close()


try:
    main()
except Exception:
    traceback.print_exc()
    print("not ok the story came to its end")
else:
    print("ok the story came to its end")
