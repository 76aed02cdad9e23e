# What stands around every page. Plain language: short sentences, one thought each, no foreign words, nobody is put off.
skip = Direkt zum Text
languages = Sprache
privacy = Datenschutz
imprint = Impressum
new-tab = (öffnet sich in einem neuen Fenster)
contact = So erreichen Sie uns
demo-mails = E-Mails zum Ausprobieren
what = Was
when = Wann
where = Wo
for-whom = Für wen
minutes = { $minutes } Minuten
from-to = von { $from } Uhr bis { $to } Uhr
language-de = Deutsch
language-de-simple = Deutsch, Einfache Sprache
language-en = Englisch
language-tr = Türkisch
language-uk = Ukrainisch
language-ar = Arabisch

# Choosing a branch and a service.
start-title = Einen Termin aussuchen
start-none = Hier gibt es noch nichts.
start-question = Wohin wollen Sie kommen?
services-title = Einen Termin aussuchen
services-back = Zurück: Ein anderer Ort
services-question = Was brauchen Sie?

# The slot grid. $free counts the day's free times.
grid-title = Freie Termine: { $service }
grid-other-service = Zurück: Etwas anderes aussuchen
grid-resources = Zu wem wollen Sie?
grid-any = Das ist mir egal
grid-first-free = Der erste freie Termin
grid-first-free-at = { $date }, { $time } Uhr
grid-times = Freie Zeiten
grid-months = Monat
grid-turn = Andere Tage
grid-turn-below = Andere Tage, unter den Zeiten
grid-previous = Tage davor
grid-next = Tage danach
grid-count = { $free ->
    [0] Hier ist nichts frei
    [one] Eine Zeit ist frei
   *[other] { $free } Zeiten sind frei
}
grid-none-here = An diesen Tagen ist nichts frei. Drücken Sie auf: Tage danach.
grid-none = Im Moment ist kein Termin frei. Rufen Sie uns bitte an. Wir finden einen Termin.
grid-none-chosen = Hier ist im Moment nichts frei. Wählen Sie oben etwas anderes. Oder rufen Sie uns an.
grid-neighbour = In { $place } ist etwas frei: { $date }, { $time } Uhr.
zone = Die Uhrzeiten gelten an unserem Ort (Zeitzone { $zone }).
own-time = bei Ihnen { "{" }time{ "}" }
own-time-shown = Ihre eigene Uhrzeit steht daneben.
grid-key = heißt: Diese Zeit ist nicht frei.
grid-help = Passt kein Termin? Rufen Sie uns bitte an:
closed-hours = nicht frei: Da haben wir geschlossen
closed-lead = nicht frei: Das ist zu bald
closed-horizon = nicht frei: Das ist noch zu lange hin
closed-busy = nicht frei: Da kommt schon jemand anderes
closed-limit = nicht frei: An diesem Tag sind schon alle Termine vergeben

# The form.
form-title = Nach dem Termin fragen
form-title-now = Diesen Termin nehmen
form-title-again = Bitte noch einmal ansehen: Nach dem Termin fragen
form-back = Zurück zu den Zeiten
form-your-time = Ihr Termin
form-you = Wer sind Sie?
form-required = Steht neben einem Feld „Pflicht“? Dann brauchen wir das von Ihnen. Alles andere dürfen Sie leer lassen.
form-must = Pflicht
form-no-salutation = Das sage ich nicht
form-salutations = Frau|Herr|Divers
form-comment-hint = Ein paar Wörter reichen. Sie müssen nichts über Ihre Gesundheit schreiben.
form-choice = Bitte aussuchen
form-date-hint = Erst der Tag, dann der Monat, dann das Jahr. Zum Beispiel: 24.12.1960
form-consents = Sind Sie einverstanden?
form-privacy = Wir brauchen diese Angaben nur für Ihren Termin.
form-reminder = Schicken Sie mir vor dem Termin eine E-Mail, damit ich daran denke. Das müssen Sie nicht ankreuzen.
form-held = Die Zeit ist für Sie frei. Schreiben Sie in Ruhe.
form-gone = Die Zeit ist jetzt weg. Sie können eine andere Zeit aussuchen. Was Sie schreiben, bleibt da.
form-send = Nach dem Termin fragen
form-send-now = Diesen Termin nehmen
form-after = Dann bekommen Sie eine E-Mail von uns. In der E-Mail steht ein Link zu Ihrem Termin.
form-after-page = Dann sehen Sie eine Seite mit Ihrem Termin. Bitte heben Sie die Adresse der Seite auf. Oder speichern Sie den Termin in Ihrem Kalender.
form-cancel-was = Dieser Termin ist schon bald. Sie können ihn im Internet nicht mehr absagen.
form-cancel-never = Sie können diesen Termin nicht im Internet absagen.
form-cancel-call = Können Sie doch nicht kommen? Dann rufen Sie uns bitte an:
form-faults = { $count ->
    [one] Eine Angabe fehlt oder stimmt nicht
   *[other] { $count } Angaben fehlen oder stimmen nicht
}
form-taken-title = Diese Zeit ist nicht mehr frei
form-taken = Suchen Sie bitte eine andere Zeit aus. Was Sie geschrieben haben, steht noch da.
form-lost-title = Diese Zeit ist jetzt weg
form-lost = Haben Sie die Zeit selbst gebucht? Dann ist alles gut. Sonst suchen Sie bitte eine andere Zeit aus.
form-not-offered-title = Diese Zeit geht nicht
form-not-offered = Suchen Sie bitte eine andere Zeit aus. Was Sie geschrieben haben, steht noch da.
form-choose-title = Suchen Sie bitte eine Zeit aus
form-choose = Die erste Zeit ist nicht mehr frei. Was Sie geschrieben haben, steht noch da.
form-too-many-open-title = Sie haben schon mehrere Termine bei uns
form-too-many-open = Wollen Sie noch einen Termin? Dann rufen Sie uns bitte an:
form-too-often-title = Das waren viele Fragen in kurzer Zeit
form-too-often = Versuchen Sie es bitte später noch einmal. Oder rufen Sie uns an:
form-failed-title = Das hat nicht geklappt
form-failed = Das ist unser Fehler. Sie haben noch keinen Termin. Versuchen Sie es bitte noch einmal. Oder rufen Sie uns an:
form-trap = Hier bitte nichts schreiben
form-again-title = Drücken Sie bitte noch einmal auf den Knopf
form-again = Das schützt uns vor Computern, die Formulare ausfüllen. Was Sie geschrieben haben, steht noch da.
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
field-comment = Wollen Sie uns noch etwas sagen?
field-start = Zeit
fault-missing = Bitte schreiben Sie hier etwas hinein.
fault-missing-start = Bitte suchen Sie eine Zeit aus.
fault-too-long = Das ist zu lang. Bitte schreiben Sie höchstens { $limit } Zeichen.
fault-no-email = Das ist keine E-Mail-Adresse. So sieht eine aus: name@beispiel.de
fault-no-telephone = Das ist keine Telefonnummer. Bitte schreiben Sie auch die Vorwahl.
fault-no-choice = Bitte suchen Sie etwas aus der Liste aus.
fault-no-date = Das ist kein Datum. So sieht eines aus: 24.12.1960
fault-unticked = Bitte ankreuzen.

# The page behind a booking's link.
state-requested = Sie haben gefragt. Wir haben noch nicht Ja gesagt
state-confirmed = Der Termin gilt
state-cancelled = Abgesagt
state-rejected = Das geht nicht
state-attended = Sie waren da
state-no-show = Sie waren nicht da
booking-requested-title = Ihre Frage ist bei uns
booking-requested-text = Wir halten die Zeit für Sie frei. Bald schreiben wir Ihnen, ob der Termin gilt.
booking-requested-text-page = Wir halten die Zeit für Sie frei. Auf dieser Seite sehen Sie bald, ob der Termin gilt.
booking-confirmed-title = Ihr Termin gilt
booking-confirmed-text = Wir freuen uns auf Sie.
booking-cancelled-title = Dieser Termin ist abgesagt
booking-cancelled-text = Sie müssen nichts mehr tun. Die Zeit ist wieder frei.
booking-rejected-title = Dieser Termin geht leider nicht
booking-rejected-text = Suchen Sie bitte eine andere Zeit aus. Oder rufen Sie uns an.
booking-attended-title = Dieser Termin ist vorbei
booking-attended-text = Danke, dass Sie da waren.
booking-no-show-title = Dieser Termin ist vorbei
booking-no-show-text = Sie waren nicht da. Wir finden gern eine neue Zeit.
booking-mail = Wir schicken gerade eine E-Mail an { $email }.
booking-no-mail = Bitte heben Sie die Adresse dieser Seite auf. Oder speichern Sie den Termin in Ihrem Kalender.
booking-slip = Zettel für den Termin
booking-calendar = In meinen Kalender
booking-cancel = Termin absagen
booking-again = Einen neuen Termin aussuchen
booking-keep = Unter der Adresse dieser Seite finden Sie Ihren Termin wieder. Geben Sie die Adresse bitte niemandem. Sie können die Seite auch drucken.
cancel-title = Wollen Sie den Termin absagen?
cancel-text = Dann ist die Zeit für andere frei. Sie bekommen die Zeit nicht zurück.
cancel-button = Ja, ich sage ab
cancel-keep = Nein, ich komme

# Pages that say no.
refused-home = Zu den Terminen
refused-number = Rufen Sie uns an? Dann sagen Sie bitte diese Nummer: { $number }
refused-not-found-title = Diese Seite gibt es nicht
refused-not-found-text = Vielleicht fehlt etwas in der Adresse.
refused-no-booking-title = Wir finden diesen Termin nicht
refused-no-booking-text = Der Link gilt nicht mehr, oder es fehlt etwas. In der neuesten E-Mail steht der richtige Link. Sie können uns auch anrufen.
refused-malformed-title = Das können wir nicht lesen
refused-malformed-text = Gehen Sie bitte zurück. Versuchen Sie es noch einmal.
refused-taken-title = Diese Zeit ist nicht mehr frei
refused-taken-text = Suchen Sie bitte eine andere Zeit aus.
refused-too-many-open-title = Sie haben schon mehrere Termine bei uns
refused-too-many-open-text = Wollen Sie noch einen Termin? Dann rufen Sie uns bitte an.
refused-too-often-title = Das war zu oft in kurzer Zeit
refused-too-often-text = Versuchen Sie es bitte später noch einmal. Oder rufen Sie uns an.
refused-already-cancelled-title = Dieser Termin ist schon abgesagt
refused-already-cancelled-text = Sie müssen nichts mehr tun.
refused-past-title = Dieser Termin ist schon vorbei
refused-past-text = Sie können ihn nicht mehr ändern.
refused-expired-title = Dieser Termin ist vorbei
refused-expired-text = Er war schon vor längerer Zeit. Deshalb steht hier nichts mehr dazu.
refused-wrong-state-title = Das geht bei diesem Termin nicht mehr
refused-wrong-state-text = Es hat sich etwas geändert. Sehen Sie sich den Termin bitte noch einmal an.
refused-forbidden-title = Das dürfen Sie hier nicht
refused-forbidden-text = Dafür braucht man eine andere Anmeldung.
refused-failed-title = Da ist ein Fehler passiert
refused-failed-text = Das ist unser Fehler. Versuchen Sie es bitte in ein paar Minuten noch einmal. Oder rufen Sie uns an.
refused-other-site-title = Das kam nicht von unserer Seite
refused-other-site-text = Wir haben nichts geändert. Öffnen Sie unsere Seite bitte neu. Versuchen Sie es dann noch einmal.
refused-not-allowed-title = So kann man diese Seite nicht öffnen
refused-not-allowed-text = Bitte drücken Sie auf die Links auf unseren Seiten.
refused-too-large-title = Das war zu viel
refused-too-large-text = Gehen Sie bitte zurück. Schreiben Sie etwas weniger.
refused-busy-title = Gerade sind viele Leute da
refused-busy-text = Versuchen Sie es bitte gleich noch einmal.
refused-unpublished-title = Termine gibt es hier noch nicht
refused-unpublished-text = Rufen Sie uns bitte an. Wir finden gern einen Termin für Sie.

# Moving, calling off with a reason, booking again.
booking-move = Zu einer anderen Zeit kommen
booking-cancel-until = Bis { $date }, { $time } Uhr können Sie hier absagen.
booking-cancel-start = Bis der Termin anfängt, können Sie im Internet absagen.
booking-cancel-hours = Bis { $hours ->
    [one] eine Stunde
   *[other] { $hours } Stunden
} vor dem Termin können Sie im Internet absagen.
booking-then-call = Danach rufen Sie uns bitte an:
booking-cancel-was = Hier konnte man bis { $date }, { $time } Uhr absagen.
booking-please-call = Bitte rufen Sie uns an:
booking-move-until = Bis { $date }, { $time } Uhr können Sie hier eine andere Zeit aussuchen.
booking-move-was = Hier konnte man bis { $date }, { $time } Uhr eine andere Zeit aussuchen.
cancel-reason = Warum? Das müssen Sie nicht schreiben
cancel-reason-hint = Sie müssen nichts über Ihre Gesundheit schreiben.
move-title = Zu einer anderen Zeit kommen
move-back = Zurück zu Ihrem Termin
move-from = Ihr Termin ist noch am { $date } um { $time } Uhr. Er bleibt so, bis Sie eine andere Zeit ausgesucht haben.
move-times = Zurück zu den Zeiten
move-question = Wollen Sie zu dieser Zeit kommen?
move-old = Bis jetzt
move-new = Neu
move-asks = Wir schreiben Ihnen, ob die neue Zeit gilt.
move-asks-page = Auf der Seite von Ihrem Termin sehen Sie bald, ob die neue Zeit gilt.
move-button = Ja, ich komme dann
move-keep = Nein, alles bleibt so
move-taken = Ihr Termin ist noch wie vorher. Suchen Sie bitte eine andere Zeit aus.
form-rebook-title = Wann wollen Sie kommen?
form-rebook = Was Sie beim letzten Mal geschrieben haben, steht schon da. Stimmt es noch? Ob Sie einverstanden sind, fragen wir noch einmal.
refused-too-late-title = Das geht hier nicht mehr
refused-too-late-text = Der Termin ist schon bald. Rufen Sie uns bitte an. Wir finden eine Lösung.
