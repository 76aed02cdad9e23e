# What stands around every page.
skip = انتقل إلى المحتوى
languages = اللغة
privacy = حماية البيانات
imprint = بيانات الناشر
new-tab = (يفتح في علامة تبويب جديدة)
contact = كيف تتواصلون معنا
demo-mails = رسائل هذا العرض التجريبي
what = ماذا
when = متى
where = أين
for-whom = لمن
minutes = { $minutes } دقيقة
from-to = من { $from } إلى { $to }
language-de = الألمانية
language-de-simple = الألمانية (لغة مبسّطة)
language-en = الإنجليزية
language-tr = التركية
language-uk = الأوكرانية
language-ar = العربية

# Choosing a branch and a service.
start-title = حجز موعد
start-none = لم يتم إعداد أي شيء هنا بعد.
start-question = إلى أين تريدون الحضور؟
services-title = حجز موعد
services-back = اختيار فرع آخر
services-question = ما سبب الموعد؟

# The slot grid. $free counts the day's free times.
grid-title = المواعيد المتاحة: { $service }
grid-other-service = اختيار خدمة أخرى
grid-resources = عند من أو أين؟
grid-any = لا فرق، أقرب موعد
grid-first-free = أول موعد متاح
grid-first-free-at = { $date }، الساعة { $time }
grid-times = الأوقات المتاحة
grid-months = الشهر
grid-turn = أيام أخرى
grid-turn-below = أيام أخرى، أسفل الأوقات
grid-previous = الأيام السابقة
grid-next = الأيام التالية
grid-count = { $free ->
    [0] لا يوجد وقت متاح
    [one] وقت واحد متاح
    [two] وقتان متاحان
    [few] { $free } أوقات متاحة
    [many] { $free } وقتًا متاحًا
   *[other] { $free } وقت متاح
}
grid-none-here = لا يوجد وقت متاح في هذه الأيام. انتقلوا إلى الأيام التالية أو اختاروا أول موعد متاح.
grid-none = لا يوجد حاليًا موعد متاح عبر الإنترنت. اتصلوا بنا من فضلكم وسنجد لكم وقتًا.
grid-none-chosen = لا يوجد حاليًا وقت متاح عبر الإنترنت مع هذا الاختيار. اختاروا خيارًا آخر في الأعلى أو اتصلوا بنا.
grid-neighbour = يوجد وقت متاح في { $place }: { $date }، الساعة { $time }.
zone = جميع الأوقات بالتوقيت المحلي للمركز (المنطقة الزمنية { $zone }).
own-time = عندكم { "{" }time{ "}" }
own-time-shown = توقيتكم مكتوب بجانبها.
grid-key = تعني: غير متاح.
grid-help = لا يناسبكم أي وقت؟ اتصلوا بنا:
closed-hours = غير متاح: خارج أوقات الدوام
closed-lead = غير متاح: الوقت قريب جدًا
closed-horizon = غير متاح: الموعد بعيد جدًا
closed-busy = غير متاح: محجوز
closed-limit = غير متاح: اكتملت مواعيد هذا اليوم

# The form.
form-title = طلب موعد
form-title-now = حجز هذا الموعد
form-title-again = يرجى المراجعة: طلب موعد
form-back = العودة إلى الأوقات
form-your-time = موعدكم
form-you = بياناتكم
form-required = نحتاج منكم الحقول المكتوب بجانبها «إلزامي». كل ما عداها اختياري.
form-must = إلزامي
form-no-salutation = لا أرغب في التحديد
form-salutations = السيدة|السيد
form-comment-hint = تكفي بضع كلمات. لا داعي لكتابة أي شيء عن صحتكم.
form-choice = يرجى الاختيار
form-date-hint = اليوم ثم الشهر ثم السنة. مثال: 24.12.1960
form-consents = موافقتكم
form-privacy = نستخدم بياناتكم لهذا الموعد فقط.
form-reminder = ذكّروني بالموعد عبر البريد الإلكتروني. هذا اختياري.
form-held = هذا الوقت محجوز لكم أثناء ملء النموذج.
form-gone = لم يعد هذا الوقت متاحًا. بعد الإرسال سنعرض عليكم أوقاتًا أخرى، وما كتبتموه يبقى محفوظًا.
form-send = طلب الموعد
form-send-now = حجز الموعد
form-after = سنرسل إليكم بعد ذلك رسالة بريد إلكتروني فيها رابط إلى موعدكم.
form-after-page = ستظهر لكم بعد ذلك صفحة فيها موعدكم. يرجى الاحتفاظ بعنوانها أو إضافة الموعد إلى تقويمكم.
form-cancel-was = هذا الموعد قريب جدًا، ولم يعد إلغاؤه عبر الإنترنت ممكنًا.
form-cancel-never = لا يمكن إلغاء هذا الموعد عبر الإنترنت.
form-cancel-call = إذا تعذّر عليكم الحضور فيرجى الاتصال بنا:
form-faults = { $count ->
    [one] حقل واحد ناقص أو غير صحيح
    [two] حقلان ناقصان أو غير صحيحين
    [few] { $count } حقول ناقصة أو غير صحيحة
    [many] { $count } حقلًا ناقصًا أو غير صحيح
   *[other] { $count } حقل ناقص أو غير صحيح
}
form-taken-title = للأسف لم يعد هذا الوقت متاحًا
form-taken = يرجى اختيار وقت آخر. ما كتبتموه ما زال محفوظًا.
form-lost-title = لم يعد هذا الوقت متاحًا
form-lost = ربما حجزتموه أنتم: عندئذ لا يلزمكم فعل شيء آخر. وإلا فيرجى اختيار وقت آخر.
form-not-offered-title = لا يمكننا تقديم هذا الوقت
form-not-offered = يرجى اختيار وقت آخر. ما كتبتموه ما زال محفوظًا.
form-choose-title = يرجى اختيار وقت
form-choose = لم يعد الوقت الأول متاحًا. ما كتبتموه ما زال محفوظًا.
form-too-many-open-title = لديكم عندنا عدة مواعيد أو طلبات
form-too-many-open = يسعدنا تلقي المزيد منها بالهاتف:
form-too-often-title = طلبات كثيرة في وقت قصير
form-too-often = يرجى المحاولة لاحقًا أو الاتصال بنا:
form-failed-title = لم تنجح العملية
form-failed = الخطأ من جانبنا ولم يُحجز أي موعد. يرجى المحاولة مرة أخرى أو الاتصال بنا:
form-trap = يرجى ترك هذا الحقل فارغًا
form-again-title = يرجى إرسال الطلب مرة أخرى
form-again = هكذا نحمي أنفسنا من البرامج التي تملأ الاستمارات. ما كتبتموه ما زال محفوظًا.
form-others = أوقات متاحة أخرى
form-other = { $date }، الساعة { $time }
form-no-others = لا يوجد وقت متاح قريب.
form-all-times = عرض جميع الأوقات المتاحة
field-salutation = اللقب
field-given_name = الاسم الأول
field-family_name = اسم العائلة
field-email = البريد الإلكتروني
field-telephone = الهاتف
field-street = الشارع ورقم المنزل
field-postcode = الرمز البريدي
field-city = المدينة
field-comment = رسالة
field-start = الوقت
fault-missing = يرجى ملء هذا الحقل.
fault-missing-start = يرجى اختيار وقت.
fault-too-long = النص طويل جدًا. يرجى اختصاره إلى { $limit } حرفًا على الأكثر.
fault-no-email = هذا ليس عنوان بريد إلكتروني. مثال: name@example.com
fault-no-telephone = هذا ليس رقم هاتف. يرجى كتابته مع رمز المنطقة.
fault-no-choice = يرجى اختيار أحد الخيارات.
fault-no-date = هذا ليس تاريخًا. مثال: 24.12.1960
fault-unticked = يرجى وضع علامة هنا.

# The page behind a booking's link.
state-requested = تم الطلب ولم يُؤكَّد بعد
state-confirmed = مؤكَّد
state-cancelled = ملغى
state-rejected = غير ممكن
state-attended = تم
state-no-show = فات الموعد
booking-requested-title = وصلنا طلبكم
booking-requested-text = حجزنا لكم هذا الوقت مبدئيًا. سندرس طلبكم ونراسلكم لتأكيده.
booking-requested-text-page = حجزنا لكم هذا الوقت مبدئيًا. سندرس طلبكم، وستجدون التأكيد في هذه الصفحة.
booking-confirmed-title = تم تأكيد موعدكم
booking-confirmed-text = نسعد باستقبالكم.
booking-cancelled-title = أُلغي هذا الموعد
booking-cancelled-text = لا يلزمكم فعل شيء آخر. أصبح الوقت متاحًا من جديد.
booking-rejected-title = للأسف هذا الموعد غير ممكن
booking-rejected-text = يرجى اختيار وقت آخر أو الاتصال بنا.
booking-attended-title = تم هذا الموعد
booking-attended-text = شكرًا لزيارتكم.
booking-no-show-title = انقضى هذا الموعد
booking-no-show-text = لم نلتقِ بكم. يسعدنا أن نجد لكم وقتًا جديدًا.
booking-mail = يجري الآن إرسال رسالة بهذه البيانات إلى { $email }.
booking-no-mail = يرجى الاحتفاظ بعنوان هذه الصفحة، في الإشارات المرجعية مثلًا، أو إضافة الموعد إلى تقويمكم.
booking-slip = بطاقة الموعد
booking-calendar = إضافة إلى تقويمي
booking-cancel = إلغاء الموعد
booking-again = حجز موعد جديد
booking-keep = عنوان هذه الصفحة يعيدكم إلى موعدكم. لا تعطوه لأحد. للطباعة استخدموا أمر الطباعة في المتصفح.
cancel-title = هل تريدون إلغاء هذا الموعد؟
cancel-text = سيصبح الوقت متاحًا للآخرين. لا يمكن التراجع عن ذلك.
cancel-button = نعم، إلغاء
cancel-keep = لا، الإبقاء على الموعد

# Pages that say no.
refused-home = إلى حجز المواعيد
refused-number = إذا اتصلتم بنا فاذكروا هذا الرقم من فضلكم: { $number }
refused-not-found-title = هذه الصفحة غير موجودة
refused-not-found-text = ربما كان العنوان ناقصًا أو تغيّر العرض.
refused-no-booking-title = لم نجد هذا الموعد
refused-no-booking-text = الرابط ناقص أو لم يعد صالحًا. الرابط الصحيح موجود في أحدث رسالة عن موعدكم. وإلا فاتصلوا بنا من فضلكم.
refused-malformed-title = لم نتمكن من قراءة ذلك
refused-malformed-text = يرجى العودة والمحاولة مرة أخرى.
refused-taken-title = لم يعد هذا الوقت متاحًا
refused-taken-text = يرجى اختيار وقت آخر.
refused-too-many-open-title = لديكم عندنا عدة مواعيد أو طلبات
refused-too-many-open-text = يسعدنا تلقي المزيد منها بالهاتف.
refused-too-often-title = محاولات كثيرة في وقت قصير
refused-too-often-text = يرجى المحاولة لاحقًا أو الاتصال بنا.
refused-already-cancelled-title = هذا الموعد ملغى من قبل
refused-already-cancelled-text = لا يلزمكم فعل شيء آخر.
refused-past-title = انقضى هذا الموعد
refused-past-text = لم يعد بالإمكان تغييره.
refused-expired-title = انتهى هذا الموعد
refused-expired-text = مضى عليه وقت طويل، لذلك لم نعد نعرض هنا شيئًا عنه.
refused-wrong-state-title = لم يعد ذلك ممكنًا لهذا الموعد
refused-wrong-state-text = تغيّرت حالته في هذه الأثناء. يرجى عرضه من جديد.
refused-forbidden-title = لا توجد صلاحية
refused-forbidden-text = هذا الحساب غير مخوّل بذلك.
refused-failed-title = حدث خطأ ما
refused-failed-text = الخطأ من جانبنا. يرجى المحاولة بعد بضع دقائق أو الاتصال بنا.
refused-other-site-title = لم تأتِ هذه الاستمارة من صفحتنا
refused-other-site-text = حرصًا على الأمان لم نغيّر شيئًا. يرجى فتح الصفحة من جديد والمحاولة مرة أخرى.
refused-not-allowed-title = لا يمكن فتح هذه الصفحة بهذه الطريقة
refused-not-allowed-text = يرجى استخدام الروابط في صفحاتنا.
refused-too-large-title = هذا كثير دفعة واحدة
refused-too-large-text = يرجى العودة والكتابة باختصار.
refused-busy-title = هناك ضغط كبير الآن
refused-busy-text = يرجى المحاولة بعد بضع ثوانٍ.
refused-unpublished-title = لم يُفتح الحجز عبر الإنترنت بعد
refused-unpublished-text = يرجى الاتصال بنا. يسعدنا أن نجد لكم وقتًا.

# Moving, calling off with a reason, booking again.
booking-move = نقل الموعد
booking-cancel-until = يمكن الإلغاء عبر الإنترنت حتى { $date }، الساعة { $time }.
booking-cancel-start = يمكن الإلغاء عبر الإنترنت حتى بداية الموعد.
booking-cancel-hours = يمكن الإلغاء عبر الإنترنت قبل الموعد بما لا يقل عن { $hours ->
    [one] ساعة واحدة
    [two] ساعتين
    [few] { $hours } ساعات
   *[other] { $hours } ساعة
}.
booking-then-call = بعد ذلك بالهاتف:
booking-cancel-was = كان الإلغاء عبر الإنترنت ممكنًا حتى { $date }، الساعة { $time }.
booking-please-call = يرجى الاتصال بنا:
booking-move-until = يمكن نقل الموعد عبر الإنترنت حتى { $date }، الساعة { $time }.
booking-move-was = كان نقل الموعد عبر الإنترنت ممكنًا حتى { $date }، الساعة { $time }.
cancel-reason = السبب (اختياري)
cancel-reason-hint = لا داعي لكتابة أي شيء عن صحتكم.
move-title = نقل الموعد
move-back = العودة إلى موعدكم
move-from = يبقى موعدكم يوم { $date } الساعة { $time } إلى أن تختاروا وقتًا آخر.
move-times = العودة إلى الأوقات
move-question = هل تريدون نقل الموعد إلى هذا الوقت؟
move-old = حتى الآن
move-new = الجديد
move-asks = سندرس الوقت الجديد ونكتب إليكم حالما يتم تأكيده.
move-asks-page = سندرس الوقت الجديد، وستجدون التأكيد في صفحة موعدكم.
move-button = نعم، انقلوه
move-keep = لا، الإبقاء على الموعد
move-taken = ما زال موعدكم كما كان. يرجى اختيار وقت آخر.
form-rebook-title = متى تريدون الحضور؟
form-rebook = بياناتكم من المرة السابقة مكتوبة هنا. يرجى مراجعتها. أما موافقتكم والتذكير فنسأل عنهما من جديد.
refused-too-late-title = فات أوان ذلك عبر الإنترنت
refused-too-late-text = الموعد قريب. يرجى الاتصال بنا وسنجد حلًا.
