# Names of days and months, and how a date is put together; behind «до» days stand in the genitive. Within a date months stand in the genitive, alone in the nominative.
weekday-1 = понеділок
    .until = понеділка
weekday-2 = вівторок
    .until = вівторка
weekday-3 = середа
    .until = середи
weekday-4 = четвер
    .until = четверга
weekday-5 = п’ятниця
    .until = п’ятниці
weekday-6 = субота
    .until = суботи
weekday-7 = неділя
    .until = неділі
weekday-short-1 = пн
weekday-short-2 = вт
weekday-short-3 = ср
weekday-short-4 = чт
weekday-short-5 = пт
weekday-short-6 = сб
weekday-short-7 = нд
month-1 = січня
month-2 = лютого
month-3 = березня
month-4 = квітня
month-5 = травня
month-6 = червня
month-7 = липня
month-8 = серпня
month-9 = вересня
month-10 = жовтня
month-11 = листопада
month-12 = грудня
month-short-1 = січ.
month-short-2 = лют.
month-short-3 = бер.
month-short-4 = квіт.
month-short-5 = трав.
month-short-6 = черв.
month-short-7 = лип.
month-short-8 = серп.
month-short-9 = вер.
month-short-10 = жовт.
month-short-11 = лист.
month-short-12 = груд.
date-long = { $weekday }, { $day } { $month } { $year } р.
date-short = { $weekday }, { $day } { $month }
date-day = { $day } { $month }
date-month = { $number ->
    [1] Січень
    [2] Лютий
    [3] Березень
    [4] Квітень
    [5] Травень
    [6] Червень
    [7] Липень
    [8] Серпень
    [9] Вересень
    [10] Жовтень
    [11] Листопад
   *[12] Грудень
} { $year }
