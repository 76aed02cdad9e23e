# What stands around every page.
skip = Zum Inhalt springen
languages = Sprache
privacy = Datenschutz
imprint = Impressum
contact = So erreichen Sie uns
demo-mails = Mails dieser Vorführung
what = Was
when = Wann
where = Wo
for-whom = Für
minutes = { $minutes } Minuten
from-to = { $from } bis { $to } Uhr
language-de = Deutsch
language-en = Englisch

# Choosing a branch and a service.
start-title = Termin vereinbaren
start-none = Hier ist noch nichts eingerichtet.
start-question = Wohin möchten Sie kommen?
services-title = Termin vereinbaren
services-back = Andere Filiale wählen
services-question = Worum geht es?

# The slot grid. $free counts the day's free times.
grid-title = Freie Termine: { $service }
grid-other-service = Anderes Anliegen wählen
grid-resources = Bei wem oder wo?
grid-any = Egal, Hauptsache bald
grid-first-free = Erster freier Termin
grid-first-free-at = { $date }, { $time } Uhr
grid-times = Freie Zeiten
grid-months = Monat
grid-turn = Blättern
grid-turn-below = Blättern, unter den Zeiten
grid-previous = Frühere Tage
grid-next = Spätere Tage
grid-count = { $free ->
    [0] Keine freie Zeit
    [one] Eine freie Zeit
   *[other] { $free } freie Zeiten
}
grid-none-here = An diesen Tagen ist nichts mehr frei. Blättern Sie weiter, oder nehmen Sie den ersten freien Termin.
grid-none = Zurzeit ist online kein Termin frei. Rufen Sie uns bitte an, wir finden eine Zeit.
grid-key = bedeutet: nicht frei.
grid-help = Nichts Passendes dabei? Rufen Sie uns an:
closed-hours = nicht frei: außerhalb der Öffnungszeit
closed-lead = nicht frei: zu kurzfristig
closed-horizon = nicht frei: zu weit voraus
closed-limit = nicht frei: keine weiteren Termine an diesem Tag
closed-busy = nicht frei: schon vergeben

# The form.
form-title = Termin anfragen
form-title-again = Bitte prüfen: Termin anfragen
form-back = Zurück zu den Zeiten
form-your-time = Ihr Termin
form-you = Ihre Daten
form-required = Felder mit dem Wort „Pflicht“ brauchen wir von Ihnen. Alles andere ist freiwillig.
form-must = Pflicht
form-no-salutation = Keine Angabe
form-salutations = Frau|Herr|Divers
form-comment-hint = Ein Stichwort genügt. Angaben zu Ihrer Gesundheit sind hier nicht nötig.
form-privacy = Wir verwenden Ihre Angaben nur für diesen Termin.
form-reminder = Erinnern Sie mich vorher per E-Mail an den Termin. Das ist freiwillig.
form-send = Termin anfragen
form-after = Danach senden wir Ihnen eine E-Mail mit einem Link, über den Sie jederzeit absagen können.
form-faults = { $count ->
    [one] Eine Angabe fehlt noch oder stimmt nicht
   *[other] { $count } Angaben fehlen noch oder stimmen nicht
}
form-taken-title = Diese Zeit ist leider nicht mehr frei
form-taken = Bitte wählen Sie eine andere. Was Sie eingetragen haben, ist noch da.
form-not-offered-title = Diese Zeit können wir nicht anbieten
form-not-offered = Bitte wählen Sie eine andere. Was Sie eingetragen haben, ist noch da.
form-choose-title = Bitte wählen Sie noch eine Zeit
form-choose = Die erste war nicht mehr frei. Was Sie eingetragen haben, ist noch da.
form-too-many-open-title = Wir haben schon mehrere Anfragen von Ihnen
form-too-many-open = Solange diese offen sind, nehmen wir weitere gern am Telefon entgegen:
form-too-often-title = Das waren viele Anfragen in kurzer Zeit
form-too-often = Versuchen Sie es bitte später noch einmal, oder rufen Sie uns an:
form-failed-title = Das hat nicht geklappt
form-failed = Es liegt an uns, und es ist nichts gebucht. Versuchen Sie es bitte noch einmal, oder rufen Sie uns an:
form-others = Andere freie Zeiten
form-other = { $date }, { $time } Uhr
form-no-others = In der Nähe ist nichts mehr frei.
form-all-times = Alle freien Zeiten ansehen
field-salutation = Anrede
field-given_name = Vorname
field-family_name = Nachname
field-email = E-Mail
field-telephone = Telefon
field-street = Straße und Hausnummer
field-postcode = Postleitzahl
field-city = Ort
field-comment = Nachricht
field-start = Zeit
fault-missing = Bitte ausfüllen.
fault-missing-start = Bitte eine Zeit wählen.
fault-too-long = Das ist zu lang. Bitte kürzen.
fault-no-email = Das ist keine E-Mail-Adresse. Sie sieht so aus: name@beispiel.de
fault-no-telephone = Das ist keine Telefonnummer. Bitte mit Vorwahl angeben.

# The page behind a booking's link.
state-requested = Angefragt, noch nicht bestätigt
state-confirmed = Bestätigt
state-cancelled = Abgesagt
state-rejected = Nicht möglich
state-attended = Wahrgenommen
state-no-show = Verpasst
booking-requested-title = Ihre Anfrage ist eingegangen
booking-requested-text = Die Zeit ist für Sie vorgemerkt. Wir prüfen Ihre Anfrage und melden uns mit der Bestätigung.
booking-confirmed-title = Ihr Termin ist bestätigt
booking-confirmed-text = Wir freuen uns auf Ihren Besuch.
booking-cancelled-title = Dieser Termin ist abgesagt
booking-cancelled-text = Sie müssen nichts weiter tun. Die Zeit ist wieder frei.
booking-rejected-title = Dieser Termin ist leider nicht möglich
booking-rejected-text = Bitte wählen Sie eine andere Zeit, oder rufen Sie uns an.
booking-attended-title = Dieser Termin hat stattgefunden
booking-attended-text = Danke für Ihren Besuch.
booking-no-show-title = Dieser Termin ist vorbei
booking-no-show-text = Wir haben Sie vermisst. Gern finden wir eine neue Zeit.
booking-mail = Eine E-Mail mit diesen Angaben wird gerade an { $email } gesendet.
booking-slip = Terminzettel
booking-calendar = In meinen Kalender übernehmen
booking-cancel = Termin absagen
booking-again = Neuen Termin vereinbaren
booking-keep = Mit der Adresse dieser Seite können Sie den Termin jederzeit ansehen und absagen. Geben Sie sie nicht weiter. Zum Ausdrucken genügt der Druckbefehl Ihres Browsers.
cancel-title = Diesen Termin absagen?
cancel-text = Die Zeit wird dann für andere frei. Das lässt sich nicht zurücknehmen.
cancel-button = Ja, absagen
cancel-keep = Nein, Termin behalten

# Pages that say no.
refused-home = Zur Terminvereinbarung
refused-number = Wenn Sie uns anrufen, nennen Sie bitte diese Nummer: { $number }
refused-not-found-title = Diese Seite gibt es nicht
refused-not-found-text = Vielleicht ist die Adresse unvollständig, oder das Angebot hat sich geändert.
refused-no-booking-title = Diesen Termin finden wir nicht
refused-no-booking-text = Der Link ist unvollständig oder gilt nicht mehr. In der neuesten E-Mail zu Ihrem Termin steht der richtige. Sonst rufen Sie uns bitte an.
refused-malformed-title = Das konnten wir nicht lesen
refused-malformed-text = Gehen Sie bitte zurück und versuchen Sie es noch einmal.
refused-taken-title = Diese Zeit ist nicht mehr frei
refused-taken-text = Bitte wählen Sie eine andere Zeit.
refused-too-many-open-title = Es sind schon mehrere Anfragen offen
refused-too-many-open-text = Solange diese offen sind, nehmen wir weitere gern am Telefon entgegen.
refused-too-often-title = Das war zu oft in kurzer Zeit
refused-too-often-text = Versuchen Sie es bitte später noch einmal, oder rufen Sie uns an.
refused-already-cancelled-title = Dieser Termin ist schon abgesagt
refused-already-cancelled-text = Es ist nichts weiter zu tun.
refused-past-title = Dieser Termin ist schon vorbei
refused-past-text = Er lässt sich nicht mehr ändern.
refused-wrong-state-title = Das geht mit diesem Termin nicht mehr
refused-wrong-state-text = Inzwischen hat sich sein Zustand geändert. Sehen Sie ihn sich bitte noch einmal an.
refused-forbidden-title = Dazu fehlt die Berechtigung
refused-forbidden-text = Diese Anmeldung darf das nicht.
refused-failed-title = Da ist etwas schiefgegangen
refused-failed-text = Es liegt an uns. Versuchen Sie es bitte in ein paar Minuten noch einmal, oder rufen Sie uns an.
refused-other-site-title = Dieses Formular kam nicht von unserer Seite
refused-other-site-text = Zur Sicherheit haben wir nichts geändert. Öffnen Sie die Seite bitte neu und versuchen Sie es noch einmal.
refused-not-allowed-title = So lässt sich diese Seite nicht aufrufen
refused-not-allowed-text = Bitte folgen Sie den Links auf unseren Seiten.
refused-too-large-title = Das war zu viel auf einmal
refused-too-large-text = Gehen Sie bitte zurück und fassen Sie sich etwas kürzer.
refused-busy-title = Gerade ist viel los
refused-busy-text = Versuchen Sie es bitte in ein paar Sekunden noch einmal.
