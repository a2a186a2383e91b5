"""What the world calls months, days and zones, folded to one spelling."""

import unicodedata

ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# from January on: the words languages write in dates, most of them in the genitive
_MONTHS = (
    # English, German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian, Icelandic,
    # Catalan, Romanian
    "january jan januar jänner jän janvier janv enero ene janeiro gennaio gen januari janúar "
    "gener ianuarie ian "
    # Finnish, Estonian, Latvian, Lithuanian, Hungarian
    "tammikuuta tammikuu tammi jaanuar jaan janvāris janvārī sausio sausis saus január "
    # Polish, Czech, Slovak, Slovene, Croatian, Serbian
    "stycznia styczeń sty ledna leden led januára siječnja siječanj sij januara јануар јануара јан "
    # Russian, Ukrainian, Bulgarian, Greek, Turkish, Indonesian
    "января январь янв січня січень січ януари яну ιανουαρίου ιανουάριος ιαν ocak oca "
    # Arabic, Hebrew, Hindi, Thai
    "يناير جانفي ינואר ינו जनवरी มกราคม ม.ค "
    "јануари xaneiro xan januarie जन",
    "february feb februar feber février févr fév febrero fevereiro fev febbraio februari "
    "febrúar febrer febr februarie helmikuuta helmikuu helmi veebruar veebr februāris februārī "
    "vasario vasaris vas február lutego luty lut února únor úno februára veljače veljača velj "
    "februara фебруар фебруара феб февраля февраль фев февр лютого лютий лют февруари "
    "φεβρουαρίου φεβρουάριος φεβ şubat şub "
    "pebruari فبراير فيفري شباط פברואר פבר फरवरी फ़रवरी फर กุมภาพันธ์ ก.พ "
    "фебруари febreiro februarie फ़र",
    "march mar märz mär mrz mars marzo março maart mrt març martie maaliskuuta maaliskuu maalis "
    "märts marts martā kovo kovas kov március márc marca marzec března březen bře marec ožujka "
    "ožujak ožu mart marta март марта мар березня березень бер μαρτίου μάρτιος μαρ "
    "maret مارس آذار מרץ मार्च มีนาคม มี.ค "
    "mac",
    "april apr avril avr abril abr aprile apríl aprilie huhtikuuta huhtikuu huhti aprill aprīlis "
    "aprīlī balandžio balandis bal április ápr kwietnia kwiecień kwi dubna duben dub apríla "
    "travnja travanj tra aprila април априла апр апреля апрель квітня квітень кві квіт "
    "απριλίου απρίλιος απρ nisan nis أبريل إبريل افريل نيسان אפריל अप्रैल เมษายน เม.ย "
    "אפר",
    "may mai mayo maio maggio mag mei maí maig toukokuuta toukokuu touko maijs maijā gegužės "
    "gegužė geg május máj maja maj května květen kvě mája svibnja svibanj svi мај маја мая май "
    "травня травень тра трав μαΐου μάιος μάι μαϊ mayıs مايو أيار ماي "
    "מאי मई พฤษภาคม พ.ค "
    "ماي mei",
    "june jun juni juin junio junho giugno giu júní juny iunie iun kesäkuuta kesäkuu kesä juuni "
    "jūnijs jūnijā birželio birželis birž június jún czerwca czerwiec cze června červen čvn júna "
    "junij junija lipnja lipanj juna јун јуна июня июнь июн червня червень чер черв юни "
    "ιουνίου ιούνιος ιουν haziran haz يونيو يونيه حزيران جوان יוני जून มิถุนายน มิ.ย "
    "јуни xuño xuñ junie",
    "july jul juli juillet juil julio julho luglio lug júlí juliol iulie iul heinäkuuta heinäkuu "
    "heinä juuli jūlijs jūlijā liepos liepa liep július júl lipca lipiec července červenec čvc "
    "júla julij julija srpnja srpanj jula јул јула июля июль июл липня липень лип юли "
    "ιουλίου ιούλιος ιουλ temmuz tem يوليو يوليه تموز جويلية יולי जुलाई กรกฎาคม ก.ค "
    "јули julai xullo xul julie يوليوز जुल",
    "august aug août aoû agosto ago augustus augusti ágúst ágú agost elokuuta elokuu elo augusts "
    "augustā rugpjūčio rugpjūtis rugp augusztus sierpnia sierpień sie srpna srpen augusta avgust "
    "avgusta avg kolovoza kolovoz kol август августа авг серпня серпень сер серп "
    "αυγούστου αύγουστος αυγ ağustos ağu agustus agu agt ogos أغسطس آب أوت אוגוסט अगस्त สิงหาคม ส.ค "
    "ogo ag אוג غشت अग",
    "september sep sept septembre septiembre setiembre setembro settembre set setembre septembrie "
    "syyskuuta syyskuu syys septembris septembrī rugsėjo rugsėjis rugs szeptember szept września "
    "wrzesień wrz září zář septembra rujna rujan ruj septembar септембар септембра сеп сентября "
    "сентябрь сен сент вересня вересень вер септември σεπτεμβρίου σεπτέμβριος σεπ σεπτ eylül eyl "
    "سبتمبر أيلول ספטמבר सितंबर सितम्बर กันยายน ก.ย "
    "ספט شتنبر सित",
    "october oct oktober okt octobre octubre outubro out ottobre ott október octombrie lokakuuta "
    "lokakuu loka oktoober oktobris oktobrī spalio spalis spal października październik paź října "
    "říjen říj októbra oktobra oktobar октобар октобра окт октября октябрь жовтня жовтень жов "
    "жовт октомври οκτωβρίου οκτώβριος οκτ ekim eki أكتوبر אוקטובר अक्टूबर अक्तूबर ตุลาคม ต.ค "
    "אוק अक्टू",
    "november nov novembre noviembre novembro nóvember nóv noiembrie noi marraskuuta marraskuu "
    "marras novembris novembrī lapkričio lapkritis lapkr listopadu listopad novembra studenoga "
    "studenog studeni stu novembar новембар новембра нов ноября ноябрь ноя нояб листопада "
    "листопад ноември νοεμβρίου νοέμβριος νοε kasım kas نوفمبر נובמבר नवंबर नवम्बर พฤศจิกายน พ.ย "
    "лист נוב نونبر नव",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre desember des desembre "
    "decembrie joulukuuta joulukuu joulu detsember dets decembris decembrī gruodžio gruodis gruod "
    "grudnia grudzień gru prosince prosinec pro decembra prosinca prosinac decembar "
    "децембар децембра дец декабря декабрь дек грудня грудень гру груд декември "
    "δεκεμβρίου δεκέμβριος δεκ aralık ara ديسمبر דצמבר दिसंबर दिसम्बर ธันวาคม ธ.ค "
    "disember dis decembro דצמ دجنبر दिस",
)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr "
    "sa so don die mit fre sam son lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer "
    "jeu ven dim lunes martes miércoles jueves viernes sábado domingo mié jue vie sáb dom maandag "
    "dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo lunedì martedì mercoledì "
    "giovedì venerdì sabato domenica gio segunda terça quarta quinta sexta feira seg ter qua qui "
    "sex måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors tor lör sön mandag "
    "tirsdag lørdag søndag man tir lør søn maanantai tiistai keskiviikko torstai perjantai "
    "lauantai sunnuntai maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina "
    "sunnuntaina ti ke to pe la su mánudagur þriðjudagur miðvikudagur fimmtudagur föstudagur "
    "laugardagur sunnudagur mán þri mið fim fös lau poniedziałek wtorek środa czwartek piątek "
    "sobota niedziela pon wt śr czw pt sob nie niedz pondělí úterý středa čtvrtek pátek neděle "
    "po út st čt pá ne pondelok utorok streda štvrtok piatok nedeľa ut št pi hétfő kedd szerda "
    "csütörtök péntek szombat vasárnap luni marți miercuri joi vineri sâmbătă duminică "
    "ponedjeljak utorak srijeda četvrtak petak subota nedjelja ponedeljak sreda nedelja "
    "ponedeljek torek četrtek petek nedelja uto sri čet pet sub ned sre понедељак уторак среда "
    "четвртак петак субота недеља понедельник вторник четверг пятница суббота "
    "воскресенье пн вт ср чт пт сб вс понеділок вівторок середа четвер "
    "субота неділя нд понеделник сряда четвъртък петък събота неделя "
    "δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρί τετ πέμ παρ σάβ σαβ κυρ "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar pzt sal çar per cum cmt paz "
    "senin selasa rabu kamis jumat sabtu minggu isnin khamis jumaat ahad sen sel rab kam jum sab "
    "min dilluns dimarts dimecres dijous divendres dissabte diumenge pirmadienis antradienis "
    "trečiadienis ketvirtadienis penktadienis šeštadienis sekmadienis pirmdiena otrdiena "
    "trešdiena ceturtdiena piektdiena sestdiena svētdiena esmaspäev teisipäev kolmapäev neljapäev "
    "reede laupäev pühapäev الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت "
    "ראשון שני שלישי רביעי חמישי שישי שבת יום "
    "सोमवार मंगलवार बुधवार गुरुवार बृहस्पतिवार शुक्रवार शनिवार रविवार सोम मंगल बुध गुरु शुक्र शनि रवि "
    "จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์ วันจันทร์ วันอังคาร วันพุธ วันพฤหัสบดี วันศุกร์ วันเสาร์ วันอาทิตย์ "
    "星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 "
    "週一 週二 週三 週四 週五 週六 週日 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 "
    "п'ятниця tysdag laurdag sundag luns mércores xoves venres недела вторник "
    "петок четврток сабота "
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일"
)
# between the parts of a date: "of", "the", "at", "year", "o'clock"
_BETWEEN = (
    "of the at on and t de del d di le el den der dem am um uhr kl klo alle ore las les a à г р m "
    "гг рік року года в о у г ob o ob u lúc ngày năm pukul στις της год ч klo kell gada gads "
    "m d y в dne dia às as til om the في ב בשעה ה को बजे ที่ เวลา น พ.ศ ค.ศ saat tanggal jam"
)

# hours from UTC. A name that is at home in more than one place is none: IST (India, Ireland,
# Israel), AST (Atlantic, Arabia), and the letters A to Y, which RFC 2822 §4.3 gives up on.
# CST is RFC 822's, BST Britain's.
ZONES = {
    "utc": 0, "ut": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "mez": 1, "mesz": 2,
    "bst": 1, "cet": 1, "met": 1, "cest": 2, "mest": 2, "eet": 2, "eest": 3, "msk": 3, "msd": 4,
    "sast": 2, "eat": 3, "trt": 3, "pkt": 5, "wib": 7, "wita": 8, "sgt": 8, "hkt": 8, "awst": 8,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5, "brt": -3,
    "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip


# the apostrophes of letters left out, and the signs of an abbreviation
_APOSTROPHES = dict.fromkeys(map(ord, "’ʼ′׳॰`"), "'")


def plain(text: str) -> str:
    """A text with digits and letters of one kind: lower case, no accents."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(
            str(unicodedata.decimal(char)) if char.isdecimal() else char
            for char in text
            if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
        )
        return text.replace("ı", "i").replace("ς", "σ").replace("−", "-").translate(_APOSTROPHES)
    return text.lower()


def bare(word: str) -> str:
    """A word without dots and apostrophes."""
    return word.replace(".", "").replace("'", "")


def _words(text: str) -> list[str]:
    return bare(plain(text)).split()


MONTHS = {word: number for number, names in enumerate(_MONTHS, 1) for word in _words(names)}
_WRITTEN_ON = plain("ที่")
WEEKDAYS = frozenset(word + end for word in _words(_WEEKDAYS) for end in ("", _WRITTEN_ON))
BETWEEN = frozenset(_words(_BETWEEN))
# two Slavic months of one name: after a dot ("22. listopada") the Croatian, else the Polish
AFTER_A_DOT_OR_NOT = {"listopada": (10, 11), "lis": (10, 11), "lip": (6, 7)}
# Arabic months of two words
TWO_WORDS = {
    plain(name): number
    for name, number in (
        ("كانون الثاني", 1), ("تشرين الأول", 10), ("تشرين الثاني", 11), ("كانون الأول", 12),
    )
}  # fmt: skip
