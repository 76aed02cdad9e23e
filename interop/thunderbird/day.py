"""A working day of anna's with Thunderbird: set up, a booking comes, is confirmed, moved and called off, a private event goes out."""

import os
import signal
import subprocess
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from device import URL, Device
from hours import dragging
from marionette import Marionette
from people import DATA, Customer, Staff, check, letters, told, wait_for

SCREENSHOTS = Path(os.environ["SCREENSHOTS"])
PROFILE = Path(os.environ["PROFILE"])
HOME = "/dav/calendars/anna/"
OTHER = Device()

# What each script begins with. `find` waits until a question is answered, as Thunderbird works on its own time.
PRELUDE = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const pause = ms => new Promise(done => window.setTimeout(done, ms));
async function find(question, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer || Date.now() > end) return answer;
    await pause(100);
  }
}
const named = path => cal.manager.getCalendars().find(one => one.uri.spec.endsWith(path));
const main = () => Services.wm.getMostRecentWindow("mail:3pane");
const opened = type => find(() => { const w = Services.wm.getMostRecentWindow(type); return w?.document.readyState == "complete" && w; });
"""


class Thunderbird(Marionette):
    def run(self, script, *values):
        return super().run(PRELUDE + script, *values)

    def item(self, uid, calendar="kabine-1"):
        """What its own copy says of an event, or nothing."""
        return self.run("""
            const item = await named(args[1]).getItem(args[0]);
            return item && { title: item.title, status: item.status, state: item.getProperty("X-OPENSLOT-STATE"), start: item.startDate.icalString };
        """, uid, f"/{calendar}/")

    def refresh(self):
        """What the button Synchronize does."""
        self.run("main().document.getElementById('calendar_reload_remote_calendars').doCommand();")

    def comes(self, uid, **wanted):
        """Synchronizes until an event is as wanted."""
        self.refresh()
        return wait_for(lambda: (item := self.item(uid)) and all(item[key] == value for key, value in wanted.items()))

    def others(self):
        """Windows that stand open beside the main one."""
        return self.run("return [...Services.wm.getEnumerator(null)].map(w => w.location.href).filter(url => !url.includes('messenger.xhtml'));")

    def picture(self, name):
        # A frame may be drawn half: give it the time of a blink.
        self.run("await pause(500); await new Promise(done => window.requestAnimationFrame(() => window.requestAnimationFrame(done)));")
        self.screenshot(SCREENSHOTS / f"{name}.png")


def started():
    port = wait_for(lambda: (PROFILE / "MarionetteActivePort").exists() and (PROFILE / "MarionetteActivePort").read_text().strip(), 60)
    thunderbird = Thunderbird(int(port))
    ready = "return Boolean(await find(() => main()?.gMailInit?.delayedStartupFinished ?? main()?.document.getElementById('tabmail'), 40));"
    check("Thunderbird starts", thunderbird.run(ready))
    # Its remote control turns off keeping passwords, which people have.
    thunderbird.run('Services.prefs.setBoolPref("signon.rememberSignons", true);')
    thunderbird.run("""
        main().resizeTo(1280, 900);
        main().document.getElementById("tabmail").openTab("calendar");
        await find(() => main().currentView?.());
        main().document.getElementById("calendar_toggle_todaypane_command").doCommand();
    """)
    thunderbird.main = thunderbird.call("WebDriver:GetWindowHandle", {})
    return thunderbird


def server_copy(uid):
    return OTHER.get(f"{OTHER.calendar()}{uid}.ics").lines


def subscribe(thunderbird, login):
    """The dialog New Calendar > On the Network, with the server's address and a login; the password as its prompt hands it over."""
    found = thunderbird.run("""
        main().openDialog("chrome://calendar/content/calendar-creation.xhtml", "", "chrome,titlebar,resizable", null);
        const dialog = await find(() => [...Services.wm.getEnumerator(null)].find(w => w.location.href.endsWith("calendar-creation.xhtml")
          && w.document.readyState == "complete" && w.selectPanel));
        const document = dialog.document;
        document.getElementById("calendar-type").value = "network";
        const buttons = document.getElementById("calendar-creation-dialog");
        buttons.getButton("accept").click();
        document.getElementById("network-username-input").value = args[1];
        document.getElementById("network-location-input").value = args[0];
        dialog.checkRequired();
        dialog.findCalendars(`${args[1]}-demo`, true);
        const list = document.getElementById("network-calendar-list");
        await find(() => list.children.length);
        const kind = document.getElementById("network-selectcalendar-providertype-menulist").value;
        const offline = document.getElementById("network-cache-checkbox").checked;
        const calendars = [...list.children].map(one => ({ name: one.calendar.name, path: one.calendar.uri.filePath, readOnly: one.calendar.readOnly }));
        buttons.getButton("accept").click();
        return { kind, offline, calendars };
    """, URL, login)
    print("#", found, flush=True)
    return found


def set_up(thunderbird):
    found = subscribe(thunderbird, "anna")
    everything = sorted(found["calendars"], key=lambda one: one["path"])
    hours = [one for one in everything if one["path"].endswith(".hours/")]
    calendars = [one for one in everything if one not in hours]
    wanted = ["anna", "calendar", "gruppenraum", "kabine-1", "kabine-2", "tasks"]
    check("by address and login it finds both cabins and anna's own", [one["path"] for one in calendars] == [f"{HOME}{name}/" for name in wanted])
    bookable = {f"{name} – Filiale Stuttgart" for name in ("Anna", "Gruppenraum", "Kabine 1", "Kabine 2")}
    check("with their names", {one["name"] for one in calendars} == bookable | {"Kalender", "Aufgaben"})
    check("to be written to, with offline support", found["offline"] and not any(one["readOnly"] for one in calendars))
    check("the hours of the cabins and their branch, to be read", len(hours) == 5 and all(one["readOnly"] for one in hours))
    state = thunderbird.run("""
        return await find(() => { const all = cal.manager.getCalendars().filter(one => one.type == "caldav");
          return all.length == 11 && all.filter(one => !one.uri.filePath.endsWith(".hours/")).map(one => [one.getProperty("cache.enabled"), one.readOnly, Boolean(one.getProperty("disabled"))]); });
    """)
    check("it subscribes to them", state == [[True, False, False]] * 6)
    check("the demo's events come", wait_for(lambda: (thunderbird.item("demo-team") or {}).get("title") == "Teambesprechung"))
    check("those of the other calendar too", wait_for(lambda: thunderbird.item("demo-schulung", "kabine-2")))


def set_up_hours(thunderbird):
    """The same for ben, beside anna's: he may change opening hours."""
    hours = [one for one in subscribe(thunderbird, "ben")["calendars"] if one["path"].endswith(".hours/")]
    check("whoever may change hours finds them, to be written to", len(hours) == 3 and not any(one["readOnly"] for one in hours))
    check("they come with the file's week", wait_for(lambda: thunderbird.run("""
        return (await named("/ben/location.stuttgart.hours/").getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null)).length;
    """)))


def show(thunderbird, start, name):
    thunderbird.run("""
        const window = main();
        window.switchToView("week");
        window.goToDate(cal.createDateTime(args[0]));
        window.currentView().scrollToMinute(8 * 60);
    """, start.strftime("%Y%m%d"))
    thunderbird.picture(name)


def shown(thunderbird, uid):
    """Whether the view that is open has a box for an event."""
    return thunderbird.run("""
        return Boolean(await find(() => [...main().currentView().querySelectorAll("*")].find(one => one.occurrence?.id == args[0])));
    """, uid)


def boxed(thunderbird, uid):
    """The same, at once."""
    return thunderbird.run('return [...main().currentView().querySelectorAll("*")].some(one => one.occurrence?.id == args[0]);', uid)


def confirm(thunderbird, uid):
    """By the event's own window: double click, Options > Status > Confirmed, Save and Close."""
    thunderbird.run("""
        main().modifyEventWithDialog(await named("/kabine-1/").getItem(args[0]), false);
        const dialog = await opened("Calendar:EventDialog");
        const frame = () => dialog.document.getElementById("calendar-item-panel-iframe")?.contentWindow;
        await find(() => frame()?.document.readyState == "complete" && frame().document.getElementById("item-title")?.value);
        dialog.resizeTo(760, 860);
        dialog.document.getElementById("options-status-confirmed-menuitem").doCommand();
    """, uid)
    for handle in thunderbird.windows():
        if handle != thunderbird.main:
            thunderbird.switch(handle)
            thunderbird.picture("event-dialog")
    thunderbird.switch(thunderbird.main)
    return thunderbird.run("""
        const dialog = Services.wm.getMostRecentWindow("Calendar:EventDialog");
        dialog.document.getElementById("cmd_accept").doCommand();
        return Boolean(await find(() => dialog.closed));
    """)


def confirming(thunderbird, uid, staff):
    check("its window sets the status and closes", confirm(thunderbird, uid))
    check("the server's event is CONFIRMED", wait_for(lambda: "STATUS:CONFIRMED" in server_copy(uid) and "X-OPENSLOT-STATE:CONFIRMED" in server_copy(uid)))
    print("#", "\n#   ".join(server_copy(uid)), flush=True)
    check("the request has left the list", staff.requests() == [])
    check("the history names anna and Thunderbird", "Confirmed anna, Thunderbird" in staff.history(uid))
    check("the customer got the confirmation", wait_for(lambda: told("CONFIRMED")))
    check("Thunderbird fetched what the server made of it", wait_for(lambda: thunderbird.item(uid)["state"] == "CONFIRMED"))
    check("its title has no prefix any more", not thunderbird.item(uid)["title"].startswith("ANFRAGE"))


def block(thunderbird, customer):
    """A private event of anna's takes a time from the booking page."""
    start = customer.free()[-1]
    at = datetime.fromisoformat(start)
    uid = thunderbird.run("""
        const { CalEvent } = ChromeUtils.importESModule("resource:///modules/CalEvent.sys.mjs");
        const event = new CalEvent();
        const zone = cal.timezoneService.getTimezone("Europe/Berlin");
        [event.startDate, event.endDate] = [args[0], args[1]].map(text => { const time = cal.createDateTime(text); time.timezone = zone; return time; });
        event.title = "Zahnarzt";
        event.privacy = "PRIVATE";
        return (await named("/kabine-1/").addItem(event)).id;
    """, at.strftime("%Y%m%dT%H%M00"), (at + timedelta(minutes=30)).strftime("%Y%m%dT%H%M00"))
    check("a private event goes to the server", wait_for(lambda: "CLASS:PRIVATE" in server_copy(uid)))
    check("and takes its time from the booking page", start not in customer.free())
    thunderbird.run('const calendar = named("/kabine-1/"); await calendar.deleteItem(await calendar.getItem(args[0]));', uid)
    check("deleted, it gives it back", wait_for(lambda: start in customer.free()))


def moving(thunderbird, customer, uid, start):
    """Dragged to another time: the customer is told the new one."""
    other = datetime.fromisoformat(customer.free(since=start[:10])[0])
    thunderbird.run("""
        const calendar = named("/kabine-1/");
        const [item, time] = [await calendar.getItem(args[0]), cal.createDateTime(args[1])];
        time.timezone = item.startDate.timezone;
        const moved = item.clone();
        moved.startDate = time;
        moved.endDate = time.clone();
        moved.endDate.addDuration(item.duration);
        await calendar.modifyItem(moved, item);
    """, uid, other.strftime("%Y%m%dT%H%M00"))
    stamp = other.strftime("%Y%m%dT%H%M00")
    check("a move in Thunderbird moves the appointment", wait_for(lambda: any(line.startswith("DTSTART") and line.endswith(stamp) for line in server_copy(uid))))
    free = customer.free(since=start[:10])
    check("the old time is free, the new one is not", start in free and other.isoformat() not in free)
    told_time = other.astimezone(timezone.utc).strftime("DTSTART:%Y%m%dT%H%M00Z")
    check("the customer is told of it", wait_for(lambda: told_time in letters()[-1]))
    return other.isoformat()


def second(thunderbird, staff):
    """A booking that comes while Thunderbird runs, and is declined there."""
    customer = Customer()
    customer.book(customer.free()[0], family_name="Zweite")
    uid, = staff.requests()
    check("a new booking comes at the next sync", thunderbird.comes(uid, status="TENTATIVE"))
    thunderbird.run("""
        const calendar = named("/kabine-1/");
        const item = await calendar.getItem(args[0]);
        const changed = item.clone();
        changed.status = "CANCELLED";
        await calendar.modifyItem(changed, item);
    """, uid)
    check("STATUS:CANCELLED declines it", wait_for(lambda: any(line.startswith("Declined anna, Thunderbird") for line in staff.history(uid))))
    check("and tells the customer", wait_for(lambda: told("CANCELLED")))


def deletion(thunderbird, staff):
    """A booking that is deleted in Thunderbird, as people do."""
    customer = Customer()
    start = customer.free()[0]
    customer.book(start, family_name="Dritte")
    uid, = staff.requests()
    check("another one comes", thunderbird.comes(uid, status="TENTATIVE"))
    count = len(letters())
    thunderbird.run('const calendar = named("/kabine-1/"); await calendar.deleteItem(await calendar.getItem(args[0]));', uid)
    check("deleted, it has left the list", wait_for(lambda: staff.requests() == []))
    check("its time is free again", start in customer.free())
    check("the customer is told that too", wait_for(lambda: len(letters()) > count and "STATUS:CANCELLED" in letters()[-1]))
    check("its history says so in one line", staff.history(uid)[1:] == ["Deleted anna, Thunderbird"])


def conflict(thunderbird, customer, uid, start):
    """The customer has cancelled, Thunderbird does not know it yet, and anna overwrites what is there."""
    check("the customer cancels", customer.cancel())
    thunderbird.run("""
        const calendar = named("/kabine-1/");
        const item = await calendar.getItem(args[0]);
        const changed = item.clone();
        changed.setProperty("LOCATION", "Kabine 1, hinten");
        calendar.modifyItem(changed, item).catch(() => {});
    """, uid)
    asked = """
        const dialog = [...Services.wm.getEnumerator(null)].find(w => w.location.href.includes("calendar-conflicts-dialog"));
        // A window is there before what is in it.
        const buttons = dialog?.document.readyState == "complete" && dialog.document.querySelector("dialog");
        const button = buttons && buttons.getButton && buttons.getButton("accept");
        button && button.click();
        return Boolean(button);
    """
    check("a stale edit is noticed, and Thunderbird asks", wait_for(lambda: thunderbird.run(asked)))
    check("sent anyway, it is merged", wait_for(lambda: any("hinten" in line for line in server_copy(uid))))
    check("but it brings nothing back", "STATUS:CANCELLED" in server_copy(uid) and start in customer.free(since=start[:10]))
    check("CANCELLED comes at the next sync", thunderbird.comes(uid, status="CANCELLED"))


def event_dialog(thunderbird, start, title):
    """A new event by its window: File > New > Event, a title, Save and Close."""
    return thunderbird.run("""
        const zone = cal.timezoneService.getTimezone("Europe/Berlin");
        const [start, end] = [args[0], args[1]].map(text => { const time = cal.createDateTime(text); time.timezone = zone; return time; });
        main().createEventWithDialog(named("/kabine-1/"), start, end, null, null, false);
        const dialog = await opened("Calendar:EventDialog");
        const frame = () => dialog.document.getElementById("calendar-item-panel-iframe")?.contentWindow;
        await find(() => frame()?.document.readyState == "complete" && frame().document.getElementById("item-title"));
        await pause(300);
        frame().document.getElementById("item-title").value = args[2];
        frame().document.getElementById("item-title").dispatchEvent(new Event("input"));
        dialog.document.getElementById("cmd_accept").doCommand();
        return Boolean(await find(() => dialog.closed));
    """, start.strftime("%Y%m%dT%H%M00"), (start + timedelta(minutes=30)).strftime("%Y%m%dT%H%M00"), title)


def named(title):
    """The server's event with a title: its UID, or nothing."""
    for lines in OTHER.listed(OTHER.calendar()).values():
        if f"SUMMARY:{title}" in lines:
            return next(line[4:] for line in lines if line.startswith("UID:"))
    return None


def retitle(thunderbird, uid, title):
    """Changes a title; what it answers is not waited for."""
    thunderbird.run("""
        const calendar = named("/kabine-1/");
        const item = await calendar.getItem(args[0]);
        const changed = item.clone();
        changed.title = args[1];
        calendar.modifyItem(changed, item).catch(() => {});
    """, uid, title)


def delete(thunderbird, uid):
    thunderbird.run('const calendar = named("/kabine-1/"); await calendar.deleteItem(await calendar.getItem(args[0]));', uid)


def beside_another(thunderbird, monday):
    """An event of anna's that she changes on her telephone too."""
    check("a new event is made in its window", event_dialog(thunderbird, monday + timedelta(hours=13), "Inventur") and wait_for(lambda: named("Inventur")))
    uid = named("Inventur")
    path = f"{OTHER.calendar()}{uid}.ics"
    OTHER.put(path, OTHER.get(path).text.replace("SUMMARY:Inventur", "SUMMARY:Inventur im Keller"))
    check("another device's edit comes", thunderbird.comes(uid, title="Inventur im Keller"))
    OTHER.put(path, OTHER.get(path).text.replace("SUMMARY:Inventur im Keller", "SUMMARY:Inventur am Telefon"))
    retitle(thunderbird, uid, "Inventur am Schreibtisch")
    discarded = """
        const dialog = [...Services.wm.getEnumerator(null)].find(w => w.location.href.includes("calendar-conflicts-dialog"));
        // A window is there before what is in it.
        const buttons = dialog?.document.readyState == "complete" && dialog.document.querySelector("dialog");
        const button = buttons && buttons.getButton && buttons.getButton("cancel");
        button && button.click();
        return Boolean(button);
    """
    check("an edit of what was changed elsewhere is a conflict", wait_for(lambda: thunderbird.run(discarded)))
    check("discarded, the other's title is there", wait_for(lambda: thunderbird.item(uid)["title"] == "Inventur am Telefon") and named("Inventur am Telefon") == uid)
    return uid


def offline(thunderbird, server, monday, uid):
    """The server is away: what is done meanwhile is done here, and sent when it is back."""
    check("an event to be deleted is made", event_dialog(thunderbird, monday + timedelta(hours=14), "Entfällt") and wait_for(lambda: named("Entfällt")))
    gone = named("Entfällt")
    wait_for(lambda: thunderbird.item(gone))
    server.stop()
    retitle(thunderbird, uid, "Inventur ohne Netz")
    check("without the server an edit is seen here", wait_for(lambda: thunderbird.item(uid)["title"] == "Inventur ohne Netz"))
    check("a new event too", event_dialog(thunderbird, monday + timedelta(hours=15), "Ohne Netz gemacht"))
    show(thunderbird, monday, "offline")
    was = shown(thunderbird, gone)
    delete(thunderbird, gone)
    check("and a deletion", was and wait_for(lambda: not boxed(thunderbird, gone)))
    said = thunderbird.run("""
        const prompt = await find(() => [...Services.wm.getEnumerator(null)].find(w => w.location.href.includes("calendar-error-prompt")));
        const text = prompt?.document.documentElement.textContent ?? "";
        prompt?.close();
        return text;
    """)
    check("Thunderbird says that the server is not there", "error" in said.lower())
    server.start()

    def replayed(question):
        thunderbird.refresh()
        return wait_for(question)

    check("when it is back, the edit is sent", replayed(lambda: named("Inventur ohne Netz") == uid))
    check("so is the new event", wait_for(lambda: named("Ohne Netz gemacht")))
    check("and the deletion", wait_for(lambda: OTHER.get(f"{OTHER.calendar()}{gone}.ics").status == 404))
    delete(thunderbird, uid)
    check("a deletion with the server there reaches it", wait_for(lambda: OTHER.get(f"{OTHER.calendar()}{uid}.ics").status == 404))


class Server:
    """The server that the run started, to be stopped and started again where it was."""

    def __init__(self):
        self.process = None

    def stop(self):
        os.kill(int(os.environ["SERVER"]), signal.SIGTERM)
        wait_for(lambda: not (DATA / "control.sock").exists() and not self.answers())

    def answers(self):
        try:
            return OTHER.send("OPTIONS", "/").status
        except OSError:
            return False

    def start(self):
        listen = URL.removeprefix("http://")
        self.process = subprocess.Popen([os.environ["OPENSLOT"], "demo", "--listen", listen, "--data", str(DATA)], stdout=subprocess.DEVNULL, stderr=2)
        check("the server is back", wait_for(self.answers))

    def end(self):
        if self.process:
            self.process.terminate()
            self.process.wait(20)


def main():
    begin = time.monotonic()
    customer, staff = Customer(), Staff().sign_in("anna", "anna-demo")
    monday = date.today() + timedelta(days=7 - date.today().weekday())
    free = customer.free(since=monday.isoformat())
    chosen = next((one for one in free if "T10:00" < one[10:] < "T16:00"), free[0])
    start = customer.book(chosen)
    uid, = staff.requests()
    thunderbird = started()
    set_up(thunderbird)
    check("the booking comes as a tentative event", wait_for(lambda: (thunderbird.item(uid) or {}).get("status") == "TENTATIVE"))
    show(thunderbird, start, "request")
    check("and is shown", shown(thunderbird, uid))
    confirming(thunderbird, uid, staff)
    show(thunderbird, start, "confirmed")
    block(thunderbird, customer)
    now = moving(thunderbird, customer, uid, chosen)
    second(thunderbird, staff)
    deletion(thunderbird, staff)
    conflict(thunderbird, customer, uid, now)
    show(thunderbird, datetime.fromisoformat(now), "cancelled")
    week = datetime.combine(monday + timedelta(days=7), datetime.min.time())
    set_up_hours(thunderbird)
    dragging(thunderbird, customer, show, monday)
    server = Server()
    try:
        offline(thunderbird, server, week, beside_another(thunderbird, week))
        check("nothing else was asked", thunderbird.others() == [])
    finally:
        server.end()
    print(f"# {time.monotonic() - begin:.0f} s", flush=True)


main()
