"""khard on address books that vdirsyncer keeps: one's own contacts, and the practice's customers."""

import os
import subprocess
from pathlib import Path

from device import Device
from pair import HOME, configure_contacts, quiet, run
from people import attempt, check

BIN = Path(os.environ["VDIRSYNCER"]).parent
OTHER = Device()
BOOK = "/dav/addressbooks/anna/contacts/"

KHARD = """
[addressbooks]
[[contacts]]
path = {home}/contacts/contacts
[[customers]]
path = {home}/contacts/customers

[general]
editor = /bin/false
merge_editor = /bin/false
default_action = list
"""

LISA = """First name : Lisa
Last name : Müller
Phone :
    work : 0711 5550100
Email :
    work : lisa.mueller@example.org
Note : Batterien, Größe 312
"""

# A card as DAVx5 writes them: 4.0, which khard's reader and many others do not know.
TELEPHONE = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:0c1f\r\nFN:Emil Vier\r\nN:Vier;Emil;;;\r\nBDAY:--0229\r\nTEL;TYPE=cell;PREF=1:0170 5550\r\n"
    "ANNIVERSARY:20090808\r\nPHOTO:data:image/png;base64,iVBORw0KGgo=\r\nEND:VCARD\r\n"
)

THEIRS = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:theirs\r\nFN:{name}\r\nN:{name};;;;\r\nX-EXAMPLE;X-WITH=\"a;b\":kept\r\nEND:VCARD\r\n"


def khard(*words, given=""):
    """Runs it; what it said."""
    done = subprocess.run([BIN / "khard", "-c", str(HOME / "khard.conf"), *words], input=given, capture_output=True, text=True, timeout=60)
    print("#", "khard", *words, done.returncode, (done.stdout + done.stderr).replace("\n", "\n#   "), flush=True)
    return done.stdout


def synced(config):
    return run(config, "sync")[0] == 0


def there(device=OTHER, book=BOOK):
    """The server's cards, each as its lines, by address."""
    return device.listed(book, ".vcf")


def own(config):
    khard("new", "-a", "contacts", given=LISA)
    check("khard new reaches the server", synced(config) and any({"FN:Lisa Müller", "EMAIL;TYPE=WORK:lisa.mueller@example.org"} <= {line.replace("TYPE=work", "TYPE=WORK") for line in lines} for lines in there().values()))
    # Two, since vdirsyncer takes an emptied folder for an accident.
    OTHER.send("PUT", BOOK + "theirs.vcf", THEIRS.format(name="Nebenan"), {"Content-Type": "text/vcard; charset=utf-8"})
    attempt("another device's card comes", lambda: synced(config) and "Nebenan" in khard("list", "-a", "contacts"))
    OTHER.send("PUT", BOOK + "theirs.vcf", THEIRS.format(name="Gegenüber"), {"Content-Type": "text/vcard; charset=utf-8"})
    attempt("its edit too", lambda: synced(config) and "Gegenüber" in khard("list", "-a", "contacts"))
    new = HOME / "new.yaml"
    new.write_text("Formatted name : Gegenüber\nLast name : Gegenüber\nNickname : Nachbar\n")
    khard("edit", "-a", "contacts", "-i", str(new), "Gegenüber", given="y\n")
    check("khard edit changes it there, and keeps what khard does not know", synced(config) and {"NICKNAME:Nachbar", 'X-EXAMPLE;X-WITH="a;b":kept'} <= set(OTHER.get(BOOK + "theirs.vcf").lines))
    khard("remove", "--force", "-a", "contacts", "Lisa")
    check("khard remove deletes it there", synced(config) and list(there()) == [BOOK + "theirs.vcf"])
    check("and there is quiet", quiet(config))


def told(path, version):
    """A card's lines as a multiget tells it that asks for a version."""
    body = f"""<R:addressbook-multiget xmlns:D="DAV:" xmlns:R="urn:ietf:params:xml:ns:carddav"><D:prop><R:address-data content-type="text/vcard" version="{version}"/></D:prop><D:href>{path}</D:href></R:addressbook-multiget>"""
    answer = OTHER.send("REPORT", BOOK, body, {"Content-Type": "application/xml", "Depth": "1"}).text
    return answer.split("BEGIN:VCARD")[1].split("END:VCARD")[0].replace("&#13;", "").replace("\r", "").replace("\n ", "").splitlines()


def versions(config):
    """A telephone that writes 4.0 and a program that reads 3.0 keep one card."""
    path = BOOK + "emil.vcf"
    OTHER.send("PUT", path, TELEPHONE, {"Content-Type": "text/vcard; charset=utf-8; version=4.0"})
    check("a telephone's card of 4.0 comes as 3.0", synced(config) and any("VERSION:3.0" in card and "PHOTO;ENCODING=b;TYPE=PNG:" in card for card in map(Path.read_text, (HOME / "contacts" / "contacts").glob("*.vcf"))))
    shown = khard("show", "-a", "contacts", "Emil")
    check("and khard reads its birthday and its number", "Birthday: 02/29/" in shown and "cell, pref: 0170 5550" in shown)
    new = HOME / "new.yaml"
    new.write_text("Formatted name : Emil Vier\nFirst name : Emil\nLast name : Vier\nNickname : Milo\nPhone :\n    cell : 0170 5550\n")
    khard("edit", "-a", "contacts", "-i", str(new), "Emil", given="y\n")
    attempt("khard's edit reaches the server", lambda: synced(config) and "NICKNAME:Milo" in OTHER.get(path).lines)
    four = told(path, "4.0")
    check("and the telephone gets it as 4.0, with its picture", {"VERSION:4.0", "NICKNAME:Milo", "PHOTO:data:image/png;base64,iVBORw0KGgo="} <= set(four))
    OTHER.delete(path)
    synced(config)


def customers(config):
    """The practice's customers on file: what anna writes is there for others whom the book was granted to."""
    khard("new", "-a", "customers", given=LISA.replace("Lisa", "Karl"))
    synced(config)
    office = Device("admin")
    cards = there(office, "/dav/addressbooks/admin/customers/")
    check("a customer whom anna writes down is in the office's book too", [lines for lines in cards.values() if "FN:Karl Müller" in lines])
    check("and not in ben's, who was not granted it", Device("ben").send("PROPFIND", "/dav/addressbooks/ben/customers/", headers={"Depth": "1"}).status == 404)


def main():
    config = configure_contacts("anna")
    (HOME / "khard.conf").write_text(KHARD.format(home=HOME))
    code, _ = run(config, "discover")
    folders = sorted(path.name for path in (HOME / "contacts").iterdir())
    check("her address books are found by the server's address", code == 0 and folders == ["contacts", "customers"])
    check("and synced", synced(config))
    own(config)
    versions(config)
    customers(config)


main()
