//! The lines of a DESCRIPTION: labels, headings, hints, what the history says.

use chrono::NaiveDateTime;

use super::super::practice::Language;

/// The label of a field of the form.
pub fn label(language: Language, field: &str) -> &'static str {
    match (language, field) {
        (Language::De | Language::DeSimple, "salutation") => "Anrede",
        (Language::De | Language::DeSimple, "given_name") => "Vorname",
        (Language::De | Language::DeSimple, "family_name") => "Nachname",
        (Language::De | Language::DeSimple, "email") => "E-Mail",
        (Language::De | Language::DeSimple, "telephone") => "Telefon",
        (Language::De | Language::DeSimple, "street") => "Straße",
        (Language::De | Language::DeSimple, "postcode") => "PLZ",
        (Language::De | Language::DeSimple, "city") => "Ort",
        (Language::De | Language::DeSimple, "comment") => "Nachricht",
        (Language::De | Language::DeSimple, "reminder") => "Erinnerung",
        (Language::De | Language::DeSimple, "consent") => "Einverstanden",
        (Language::De | Language::DeSimple, "status") => "Status",
        (Language::De | Language::DeSimple, "history") => "Verlauf",
        (Language::De | Language::DeSimple, "notes") => "Notizen",
        (Language::De | Language::DeSimple, "confirm") => "Bestätigen",
        (Language::De | Language::DeSimple, "decline") => "Ablehnen",
        (Language::De | Language::DeSimple, "page") => "Oder mit Anmeldung",
        (Language::De | Language::DeSimple, "resources") => "Ressourcen",
        (Language::De | Language::DeSimple, "incomplete") => "Unvollständig",
        (Language::De | Language::DeSimple, "deleting") => "Diesen Eintrag löschen",
        (Language::En, "salutation") => "Salutation",
        (Language::En, "given_name") => "First name",
        (Language::En, "family_name") => "Last name",
        (Language::En, "email") => "Email",
        (Language::En, "telephone") => "Telephone",
        (Language::En, "street") => "Street",
        (Language::En, "postcode") => "Postcode",
        (Language::En, "city") => "Town",
        (Language::En, "comment") => "Comment",
        (Language::En, "reminder") => "Reminder",
        (Language::En, "consent") => "Agreed to",
        (Language::Tr, "salutation") => "Hitap",
        (Language::Tr, "given_name") => "Ad",
        (Language::Tr, "family_name") => "Soyadı",
        (Language::Tr, "email") => "E-posta",
        (Language::Tr, "telephone") => "Telefon",
        (Language::Tr, "street") => "Sokak",
        (Language::Tr, "postcode") => "Posta kodu",
        (Language::Tr, "city") => "Şehir",
        (Language::Tr, "comment") => "Mesaj",
        (Language::Tr, "status") => "Durum",
        (Language::Tr, "history") => "Geçmiş",
        (Language::Tr, "notes") => "Notlar",
        (Language::Tr, "confirm") => "Onaylamak için",
        (Language::Tr, "decline") => "Reddetmek için",
        (Language::Tr, "page") => "Veya oturum açarak",
        (Language::Tr, "resources") => "Kaynaklar",
        (Language::Tr, "incomplete") => "Eksik",
        (Language::Tr, "deleting") => "Bu kaydı silmek",
        (Language::Tr, "reminder") => "Hatırlatma",
        (Language::Tr, "consent") => "Kabul edilen",
        (Language::Uk, "salutation") => "Звертання",
        (Language::Uk, "given_name") => "Ім’я",
        (Language::Uk, "family_name") => "Прізвище",
        (Language::Uk, "email") => "Електронна пошта",
        (Language::Uk, "telephone") => "Телефон",
        (Language::Uk, "street") => "Вулиця",
        (Language::Uk, "postcode") => "Індекс",
        (Language::Uk, "city") => "Місто",
        (Language::Uk, "comment") => "Повідомлення",
        (Language::Uk, "status") => "Стан",
        (Language::Uk, "history") => "Історія",
        (Language::Uk, "notes") => "Нотатки",
        (Language::Uk, "confirm") => "Підтвердити",
        (Language::Uk, "decline") => "Відхилити",
        (Language::Uk, "page") => "Або після входу",
        (Language::Uk, "resources") => "Ресурси",
        (Language::Uk, "incomplete") => "Неповний",
        (Language::Uk, "deleting") => "Видалення цього запису",
        (Language::Uk, "reminder") => "Нагадування",
        (Language::Uk, "consent") => "Згода",
        (Language::Ar, "salutation") => "اللقب",
        (Language::Ar, "given_name") => "الاسم الأول",
        (Language::Ar, "family_name") => "اسم العائلة",
        (Language::Ar, "email") => "البريد الإلكتروني",
        (Language::Ar, "telephone") => "الهاتف",
        (Language::Ar, "street") => "الشارع",
        (Language::Ar, "postcode") => "الرمز البريدي",
        (Language::Ar, "city") => "المدينة",
        (Language::Ar, "comment") => "الرسالة",
        (Language::Ar, "status") => "الحالة",
        (Language::Ar, "history") => "السجل",
        (Language::Ar, "notes") => "ملاحظات",
        (Language::Ar, "confirm") => "للتأكيد",
        (Language::Ar, "decline") => "للرفض",
        (Language::Ar, "page") => "أو بعد تسجيل الدخول",
        (Language::Ar, "resources") => "الموارد",
        (Language::Ar, "incomplete") => "غير مكتمل",
        (Language::Ar, "deleting") => "حذف هذا الإدخال",
        (Language::Ar, "reminder") => "تذكير",
        (Language::Ar, "consent") => "تمت الموافقة",
        (Language::En, "status") => "Status",
        (Language::En, "history") => "History",
        (Language::En, "notes") => "Notes",
        (Language::En, "confirm") => "Confirm",
        (Language::En, "decline") => "Decline",
        (Language::En, "page") => "Or sign in",
        (Language::En, "resources") => "Resources",
        (Language::En, "incomplete") => "Incomplete",
        (Language::En, "deleting") => "Deleting this entry",
        _ => "",
    }
}

/// The word that says yes in a line.
pub fn yes(language: Language) -> &'static str {
    match language {
        Language::De | Language::DeSimple => "ja",
        Language::En => "yes",
        Language::Tr => "evet",
        Language::Uk => "так",
        Language::Ar => "نعم",
    }
}

/// Whether a line is `Label: …` for this field in any language; what follows.
pub fn labelled<'a>(line: &'a str, field: &str) -> Option<&'a str> {
    let (before, after) = line.split_once(':')?;
    let before = before.trim().to_lowercase();
    Language::ALL.into_iter().any(|language| label(language, field).to_lowercase() == before).then(|| after.trim())
}

/// Whether a line is the heading of this part in any language.
pub fn heading(line: &str, part: &str) -> bool {
    let line = line.trim().trim_end_matches(':').to_lowercase();
    Language::ALL.into_iter().any(|language| label(language, part).to_lowercase() == line)
}

/// The three lines that tell staff how to answer a request.
pub fn hints(language: Language, page: &str) -> [String; 3] {
    let confirm = match language {
        Language::De | Language::DeSimple => "Status „Bestätigt“ setzen ODER im Titel „ANFRAGE:“ löschen.",
        Language::En => "set the status to “confirmed” OR delete “REQUEST:” from the title.",
        Language::Tr => "durumu “onaylandı” yapın VEYA başlıktan “İSTEK:” sözünü silin.",
        Language::Uk => "установіть стан «підтверджено» АБО видаліть «ЗАПИТ:» із назви.",
        Language::Ar => "اجعل الحالة «مؤكد» أو احذف «طلب:» من العنوان.",
    };
    let [decline, _] = declining(language);
    [format!("{}: {confirm}", label(language, "confirm")), decline, format!("{}: {page}", label(language, "page"))]
}

/// The hint that tells how to decline: in the calendar of the appointment itself, and in that of a further resource, where deleting the entry
/// declines nothing.
pub fn declining(language: Language) -> [String; 2] {
    let both = match language {
        Language::De | Language::DeSimple => ["Titel mit „STORNO“ beginnen ODER Termin löschen.", "Titel mit „STORNO“ beginnen."],
        Language::En => ["begin the title with “CANCEL” OR delete the event.", "begin the title with “CANCEL”."],
        Language::Tr => ["başlığı “İPTAL” ile başlatın VEYA etkinliği silin.", "başlığı “İPTAL” ile başlatın."],
        Language::Uk => ["почніть назву словом «СКАСОВАНО» АБО видаліть подію.", "почніть назву словом «СКАСОВАНО»."],
        Language::Ar => ["ابدأ العنوان بكلمة «ملغى» أو احذف الحدث.", "ابدأ العنوان بكلمة «ملغى»."],
    };
    both.map(|how| format!("{}: {how}", label(language, "decline")))
}

/// The line that names the resources which were taken off a booking.
pub fn missing(language: Language, names: &str) -> String {
    let label = label(language, "incomplete");
    match language {
        Language::De | Language::DeSimple => format!("{label}: es fehlt {names}"),
        Language::En => format!("{label}: without {names}"),
        Language::Tr => format!("{label}: {names} yok"),
        Language::Uk => format!("{label}: бракує {names}"),
        Language::Ar => format!("{label}: ينقص {names}"),
    }
}

/// What deleting does in the calendar of the appointment itself, which all of `names` hold.
pub fn deleting_all(language: Language, names: &str) -> String {
    let label = label(language, "deleting");
    match language {
        Language::De | Language::DeSimple => format!("{label}: sagt den ganzen Termin ab ({names})."),
        Language::En => format!("{label}: calls the whole appointment off ({names})."),
        Language::Tr => format!("{label}: bütün randevuyu iptal eder ({names})."),
        Language::Uk => format!("{label}: скасовує весь прийом ({names})."),
        Language::Ar => format!("{label}: يلغي الموعد كله ({names})."),
    }
}

/// What deleting does in the calendar of a further resource; `main` is the one whose calendar the appointment itself is in.
pub fn deleting_one(language: Language, name: &str, main: &str) -> String {
    let label = label(language, "deleting");
    match language {
        Language::De | Language::DeSimple => format!("{label}: nimmt nur „{name}“ heraus; der Termin selbst steht im Kalender „{main}“."),
        Language::En => format!("{label}: only takes “{name}” off; the appointment itself is in the calendar “{main}”."),
        Language::Tr => format!("{label}: yalnızca “{name}” çıkarılır; randevunun kendisi “{main}” takvimindedir."),
        Language::Uk => format!("{label}: лише знімає «{name}»; сам прийом стоїть у календарі «{main}»."),
        Language::Ar => format!("{label}: يزيل «{name}» فقط؛ الموعد نفسه في تقويم «{main}»."),
    }
}

/// Whether a line is one of the three, in any language and for any page. What staff have written behind such a label is none.
pub fn is_hint(line: &str) -> bool {
    let fixed = |language: Language| hints(language, "").into_iter().take(2).chain(declining(language)).any(|hint| hint == line.trim());
    let page = |target: &str| ["http://", "https://"].iter().any(|scheme| target.starts_with(scheme)) && !target.contains(' ');
    Language::ALL.into_iter().any(fixed) || labelled(line, "page").is_some_and(page)
}

/// The first line of a booking's DESCRIPTION.
pub fn head(language: Language, practice: &str, city: &str) -> String {
    // A practice's name often ends with its town already.
    let place = if practice.to_lowercase().contains(&city.to_lowercase()) { practice.to_owned() } else { format!("{practice} {city}") };
    match language {
        Language::De | Language::DeSimple => format!("Online Termin bei {place}"),
        Language::En => format!("Online appointment at {place}"),
        Language::Tr => format!("Çevrimiçi randevu, {place}"),
        Language::Uk => format!("Онлайн-запис, {place}"),
        Language::Ar => format!("موعد عبر الإنترنت لدى {place}"),
    }
}

/// What a line of the history adds of why.
pub fn reason(language: Language, reason: &str) -> String {
    match language {
        Language::De | Language::DeSimple => format!(", Grund: {reason}"),
        Language::En => format!(", reason: {reason}"),
        Language::Tr => format!(", neden: {reason}"),
        Language::Uk => format!(", причина: {reason}"),
        Language::Ar => format!("، السبب: {reason}"),
    }
}

/// What a line of the history adds of from when to when.
pub fn from_to(from: NaiveDateTime, to: NaiveDateTime) -> String {
    format!(": {} → {}", from.format("%d.%m. %H:%M"), to.format("%d.%m. %H:%M"))
}

/// Through what something was done: doors of ours in words, a program by its name.
pub fn door(language: Language, via: &str) -> &str {
    match (via, language) {
        ("staff page", Language::De | Language::DeSimple) => "Praxisseite",
        ("staff page", Language::Tr) => "personel sayfası",
        ("staff page", Language::Uk) => "службова сторінка",
        ("staff page", Language::Ar) => "صفحة الموظفين",
        ("import", Language::De | Language::DeSimple) => "Import",
        ("import", Language::Tr) => "içe aktarma",
        ("import", Language::Uk) => "імпорт",
        ("import", Language::Ar) => "استيراد",
        _ => via,
    }
}

/// A line of the history as it stands in DESCRIPTION; `None` for what is not worth a line there.
pub fn history_line(language: Language, at: NaiveDateTime, what: &str, by: Option<&str>, via: &str) -> Option<String> {
    let verb = match (language, what) {
        (Language::De | Language::DeSimple, "requested") => "Anfrage",
        (Language::De | Language::DeSimple, "booked") => "gebucht",
        (Language::De | Language::DeSimple, "incomplete") => "unvollständig – eine Ressource wurde entfernt",
        (Language::De | Language::DeSimple, "accepted") => "unvollständig belassen",
        (Language::De | Language::DeSimple, "completed") => "wieder vollständig",
        (Language::De | Language::DeSimple, "untimed") => "ohne Uhrzeit",
        (Language::De | Language::DeSimple, "confirmed") => "bestätigt",
        (Language::De | Language::DeSimple, "moved") => "verschoben",
        (Language::De | Language::DeSimple, "cancelled") => "storniert",
        (Language::De | Language::DeSimple, "declined") => "abgelehnt",
        (Language::De | Language::DeSimple, "deleted") => "gelöscht",
        (Language::De | Language::DeSimple, "attended") => "wahrgenommen",
        (Language::De | Language::DeSimple, "no-show") => "nicht erschienen",
        (Language::De | Language::DeSimple, "reopened") => "wieder geöffnet",
        (Language::De | Language::DeSimple, "renewed") => "neuer Link",
        (Language::De | Language::DeSimple, "unclear") => "unklar – bitte auf der Terminseite klären",
        (Language::En, "requested") => "requested",
        (Language::En, "booked") => "booked",
        (Language::En, "incomplete") => "incomplete – a resource was taken off",
        (Language::En, "accepted") => "left incomplete",
        (Language::En, "completed") => "complete again",
        (Language::En, "untimed") => "without a time",
        (Language::En, "confirmed") => "confirmed",
        (Language::En, "moved") => "moved",
        (Language::En, "cancelled") => "cancelled",
        (Language::En, "declined") => "declined",
        (Language::En, "deleted") => "deleted",
        (Language::En, "attended") => "attended",
        (Language::En, "no-show") => "no-show",
        (Language::En, "reopened") => "reopened",
        (Language::En, "renewed") => "new link",
        (Language::En, "unclear") => "unclear – please settle it on the staff page",
        (Language::Tr, "requested") => "istek",
        (Language::Tr, "booked") => "rezerve edildi",
        (Language::Tr, "incomplete") => "eksik – bir kaynak çıkarıldı",
        (Language::Tr, "accepted") => "eksik bırakıldı",
        (Language::Tr, "completed") => "yeniden tamamlandı",
        (Language::Tr, "untimed") => "saatsiz",
        (Language::Tr, "confirmed") => "onaylandı",
        (Language::Tr, "moved") => "taşındı",
        (Language::Tr, "cancelled") => "iptal edildi",
        (Language::Tr, "declined") => "reddedildi",
        (Language::Tr, "deleted") => "silindi",
        (Language::Tr, "attended") => "geldi",
        (Language::Tr, "no-show") => "gelmedi",
        (Language::Tr, "reopened") => "yeniden açıldı",
        (Language::Tr, "renewed") => "yeni bağlantı",
        (Language::Tr, "unclear") => "belirsiz – lütfen personel sayfasında netleştirin",
        (Language::Uk, "requested") => "запит",
        (Language::Uk, "booked") => "заброньовано",
        (Language::Uk, "incomplete") => "неповний – один ресурс вилучено",
        (Language::Uk, "accepted") => "залишено неповним",
        (Language::Uk, "completed") => "знову повний",
        (Language::Uk, "untimed") => "без часу",
        (Language::Uk, "confirmed") => "підтверджено",
        (Language::Uk, "moved") => "перенесено",
        (Language::Uk, "cancelled") => "скасовано",
        (Language::Uk, "declined") => "відхилено",
        (Language::Uk, "deleted") => "видалено",
        (Language::Uk, "attended") => "відбувся",
        (Language::Uk, "no-show") => "не прийшов",
        (Language::Uk, "reopened") => "знову відкрито",
        (Language::Uk, "renewed") => "нове посилання",
        (Language::Uk, "unclear") => "незрозуміло – з’ясуйте, будь ласка, на службовій сторінці",
        (Language::Ar, "requested") => "طلب",
        (Language::Ar, "booked") => "تم الحجز",
        (Language::Ar, "incomplete") => "غير مكتمل – أُزيل أحد الموارد",
        (Language::Ar, "accepted") => "تُرك غير مكتمل",
        (Language::Ar, "completed") => "اكتمل من جديد",
        (Language::Ar, "untimed") => "بلا وقت",
        (Language::Ar, "confirmed") => "أُكِّد",
        (Language::Ar, "moved") => "نُقل",
        (Language::Ar, "cancelled") => "أُلغي",
        (Language::Ar, "declined") => "رُفض",
        (Language::Ar, "deleted") => "حُذف",
        (Language::Ar, "attended") => "حضر",
        (Language::Ar, "no-show") => "لم يحضر",
        (Language::Ar, "reopened") => "فُتح من جديد",
        (Language::Ar, "renewed") => "رابط جديد",
        (Language::Ar, "unclear") => "غير واضح – يرجى الحسم في صفحة الموظفين",
        _ => return None,
    };
    let via = door(language, via);
    let who = match (language, by) {
        (Language::De | Language::DeSimple, Some(login)) => format!("von {login} ({via})"),
        (Language::En, Some(login)) => format!("by {login} ({via})"),
        (Language::Tr, Some(login)) => format!("{login} ({via})"),
        (Language::Uk, Some(login)) => format!("– {login} ({via})"),
        (Language::Ar, Some(login)) => format!("بواسطة {login} ({via})"),
        (Language::De | Language::DeSimple, None) if matches!(what, "requested" | "booked") => "über Website".to_owned(),
        (Language::En, None) if matches!(what, "requested" | "booked") => "on the website".to_owned(),
        (Language::Tr, None) if matches!(what, "requested" | "booked") => "web sitesinden".to_owned(),
        (Language::Uk, None) if matches!(what, "requested" | "booked") => "через сайт".to_owned(),
        (Language::Ar, None) if matches!(what, "requested" | "booked") => "عبر الموقع".to_owned(),
        (Language::De | Language::DeSimple, None) => format!("vom Kunden ({via})"),
        (Language::En, None) => format!("by the customer ({via})"),
        (Language::Tr, None) => format!("müşteri ({via})"),
        (Language::Uk, None) => format!("– клієнт ({via})"),
        (Language::Ar, None) => format!("بواسطة العميل ({via})"),
    };
    Some(format!("{} {verb} {who}", at.format("%d.%m.%Y %H:%M")))
}
