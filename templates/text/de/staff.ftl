# The staff pages.
staff-nav = Bereiche
staff-requests = Online-Anfragen
staff-upcoming = Nächste Termine
staff-devices = Geräte
staff-sign-out = Abmelden
staff-back = Zu den Online-Anfragen
sign-in-title = Anmelden
sign-in-login = Benutzername
sign-in-password = Passwort
sign-in-button = Anmelden
sign-in-not-kept = Ihr Browser hat die Anmeldung nicht behalten. Melden Sie sich unter der verschlüsselten Adresse an, und lassen Sie Cookies zu:
sign-in-wrong = Benutzername und Passwort passen nicht zusammen. Das Passwort eines Geräts gilt hier nicht.

# Lists. $name is the customer's name; $when is one of the distances below.
relative-today = heute
relative-tomorrow = morgen
relative-yesterday = gestern
relative-ahead = in { $days } Tagen
relative-ago = vor { $days } Tagen
staff-open-count = { $count ->
    [one] Eine offene Anfrage, die neueste zuerst
   *[other] { $count } offene Anfragen, die neueste zuerst
}
staff-none = Keine offene Anfrage. Neue erscheinen hier von selbst.
staff-news = Neue Online-Anfrage: { $name }, { $date }, { $time } Uhr
staff-lost = Keine Verbindung. Die Liste kann veraltet sein.
staff-asked = angefragt { $when } { $time }
staff-overlap = Überschneidung
staff-overlap-text = Zur selben Zeit steht dort noch etwas anderes:
staff-incomplete-named = Unvollständig: es fehlt { $names }
staff-incomplete-text = Ein Kalender, der diesen Termin auch hielt, hält ihn nicht mehr: { $names }. Tragen Sie den Termin dort wieder ein, sagen Sie ihn ab, oder belassen Sie es dabei.
staff-incomplete-count = { $count ->
    [one] Ein unvollständiger Termin
   *[other] { $count } unvollständige Termine
}
staff-incomplete-hint = Hier fehlt eine Ressource oder die Uhrzeit. Der Termin steht, bis jemand entscheidet.
staff-incomplete-news = Unvollständiger Termin: { $name }, { $date }, { $time } Uhr
staff-untimed = ohne Uhrzeit
staff-untimed-text = Der Eintrag steht ganztägig am { $date }, ohne Uhrzeit. Der Kunde sieht die letzte Uhrzeit und erfährt nichts, bis der Eintrag wieder eine hat.
staff-sure-title-confirm = Trotzdem bestätigen?
staff-sure-yes-confirm = Ja, trotzdem bestätigen
staff-sure-title-restore = Trotzdem wieder eintragen?
staff-sure-yes-restore = Ja, trotzdem wieder eintragen
staff-sure-no = Nein, zurück zum Termin
staff-departed = Nicht mehr in der Praxis: „{ $names }“
staff-departed-text = „{ $names }“ gehört nicht mehr zur Praxis, hielt diesen Termin aber auch. Der Termin steht weiterhin, und dem Kunden wurde nichts gesagt.
staff-gone = Kalender entfernt
staff-gone-text = „{ $name }“ gehört nicht mehr zur Praxis. Der Termin steht noch, und dem Kunden wurde nichts gesagt: Sagen Sie ihn hier ab, oder nehmen Sie „{ $name }“ wieder in die Datei der Praxis auf.
staff-stranded = Bei niemandem mehr
staff-stranded-text = Diese Termine stehen bei einem Raum oder einer Person, die nicht mehr zur Praxis gehören. Die Kunden wissen nichts davon, bis Sie hier absagen.
staff-stranded-count = { $count ->
    [one] Ein Termin steht bei einem Raum oder einer Person, die nicht mehr zur Praxis gehören.
   *[other] { $count } Termine stehen bei einem Raum oder einer Person, die nicht mehr zur Praxis gehören.
}
staff-state-requested = Online-Terminanfrage
staff-state-confirmed = Bestätigt
staff-state-cancelled = Storniert
staff-state-rejected = Abgelehnt
staff-state-attended = Wahrgenommen
staff-state-no-show = Geplatzt
staff-upcoming-title = Die nächsten zwei Wochen
staff-upcoming-none = In den nächsten zwei Wochen steht kein Termin.

# One appointment.
staff-acts = Was tun?
act-confirm = Bestätigen
act-decline = Ablehnen
act-cancel = Absagen
act-attended = Wahrgenommen
act-no-show = Nicht erschienen
act-restore = Wieder eintragen
act-accept = So belassen
staff-acts-hint = Das lässt sich ebenso im Kalenderprogramm tun. Der Kunde wird per E-Mail benachrichtigt, wenn Sie bestätigen, ablehnen oder absagen.
staff-changed = Noch nichts ist bestätigt: Der Termin hat sich geändert, während diese Seite offen war. So steht er jetzt.
staff-deleted = Dieser Termin wurde im Kalender gelöscht und ist damit erledigt.
staff-read-only = Diese Anmeldung darf den Termin sehen, aber nicht ändern.
staff-typed = Angaben des Kunden
staff-typed-none = Keine Angaben.
staff-speaks = Sprache
staff-notes = Notizen
staff-history = Verlauf
staff-customer = Kunde
history-requested = Angefragt
history-booked = Gebucht
history-confirmed = Bestätigt
history-moved = Verschoben
history-cancelled = Abgesagt
history-declined = Abgelehnt
history-attended = Wahrgenommen
history-no-show = Nicht erschienen
history-reopened = Wieder geöffnet
history-unclear = Unklar – bitte hier entscheiden
history-edited = Geändert
history-deleted = Gelöscht
history-incomplete = Unvollständig, entfernt wurde eine Ressource
history-untimed = Ohne Uhrzeit
history-completed = Wieder vollständig
history-accepted = Unvollständig belassen
history-renewed = Neuer Link für den Kunden
via-web = Website
via-link = Link aus der E-Mail
via-staff-page = Praxisseite
via-import = Import
staff-letters = E-Mails
staff-letters-none = Noch keine.
staff-customer-link = Link des Kunden
staff-renew-link = Link sperren und erneuern
staff-renew-link-text = Wer ihn hat, sieht den Termin und kann ihn absagen. Nach dem Erneuern führt der alte ins Leere; den neuen bringt die nächste E-Mail, oder Sie geben ihn weiter.
staff-attempts = { $count ->
    [one] 1 Versuch
   *[other] { $count } Versuche
}
letter-requested = Eingang der Anfrage
letter-confirmed = Bestätigung
letter-moved = Verschiebung
letter-cancelled = Absage
letter-declined = Ablehnung
letter-reminder = Erinnerung
letter-to-customer = an den Kunden
letter-to-practice = Kopie an die Praxis
cause-refused = Der Mailserver nimmt keine Verbindung an.
cause-unreachable = Der Mailserver ist nicht erreichbar.
cause-name = Der Name des Mailservers ist unbekannt.
cause-certificate = Das Zertifikat des Mailservers wird nicht anerkannt.
cause-tls = Die Verbindung zum Mailserver lässt sich nicht verschlüsseln.
cause-authentication = Der Mailserver erkennt Benutzer und Passwort nicht an.
cause-silent = Der Mailserver antwortet nicht.
outcome-waiting = wird gesendet
outcome-parked = wartet auf Freigabe
outcome-sent = vom Mailserver angenommen
outcome-filed = nur als Datei geschrieben: es ist kein Mailserver eingerichtet
outcome-delayed = noch nicht angenommen, wird wieder versucht
outcome-rejected = abgelehnt
outcome-superseded = nicht mehr nötig
outcome-planned = geplant
outcome-dropped = nicht gesendet, herausgenommen von

# Devices' passwords.
devices-title = Kalender auf Ihren Geräten
devices-text = Jedes Telefon und jedes Programm bekommt ein eigenes Passwort. Geht ein Gerät verloren, widerrufen Sie nur dieses eine.
devices-made = Passwort für „{ $label }“
devices-once = Es wird nur dieses eine Mal angezeigt.
devices-server = Serveradresse
devices-how = So tragen Sie es ein
devices-thunderbird = Kalender, „Neuer Kalender“, „Im Netzwerk“; Benutzername und Serveradresse eintragen, danach das Passwort.
devices-ios = Einstellungen, Apps, Kalender, Accounts, „Account hinzufügen“, „Andere“, „CalDAV-Account hinzufügen“; Server, Benutzername und Passwort eintragen.
devices-mac = Kalender, „Account hinzufügen“, „Anderer CalDAV-Account“, Typ „Manuell“; Benutzername, Passwort und Serveradresse eintragen.
devices-davx5 = Plus, „Mit URL und Benutzername anmelden“; Serveradresse, Benutzername und Passwort eintragen.
devices-list = Ihre Geräte
devices-none = Noch keines.
devices-since = seit { $date }
devices-used = zuletzt benutzt: { $date }
devices-unused = noch nie benutzt
devices-view = Was soll es von Kunden zeigen?
view-full = Alles
view-name = Nur den Namen
view-busy = Nur, dass belegt ist
devices-revoke = Widerrufen
devices-revoke-named = Passwort für „{ $label }“ widerrufen
devices-add = Ein Gerät hinzufügen
devices-label = Wie heißt das Gerät? Zum Beispiel: iPhone
devices-make = Passwort erzeugen
devices-outlook = mit der kostenlosen Erweiterung „CalDav Synchronizer“; neues Profil „Generic CalDAV/CardDAV“, Serveradresse als DAV-URL, Benutzername und Passwort eintragen.
devices-evolution = Neu, „Kalender“, Art „CalDAV“; Serveradresse als URL und Benutzername eintragen, „Kalender suchen“ wählen.
devices-korganizer = Neuer Kalender, „DAV-Groupware-Ressource“; Benutzername und Passwort, dann „Server von Hand einrichten“, CalDAV, Serveradresse mit „dav/“ am Ende.
devices-dns = Für die Verwaltung der Domain
devices-dns-text = Mit diesen DNS-Einträgen genügt vielen Programmen die E-Mail-Adresse; die Serveradresse finden sie selbst.
feeds-title = Abonnements ohne Anmeldung
feeds-text = Wer eine solche Adresse kennt, sieht den Kalender, solange Sie sie nicht widerrufen. Zu ändern gibt es dort nichts.
feeds-made = Ihre neue Adresse
feeds-once = Sie wird nur dieses eine Mal angezeigt.
feeds-gone = Kalender nicht mehr zugänglich
feeds-calendar = Welcher Kalender?
feeds-kind = Was soll zu sehen sein?
feeds-kind-full = alles, auch Namen und Telefonnummern
feeds-kind-busy = nur, wann belegt ist
feeds-kind-freebusy = nur, wann belegt ist (.ifb, für die Terminsuche von Programmen)
feeds-release = Adresse ohne Geheimnis freigeben (nur .ifb): Jeder darf wissen, wann belegt ist.
feeds-is-released = für alle freigegeben
feeds-revoke-named = Adresse von „{ $label }“ widerrufen
feeds-make = Adresse erzeugen
feed-busy = Belegt

# A demo's mails.
mails-title = Mails dieser Vorführung
mails-text = Hier wird nichts verschickt. Jede Mail liegt als Datei im Datenordner und lässt sich hier lesen.
mails-none = Noch keine. Nach der ersten Buchung stehen hier welche.
mails-back = Alle Mails
mails-from = Von
mails-to = An
mails-date = Gesendet
mails-as-text = Als Text
mails-as-html = Wie im Mailprogramm
mails-attachments = Anhänge
mails-invitation = Einladung (text/calendar)

# Letters that have not left, and how all look.
staff-mail-stuck = { $count ->
    [one] Eine E-Mail konnte seit { $date } { $time } Uhr nicht versendet werden.
   *[other] { $count } E-Mails konnten seit { $date } { $time } Uhr nicht versendet werden.
}
staff-mail-parked = { $count ->
    [one] Eine Absage wartet auf Ihre Freigabe.
   *[other] { $count } Absagen warten auf Ihre Freigabe.
}
staff-mail-failed = { $count ->
    [one] Eine E-Mail wurde abgelehnt und wird nicht mehr versucht.
   *[other] { $count } E-Mails wurden abgelehnt und werden nicht mehr versucht.
}
letters-parked = Wartet auf Freigabe
letters-parked-text = { $name } hat am { $date } um { $time } Uhr viele Termine auf einmal abgesagt. { $count } E-Mails an die Kunden warten, bis Sie entscheiden.
letters-parked-send = Alle senden
letters-parked-drop = Keine senden
letters-failed = Nicht zustellbar
letters-failed-text = Diese E-Mails hat der Mailserver endgültig abgelehnt. Bitte sagen Sie es den Kunden auf anderem Weg, oder berichtigen Sie die Adresse im Termin und versuchen Sie es noch einmal.
letters-failed-none = Keine.
letters-late = Wird noch versucht
letters-late-none = Keine. Alles, was fällig war, ist unterwegs.
letters-filed = Es ist kein Mailserver eingerichtet. E-Mails werden nur als Dateien in den Datenordner geschrieben, und niemand bekommt sie. Ein Mailserver steht in openslot.toml unter [mail.smtp].
letters-filed-none = Keine. Alles, was fällig war, ist als Datei geschrieben.
letters-again = Jetzt noch einmal versuchen
letters-drop = Nicht mehr senden
letters-test = Testmail
letters-test-text = Schickt eine E-Mail an { $email } und zeigt, was der Mailserver dazu sagt.
letters-test-button = Testmail senden
letters-test-nowhere = Diese Anmeldung hat keine E-Mail-Adresse, an die sich etwas schicken ließe.
letters-tested-sent = Der Mailserver hat die Testmail angenommen.
letters-tested-filed = Die Testmail wurde als Datei geschrieben und nicht verschickt.
letters-tested-rejected = Der Mailserver hat die Testmail abgelehnt:
letters-tested-delayed = Die Testmail konnte gerade nicht übergeben werden:
letters-tested-nowhere = Diese Anmeldung hat keine E-Mail-Adresse.
letters-previews = So sehen die E-Mails aus
letters-previews-text = Mit erfundenen Angaben. Eigene Texte liegen im Ordner der Vorlagen und gelten nach „openslot apply“.
preview-requested = Eingang der Anfrage
preview-confirmed = Bestätigung
preview-moved = Verschiebung
preview-moved-request = Verschiebung einer Anfrage
preview-cancelled = Absage
preview-declined = Ablehnung
preview-reminder = Erinnerung
preview-reminder-request = Erinnerung an eine Anfrage

# The ways to the booking page.
staff-links = Links
links-title = Links zur Terminvereinbarung
links-text = Für Ihre Internetseite, für Briefe und zum Aushängen: die Adresse, der Baustein für die eigene Seite und ein QR-Code.
links-all = Alle Anliegen
links-hidden = nur über den Link
links-sites = Seiten, die den Baustein zeigen dürfen
links-no-sites = Noch keine. Tragen Sie die Adresse Ihrer Internetseite in practice.toml unter widget_origins ein.
links-back = Alle Links
links-qr = QR-Code für { $link }
links-print = Zum Ausdrucken genügt der Druckbefehl Ihres Browsers; gedruckt werden nur Überschrift, QR-Code und Adresse.
links-code = Für die eigene Internetseite
links-code-text = Fügen Sie diese Zeilen dort ein, wo die Terminvereinbarung erscheinen soll. Ohne JavaScript bleibt der Link.

# Why a time can be booked or not.
staff-slots = Freie Zeiten
slots-title = Was Kunden buchen können, und was nicht
slots-text = Jede Zeit der Terminart, und bei jedem × alle Gründe.
slots-location = Filiale
slots-service = Terminart
slots-resource = Mit wem
slots-any = egal
slots-turn = Woche
slots-previous = Woche davor
slots-next = Nächste Woche
slots-free = frei: { $names }
slots-odd = Nicht verstanden
slots-odd-text = Ganztägige Einträge unter den Sprechzeiten öffnen nichts. Geben Sie ihnen eine Uhrzeit, oder einen Titel, der schließt, zum Beispiel „Urlaub“ oder „Geschlossen“.
slots-none = In diesen Tagen öffnet nichts.
why-holiday = Feiertag: { $name }
why-lead = Vorlauf: zu kurzfristig oder vorbei
why-horizon = so weit im Voraus wird nicht angeboten
why-day = Höchstzahl an diesem Tag erreicht
why-week = Höchstzahl in dieser Woche erreicht
why-shared = jede Ressource für sich wäre frei, aber nicht alle zugleich
why-few = weniger sind frei, als der Termin braucht
why-closed = { $name }: nicht geöffnet
why-other-service = { $name }: nur für andere Terminarten geöffnet
why-closes = { $name }: schließt, bevor der Termin zu Ende wäre
why-off-grid = { $name }: hier beginnt kein Termin
why-busy = { $name }: belegt von { $from } bis { $to }
why-buffer = { $name }: Vor- oder Nachbereitung beim Termin von { $from } bis { $to }
why-held = { $name }: vorgemerkt von { $from } bis { $to }, jemand füllt gerade das Formular aus
why-full = { $name }: alle Plätze vergeben
