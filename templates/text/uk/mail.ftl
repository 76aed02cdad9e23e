# What letters say. $practice is the practice's name. 'moved-request' is a request that was moved and is still to be confirmed.
mail-greeting = Вітаємо, { $name }!
mail-greeting-unnamed = Вітаємо!

mail-requested-subject = Ваш запит на прийом: { $practice }
mail-requested-lead = Дякуємо за ваш запит. Ми отримали його і розглядаємо. Прийом ще не підтверджено: ми напишемо вам, щойно це станеться.
mail-requested-link = Тут ви можете переглянути свій запит і скасувати його:
mail-requested-button = Переглянути або скасувати запит
mail-requested-title = Запит на прийом (ще не підтверджено): { $practice }
mail-requested-note = Ми розглядаємо ваш запит і напишемо вам. Прийом ще не підтверджено. Переглянути:

mail-confirmed-subject = Підтверджено: ваш прийом, { $practice }
mail-confirmed-lead = Ваш прийом підтверджено. Чекаємо на вас.
mail-confirmed-link = Тут ви можете переглянути свій прийом і скасувати його:
mail-confirmed-button = Переглянути або скасувати прийом
mail-confirmed-title = Прийом: { $practice }
mail-confirmed-note = Ваш прийом підтверджено. Переглянути:

mail-moved-subject = Змінено: ваш прийом, { $practice }
mail-moved-lead = Ваш прийом змінено. Тепер він такий:
mail-moved-link = Тут ви можете переглянути свій прийом і скасувати його, якщо він вам не підходить:
mail-moved-button = Переглянути або скасувати прийом
mail-moved-title = Прийом: { $practice }
mail-moved-note = Ваш прийом змінено. Переглянути:

mail-moved-request-subject = Змінено: ваш запит на прийом, { $practice }
mail-moved-request-lead = Ваш запит на прийом змінено. Прийом ще не підтверджено: ми напишемо вам, щойно це станеться. Тепер заплановано:
mail-moved-request-link = Тут ви можете переглянути свій запит і скасувати його, якщо він вам не підходить:
mail-moved-request-button = Переглянути або скасувати запит
mail-moved-request-title = Запит на прийом (ще не підтверджено): { $practice }
mail-moved-request-note = Ваш запит на прийом змінено, він ще не підтверджений. Переглянути:

mail-cancelled-subject = Скасовано: ваш прийом, { $practice }
mail-cancelled-lead = Цей прийом скасовано. Більше нічого робити не потрібно.
mail-cancelled-link = Тут можна це переглянути:
mail-cancelled-button = Переглянути скасований прийом
mail-cancelled-title = Скасовано: прийом, { $practice }
mail-cancelled-note = Прийом скасовано.

mail-declined-subject = Відхилено: ваш запит на прийом, { $practice }
mail-declined-lead = На жаль, ми не можемо запропонувати вам цей прийом. Виберіть, будь ласка, інший час або напишіть нам.
mail-declined-link = Тут ви можете переглянути свій запит:
mail-declined-button = Переглянути запит
mail-declined-title = Відхилено: запит на прийом, { $practice }
mail-declined-note = На жаль, ми не можемо запропонувати вам цей прийом.

mail-reminder-subject = Нагадування: ваш прийом, { $practice }
mail-reminder-lead = Нагадуємо про ваш прийом. Ви нас про це просили.
mail-reminder-link = Тут ви можете переглянути свій прийом і скасувати його, якщо щось завадить:
mail-reminder-button = Переглянути або скасувати прийом

mail-reminder-request-subject = Нагадування: ваш запит на прийом, { $practice }
mail-reminder-request-lead = Нагадуємо про ваш запит на прийом. Ви нас про це просили. Прийом ще не підтверджено: якщо сумніваєтеся, зателефонуйте нам.
mail-reminder-request-link = Тут ви можете переглянути свій запит і скасувати його, якщо щось завадить:
mail-reminder-request-button = Переглянути або скасувати запит

mail-test-subject = Пробний лист: { $practice }
mail-test-text = Цей лист надіслано зі службової сторінки для перевірки. Надсилання працює.

mail-cancel-until = Скасувати онлайн можна до { $date }, { $time }.
mail-cancel-then = Після цього — телефоном:
mail-cancel-start = Скасувати онлайн можна до початку прийому.
mail-cancel-was = Прийом уже так скоро, що скасувати його онлайн більше не можна.
mail-cancel-never = Цей прийом не можна скасувати онлайн.
mail-cancel-call = Якщо ви не можете прийти, зателефонуйте нам, будь ласка:
mail-view-link = Тут ви можете переглянути свій прийом:
mail-view-button = Переглянути прийом
mail-view-request-link = Тут ви можете переглянути свій запит:
mail-view-request-button = Переглянути запит
mail-when = Коли
mail-what = Що
mail-where = Де
mail-again = Записатися знову можна онлайн у будь-який час:
mail-stranger = Ви не записувалися на прийом? Тоді хтось указав вашу адресу. Скасуйте, будь ласка, запит за посиланням або напишіть нам.
mail-stranger-late = Ви не записувалися на прийом? Тоді хтось указав вашу адресу. Напишіть нам, будь ласка.
mail-questions = Маєте запитання? Просто дайте відповідь на цей лист.
mail-telephone = Телефон
mail-email = Електронна пошта
mail-privacy = Захист даних
mail-imprint = Вихідні дані
mail-regards = З повагою
mail-calendar-file = appointment.ics

# The practice's own copy.
mail-copy-requested = Новий онлайн-запит на прийом
mail-copy-confirmed = Новий онлайн-прийом (підтверджено одразу)
mail-copy-moved = Онлайн-прийом змінено
mail-copy-moved-request = Онлайн-запит на прийом змінено
mail-copy-cancelled = Онлайн-прийом скасовано
mail-copy-declined = Онлайн-запит на прийом відхилено
mail-copy-typed = Дані клієнта
mail-copy-link = Відкрити прийом після входу:
mail-copy-button = Відкрити прийом
mail-copy-reply = Відповідь на цей лист надійде клієнтові.
mail-field-salutation = Звертання
mail-field-given_name = Ім’я
mail-field-family_name = Прізвище
mail-field-email = Електронна пошта
mail-field-telephone = Телефон
mail-field-street = Вулиця
mail-field-postcode = Поштовий індекс
mail-field-city = Місто
mail-field-comment = Повідомлення
