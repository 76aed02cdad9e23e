# What letters say, in plain language. $practice is the practice's name.
mail-greeting = Guten Tag { $name },
mail-greeting-unnamed = Guten Tag,

mail-requested-subject = Ihre Terminanfrage bei { $practice }
mail-requested-lead = Sie haben nach einem Termin gefragt. Danke! Der Termin gilt noch nicht. Wir schreiben Ihnen bald, ob der Termin gilt.
mail-requested-link = Hier können Sie alles ansehen. Sie können hier auch absagen:
mail-requested-button = Ansehen oder absagen
mail-requested-title = Nach einem Termin gefragt (gilt noch nicht): { $practice }
mail-requested-note = Der Termin gilt noch nicht. Wir schreiben Ihnen bald. Ansehen:

mail-confirmed-subject = Ihr Termin bei { $practice } gilt
mail-confirmed-lead = Ihr Termin gilt. Wir freuen uns auf Sie.
mail-confirmed-link = Hier können Sie den Termin ansehen. Sie können hier auch absagen:
mail-confirmed-button = Ansehen oder absagen
mail-confirmed-title = Termin bei { $practice }
mail-confirmed-note = Ihr Termin gilt. Ansehen:

mail-moved-subject = Ihr Termin bei { $practice } ist jetzt anders
mail-moved-lead = An Ihrem Termin hat sich etwas geändert. So gilt er jetzt:
mail-moved-link = Passt der Termin so nicht? Dann können Sie hier absagen:
mail-moved-button = Ansehen oder absagen
mail-moved-title = Termin bei { $practice }
mail-moved-note = An Ihrem Termin hat sich etwas geändert. Ansehen:

mail-moved-request-subject = Ihre Terminanfrage bei { $practice } ist jetzt anders
mail-moved-request-lead = An Ihrer Terminanfrage hat sich etwas geändert. Der Termin gilt noch nicht. Wir schreiben Ihnen bald. So haben wir es vor:
mail-moved-request-link = Passt das so nicht? Dann können Sie hier absagen:
mail-moved-request-button = Ansehen oder absagen
mail-moved-request-title = Nach einem Termin gefragt (gilt noch nicht): { $practice }
mail-moved-request-note = Es hat sich etwas geändert. Der Termin gilt noch nicht. Ansehen:

mail-cancelled-subject = Abgesagt: Ihr Termin bei { $practice }
mail-cancelled-lead = Dieser Termin ist abgesagt. Sie müssen nichts mehr tun.
mail-cancelled-link = Hier können Sie das nachlesen:
mail-cancelled-button = Den abgesagten Termin ansehen
mail-cancelled-title = Abgesagt: Termin bei { $practice }
mail-cancelled-note = Der Termin ist abgesagt.

mail-declined-subject = Ihr Termin bei { $practice } geht leider nicht
mail-declined-lead = Dieser Termin geht leider nicht. Suchen Sie bitte eine andere Zeit aus. Oder schreiben Sie uns.
mail-declined-link = Hier können Sie das ansehen:
mail-declined-button = Ansehen
mail-declined-title = Geht nicht: Termin bei { $practice }
mail-declined-note = Dieser Termin geht leider nicht.

mail-reminder-subject = Denken Sie an Ihren Termin bei { $practice }
mail-reminder-lead = Bald ist Ihr Termin. Wir sollten Sie daran erinnern.
mail-reminder-link = Können Sie nicht kommen? Dann sagen Sie hier bitte ab:
mail-reminder-button = Ansehen oder absagen

mail-reminder-request-subject = Denken Sie an Ihre Terminanfrage bei { $practice }
mail-reminder-request-lead = Sie haben nach diesem Termin gefragt. Wir sollten Sie daran erinnern. Der Termin gilt noch nicht. Rufen Sie uns bitte an.
mail-reminder-request-link = Können Sie nicht kommen? Dann sagen Sie hier bitte ab:
mail-reminder-request-button = Ansehen oder absagen

mail-test-subject = E-Mail zum Testen von { $practice }
mail-test-text = Das ist eine E-Mail zum Testen. Es klappt.

mail-cancel-until = Bis { $date }, { $time } Uhr können Sie hier absagen.
mail-cancel-then = Danach rufen Sie uns bitte an:
mail-cancel-start = Bis der Termin anfängt, können Sie hier absagen.
mail-cancel-was = Der Termin ist schon bald. Sie können ihn im Internet nicht mehr absagen.
mail-cancel-never = Sie können diesen Termin nicht im Internet absagen.
mail-cancel-call = Können Sie nicht kommen? Dann rufen Sie uns bitte an:
mail-view-link = Hier können Sie den Termin ansehen:
mail-view-button = Den Termin ansehen
mail-view-request-link = Hier können Sie alles ansehen:
mail-view-request-button = Alles ansehen
mail-when = Wann
mail-what = Was
mail-where = Wo
mail-again = Hier können Sie nach einem neuen Termin fragen:
mail-stranger = Haben Sie gar nicht nach einem Termin gefragt? Dann hat jemand Ihre E-Mail-Adresse benutzt. Bitte sagen Sie über den Link ab. Oder schreiben Sie uns.
mail-stranger-late = Haben Sie gar nicht nach einem Termin gefragt? Dann hat jemand Ihre E-Mail-Adresse benutzt. Bitte schreiben Sie uns.
mail-questions = Haben Sie Fragen? Antworten Sie einfach auf diese E-Mail.
mail-telephone = Telefon
mail-email = E-Mail
mail-privacy = Datenschutz
mail-imprint = Impressum
mail-regards = Viele Grüße
mail-calendar-file = Termin.ics

# The practice's own copy.
mail-copy-requested = Neue Online-Terminanfrage
mail-copy-confirmed = Neuer Online-Termin (sofort bestätigt)
mail-copy-moved = Online-Termin geändert
mail-copy-moved-request = Online-Terminanfrage geändert
mail-copy-cancelled = Online-Termin storniert
mail-copy-declined = Online-Terminanfrage abgelehnt
mail-copy-typed = Angaben des Kunden
mail-copy-link = Termin mit Anmeldung öffnen:
mail-copy-button = Termin öffnen
mail-copy-reply = Eine Antwort auf diese E-Mail geht an den Kunden.
mail-field-salutation = Anrede
mail-field-given_name = Vorname
mail-field-family_name = Nachname
mail-field-email = E-Mail
mail-field-telephone = Telefon
mail-field-street = Straße
mail-field-postcode = PLZ
mail-field-city = Ort
mail-field-comment = Nachricht
