# What letters say. $practice is the practice's name. 'moved-request' is a request that was moved and is still to be confirmed.
mail-greeting = Merhaba { $name },
mail-greeting-unnamed = Merhaba,

mail-requested-subject = Randevu isteğiniz: { $practice }
mail-requested-lead = Randevu isteğiniz için teşekkür ederiz. İsteğinizi aldık ve inceliyoruz. Randevu henüz onaylanmadı: onaylanınca size yazacağız.
mail-requested-link = İsteğinizi burada görebilir ve iptal edebilirsiniz:
mail-requested-button = İsteği gör veya iptal et
mail-requested-title = Randevu isteği (henüz onaylanmadı): { $practice }
mail-requested-note = İsteğinizi inceliyoruz ve size yazacağız. Randevu henüz onaylanmadı. Görmek için:

mail-confirmed-subject = Onaylandı: { $practice } randevunuz
mail-confirmed-lead = Randevunuz onaylandı. Sizi bekliyoruz.
mail-confirmed-link = Randevunuzu burada görebilir ve iptal edebilirsiniz:
mail-confirmed-button = Randevuyu gör veya iptal et
mail-confirmed-title = Randevu: { $practice }
mail-confirmed-note = Randevunuz onaylandı. Görmek için:

mail-moved-subject = Değişti: { $practice } randevunuz
mail-moved-lead = Randevunuz değişti. Şimdi şöyle:
mail-moved-link = Randevunuzu burada görebilir, size uymuyorsa iptal edebilirsiniz:
mail-moved-button = Randevuyu gör veya iptal et
mail-moved-title = Randevu: { $practice }
mail-moved-note = Randevunuz değişti. Görmek için:

mail-moved-request-subject = Değişti: { $practice } randevu isteğiniz
mail-moved-request-lead = Randevu isteğiniz değişti. Randevu henüz onaylanmadı: onaylanınca size yazacağız. Şu an planlanan:
mail-moved-request-link = İsteğinizi burada görebilir, size uymuyorsa iptal edebilirsiniz:
mail-moved-request-button = İsteği gör veya iptal et
mail-moved-request-title = Randevu isteği (henüz onaylanmadı): { $practice }
mail-moved-request-note = Randevu isteğiniz değişti ve henüz onaylanmadı. Görmek için:

mail-cancelled-subject = İptal edildi: { $practice } randevunuz
mail-cancelled-lead = Bu randevu iptal edildi. Başka bir şey yapmanız gerekmez.
mail-cancelled-link = Burada görebilirsiniz:
mail-cancelled-button = İptal edilen randevuyu gör
mail-cancelled-title = İptal edildi: { $practice } randevusu
mail-cancelled-note = Randevu iptal edildi.

mail-declined-subject = Kabul edilemedi: { $practice } randevu isteğiniz
mail-declined-lead = Ne yazık ki size bu randevuyu veremiyoruz. Lütfen başka bir saat seçin veya bize yazın.
mail-declined-link = İsteğinizi burada görebilirsiniz:
mail-declined-button = İsteği gör
mail-declined-title = Kabul edilemedi: { $practice } randevu isteği
mail-declined-note = Ne yazık ki size bu randevuyu veremiyoruz.

mail-reminder-subject = Hatırlatma: { $practice } randevunuz
mail-reminder-lead = Size randevunuzu hatırlatıyoruz. Bunu siz istemiştiniz.
mail-reminder-link = Randevunuzu burada görebilir, bir engel çıkarsa iptal edebilirsiniz:
mail-reminder-button = Randevuyu gör veya iptal et

mail-reminder-request-subject = Hatırlatma: { $practice } randevu isteğiniz
mail-reminder-request-lead = Size randevu isteğinizi hatırlatıyoruz. Bunu siz istemiştiniz. Randevu henüz onaylanmadı: emin değilseniz lütfen bizi arayın.
mail-reminder-request-link = İsteğinizi burada görebilir, bir engel çıkarsa iptal edebilirsiniz:
mail-reminder-request-button = İsteği gör veya iptal et

mail-test-subject = { $practice } deneme e-postası
mail-test-text = Bu e-posta denemek için personel sayfasından gönderildi. Gönderim çalışıyor.

mail-cancel-until = İnternetten iptal için son zaman: { $date }, saat { $time }.
mail-cancel-then = Daha sonra lütfen arayın:
mail-cancel-start = Randevu başlayana kadar internetten iptal edebilirsiniz.
mail-cancel-was = Randevu çok yakın olduğu için artık internetten iptal edilemez.
mail-cancel-never = Bu randevu internetten iptal edilemez.
mail-cancel-call = Gelemeyecekseniz lütfen bizi arayın:
mail-view-link = Randevunuzu burada görebilirsiniz:
mail-view-button = Randevuyu gör
mail-view-request-link = İsteğinizi burada görebilirsiniz:
mail-view-request-button = İsteği gör
mail-when = Ne zaman
mail-what = Ne
mail-where = Nerede
mail-again = İstediğiniz zaman internetten yeni bir randevu isteyebilirsiniz:
mail-stranger = Randevu istemediniz mi? O zaman birisi sizin e-posta adresinizi yazmış. Lütfen isteği bağlantıdan iptal edin veya bize yazın.
mail-stranger-late = Randevu istemediniz mi? O zaman birisi sizin e-posta adresinizi yazmış. Lütfen bize yazın.
mail-questions = Sorunuz mu var? Bu e-postayı yanıtlamanız yeter.
mail-telephone = Telefon
mail-email = E-posta
mail-privacy = Gizlilik
mail-imprint = Künye
mail-regards = Saygılarımızla
mail-calendar-file = randevu.ics

# The practice's own copy.
mail-copy-requested = Yeni çevrimiçi randevu isteği
mail-copy-confirmed = Yeni çevrimiçi randevu (hemen onaylandı)
mail-copy-moved = Çevrimiçi randevu değişti
mail-copy-moved-request = Çevrimiçi randevu isteği değişti
mail-copy-cancelled = Çevrimiçi randevu iptal edildi
mail-copy-declined = Çevrimiçi randevu isteği kabul edilmedi
mail-copy-typed = Müşterinin bilgileri
mail-copy-link = Oturum açarak randevuyu açın:
mail-copy-button = Randevuyu aç
mail-copy-reply = Bu e-postaya verilen yanıt müşteriye gider.
mail-field-salutation = Hitap
mail-field-given_name = Ad
mail-field-family_name = Soyadı
mail-field-email = E-posta
mail-field-telephone = Telefon
mail-field-street = Sokak
mail-field-postcode = Posta kodu
mail-field-city = Şehir
mail-field-comment = Mesaj
