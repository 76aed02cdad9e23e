# What letters say. $practice is the practice's name. 'moved-request' is a request that was moved and is still to be confirmed.
mail-greeting = Guten Tag { $name },
mail-greeting-unnamed = Guten Tag,

mail-requested-subject = Ihre Terminanfrage bei { $practice }
mail-requested-lead = vielen Dank für Ihre Terminanfrage. Wir haben sie erhalten und prüfen sie. Der Termin ist noch nicht bestätigt: Wir schreiben Ihnen, sobald es so weit ist.
mail-requested-link = Hier sehen Sie Ihre Anfrage und können sie absagen:
mail-requested-button = Anfrage ansehen oder absagen
mail-requested-title = Terminanfrage (noch nicht bestätigt): { $practice }
mail-requested-note = Wir prüfen Ihre Anfrage und melden uns. Der Termin ist noch nicht bestätigt. Ansehen:

mail-confirmed-subject = Bestätigt: Ihr Termin bei { $practice }
mail-confirmed-lead = Ihr Termin ist bestätigt. Wir freuen uns auf Sie.
mail-confirmed-link = Hier sehen Sie Ihren Termin und können ihn absagen:
mail-confirmed-button = Termin ansehen oder absagen
mail-confirmed-title = Termin bei { $practice }
mail-confirmed-note = Ihr Termin ist bestätigt. Ansehen:

mail-moved-subject = Geändert: Ihr Termin bei { $practice }
mail-moved-lead = Ihr Termin hat sich geändert. So gilt er jetzt:
mail-moved-link = Hier sehen Sie Ihren Termin und können ihn absagen, wenn er Ihnen so nicht passt:
mail-moved-button = Termin ansehen oder absagen
mail-moved-title = Termin bei { $practice }
mail-moved-note = Ihr Termin hat sich geändert. Ansehen:

mail-moved-request-subject = Geändert: Ihre Terminanfrage bei { $practice }
mail-moved-request-lead = Ihre Terminanfrage hat sich geändert. Der Termin ist noch nicht bestätigt: Wir schreiben Ihnen, sobald es so weit ist. Vorgesehen ist jetzt:
mail-moved-request-link = Hier sehen Sie Ihre Anfrage und können sie absagen, wenn sie Ihnen so nicht passt:
mail-moved-request-button = Anfrage ansehen oder absagen
mail-moved-request-title = Terminanfrage (noch nicht bestätigt): { $practice }
mail-moved-request-note = Ihre Terminanfrage hat sich geändert und ist noch nicht bestätigt. Ansehen:

mail-cancelled-subject = Abgesagt: Ihr Termin bei { $practice }
mail-cancelled-lead = dieser Termin ist abgesagt. Sie brauchen nichts weiter zu tun.
mail-cancelled-link = Hier können Sie das nachlesen:
mail-cancelled-button = Abgesagten Termin ansehen
mail-cancelled-title = Abgesagt: Termin bei { $practice }
mail-cancelled-note = Der Termin ist abgesagt.

mail-declined-subject = Abgelehnt: Ihre Terminanfrage bei { $practice }
mail-declined-lead = leider können wir Ihnen diesen Termin nicht geben. Bitte wählen Sie eine andere Zeit, oder schreiben Sie uns.
mail-declined-link = Hier sehen Sie Ihre Anfrage:
mail-declined-button = Anfrage ansehen
mail-declined-title = Abgelehnt: Terminanfrage bei { $practice }
mail-declined-note = Leider können wir Ihnen diesen Termin nicht geben.

mail-reminder-subject = Erinnerung: Ihr Termin bei { $practice }
mail-reminder-lead = wir erinnern Sie an Ihren Termin. Sie haben uns darum gebeten.
mail-reminder-link = Hier sehen Sie Ihren Termin und können ihn absagen, falls etwas dazwischenkommt:
mail-reminder-button = Termin ansehen oder absagen

mail-reminder-request-subject = Erinnerung: Ihre Terminanfrage bei { $practice }
mail-reminder-request-lead = wir erinnern Sie an Ihre Terminanfrage. Sie haben uns darum gebeten. Der Termin ist noch nicht bestätigt: Rufen Sie uns bitte an, wenn Sie unsicher sind.
mail-reminder-request-link = Hier sehen Sie Ihre Anfrage und können sie absagen, falls etwas dazwischenkommt:
mail-reminder-request-button = Anfrage ansehen oder absagen

mail-test-subject = Testmail von { $practice }
mail-test-text = Diese E-Mail wurde auf der Praxisseite zum Testen verschickt. Der Versand funktioniert.

mail-cancel-until = Online absagen können Sie bis { $date }, { $time } Uhr.
mail-cancel-then = Danach telefonisch:
mail-cancel-start = Online absagen können Sie bis zum Beginn des Termins.
mail-cancel-was = Online absagen geht nicht mehr, dafür ist der Termin schon zu nah.
mail-cancel-never = Dieser Termin kann nicht online abgesagt werden.
mail-cancel-call = Wenn Sie nicht kommen können, rufen Sie uns bitte an:
mail-view-link = Hier sehen Sie Ihren Termin:
mail-view-button = Termin ansehen
mail-view-request-link = Hier sehen Sie Ihre Anfrage:
mail-view-request-button = Anfrage ansehen
mail-when = Wann
mail-what = Was
mail-where = Wo
mail-again = Einen neuen Termin können Sie jederzeit online anfragen:
mail-stranger = Sie haben keinen Termin angefragt? Dann hat jemand Ihre E-Mail-Adresse angegeben. Bitte sagen Sie die Anfrage über den Link ab, oder schreiben Sie uns.
mail-stranger-late = Sie haben keinen Termin angefragt? Dann hat jemand Ihre E-Mail-Adresse angegeben. Bitte schreiben Sie uns.
mail-questions = Fragen? Antworten Sie einfach auf diese E-Mail.
mail-telephone = Telefon
mail-email = E-Mail
mail-privacy = Datenschutz
mail-imprint = Impressum
mail-regards = Freundliche Grüße
mail-calendar-file = Terminanhang.ics

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
