# What letters say. $practice is the practice's name. 'moved-request' is a request that was moved and is still to be confirmed.
mail-greeting = مرحبًا { $name }،
mail-greeting-unnamed = مرحبًا،

mail-requested-subject = طلب موعدكم لدى { $practice }
mail-requested-lead = شكرًا لطلبكم. وصلنا الطلب ونحن ندرسه. لم يُؤكَّد الموعد بعد: سنكتب إليكم حالما يتم ذلك.
mail-requested-link = هنا يمكنكم عرض طلبكم وإلغاؤه:
mail-requested-button = عرض الطلب أو إلغاؤه
mail-requested-title = طلب موعد (لم يُؤكَّد بعد): { $practice }
mail-requested-note = ندرس طلبكم وسنراسلكم. لم يُؤكَّد الموعد بعد. للعرض:

mail-confirmed-subject = مؤكَّد: موعدكم لدى { $practice }
mail-confirmed-lead = تم تأكيد موعدكم. نسعد باستقبالكم.
mail-confirmed-link = هنا يمكنكم عرض موعدكم وإلغاؤه:
mail-confirmed-button = عرض الموعد أو إلغاؤه
mail-confirmed-title = موعد لدى { $practice }
mail-confirmed-note = تم تأكيد موعدكم. للعرض:

mail-moved-subject = تغيّر: موعدكم لدى { $practice }
mail-moved-lead = تغيّر موعدكم. أصبح الآن كما يلي:
mail-moved-link = هنا يمكنكم عرض موعدكم، وإلغاؤه إن لم يناسبكم:
mail-moved-button = عرض الموعد أو إلغاؤه
mail-moved-title = موعد لدى { $practice }
mail-moved-note = تغيّر موعدكم. للعرض:

mail-moved-request-subject = تغيّر: طلب موعدكم لدى { $practice }
mail-moved-request-lead = تغيّر طلب موعدكم. لم يُؤكَّد الموعد بعد: سنكتب إليكم حالما يتم ذلك. المخطط الآن:
mail-moved-request-link = هنا يمكنكم عرض طلبكم، وإلغاؤه إن لم يناسبكم:
mail-moved-request-button = عرض الطلب أو إلغاؤه
mail-moved-request-title = طلب موعد (لم يُؤكَّد بعد): { $practice }
mail-moved-request-note = تغيّر طلب موعدكم ولم يُؤكَّد بعد. للعرض:

mail-cancelled-subject = ملغى: موعدكم لدى { $practice }
mail-cancelled-lead = أُلغي هذا الموعد. لا يلزمكم فعل شيء آخر.
mail-cancelled-link = يمكنكم الاطلاع على ذلك هنا:
mail-cancelled-button = عرض الموعد الملغى
mail-cancelled-title = ملغى: موعد لدى { $practice }
mail-cancelled-note = أُلغي الموعد.

mail-declined-subject = مرفوض: طلب موعدكم لدى { $practice }
mail-declined-lead = للأسف لا يمكننا منحكم هذا الموعد. يرجى اختيار وقت آخر أو مراسلتنا.
mail-declined-link = هنا يمكنكم عرض طلبكم:
mail-declined-button = عرض الطلب
mail-declined-title = مرفوض: طلب موعد لدى { $practice }
mail-declined-note = للأسف لا يمكننا منحكم هذا الموعد.

mail-reminder-subject = تذكير: موعدكم لدى { $practice }
mail-reminder-lead = نذكّركم بموعدكم بناءً على طلبكم.
mail-reminder-link = هنا يمكنكم عرض موعدكم، وإلغاؤه إن طرأ طارئ:
mail-reminder-button = عرض الموعد أو إلغاؤه

mail-reminder-request-subject = تذكير: طلب موعدكم لدى { $practice }
mail-reminder-request-lead = نذكّركم بطلب موعدكم بناءً على رغبتكم. لم يُؤكَّد الموعد بعد: يرجى الاتصال بنا إن كنتم غير متأكدين.
mail-reminder-request-link = هنا يمكنكم عرض طلبكم، وإلغاؤه إن طرأ طارئ:
mail-reminder-request-button = عرض الطلب أو إلغاؤه

mail-test-subject = رسالة تجريبية من { $practice }
mail-test-text = أُرسلت هذه الرسالة من صفحة الموظفين للتجربة. الإرسال يعمل.

mail-cancel-until = يمكن الإلغاء عبر الإنترنت حتى { $date }، الساعة { $time }.
mail-cancel-then = بعد ذلك بالهاتف:
mail-cancel-start = يمكن الإلغاء عبر الإنترنت حتى بداية الموعد.
mail-cancel-was = الموعد قريب جدًا، ولم يعد إلغاؤه عبر الإنترنت ممكنًا.
mail-cancel-never = لا يمكن إلغاء هذا الموعد عبر الإنترنت.
mail-cancel-call = إذا تعذّر عليكم الحضور فيرجى الاتصال بنا:
mail-view-link = هنا يمكنكم عرض موعدكم:
mail-view-button = عرض الموعد
mail-view-request-link = هنا يمكنكم عرض طلبكم:
mail-view-request-button = عرض الطلب
mail-when = متى
mail-what = ماذا
mail-where = أين
mail-again = يمكنكم في أي وقت طلب موعد جديد عبر الإنترنت:
mail-stranger = لم تطلبوا موعدًا؟ إذن كتب شخص ما عنوان بريدكم. يرجى إلغاء الطلب عبر الرابط أو مراسلتنا.
mail-stranger-late = لم تطلبوا موعدًا؟ إذن كتب شخص ما عنوان بريدكم. يرجى مراسلتنا.
mail-questions = لديكم أسئلة؟ يكفي أن تردوا على هذه الرسالة.
mail-telephone = الهاتف
mail-email = البريد الإلكتروني
mail-privacy = حماية البيانات
mail-imprint = بيانات الناشر
mail-regards = مع أطيب التحيات
mail-calendar-file = appointment.ics

# The practice's own copy.
mail-copy-requested = طلب موعد جديد عبر الإنترنت
mail-copy-confirmed = موعد جديد عبر الإنترنت (أُكِّد فورًا)
mail-copy-moved = تغيّر موعد عبر الإنترنت
mail-copy-moved-request = تغيّر طلب موعد عبر الإنترنت
mail-copy-cancelled = أُلغي موعد عبر الإنترنت
mail-copy-declined = رُفض طلب موعد عبر الإنترنت
mail-copy-typed = بيانات العميل
mail-copy-link = فتح الموعد بعد تسجيل الدخول:
mail-copy-button = فتح الموعد
mail-copy-reply = الرد على هذه الرسالة يصل إلى العميل.
mail-field-salutation = اللقب
mail-field-given_name = الاسم الأول
mail-field-family_name = اسم العائلة
mail-field-email = البريد الإلكتروني
mail-field-telephone = الهاتف
mail-field-street = الشارع
mail-field-postcode = الرمز البريدي
mail-field-city = المدينة
mail-field-comment = رسالة
