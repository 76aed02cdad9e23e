# What stands around every page.
skip = Перейти до змісту
languages = Мова
privacy = Захист даних
imprint = Вихідні дані
new-tab = (відкриється в новій вкладці)
contact = Як з нами зв’язатися
demo-mails = Листи цієї демонстрації
what = Що
when = Коли
where = Де
for-whom = Для кого
minutes = { $minutes } хв
from-to = з { $from } до { $to }
language-de = німецька
language-de-simple = німецька (проста мова)
language-en = англійська
language-tr = турецька
language-uk = українська
language-ar = арабська

# Choosing a branch and a service.
start-title = Записатися на прийом
start-none = Тут ще нічого не налаштовано.
start-question = Куди ви хочете прийти?
services-title = Записатися на прийом
services-back = Вибрати іншу філію
services-question = Що вам потрібно?

# The slot grid. $free counts the day's free times.
grid-title = Вільний час: { $service }
grid-other-service = Вибрати щось інше
grid-resources = До кого або куди?
grid-any = Байдуже, аби швидше
grid-first-free = Найближчий вільний час
grid-first-free-at = { $date }, { $time }
grid-times = Вільний час
grid-months = Місяць
grid-turn = Інші дні
grid-turn-below = Інші дні, під розкладом
grid-previous = Попередні дні
grid-next = Наступні дні
grid-count = { $free ->
    [0] Немає вільного часу
    [one] { $free } вільний час
    [few] { $free } вільні години
   *[other] { $free } вільних годин
}
grid-none-here = У ці дні вже немає вільного часу. Перегляньте наступні дні або виберіть найближчий вільний час.
grid-none = Зараз онлайн немає вільного часу. Зателефонуйте нам, будь ласка, і ми знайдемо час.
grid-none-chosen = За цього вибору зараз онлайн нічого вільного немає. Виберіть вище щось інше або зателефонуйте нам.
grid-neighbour = { $place }: вільно { $date }, { $time }.
zone = Увесь час указано за місцевим часом закладу (часовий пояс { $zone }).
own-time = у вас { "{" }time{ "}" }
own-time-shown = Поруч указано ваш час.
grid-key = означає: зайнято.
grid-help = Немає зручного часу? Зателефонуйте нам:
closed-hours = недоступно: неробочий час
closed-lead = недоступно: занадто скоро
closed-horizon = недоступно: занадто далеко
closed-busy = недоступно: вже зайнято
closed-limit = недоступно: на цей день записів більше немає

# The form.
form-title = Запит на прийом
form-title-now = Записатися на цей прийом
form-title-again = Перевірте, будь ласка: запит на прийом
form-back = Назад до розкладу
form-your-time = Ваш прийом
form-you = Ваші дані
form-required = Поля з позначкою «обов’язково» нам потрібні. Усе інше — за бажанням.
form-must = обов’язково
form-no-salutation = Не вказувати
form-salutations = Пані|Пан
form-comment-hint = Достатньо кількох слів. Писати про своє здоров’я не потрібно.
form-choice = Виберіть, будь ласка
form-date-hint = День, місяць, рік. Наприклад: 24.12.1960
form-consents = Ваша згода
form-privacy = Ми використовуємо ваші дані лише для цього прийому.
form-reminder = Нагадайте мені про прийом електронною поштою. Це за бажанням.
form-held = Цей час зарезервовано для вас, поки ви заповнюєте форму.
form-gone = Цей час уже зайняли. Після надсилання ми покажемо інший; усе введене збережеться.
form-send = Надіслати запит
form-send-now = Записатися
form-after = Потім ми надішлемо вам листа з посиланням на ваш прийом.
form-after-page = Потім ви побачите сторінку зі своїм прийомом. Збережіть, будь ласка, її адресу або додайте прийом до свого календаря.
form-cancel-was = Цей прийом уже так скоро, що скасувати його онлайн більше не можна.
form-cancel-never = Цей прийом не можна скасувати онлайн.
form-cancel-call = Якщо ви не зможете прийти, зателефонуйте нам, будь ласка:
form-faults = { $count ->
    [one] { $count } поле не заповнене або заповнене неправильно
    [few] { $count } поля не заповнені або заповнені неправильно
   *[other] { $count } полів не заповнені або заповнені неправильно
}
form-taken-title = На жаль, цей час уже зайнято
form-taken = Виберіть, будь ласка, інший час. Усе, що ви ввели, збережено.
form-lost-title = Цей час уже зайнято
form-lost = Можливо, вашим власним записом: тоді більше нічого робити не потрібно. Якщо ні, виберіть, будь ласка, інший час.
form-not-offered-title = Цей час ми не можемо запропонувати
form-not-offered = Виберіть, будь ласка, інший час. Усе, що ви ввели, збережено.
form-choose-title = Виберіть, будь ласка, час
form-choose = Перший час уже був зайнятий. Усе, що ви ввели, збережено.
form-too-many-open-title = У вас уже є в нас кілька прийомів або запитів
form-too-many-open = Наступні ми радо приймемо телефоном:
form-too-often-title = Забагато запитів за короткий час
form-too-often = Спробуйте, будь ласка, пізніше або зателефонуйте нам:
form-failed-title = Не вдалося
form-failed = Це наша помилка, і прийом не заброньовано. Спробуйте ще раз або зателефонуйте нам:
form-trap = Залиште, будь ласка, це поле порожнім
form-again-title = Надішліть, будь ласка, запит ще раз
form-again = Так ми захищаємося від програм, що заповнюють форми. Усе, що ви ввели, збережено.
form-others = Інший вільний час
form-other = { $date }, { $time }
form-no-others = Поблизу вже немає вільного часу.
form-all-times = Переглянути весь вільний час
field-salutation = Звертання
field-given_name = Ім’я
field-family_name = Прізвище
field-email = Електронна пошта
field-telephone = Телефон
field-street = Вулиця та номер будинку
field-postcode = Поштовий індекс
field-city = Місто
field-comment = Повідомлення
field-start = Час
fault-missing = Заповніть, будь ласка.
fault-missing-start = Виберіть, будь ласка, час.
fault-too-long = Це задовго. Скоротіть, будь ласка, щонайбільше до { $limit } знаків.
fault-no-email = Це не адреса електронної пошти. Вона виглядає так: name@example.com
fault-no-telephone = Це не номер телефону. Укажіть його, будь ласка, з кодом.
fault-no-choice = Виберіть, будь ласка, один із варіантів.
fault-no-date = Це не дата. Дата виглядає так: 24.12.1960
fault-unticked = Поставте, будь ласка, позначку.

# The page behind a booking's link.
state-requested = Запит надіслано, ще не підтверджено
state-confirmed = Підтверджено
state-cancelled = Скасовано
state-rejected = Неможливо
state-attended = Відбувся
state-no-show = Пропущено
booking-requested-title = Ми отримали ваш запит
booking-requested-text = Цей час зарезервовано для вас. Ми розглянемо запит і надішлемо підтвердження.
booking-requested-text-page = Цей час зарезервовано для вас. Ми розглянемо запит. Щойно прийом буде підтверджено, це буде видно на цій сторінці.
booking-confirmed-title = Ваш прийом підтверджено
booking-confirmed-text = Чекаємо на вас.
booking-cancelled-title = Цей прийом скасовано
booking-cancelled-text = Більше нічого робити не потрібно. Час знову вільний.
booking-rejected-title = На жаль, цей прийом неможливий
booking-rejected-text = Виберіть, будь ласка, інший час або зателефонуйте нам.
booking-attended-title = Цей прийом відбувся
booking-attended-text = Дякуємо, що завітали.
booking-no-show-title = Цей прийом минув
booking-no-show-text = Ви не прийшли. Ми радо знайдемо новий час.
booking-mail = Лист із цими даними саме надсилається на { $email }.
booking-no-mail = Збережіть, будь ласка, адресу цієї сторінки, наприклад як закладку, або додайте прийом до свого календаря.
booking-slip = Талон на прийом
booking-calendar = Додати до мого календаря
booking-cancel = Скасувати прийом
booking-again = Записатися знову
booking-keep = За адресою цієї сторінки ви знову знайдете свій прийом. Не передавайте її нікому. Щоб надрукувати талон, скористайтеся командою друку вашого браузера.
cancel-title = Скасувати цей прийом?
cancel-text = Час стане вільним для інших. Це не можна відмінити.
cancel-button = Так, скасувати
cancel-keep = Ні, залишити прийом

# Pages that say no.
refused-home = До запису на прийом
refused-number = Якщо зателефонуєте, назвіть, будь ласка, цей номер: { $number }
refused-not-found-title = Такої сторінки немає
refused-not-found-text = Можливо, адреса неповна або пропозиція змінилася.
refused-no-booking-title = Ми не знаходимо цього прийому
refused-no-booking-text = Посилання неповне або вже недійсне. Правильне є в останньому листі про ваш прийом. Або зателефонуйте нам.
refused-malformed-title = Ми не змогли цього прочитати
refused-malformed-text = Поверніться, будь ласка, і спробуйте ще раз.
refused-taken-title = Цей час уже зайнято
refused-taken-text = Виберіть, будь ласка, інший час.
refused-too-many-open-title = У вас уже є в нас кілька прийомів або запитів
refused-too-many-open-text = Наступні ми радо приймемо телефоном.
refused-too-often-title = Забагато за короткий час
refused-too-often-text = Спробуйте, будь ласка, пізніше або зателефонуйте нам.
refused-already-cancelled-title = Цей прийом уже скасовано
refused-already-cancelled-text = Більше нічого робити не потрібно.
refused-past-title = Цей прийом уже минув
refused-past-text = Його вже не можна змінити.
refused-expired-title = Цей прийом уже минув
refused-expired-text = Він був доволі давно, тому тут про нього більше нічого не показуємо.
refused-wrong-state-title = З цим прийомом так уже не можна
refused-wrong-state-text = Тим часом його стан змінився. Перегляньте його, будь ласка, ще раз.
refused-forbidden-title = Немає дозволу
refused-forbidden-text = Цей обліковий запис не має такого права.
refused-failed-title = Щось пішло не так
refused-failed-text = Це наша помилка. Спробуйте, будь ласка, за кілька хвилин або зателефонуйте нам.
refused-other-site-title = Ця форма надійшла не з нашої сторінки
refused-other-site-text = Для безпеки ми нічого не змінили. Відкрийте сторінку знову і спробуйте ще раз.
refused-not-allowed-title = Так цю сторінку не відкрити
refused-not-allowed-text = Користуйтеся, будь ласка, посиланнями на наших сторінках.
refused-too-large-title = Це забагато за один раз
refused-too-large-text = Поверніться, будь ласка, і напишіть коротше.
refused-busy-title = Зараз багато відвідувачів
refused-busy-text = Спробуйте, будь ласка, за кілька секунд.
refused-unpublished-title = Онлайн-запис ще не відкрито
refused-unpublished-text = Зателефонуйте нам, будь ласка. Ми радо знайдемо для вас час.

# Moving, calling off with a reason, booking again.
booking-move = Перенести прийом
booking-cancel-until = Скасувати онлайн можна до { $date }, { $time }.
booking-cancel-start = Скасувати онлайн можна до початку прийому.
booking-cancel-hours = Скасувати онлайн можна не пізніше ніж за { $hours ->
    [one] { $hours } годину
    [few] { $hours } години
   *[other] { $hours } годин
} до прийому.
booking-then-call = Після цього — телефоном:
booking-cancel-was = Скасувати онлайн можна було до { $date }, { $time }.
booking-please-call = Зателефонуйте нам, будь ласка:
booking-move-until = Перенести онлайн можна до { $date }, { $time }.
booking-move-was = Перенести онлайн можна було до { $date }, { $time }.
cancel-reason = Причина (за бажанням)
cancel-reason-hint = Писати про своє здоров’я не потрібно.
move-title = Перенести прийом
move-back = Назад до вашого прийому
move-from = Ваш прийом залишається { $date }, { $time }, доки ви не виберете інший час.
move-times = Назад до розкладу
move-question = Перенести прийом на цей час?
move-old = Досі
move-new = Тепер
move-asks = Ми розглянемо новий час і напишемо вам, щойно його підтвердимо.
move-asks-page = Ми розглянемо новий час. Щойно його буде підтверджено, це буде видно на сторінці вашого прийому.
move-button = Так, перенести
move-keep = Ні, залишити прийом
move-taken = Ваш прийом залишається, де був. Виберіть, будь ласка, інший час.
form-rebook-title = Коли ви хочете прийти?
form-rebook = Ваші дані з минулого разу вже вписано. Перевірте їх, будь ласка. Про вашу згоду та нагадування запитуємо знову.
refused-too-late-title = Онлайн це зробити вже пізно
refused-too-late-text = До прийому залишилося мало часу. Зателефонуйте нам, будь ласка, і ми знайдемо рішення.
