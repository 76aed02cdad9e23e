# What stands around every page.
skip = İçeriğe geç
languages = Dil
privacy = Gizlilik
imprint = Künye
new-tab = (yeni sekmede açılır)
contact = Bize nasıl ulaşırsınız
demo-mails = Bu gösterimin e-postaları
what = Ne
when = Ne zaman
where = Nerede
for-whom = Kimin için
minutes = { $minutes } dakika
from-to = { $from } – { $to }
language-de = Almanca
language-de-simple = Almanca (sade dil)
language-en = İngilizce
language-tr = Türkçe
language-uk = Ukraynaca
language-ar = Arapça

# Choosing a branch and a service.
start-title = Randevu alın
start-none = Burada henüz bir şey yok.
start-question = Nereye gelmek istersiniz?
services-title = Randevu alın
services-back = Başka şube seçin
services-question = Ne için geliyorsunuz?

# The slot grid. $free counts the day's free times.
grid-title = Boş randevular: { $service }
grid-other-service = Başka bir konu seçin
grid-resources = Kime veya nereye?
grid-any = Fark etmez, en yakın zaman olsun
grid-first-free = İlk boş randevu
grid-first-free-at = { $date }, saat { $time }
grid-times = Boş saatler
grid-months = Ay
grid-turn = Diğer günler
grid-turn-below = Diğer günler, saatlerin altında
grid-previous = Önceki günler
grid-next = Sonraki günler
grid-count = { $free ->
    [0] Boş saat yok
    [one] Bir boş saat
   *[other] { $free } boş saat
}
grid-none-here = Bu günlerde boş saat kalmadı. Sonraki günlere bakın veya ilk boş randevuyu alın.
grid-none = Şu anda internetten alınabilecek boş randevu yok. Lütfen bizi arayın, size bir zaman bulalım.
grid-none-chosen = Bu seçimle şu anda internetten boş saat yok. Yukarıdan başka bir seçim yapın veya bizi arayın.
grid-neighbour = { $place }: { $date }, saat { $time } boş.
zone = Bütün saatler muayenehanenin yerel saatidir (saat dilimi { $zone }).
own-time = sizde { "{" }time{ "}" }
own-time-shown = Yanında kendi saatiniz yazılıdır.
grid-key = işareti: boş değil.
grid-help = Size uygun bir saat yok mu? Bizi arayın:
closed-hours = boş değil: çalışma saatleri dışında
closed-lead = boş değil: çok yakın bir zaman
closed-horizon = boş değil: çok ileri bir tarih
closed-busy = boş değil: dolu
closed-limit = boş değil: bu gün için randevu kalmadı

# The form.
form-title = Randevu isteyin
form-title-now = Bu randevuyu alın
form-title-again = Lütfen kontrol edin: randevu isteyin
form-back = Saatlere dön
form-your-time = Randevunuz
form-you = Bilgileriniz
form-required = “Zorunlu” yazan alanları doldurmanız gerekir. Diğerleri isteğe bağlıdır.
form-must = zorunlu
form-no-salutation = Belirtmek istemiyorum
form-salutations = Bayan|Bay
form-comment-hint = Birkaç kelime yeter. Sağlığınızla ilgili bilgi vermeniz gerekmez.
form-choice = Lütfen seçin
form-date-hint = Gün, ay, yıl. Örnek: 24.12.1960
form-consents = Onayınız
form-privacy = Bilgilerinizi yalnızca bu randevu için kullanırız.
form-reminder = Randevudan önce bana e-posta ile hatırlatın. Bu isteğe bağlıdır.
form-held = Formu doldururken bu saat sizin için ayrılmıştır.
form-gone = Bu saat bu arada doldu. Formu gönderdiğinizde başka saatler göstereceğiz; yazdıklarınız kalır.
form-send = Randevu iste
form-send-now = Randevuyu al
form-after = Ardından size, içinde randevunuza giden bir bağlantı olan bir e-posta göndereceğiz.
form-after-page = Ardından randevunuzun bulunduğu bir sayfa göreceksiniz. Lütfen adresini saklayın veya randevuyu takviminize ekleyin.
form-cancel-was = Bu randevu çok yakın olduğu için artık internetten iptal edilemez.
form-cancel-never = Bu randevu internetten iptal edilemez.
form-cancel-call = Gelemeyecek olursanız lütfen bizi arayın:
form-faults = { $count ->
    [one] Bir bilgi eksik veya yanlış
   *[other] { $count } bilgi eksik veya yanlış
}
form-taken-title = Bu saat artık boş değil
form-taken = Lütfen başka bir saat seçin. Yazdıklarınız duruyor.
form-lost-title = Bu saat bu arada doldu
form-lost = Belki kendi randevunuzla dolmuştur: o zaman yapmanız gereken bir şey yok. Değilse lütfen başka bir saat seçin.
form-not-offered-title = Bu saati veremiyoruz
form-not-offered = Lütfen başka bir saat seçin. Yazdıklarınız duruyor.
form-choose-title = Lütfen bir saat seçin
form-choose = İlk seçtiğiniz saat artık boş değildi. Yazdıklarınız duruyor.
form-too-many-open-title = Bizde zaten birkaç randevunuz veya isteğiniz var
form-too-many-open = Yenilerini telefonla almaktan memnun oluruz:
form-too-often-title = Kısa sürede çok fazla istek geldi
form-too-often = Lütfen daha sonra yeniden deneyin veya bizi arayın:
form-failed-title = İşlem başarısız oldu
form-failed = Hata bizde ve randevu alınmadı. Lütfen yeniden deneyin veya bizi arayın:
form-trap = Lütfen bu alanı boş bırakın
form-again-title = Lütfen isteğinizi bir kez daha gönderin
form-again = Böylece form dolduran programlardan korunuyoruz. Yazdıklarınız duruyor.
form-others = Diğer boş saatler
form-other = { $date }, saat { $time }
form-no-others = Yakın zamanda boş saat yok.
form-all-times = Bütün boş saatleri gör
field-salutation = Hitap
field-given_name = Ad
field-family_name = Soyadı
field-email = E-posta
field-telephone = Telefon
field-street = Sokak ve kapı numarası
field-postcode = Posta kodu
field-city = Şehir
field-comment = Mesaj
field-start = Saat
fault-missing = Lütfen doldurun.
fault-missing-start = Lütfen bir saat seçin.
fault-too-long = Bu çok uzun. Lütfen en çok { $limit } karaktere kısaltın.
fault-no-email = Bu bir e-posta adresi değil. Örnek: ad@ornek.com
fault-no-telephone = Bu bir telefon numarası değil. Lütfen alan koduyla yazın.
fault-no-choice = Lütfen seçeneklerden birini seçin.
fault-no-date = Bu bir tarih değil. Örnek: 24.12.1960
fault-unticked = Lütfen işaretleyin.

# The page behind a booking's link.
state-requested = İstendi, henüz onaylanmadı
state-confirmed = Onaylandı
state-cancelled = İptal edildi
state-rejected = Mümkün değil
state-attended = Gerçekleşti
state-no-show = Kaçırıldı
booking-requested-title = İsteğinizi aldık
booking-requested-text = Bu saati sizin için ayırdık. İsteğinize bakıp onay için size yazacağız.
booking-requested-text-page = Bu saati sizin için ayırdık. İsteğinize bakacağız. Onaylandığında bu sayfada yazacak.
booking-confirmed-title = Randevunuz onaylandı
booking-confirmed-text = Sizi bekliyoruz.
booking-cancelled-title = Bu randevu iptal edildi
booking-cancelled-text = Başka bir şey yapmanız gerekmez. Saat yeniden boş.
booking-rejected-title = Bu randevu ne yazık ki mümkün değil
booking-rejected-text = Lütfen başka bir saat seçin veya bizi arayın.
booking-attended-title = Bu randevu gerçekleşti
booking-attended-text = Geldiğiniz için teşekkür ederiz.
booking-no-show-title = Bu randevu geçti
booking-no-show-text = Gelemediniz. Size memnuniyetle yeni bir zaman buluruz.
booking-mail = Bu bilgileri içeren bir e-posta şu anda { $email } adresine gönderiliyor.
booking-no-mail = Lütfen bu sayfanın adresini saklayın, örneğin yer imi olarak, veya randevuyu takviminize ekleyin.
booking-slip = Randevu fişi
booking-calendar = Takvimime ekle
booking-cancel = Randevuyu iptal et
booking-again = Yeni randevu alın
booking-keep = Bu sayfanın adresi sizi yeniden randevunuza götürür. Adresi kimseyle paylaşmayın. Yazdırmak için tarayıcınızın yazdırma komutunu kullanın.
cancel-title = Bu randevuyu iptal etmek istiyor musunuz?
cancel-text = Saat başkalarına açılır. Bu geri alınamaz.
cancel-button = Evet, iptal et
cancel-keep = Hayır, randevu kalsın

# Pages that say no.
refused-home = Randevu sayfasına
refused-number = Bizi ararsanız lütfen bu numarayı söyleyin: { $number }
refused-not-found-title = Böyle bir sayfa yok
refused-not-found-text = Adres eksik olabilir ya da hizmet değişmiş olabilir.
refused-no-booking-title = Bu randevuyu bulamıyoruz
refused-no-booking-text = Bağlantı eksik veya artık geçerli değil. Doğrusu randevunuzla ilgili son e-postada yazar. Bulamazsanız lütfen bizi arayın.
refused-malformed-title = Bunu okuyamadık
refused-malformed-text = Lütfen geri dönüp yeniden deneyin.
refused-taken-title = Bu saat artık boş değil
refused-taken-text = Lütfen başka bir saat seçin.
refused-too-many-open-title = Bizde zaten birkaç randevunuz veya isteğiniz var
refused-too-many-open-text = Yenilerini telefonla almaktan memnun oluruz.
refused-too-often-title = Kısa sürede çok fazla istek geldi
refused-too-often-text = Lütfen daha sonra yeniden deneyin veya bizi arayın.
refused-already-cancelled-title = Bu randevu zaten iptal edilmiş
refused-already-cancelled-text = Başka bir şey yapmanız gerekmez.
refused-past-title = Bu randevu geçti
refused-past-text = Artık değiştirilemez.
refused-expired-title = Bu randevu geçti
refused-expired-text = Üzerinden uzun zaman geçti. Bu yüzden burada artık hiçbir bilgisi gösterilmiyor.
refused-wrong-state-title = Bu randevuda bu artık yapılamaz
refused-wrong-state-text = Bu arada durumu değişti. Lütfen randevuya yeniden bakın.
refused-forbidden-title = Bunun için yetki yok
refused-forbidden-text = Bu oturumun buna izni yok.
refused-failed-title = Bir şeyler ters gitti
refused-failed-text = Hata bizde. Lütfen birkaç dakika sonra yeniden deneyin veya bizi arayın.
refused-other-site-title = Bu form bizim sayfamızdan gelmedi
refused-other-site-text = Güvenlik için hiçbir şeyi değiştirmedik. Lütfen sayfayı yeniden açıp tekrar deneyin.
refused-not-allowed-title = Bu sayfa böyle açılamaz
refused-not-allowed-text = Lütfen sayfalarımızdaki bağlantıları kullanın.
refused-too-large-title = Bu bir seferde çok fazla
refused-too-large-text = Lütfen geri dönüp biraz daha kısa yazın.
refused-busy-title = Şu anda çok yoğunuz
refused-busy-text = Lütfen birkaç saniye sonra yeniden deneyin.
refused-unpublished-title = İnternetten randevu henüz açılmadı
refused-unpublished-text = Lütfen bizi arayın. Size memnuniyetle bir zaman buluruz.

# Moving, calling off with a reason, booking again.
booking-move = Randevuyu başka bir zamana al
booking-cancel-until = İnternetten iptal için son zaman: { $date }, saat { $time }.
booking-cancel-start = Randevu başlayana kadar internetten iptal edebilirsiniz.
booking-cancel-hours = Randevudan { $hours ->
    [one] bir saat
   *[other] { $hours } saat
} öncesine kadar internetten iptal edebilirsiniz.
booking-then-call = Daha sonra lütfen arayın:
booking-cancel-was = İnternetten iptal için son zaman: { $date }, saat { $time }. Bu süre geçti.
booking-please-call = Lütfen bizi arayın:
booking-move-until = İnternetten değiştirmek için son zaman: { $date }, saat { $time }.
booking-move-was = İnternetten değiştirmek için son zaman: { $date }, saat { $time }. Bu süre geçti.
cancel-reason = Neden (isteğe bağlı)
cancel-reason-hint = Sağlığınızla ilgili bilgi vermeniz gerekmez.
move-title = Randevuyu başka bir zamana al
move-back = Randevunuza dön
move-from = Siz başka bir saat seçene kadar randevunuz { $date }, saat { $time } olarak kalır.
move-times = Saatlere dön
move-question = Randevu bu saate alınsın mı?
move-old = Şimdiye kadar
move-new = Yeni
move-asks = Yeni saate bakıp onaylanınca size yazacağız.
move-asks-page = Yeni saate bakacağız. Onaylandığında randevunuzun sayfasında yazacak.
move-button = Evet, değiştir
move-keep = Hayır, randevu kalsın
move-taken = Randevunuz hâlâ eski saatinde. Lütfen başka bir saat seçin.
form-rebook-title = Ne zaman gelmek istersiniz?
form-rebook = Geçen seferki bilgileriniz dolduruldu. Lütfen kontrol edin. Onayınızı ve hatırlatma isteyip istemediğinizi yeniden soruyoruz.
refused-too-late-title = İnternetten yapmak için artık geç
refused-too-late-text = Randevu yakın. Lütfen bizi arayın, bir çözüm buluruz.
