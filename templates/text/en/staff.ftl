# The staff pages.
staff-nav = Sections
staff-requests = Online requests
staff-upcoming = Upcoming
staff-devices = Devices
staff-sign-out = Sign out
staff-back = To the online requests
sign-in-title = Sign in
sign-in-login = User name
sign-in-password = Password
sign-in-button = Sign in
sign-in-not-kept = Your browser has not kept the sign-in. Sign in at the encrypted address, and allow cookies:
sign-in-wrong = User name and password don't match. A device's password does not work here.

# Lists. $name is the customer's name; $when is one of the distances below.
relative-today = today
relative-tomorrow = tomorrow
relative-yesterday = yesterday
relative-ahead = in { $days } days
relative-ago = { $days } days ago
staff-open-count = { $count ->
    [one] One open request, newest first
   *[other] { $count } open requests, newest first
}
staff-none = No open request. New ones appear here by themselves.
staff-news = New online request: { $name }, { $date }, { $time }
staff-lost = No connection. The list may be out of date.
staff-asked = asked { $when } { $time }
staff-overlap = Overlap
staff-overlap-text = Something else is there at the same time:
staff-incomplete-named = Incomplete: without { $names }
staff-incomplete-text = A calendar that also held this appointment no longer does: { $names }. Enter it there again, call the appointment off, or leave it as it is.
staff-incomplete-count = { $count ->
    [one] One incomplete appointment
   *[other] { $count } incomplete appointments
}
staff-incomplete-hint = A resource or the time is missing here. The appointment stands until somebody decides.
staff-incomplete-news = Incomplete appointment: { $name }, { $date }, { $time }
staff-untimed = without a time
staff-untimed-text = The entry stands for the whole of { $date }, without a time. The customer sees the last time, and hears nothing until the entry has one again.
staff-sure-title-confirm = Confirm all the same?
staff-sure-yes-confirm = Yes, confirm all the same
staff-sure-title-restore = Enter it again all the same?
staff-sure-yes-restore = Yes, enter it all the same
staff-sure-no = No, back to the appointment
staff-departed = No longer in the practice: “{ $names }”
staff-departed-text = “{ $names }” no longer belongs to the practice, but also held this appointment. The appointment still stands, and its customer was told nothing.
staff-gone = Calendar removed
staff-gone-text = “{ $name }” no longer belongs to the practice. The appointment still stands, and its customer was told nothing: call it off here, or put “{ $name }” back into the practice's file.
staff-stranded = With nobody any more
staff-stranded-text = These appointments stand with a room or a person that no longer belongs to the practice. Their customers know nothing of it until you call them off here.
staff-stranded-count = { $count ->
    [one] One appointment stands with a room or a person that no longer belongs to the practice.
   *[other] { $count } appointments stand with a room or a person that no longer belongs to the practice.
}
staff-state-requested = Online request
staff-state-confirmed = Confirmed
staff-state-cancelled = Cancelled
staff-state-rejected = Declined
staff-state-attended = Attended
staff-state-no-show = No-show
staff-upcoming-title = The next two weeks
staff-upcoming-none = There is no appointment in the next two weeks.

# One appointment.
staff-acts = What to do
act-confirm = Confirm
act-decline = Decline
act-cancel = Cancel appointment
act-attended = Attended
act-restore = Enter it again
act-accept = Leave it as it is
act-no-show = Did not come
staff-acts-hint = The same can be done in your calendar program. The customer is told by e-mail when you confirm, decline or cancel.
staff-changed = Nothing is confirmed yet: the appointment has changed while this page was open. This is how it stands now.
staff-deleted = This appointment was deleted from the calendar and is over.
staff-read-only = This login may see the appointment but not change it.
staff-typed = What the customer entered
staff-typed-none = Nothing.
staff-speaks = Language
staff-notes = Notes
staff-history = History
staff-customer = Customer
history-requested = Requested
history-booked = Booked
history-confirmed = Confirmed
history-moved = Moved
history-cancelled = Cancelled
history-declined = Declined
history-attended = Attended
history-no-show = Did not come
history-reopened = Reopened
history-unclear = Unclear – please decide here
history-edited = Edited
history-deleted = Deleted
history-incomplete = Incomplete, a resource was taken off
history-untimed = Without a time
history-completed = Complete again
history-accepted = Left incomplete
history-renewed = New link for the customer
via-web = website
via-link = link in the e-mail
via-staff-page = staff page
via-import = import
staff-letters = E-mails
staff-letters-none = None yet.
staff-customer-link = The customer's link
staff-renew-link = Revoke and renew the link
staff-renew-link-text = Whoever has it sees the appointment and can cancel it. Once it is renewed the old one leads nowhere; the next e-mail brings the new one, or you pass it on.
staff-attempts = { $count ->
    [one] 1 attempt
   *[other] { $count } attempts
}
letter-requested = Request received
letter-confirmed = Confirmation
letter-moved = New time
letter-cancelled = Cancellation
letter-declined = Request declined
letter-reminder = Reminder
letter-to-customer = to the customer
letter-to-practice = copy to the practice
cause-refused = The mail server refuses connections.
cause-unreachable = The mail server can’t be reached.
cause-name = The mail server’s name is not known.
cause-certificate = The mail server’s certificate is not accepted.
cause-tls = The connection to the mail server can’t be encrypted.
cause-authentication = The mail server does not accept user and password.
cause-silent = The mail server does not answer.
outcome-waiting = being sent
outcome-parked = waits to be let go
outcome-sent = taken by the mail server
outcome-filed = written as a file only: no mail server is set up
outcome-delayed = not taken yet, will be tried again
outcome-rejected = refused
outcome-planned = planned
outcome-dropped = not sent, taken out by
outcome-superseded = no longer needed

# Devices' passwords.
devices-title = Calendars on your devices
devices-text = Every telephone and every program gets a password of its own. If a device is lost, you revoke that one alone.
devices-made = Password for “{ $label }”
devices-once = It is shown this once only.
devices-server = Server address
devices-how = Where to enter it
devices-thunderbird = Calendar, “New Calendar”, “On the Network”; enter user name and server address, then the password.
devices-ios = Settings, Apps, Calendar, Accounts, “Add Account”, “Other”, “Add CalDAV Account”; enter server, user name and password.
devices-mac = Calendar, “Add Account”, “Other CalDAV Account”, type “Manual”; enter user name, password and server address.
devices-davx5 = Plus, “Login with URL and user name”; enter server address, user name and password.
devices-list = Your devices
devices-none = None yet.
devices-since = since { $date }
devices-used = last used: { $date }
devices-unused = never used yet
devices-view = What shall it show of customers?
view-full = Everything
view-name = The name only
view-busy = Only that the time is taken
devices-revoke = Revoke
devices-revoke-named = Revoke the password for “{ $label }”
devices-add = Add a device
devices-label = What is the device called? For example: iPhone
devices-make = Make a password
devices-outlook = with the free add-in “CalDav Synchronizer”: new profile “Generic CalDAV/CardDAV”, the server address as DAV URL, user name and password.
devices-evolution = New, “Calendar”, type “CalDAV”; enter the server address as URL and the user name, choose “Find Calendars”.
devices-korganizer = New calendar, “DAV groupware resource”; user name and password, then “Configure the resource manually”, CalDAV, the server address with “dav/” at its end.
devices-dns = For whoever runs the domain
devices-dns-text = With these DNS records many programs need no more than the e-mail address; they find the server address themselves.
feeds-title = Subscriptions without signing in
feeds-text = Whoever knows such an address sees the calendar until you revoke it. Nothing can be changed there.
feeds-made = Your new address
feeds-once = It is shown only this once.
feeds-gone = Calendar no longer available
feeds-calendar = Which calendar?
feeds-kind = What shall be seen?
feeds-kind-full = everything, names and telephone numbers too
feeds-kind-busy = only when it is busy
feeds-kind-freebusy = only when it is busy (.ifb, for programs that look for a time)
feeds-release = Release the address without a secret (.ifb only): everybody may know when it is busy.
feeds-is-released = released to everybody
feeds-revoke-named = Revoke the address of “{ $label }”
feeds-make = Make an address
feed-busy = Busy

# A demo's mails.
mails-title = Mails of this demonstration
mails-text = Nothing is sent from here. Each mail is a file in the data folder and can be read here.
mails-none = None yet. After the first booking there will be some.
mails-back = All mails
mails-from = From
mails-to = To
mails-date = Sent
mails-as-text = As text
mails-as-html = As a mail program shows it
mails-attachments = Attachments
mails-invitation = Invitation (text/calendar)

# Letters that have not left, and how all look.
staff-mail-stuck = { $count ->
    [one] One e-mail could not be sent since { $date } { $time }.
   *[other] { $count } e-mails could not be sent since { $date } { $time }.
}
staff-mail-parked = { $count ->
    [one] One cancellation waits for you to let it go.
   *[other] { $count } cancellations wait for you to let them go.
}
staff-mail-failed = { $count ->
    [one] One e-mail was refused and is not tried any more.
   *[other] { $count } e-mails were refused and are not tried any more.
}
letters-parked = Waiting to be let go
letters-parked-text = { $name } called off many appointments at once on { $date } at { $time }. { $count } e-mails to the customers wait for your decision.
letters-parked-send = Send all
letters-parked-drop = Send none
letters-failed = Cannot be delivered
letters-failed-text = The mail server has refused these e-mails for good. Please tell the customers in another way, or correct the address in the appointment and try again.
letters-failed-none = None.
letters-late = Still being tried
letters-late-none = None. Everything that was due is on its way.
letters-filed = No mail server is set up. E-mails are only written as files to the data folder, and nobody receives them. A mail server is named in openslot.toml under [mail.smtp].
letters-filed-none = None. Everything that was due is written as a file.
letters-again = Try again now
letters-drop = Do not send any more
letters-test = Test e-mail
letters-test-text = Sends an e-mail to { $email } and shows what the mail server says to it.
letters-test-button = Send a test e-mail
letters-test-nowhere = This login has no e-mail address to which anything could be sent.
letters-tested-sent = The mail server has taken the test e-mail.
letters-tested-filed = The test e-mail was written as a file and not sent.
letters-tested-rejected = The mail server has refused the test e-mail:
letters-tested-delayed = The test e-mail could not be handed over just now:
letters-tested-nowhere = This login has no e-mail address.
letters-previews = What the e-mails look like
letters-previews-text = With invented data. Texts of your own lie in the folder of templates and count after “openslot apply”.
preview-requested = Receipt of the request
preview-confirmed = Confirmation
preview-moved = Change
preview-moved-request = Change of a request
preview-cancelled = Cancellation
preview-declined = Refusal
preview-reminder = Reminder
preview-reminder-request = Reminder of a request

# The ways to the booking page.
staff-links = Links
links-title = Links to the booking page
links-text = For your web site, for letters and to put on the wall: the address, the code for your own site and a QR code.
links-all = All services
links-hidden = by its link only
links-sites = Sites that may show the booking page
links-no-sites = None yet. Add the address of your web site to widget_origins in practice.toml.
links-back = All links
links-qr = QR code for { $link }
links-print = To print it, use your browser’s print command: the heading, the QR code and the address are printed.
links-code = For your own web site
links-code-text = Insert these lines where the booking page is to appear. Without JavaScript the link remains.

# Why a time can be booked or not.
staff-slots = Free times
slots-title = What customers can book, and what not
slots-text = Every time of the service, and with each × all reasons.
slots-location = Branch
slots-service = Service
slots-resource = With whom
slots-any = any
slots-turn = Week
slots-previous = Week before
slots-next = Next week
slots-free = free: { $names }
slots-odd = Not understood
slots-odd-text = Entries of whole days among the hours open nothing. Give them a time, or a title that closes, “Holiday” or “Closed” for example.
slots-none = Nothing opens on these days.
why-holiday = Public holiday: { $name }
why-lead = Lead time: too soon, or past
why-horizon = not offered so far ahead
why-day = limit of this day reached
why-week = limit of this week reached
why-shared = each resource would be free, but not all at once
why-few = fewer are free than it takes
why-closed = { $name }: not open
why-other-service = { $name }: open for other services only
why-closes = { $name }: closes before the end
why-off-grid = { $name }: no appointment starts here
why-busy = { $name }: taken from { $from } to { $to }
why-buffer = { $name }: preparation or follow-up of the appointment from { $from } to { $to }
why-held = { $name }: held from { $from } to { $to }, somebody is filling in the form
why-full = { $name }: all seats taken
