//! The words that an event carries for people: prefixes, categories, labels. Written in the practice's language, read in every
//! language that is shipped, so that a practice may change its language and still read its old bookings.
//!
//! Not for: texts of pages and letters (`templates/text`).

use chrono::NaiveDateTime;

use super::booking::State;
use super::practice::Language;

/// What one state is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateWords {
    /// Before the title; a word, not a sign: it can be searched, read out and typed on a telephone.
    pub prefix: &'static str,
    /// The one category.
    pub category: &'static str,
    /// After `Status:`.
    pub status: &'static str,
}

/// The words of a state.
pub fn of_state(language: Language, state: State) -> StateWords {
    let (prefix, category, status) = match (language, state) {
        (Language::De | Language::DeSimple, State::Requested) => ("ANFRAGE: ", "Online Terminanfrage", "Online Terminanfrage"),
        (Language::De | Language::DeSimple, State::Confirmed) => ("", "Online bestätigt", "Bestätigt"),
        (Language::De | Language::DeSimple, State::Cancelled) => ("STORNIERT: ", "Storniert", "Storniert"),
        (Language::De | Language::DeSimple, State::Rejected) => ("ABGELEHNT: ", "Abgelehnt", "Abgelehnt"),
        (Language::De | Language::DeSimple, State::Attended) => ("✓ ", "Wahrgenommen", "Wahrgenommen"),
        (Language::De | Language::DeSimple, State::NoShow) => ("NICHT ERSCHIENEN: ", "Geplatzt", "Geplatzt"),
        (Language::En, State::Requested) => ("REQUEST: ", "Online request", "Online request"),
        (Language::En, State::Confirmed) => ("", "Online confirmed", "Confirmed"),
        (Language::En, State::Cancelled) => ("CANCELLED: ", "Cancelled", "Cancelled"),
        (Language::En, State::Rejected) => ("DECLINED: ", "Declined", "Declined"),
        (Language::En, State::Attended) => ("✓ ", "Attended", "Attended"),
        (Language::En, State::NoShow) => ("NO-SHOW: ", "No-show", "No-show"),
        (Language::Tr, State::Requested) => ("İSTEK: ", "Çevrimiçi istek", "Çevrimiçi istek"),
        (Language::Tr, State::Confirmed) => ("", "Çevrimiçi onaylandı", "Onaylandı"),
        (Language::Tr, State::Cancelled) => ("İPTAL: ", "İptal edildi", "İptal edildi"),
        (Language::Tr, State::Rejected) => ("REDDEDİLDİ: ", "Reddedildi", "Reddedildi"),
        (Language::Tr, State::Attended) => ("✓ ", "Geldi", "Geldi"),
        (Language::Tr, State::NoShow) => ("GELMEDİ: ", "Gelmedi", "Gelmedi"),
        (Language::Uk, State::Requested) => ("ЗАПИТ: ", "Онлайн-запит", "Онлайн-запит"),
        (Language::Uk, State::Confirmed) => ("", "Підтверджено онлайн", "Підтверджено"),
        (Language::Uk, State::Cancelled) => ("СКАСОВАНО: ", "Скасовано", "Скасовано"),
        (Language::Uk, State::Rejected) => ("ВІДХИЛЕНО: ", "Відхилено", "Відхилено"),
        (Language::Uk, State::Attended) => ("✓ ", "Відбувся", "Відбувся"),
        (Language::Uk, State::NoShow) => ("НЕ ПРИЙШОВ: ", "Не прийшов", "Не прийшов"),
        (Language::Ar, State::Requested) => ("طلب: ", "طلب عبر الإنترنت", "طلب عبر الإنترنت"),
        (Language::Ar, State::Confirmed) => ("", "مؤكد عبر الإنترنت", "مؤكد"),
        (Language::Ar, State::Cancelled) => ("ملغى: ", "ملغى", "ملغى"),
        (Language::Ar, State::Rejected) => ("مرفوض: ", "مرفوض", "مرفوض"),
        (Language::Ar, State::Attended) => ("✓ ", "حضر", "حضر"),
        (Language::Ar, State::NoShow) => ("لم يحضر: ", "لم يحضر", "لم يحضر"),
    };
    StateWords { prefix, category, status }
}

/// What stands for a title that is not shown.
pub fn taken(language: Language) -> &'static str {
    match language {
        Language::De | Language::DeSimple => "Belegt",
        Language::En => "Busy",
        Language::Tr => "Dolu",
        Language::Uk => "Зайнято",
        Language::Ar => "محجوز",
    }
}

/// The title of an opening.
pub fn opened(language: Language) -> &'static str {
    match language {
        Language::De | Language::DeSimple => "Geöffnet",
        Language::En => "Open",
        Language::Tr => "Açık",
        Language::Uk => "Відчинено",
        Language::Ar => "مفتوح",
    }
}

/// By which words the title of an event among opening hours says what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoursWords {
    /// It closes; with `-` before it also as the end of a longer word.
    pub closing: &'static [&'static str],
    /// It opens, whatever else is said.
    pub opening: &'static [&'static str],
    /// It closes, whatever else is said.
    pub not_opening: &'static [&'static str],
}

/// The words of a language about opening and closing, beside [`opened`].
pub fn of_hours(language: Language) -> HoursWords {
    match language {
        Language::De | Language::DeSimple => HoursWords {
            closing: &[
                "-urlaub",
                "-ferien",
                "-feiertag",
                "-feiertage",
                "-ruhetag",
                "-pause",
                "-ausflug",
                "Brückentag",
                "Geschlossen",
                "Abwesend",
                "Abwesenheit",
                "Krank",
                "Krankheit",
                "Krankgeschrieben",
                "Krankmeldung",
                "Krankenstand",
                "-urlaubstag",
                "-urlaubstage",
                "Elternzeit",
                "Mutterschutz",
                "Dienstfrei",
                "Frei",
                "Feierabend",
                "Nicht verfügbar",
                "Nicht da",
                "Praxis zu",
                "Arzttermin",
                "-versammlung",
                "Fortbildung",
                "Inventur",
            ],
            opening: &[
                "geöffnet",
                "offen",
                "offenen",
                "Notdienst",
                "Sprechstunde",
                "Sprechzeit",
                "Sprechzeiten",
                "nicht geschlossen",
                "geschlossene Gruppe",
                "Termin frei",
                "Termine frei",
                "Plätze frei",
                "ohne Pause",
                "ohne Mittagspause",
            ],
            not_opening: &[
                "nicht geöffnet",
                "nicht offen",
                "keine Sprechstunde",
                "keine Sprechzeit",
                "keine Sprechzeiten",
                "kein Notdienst",
            ],
        },
        Language::En => HoursWords {
            closing: &[
                "Closed",
                "Closure",
                "Holiday",
                "Holidays",
                "Vacation",
                "Absent",
                "Away",
                "Day off",
                "On leave",
                "Out of office",
                "Sick",
                "Sickness",
                "Illness",
                "Ill",
                "Off",
                "Unavailable",
                "Not available",
                "Not in",
                "Not working",
                "Annual leave",
                "Parental leave",
                "Maternity leave",
                "Paternity leave",
                "Break",
                "Lunch",
                "Stocktaking",
            ],
            opening: &["open", "opened", "on call", "opening hours", "not closed", "closed group", "closed course", "kick off", "no break"],
            not_opening: &["not open", "not opened"],
        },
        Language::Tr => HoursWords {
            closing: &[
                "Kapalı",
                "Tatil",
                "İzin",
                "İzinli",
                "Bayram",
                "Bayramı",
                "Mola",
                "Sayım",
                "İzni",
                "Hasta",
                "Hastalık",
                "Raporlu",
                "Müsait değil",
                "Yok",
            ],
            opening: &["açık", "nöbetçi", "kapalı değil", "kapalı grup"],
            not_opening: &["açık değil"],
        },
        Language::Uk => HoursWords {
            closing: &[
                "Зачинено",
                "Закрито",
                "Відпустка",
                "Канікули",
                "Свято",
                "Вихідний",
                "Перерва",
                "Лікарняний",
                "Відсутній",
                "Відсутня",
                "Відпустці",
                "Лікарняному",
                "Хворий",
                "Хвора",
                "Хворіє",
                "Хвороба",
                "Вихідна",
                "Декрет",
                "Недоступний",
                "Недоступна",
                "Недоступно",
            ],
            opening: &["відчинено", "відкрито", "не зачинено", "не закрито"],
            not_opening: &["не відчинено", "не відкрито", "не працює", "не працюємо"],
        },
        Language::Ar => HoursWords {
            closing: &[
                "مغلق",
                "مغلقة",
                "عطلة",
                "العطلة",
                "إجازة",
                "الإجازة",
                "عيد",
                "العيد",
                "استراحة",
                "غائب",
                "غائبة",
                "مريض",
                "مريضة",
                "غير متاح",
                "غير متاحة",
            ],
            opening: &["مفتوح", "مفتوحة", "غير مغلق", "غير مغلقة", "مجموعة مغلقة"],
            not_opening: &["غير مفتوح", "غير مفتوحة"],
        },
    }
}

/// What the calendar of somebody's or something's opening hours is called.
pub fn hours_of(language: Language, whose: &str) -> String {
    match language {
        Language::De | Language::DeSimple => format!("Sprechzeiten {whose}"),
        Language::En => format!("Hours of {whose}"),
        Language::Tr => format!("Çalışma saatleri: {whose}"),
        Language::Uk => format!("Години роботи: {whose}"),
        Language::Ar => format!("ساعات العمل: {whose}"),
    }
}

/// Every state.
pub const STATES: [State; 6] = [State::Requested, State::Confirmed, State::Cancelled, State::Rejected, State::Attended, State::NoShow];

/// Whether a text begins with a word, whatever its case and however the space after it came out.
fn begins(text: &str, word: &str) -> Option<usize> {
    let word = word.trim_end();
    let head = text.get(..word.len())?;
    (!word.is_empty() && head.to_lowercase() == word.to_lowercase()).then_some(word.len())
}

/// The state whose prefix a title carries, and the title without it.
pub fn prefix_of(title: &str) -> (Option<State>, &str) {
    let title = title.trim_start();
    for language in Language::ALL {
        for state in STATES {
            if let Some(length) = begins(title, of_state(language, state).prefix) {
                return (Some(state), title.get(length..).unwrap_or_default().trim_start());
            }
        }
    }
    (None, title)
}

/// A title without one of our prefixes that has lost its colon: `ANFRAGE Beratung`. Only as we write it, in capitals: `Anfrage` may begin a
/// title of its own.
pub fn worn_prefix_of(title: &str) -> Option<&str> {
    let title = title.trim_start();
    let prefixes = Language::ALL.into_iter().flat_map(|language| STATES.map(|state| of_state(language, state).prefix));
    let words = prefixes.filter_map(|prefix| prefix.trim_end().strip_suffix(':'));
    let rest = words.filter_map(|word| title.strip_prefix(word)).find(|rest| !rest.starts_with(char::is_alphanumeric))?;
    Some(rest.trim_start_matches([' ', '-', '–']))
}

/// Words at the beginning of a title by which staff call an appointment off.
const CALLED_OFF: [&str; 19] = [
    "STORNO",
    "STORNIERT",
    "STORNIERUNG",
    "ABSAGE",
    "ABGESAGT",
    "ABGELEHNT",
    "CANCEL",
    "CANCELED",
    "CANCELLED",
    "CANCELLATION",
    "CALLED OFF",
    "DECLINED",
    "İPTAL",
    "REDDEDİLDİ",
    "СКАСОВАНО",
    "ВІДХИЛЕНО",
    "ملغى",
    "مرفوض",
    "X ",
];

/// What follows a whole word at the beginning of a title. `X` is one only where a space follows: an X-ray is an X-ray.
fn behind<'a>(title: &'a str, word: &str) -> Option<&'a str> {
    let rest = begins(title, word).and_then(|length| title.get(length..))?;
    let whole = if word.ends_with(' ') { rest.starts_with(' ') } else { !rest.starts_with(char::is_alphanumeric) };
    whole.then_some(rest)
}

/// Whether staff have typed one of the words for calling off before the title.
pub fn called_off(title: &str) -> bool {
    let title = title.trim_start();
    CALLED_OFF.iter().any(|word| behind(title, word).is_some()) || matches!(prefix_of(title).0, Some(State::Cancelled | State::Rejected))
}

/// A title without the word by which staff called it off or approved it.
pub fn without_word(title: &str) -> &str {
    let rest = CALLED_OFF.iter().chain(&["OK"]).find_map(|word| behind(title, word));
    rest.map_or(title, |rest| rest.trim_start_matches([' ', ':', '-', '–', ',']))
}

/// Whether staff have typed OK before the title.
pub fn approved(title: &str) -> bool {
    behind(title.trim_start(), "OK").is_some()
}

/// The state that a category names.
pub fn state_of_category(category: &str) -> Option<State> {
    let category = category.trim().to_lowercase();
    let named = |language: Language, state: &State| {
        let words = of_state(language, *state);
        [words.category, words.status].iter().any(|word| word.to_lowercase() == category)
    };
    Language::ALL.into_iter().find_map(|language| STATES.into_iter().find(|state| named(language, state)))
}

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
fn door(language: Language, via: &str) -> &str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_found_in_every_language_and_case() {
        assert_eq!(prefix_of("ANFRAGE: Beratung – T"), (Some(State::Requested), "Beratung – T"));
        assert_eq!(prefix_of("anfrage:Beratung"), (Some(State::Requested), "Beratung"));
        assert_eq!(prefix_of("CANCELLED: x"), (Some(State::Cancelled), "x"));
        assert_eq!(prefix_of("Anfragebearbeitung"), (None, "Anfragebearbeitung"));
        assert_eq!(prefix_of("ü"), (None, "ü"));
    }

    #[test]
    fn the_history_speaks_the_language_of_the_practice() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 3, 24).unwrap().and_hms_opt(9, 0, 0).unwrap();
        let line = |language, via| history_line(language, at, "confirmed", Some("anna"), via).unwrap();
        assert_eq!(line(Language::De, "staff page"), "24.03.2026 09:00 bestätigt von anna (Praxisseite)");
        assert_eq!(line(Language::En, "staff page"), "24.03.2026 09:00 confirmed by anna (staff page)");
        assert_eq!(line(Language::De, "Thunderbird"), "24.03.2026 09:00 bestätigt von anna (Thunderbird)");
        for language in Language::ALL {
            assert_eq!(line(language, "staff page").contains("staff page"), language == Language::En);
        }
    }

    #[test]
    fn staff_call_off_and_approve_by_the_title() {
        assert!(called_off("STORNO Beratung"));
        assert!(called_off("x Beratung"));
        assert!(called_off("ABGELEHNT: Beratung"));
        assert!(!called_off("Xaver Müller") && !called_off("X-Ray") && !called_off("Cancellara, Fabian"));
        assert!(called_off("Storniert Müller") && called_off("abgelehnt – Müller") && called_off("Declined"));
        assert_eq!((without_word("X-Ray"), without_word("STORNO: Müller")), ("X-Ray", "Müller"));
        assert_eq!((worn_prefix_of("ANFRAGE Beratung"), worn_prefix_of("Anfrage wegen Hörtest")), (Some("Beratung"), None));
        assert!(approved("OK Beratung"));
        assert!(approved("ok: Beratung"));
        assert!(!approved("Okarina-Stunde"));
    }

    #[test]
    fn labels_are_read_in_every_language() {
        assert_eq!(labelled("E-Mail: a@b.example", "email"), Some("a@b.example"));
        assert_eq!(labelled("email:a@b.example", "email"), Some("a@b.example"));
        assert_eq!(labelled("Postleitzahl 1", "postcode"), None);
        assert!(heading("Verlauf", "history") && heading("Notes:", "notes") && !heading("Verlaufskontrolle", "history"));
    }
}
