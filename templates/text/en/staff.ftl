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
sign-in-wrong = User name and password don't match.

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
staff-overlap-text = Something else stands in this calendar at the same time.
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
act-no-show = Did not come
staff-acts-hint = The same can be done in your calendar program. The customer is told by e-mail when you confirm, decline or cancel.
staff-read-only = This login may see the appointment but not change it.
staff-typed = What the customer entered
staff-typed-none = Nothing.
staff-speaks = Language
staff-notes = Notes
staff-history = History
staff-customer = Customer
history-requested = Requested
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
via-web = website
via-link = link in the e-mail
via-staff-page = staff page
via-import = import
staff-letters = E-mails
staff-letters-none = None yet.
staff-attempts = { $count } attempts
letter-requested = Request received
letter-confirmed = Confirmation
letter-moved = New time
letter-cancelled = Cancellation
letter-declined = Request declined
letter-other = Message
letter-to-customer = to the customer
letter-to-practice = copy to the practice
outcome-waiting = being sent
outcome-sent = taken by the mail server
outcome-delayed = not taken yet, will be tried again
outcome-rejected = refused
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
