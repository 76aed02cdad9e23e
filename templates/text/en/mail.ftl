# What letters say. $practice is the practice's name. 'moved-request' is a request that was moved and is still to be confirmed.
mail-greeting = Hello { $name },
mail-greeting-unnamed = Hello,

mail-requested-subject = Your appointment request at { $practice }
mail-requested-lead = Thank you for your request. We have received it and are looking at it. The appointment is not confirmed yet: we will write to you as soon as it is.
mail-requested-link = Here you can see your request, and cancel it:
mail-requested-button = See or cancel the request
mail-requested-title = Appointment request (not confirmed yet): { $practice }
mail-requested-note = We are looking at your request and will be in touch. The appointment is not confirmed yet. See it:

mail-confirmed-subject = Confirmed: your appointment at { $practice }
mail-confirmed-lead = Your appointment is confirmed. We look forward to seeing you.
mail-confirmed-link = Here you can see your appointment, and cancel it:
mail-confirmed-button = See or cancel the appointment
mail-confirmed-title = Appointment at { $practice }
mail-confirmed-note = Your appointment is confirmed. See it:

mail-moved-subject = Changed: your appointment at { $practice }
mail-moved-lead = Your appointment has changed. This is how it stands now:
mail-moved-link = Here you can see your appointment, and cancel it if it does not suit you:
mail-moved-button = See or cancel the appointment
mail-moved-title = Appointment at { $practice }
mail-moved-note = Your appointment has changed. See it:

mail-moved-request-subject = Changed: your appointment request at { $practice }
mail-moved-request-lead = Your appointment request has changed. The appointment is not confirmed yet: we will write to you as soon as it is. It is now planned for:
mail-moved-request-link = Here you can see your request, and cancel it if it does not suit you:
mail-moved-request-button = See or cancel the request
mail-moved-request-title = Appointment request (not confirmed yet): { $practice }
mail-moved-request-note = Your appointment request has changed and is not confirmed yet. See it:

mail-cancelled-subject = Cancelled: your appointment at { $practice }
mail-cancelled-lead = This appointment is cancelled. There is nothing more for you to do.
mail-cancelled-link = You can look it up here:
mail-cancelled-button = See the cancelled appointment
mail-cancelled-title = Cancelled: appointment at { $practice }
mail-cancelled-note = The appointment is cancelled.

mail-declined-subject = Declined: your appointment request at { $practice }
mail-declined-lead = We are sorry that we cannot offer you this appointment. Please choose another time, or write to us.
mail-declined-link = Here you can see your request:
mail-declined-button = See the request
mail-declined-title = Declined: appointment request at { $practice }
mail-declined-note = We are sorry that we cannot offer you this appointment.

mail-reminder-subject = Reminder: your appointment at { $practice }
mail-reminder-lead = This is a reminder of your appointment. You asked us for it.
mail-reminder-link = Here you can see your appointment, and cancel it if something has come up:
mail-reminder-button = See or cancel the appointment

mail-reminder-request-subject = Reminder: your appointment request at { $practice }
mail-reminder-request-lead = This is a reminder of your appointment request. You asked us for it. The appointment is not confirmed yet: if you are unsure, please call us.
mail-reminder-request-link = Here you can see your request, and cancel it if something has come up:
mail-reminder-request-button = See or cancel the request

mail-test-subject = Test e-mail from { $practice }
mail-test-text = This e-mail was sent from the staff page as a test. Sending works.

mail-cancel-until = You can cancel online until { $date }, { $time }.
mail-cancel-then = After that, please call:
mail-cancel-start = You can cancel online until the appointment begins.
mail-cancel-was = It is too near to be cancelled online.
mail-cancel-never = This appointment cannot be cancelled online.
mail-cancel-call = If you cannot come, please call us:
mail-view-link = Here you can see your appointment:
mail-view-button = See the appointment
mail-view-request-link = Here you can see your request:
mail-view-request-button = See the request
mail-when = When
mail-what = What
mail-where = Where
mail-again = You can ask for another appointment online at any time:
mail-stranger = You have not asked for an appointment? Then somebody has entered your e-mail address. Please cancel the request with the link, or write to us.
mail-stranger-late = You have not asked for an appointment? Then somebody has entered your e-mail address. Please write to us.
mail-questions = Questions? Just reply to this e-mail.
mail-telephone = Telephone
mail-email = E-mail
mail-privacy = Privacy
mail-imprint = Imprint
mail-regards = Kind regards
mail-calendar-file = appointment.ics

# The practice's own copy.
mail-copy-requested = New online appointment request
mail-copy-confirmed = New online appointment (confirmed at once)
mail-copy-moved = Online appointment changed
mail-copy-moved-request = Online appointment request changed
mail-copy-cancelled = Online appointment cancelled
mail-copy-declined = Online appointment request declined
mail-copy-typed = What the customer entered
mail-copy-link = Open the appointment (sign-in needed):
mail-copy-button = Open the appointment
mail-copy-reply = A reply to this e-mail goes to the customer.
mail-field-salutation = Salutation
mail-field-given_name = First name
mail-field-family_name = Last name
mail-field-email = E-mail
mail-field-telephone = Telephone
mail-field-street = Street
mail-field-postcode = Postcode
mail-field-city = Town
mail-field-comment = Message
