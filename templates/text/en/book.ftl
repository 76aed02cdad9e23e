# What stands around every page.
skip = Skip to content
languages = Language
privacy = Privacy
imprint = Imprint
contact = How to reach us
demo-mails = Mails of this demonstration
what = What
when = When
where = Where
for-whom = For
minutes = { $minutes } minutes
from-to = { $from } to { $to }
language-de = German
language-en = English

# Choosing a branch and a service.
start-title = Book an appointment
start-none = Nothing has been set up here yet.
start-question = Where would you like to come?
services-title = Book an appointment
services-back = Choose another branch
services-question = What is it about?

# The slot grid. $free counts the day's free times.
grid-title = Free appointments: { $service }
grid-other-service = Choose something else
grid-resources = With whom, or where?
grid-any = Any, as soon as possible
grid-first-free = First free appointment
grid-first-free-at = { $date }, { $time }
grid-times = Free times
grid-months = Month
grid-turn = Other days
grid-turn-below = Other days, below the times
grid-previous = Earlier days
grid-next = Later days
grid-count = { $free ->
    [0] No free time
    [one] One free time
   *[other] { $free } free times
}
grid-none-here = Nothing is free on these days any more. Go on to later days, or take the first free appointment.
grid-none = No appointment is free online at the moment. Please call us and we will find a time.
grid-key = means: not free.
grid-help = Nothing that suits you? Call us:
closed-hours = not free: outside opening hours
closed-lead = not free: too soon
closed-horizon = not free: too far ahead
closed-limit = not free: no more appointments on this day
closed-busy = not free: already taken

# The form.
form-title = Request an appointment
form-title-again = Please check: request an appointment
form-back = Back to the times
form-your-time = Your appointment
form-you = Your details
form-required = We need the fields that say “required”. Everything else is up to you.
form-must = required
form-no-salutation = Prefer not to say
form-salutations = Ms|Mrs|Mr|Mx
form-comment-hint = A few words will do. There is no need to write about your health here.
form-privacy = We use what you enter for this appointment only.
form-reminder = Remind me of the appointment by e-mail. This is up to you.
form-send = Request appointment
form-after = We will then send you an e-mail with a link by which you can cancel at any time.
form-faults = { $count ->
    [one] One field is missing or not quite right
   *[other] { $count } fields are missing or not quite right
}
form-taken-title = Sorry, this time is no longer free
form-taken = Please choose another one. What you have entered is still here.
form-not-offered-title = We can't offer this time
form-not-offered = Please choose another one. What you have entered is still here.
form-choose-title = Please choose a time
form-choose = The first one was no longer free. What you have entered is still here.
form-too-many-open-title = We already have several requests from you
form-too-many-open = While those are open, we are glad to take others by telephone:
form-too-often-title = That was a lot of requests in a short time
form-too-often = Please try again later, or call us:
form-failed-title = That did not work
form-failed = The fault is ours, and nothing has been booked. Please try again, or call us:
form-others = Other free times
form-other = { $date }, { $time }
form-no-others = Nothing is free close to it.
form-all-times = See all free times
field-salutation = Title
field-given_name = First name
field-family_name = Last name
field-email = E-mail
field-telephone = Telephone
field-street = Street and number
field-postcode = Postal code
field-city = Town
field-comment = Message
field-start = Time
fault-missing = Please fill this in.
fault-missing-start = Please choose a time.
fault-too-long = This is too long. Please shorten it.
fault-no-email = This is not an e-mail address. One looks like this: name@example.com
fault-no-telephone = This is not a telephone number. Please include the area code.

# The page behind a booking's link.
state-requested = Requested, not yet confirmed
state-confirmed = Confirmed
state-cancelled = Cancelled
state-rejected = Not possible
state-attended = Attended
state-no-show = Missed
booking-requested-title = We have received your request
booking-requested-text = The time is kept for you. We will look at your request and get back to you with a confirmation.
booking-confirmed-title = Your appointment is confirmed
booking-confirmed-text = We look forward to your visit.
booking-cancelled-title = This appointment is cancelled
booking-cancelled-text = There is nothing more for you to do. The time is free again.
booking-rejected-title = Sorry, this appointment is not possible
booking-rejected-text = Please choose another time, or call us.
booking-attended-title = This appointment has taken place
booking-attended-text = Thank you for your visit.
booking-no-show-title = This appointment is over
booking-no-show-text = We missed you. We will gladly find a new time.
booking-mail = An e-mail with these details is being sent to { $email }.
booking-slip = Appointment slip
booking-calendar = Add to my calendar
booking-cancel = Cancel appointment
booking-again = Book a new appointment
booking-keep = With the address of this page you can look at the appointment and cancel it at any time. Please keep it to yourself. To print the slip, use your browser's print command.
cancel-title = Cancel this appointment?
cancel-text = The time will then be free for others. This can't be undone.
cancel-button = Yes, cancel it
cancel-keep = No, keep it

# Pages that say no.
refused-home = Go to booking
refused-number = If you call us, please mention this number: { $number }
refused-not-found-title = There is no such page
refused-not-found-text = Perhaps the address is incomplete, or what we offer has changed.
refused-no-booking-title = We can't find this appointment
refused-no-booking-text = The link is incomplete or no longer valid. The latest e-mail about your appointment has the right one. Otherwise please call us.
refused-malformed-title = We could not read that
refused-malformed-text = Please go back and try again.
refused-taken-title = This time is no longer free
refused-taken-text = Please choose another time.
refused-too-many-open-title = Several requests are open already
refused-too-many-open-text = While those are open, we are glad to take others by telephone.
refused-too-often-title = That was too often in a short time
refused-too-often-text = Please try again later, or call us.
refused-already-cancelled-title = This appointment is already cancelled
refused-already-cancelled-text = There is nothing more to do.
refused-past-title = This appointment is over
refused-past-text = It can't be changed any more.
refused-wrong-state-title = This can't be done with the appointment any more
refused-wrong-state-text = Its state has changed in the meantime. Please look at it again.
refused-forbidden-title = You are not allowed to do this
refused-forbidden-text = This login does not have the right to.
refused-failed-title = Something went wrong
refused-failed-text = The fault is ours. Please try again in a few minutes, or call us.
refused-other-site-title = This form did not come from our site
refused-other-site-text = To be safe we have changed nothing. Please open the page again and retry.
refused-not-allowed-title = This page can't be used that way
refused-not-allowed-text = Please follow the links on our pages.
refused-too-large-title = That was too much at once
refused-too-large-text = Please go back and make it a little shorter.
refused-busy-title = It is busy right now
refused-busy-text = Please try again in a few seconds.
