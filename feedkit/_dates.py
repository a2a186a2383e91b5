"""Dates: read strictly, kept in UTC and whole seconds, written without a locale."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedkit._date_words import (
    AFTER_A_DOT_OR_NOT,
    BETWEEN,
    ENGLISH,
    MONTHS,
    TWO_WORDS,
    WEEKDAYS,
    ZONES,
    bare,
    plain,
)

if TYPE_CHECKING:
    from dateutil import parser

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

_Time = tuple[str | int | None, ...]

_LONGEST = 100
# what is longer than this isn't looked at; a date in it may be set among blanks and comments
_LONGEST_RAW = 1000
_LATEST_EPOCH = 4_102_444_800  # the year 2100
_HOUR = re.compile(r"(?:19[7-9]|20\d)\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])")
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)|(?<!\d)[12]\d{7}(?!\d)")

# --- the spellings of the standards
_OFFSET = r"(?i:z|gmt|ut|utc)|[+-]\d\d:?(?:\d\d)?"
_TIME = r"(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?"
_RFC3339 = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    rf"(?:(?:\s?[Tt]\s?|\s(?=\d\d:?\d)|(?<=\d{{8}})(?=\d{{4}})){_TIME})?\s?({_OFFSET})?",
    re.ASCII,
)
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3},?\s)?(\d{1,2})\s([A-Za-z]{3})\s(\d{4})\s"
    rf"(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:\s?({_OFFSET}|(?i:[ecmp][sd]t)))?",
    re.ASCII,
)
_WEEK = re.compile(r"(\d{4})-?[wW](\d\d)-?([1-7])(?![^T\s])", re.ASCII)
_ORDINAL = re.compile(r"(\d{4})(?:-(\d{3})(?![^T\s+Z])|(\d{3})(?=T))", re.ASCII)
_ENGLISH = {name: number for number, name in enumerate(ENGLISH, 1)}

# --- the world's
_COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_IANA = re.compile(r"(?<![\w/])[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z0-9_+-]+){1,2}(?![\w/])")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?")
_EAST_ASIAN_TIME = re.compile(
    r"(?:(上午|午前|오전)|(下午|午後|오후))?\s*(\d{1,2})(?:\s*[時时点點시]\s*(\d{1,2})\s*[分분]"
    r"(?:\s*(\d{1,2})\s*[秒초])?|:(\d\d)(?::(\d\d))?)"
)
_FOREIGN = re.compile(r"(?=[^\x00-\x7f])[^\W\d_]|\u200f")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_BUDDHIST = re.compile(r"(?<!\d)2[45]\d\d(?!\d)|(?<!\d)26\d\d(?!\d)")
_TH_MONTH = re.compile(r"\b(?:thang|thg|th)\.?\s?(\d{1,2})\b")
_TH_WEEKDAY = re.compile(r"\b(?:thu (?:hai|ba|tu|nam|sau|bay)|chu nhat)\b")
_CLOCK = re.compile(
    r"(?<![\d:./-])(\d{1,2})(?:(?::|\.|\s?h\s?)(\d\d)(?:[:.](\d\d)(?:[.,]\d{1,9})?)?"
    r"(?!\.?\d|:|/|-\d\d-)|\s?(?:h|uhr)(?![^\W\d])|(?=\s?[ap]\.?\s?m(?![^\W\d])))"
    r"\s?(?:([ap]|[πμ](?=\.?\s?μ))\.?\s?[mμ](?![^\W\d])\.?|(ص|صباحا|पूर्वाह्न)(?!\w)|(م|مساء|अपराह्न)(?!\w))?"
)
_AHEAD = re.compile(r"\s?(?:gmt|utc|ut)?\s?([+-])(\d{1,2}):?(\d\d)?(?![\d:/-])")
_LETTER = re.compile(r"\s?[a-y]\s?(?:\d{4})?", re.ASCII)
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)\.?")
_DOTTED_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})(?!\d)\.?")
_AFTER_NUMBER = re.compile(
    r"(?<=\d)(?:st|nd|rd|th|er|re|ter|te|[eoaº°]|-?(?:a|e|i|an|en|jen|ei|го|е|ше|та|ти|ри))(?![^\W\d])"
)
# Catalan "d'agost", Hebrew "in June"
_PREFIX = re.compile(r"(?<![^\W\d])(?:d['’]\s?|ב-?(?=[א-ת]{3}))")
_WORD = re.compile(r"[^\s\d.,،:/+()-]+(?:\.[^\s\d.,،:/+()-]+)*")
_SHORT_YEAR = re.compile(r"^(\d{1,2}\s[a-z]+\s|[a-z]+\s\d{1,2}\s)(\d\d)$")
# what dateutil is asked to read: it takes more numbers for a clock and an offset
_DAY = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2\d{4}|\d{8}"
    r"|[a-z]{3} \d+ \d+|\d+ [a-z]{3} \d+|\d+ \d+ [a-z]{3}"
)
_YEAR_FIRST = re.compile(r"\d{4}")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{4}")


@cache
def _parser() -> "parser.parser":
    from dateutil import parser  # most dates are read without it

    return parser.parser(parser.parserinfo())


def stated_date(raw: str, zone: tzinfo = UTC, *, dayfirst: bool | None = None) -> datetime | None:
    """A feed's date in UTC and whole seconds; None when it isn't certainly one.

    The spellings of RFC 822, 2822 and 3339 and of ISO 8601, seconds or
    milliseconds since 1970, and what :func:`read_date` reads, where the year may
    have two digits (RFC 2822 §4.3). The date is believed before its weekday. A
    zone that isn't certain (``IST``) makes the date uncertain.

    :param raw: the date as it stands in the feed.
    :param zone: the zone of a date that names none.
    :param dayfirst: whether ``5/6/2023`` is in June; where it is not known,
        neither that nor May is certain.
    """
    if len(raw) > _LONGEST_RAW:
        return None
    text = " ".join(raw.split())
    if text.isdecimal() and len(text) in (10, 13) and text.isascii():
        if _HOUR.fullmatch(text):
            return None  # 2023062210 may be an hour's name
        seconds = int(text) // (1 if len(text) == 10 else 1000)
        return EARLIEST + timedelta(seconds=seconds) if seconds < _LATEST_EPOCH else None
    return _certain(text, zone, dayfirst=dayfirst, short_years=True)


def read_date(text: str, zone: tzinfo = UTC, *, dayfirst: bool = False) -> datetime | None:
    """A date as people write it, in UTC; None when it isn't certainly one.

    Year (of four digits), month and day must all be there, and nothing that
    belongs to no date. Months may be named in the languages feeds are written in.

    :param text: the whole text of the date.
    :param zone: the zone of a date that names none.
    :param dayfirst: whether ``5/6/2023`` is in June.
    """
    text = text.strip() if len(text) <= _LONGEST_RAW else ""
    if len(text) > _LONGEST or not _YEAR.search(text):
        return None
    return _certain(text, zone, dayfirst=dayfirst, short_years=False)


def _certain(
    text: str, zone: tzinfo, *, dayfirst: bool | None, short_years: bool
) -> datetime | None:
    try:
        return _standard(text, zone) or _worldly(
            text, zone, dayfirst=dayfirst, short_years=short_years
        )
    except (ValueError, OverflowError):
        return None  # no such day, hour or offset


def _standard(text: str, zone: tzinfo) -> datetime | None:
    """A date in a spelling of the standards."""
    match = _RFC822.fullmatch(text)
    if match and (month := _ENGLISH.get(match[2].lower())):
        day, _, year, hour, minute, second, offset = match.groups()
        return _moment((int(year), month, int(day)), (hour, minute, second), _zone(offset, zone))
    if match := _RFC3339.fullmatch(text) or _RFC3339.fullmatch(_by_month(text)):
        year, number, day, hour, *others, offset = match.groups()
        if hour is None and offset and offset[0] in "+-" and ":" not in offset:
            return None  # a fourth number of some kind
        return _moment((int(year), int(number), int(day)), (hour, *others), _zone(offset, zone))
    return None


def _by_month(text: str) -> str:
    """A date of ISO 8601 by its week, or by its day of the year alone, as one by its month."""
    if match := _WEEK.match(text):
        begun = datetime.fromisocalendar(int(match[1]), int(match[2]), int(match[3]))
        text = f"{begun.date()}{text[match.end() :]}"
    elif match := _ORDINAL.match(text):
        begun = datetime(int(match[1]), 1, 1) + timedelta(days=int(match[2] or match[3]) - 1)
        if begun.year == int(match[1]):
            text = f"{begun.date()}{text[match.end() :]}"
    return text


def _zone(stated: str | None, otherwise: tzinfo) -> tzinfo:
    """The zone an offset, or the name of one, stands for."""
    if not stated:
        return otherwise
    if stated[0] in "+-":
        return _offset(stated[0], stated[1:3], stated[3:].lstrip(":"))
    return _named_zone(stated.lower())


@lru_cache(100)
def _offset(sign: str, hours: str, minutes: str | None) -> tzinfo:
    if minutes and int(minutes) > 59:
        raise ValueError("an hour has 60 minutes")
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-ahead if sign == "-" else ahead)


@cache
def _named_zone(name: str) -> tzinfo:
    return timezone(timedelta(hours=ZONES[name]))


def _moment(date: tuple[int, int, int], time: _Time, zone: tzinfo) -> datetime | None:
    """A moment from its parts; 24:00:00 is the next day, and a leap second the next minute."""
    hour, minute, second = int(time[0] or 0), int(time[1] or 0), int(time[2] or 0)
    late = timedelta()
    if hour == 24 and minute == second == 0:
        hour, late = 0, timedelta(days=1)
    elif second == 60:
        second, late = 59, timedelta(seconds=1)
    return to_utc(datetime(*date, hour, minute, second, tzinfo=zone) + late)


def _worldly(
    text: str, zone: tzinfo, *, dayfirst: bool | None, short_years: bool
) -> datetime | None:
    """A date of many spellings: its clock and zone are taken out, the rest is dateutil's."""
    if (match := _IANA.search(text)) and (named := _iana(match[0])):
        text, zone = text.replace(match[0], " "), named
    text = _COMMENT.sub(" ", text)
    if len(text) > _LONGEST or not (short_years or _YEAR.search(text)):
        return None
    # who writes other letters than Americans puts the day first
    if _FOREIGN.search(text):
        dayfirst = True
    text = _in_one_script(text)
    text = " ".join(text.split())
    clock = _without_clock(text)
    if clock is None:
        return None
    text, time, stated_zone = clock
    english = _in_english(text)
    if english is None:
        return None
    text, name = english
    if name:
        stated_zone = stated_zone or _named_zone(name)
    if short_years and (match := _SHORT_YEAR.fullmatch(text)):
        text = f"{match[1]}{'20' if int(match[2]) < 50 else '19'}{match[2]}"
    if not (_DAY.fullmatch(text) and _YEAR.search(text)):
        return None
    if dayfirst is None and _either_way(text):
        return None
    dayfirst = bool(dayfirst) and not _YEAR_FIRST.match(text)
    # two defaults that share no part: what the text leaves open shows as a difference
    one = _read(text, datetime(1972, 2, 28), dayfirst=dayfirst)
    if one is None or one != _read(text, datetime(1988, 11, 13), dayfirst=dayfirst):
        return None
    return _moment((one.year, one.month, one.day), time, stated_zone or zone)


def _either_way(text: str) -> bool:
    """Whether the day and the month of ``5/6/2023`` can't be told apart."""
    match = _NUMERIC.fullmatch(text)
    return match is not None and match[1] != match[3] and max(int(match[1]), int(match[3])) <= 12


def _without_clock(text: str) -> tuple[str, _Time, tzinfo | None] | None:
    """A text without its clock and offset, and both; None where they can't be."""
    match = _CLOCK.search(text)
    if match is None:
        return text, (0, 0, 0), None
    written, minute, second, half, morning, evening = match.groups()
    hour = int(written)
    if half or morning or evening:
        if not 0 < hour <= 12 and not (hour == 0 and half == "a"):
            return None
        late = bool(evening) or half in ("p", "μ")
        hour = hour % 12 + 12 * late
    elif minute is None and not match[0].rstrip().endswith(("h", "r")):
        return None
    before, after = text[: match.start()], text[match.end() :]
    zone = None
    if ahead := _AHEAD.match(after):
        zone = _offset(*ahead.groups())
        after = after[ahead.end() :]
    elif _LETTER.fullmatch(after):
        return None
    return f"{before.removesuffix('t')} {after}", (hour, minute, second), zone


def _iana(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _in_one_script(text: str) -> str:
    """A text with ASCII digits and one spelling of each word, years of the common era."""
    if text.isascii():
        return _TH_MONTH.sub(_named, text.lower())
    text = unicodedata.normalize("NFKC", text)
    text = _EAST_ASIAN.sub(r" \1-\2-\3 ", text)
    text = _EAST_ASIAN_TIME.sub(_western_time, text)
    thai = _THAI.search(text)
    text = plain(text)
    if thai:
        text = _BUDDHIST.sub(lambda year: str(int(year[0]) - 543), text)
    text = _TH_MONTH.sub(_named, _TH_WEEKDAY.sub(" ", text))
    for name, number in TWO_WORDS.items():
        text = text.replace(name, ENGLISH[number - 1])
    return text


def _western_time(match: re.Match[str]) -> str:
    half = " am" if match[1] else " pm" if match[2] else ""
    minute, second = match[4] or match[6], match[5] or match[7] or "00"
    return f" {match[3]}:{minute:0>2}:{second:0>2}{half} "


def _named(match: re.Match[str]) -> str:
    number = int(match[1])
    return f" {ENGLISH[number - 1]} " if 1 <= number <= 12 else match[0]


def _in_english(text: str) -> tuple[str, str] | None:
    """A day's words in English, and the zone they name; None where one is no word of dates."""
    text = _DOTTED_YEAR_FIRST.sub(r"\1-\2-\3 ", _DOTTED.sub(r"\3-\2-\1 ", text))
    text = _PREFIX.sub(" ", _AFTER_NUMBER.sub("", text))
    words = [bare(match[0]) for match in _WORD.finditer(text)]
    months = [word for word in words if word in MONTHS or word in AFTER_A_DOT_OR_NOT]
    if len(months) > 1:
        # "mar" is March, and Tuesday
        doubtful = {word for word in months if word in WEEKDAYS}
        if words[0] in doubtful and text.lstrip().startswith(words[0]):
            doubtful = {words[0]}
        if len(doubtful) != 1 or len(months) > 2:
            return None
        months.remove(doubtful.pop())
    zone, said = "", []
    for word in words:
        if word in ZONES and word not in WEEKDAYS:
            if zone and ZONES[word] != ZONES[zone]:
                return None
            zone = word
        elif word not in months and word not in WEEKDAYS and word not in BETWEEN and word:
            return None
    month = months[0] if months else ""
    after_dot = bool(month and re.search(rf"\d\.\s?{re.escape(month)}", text))
    number = (
        AFTER_A_DOT_OR_NOT[month][not after_dot]
        if month in AFTER_A_DOT_OR_NOT
        else MONTHS.get(month, 0)
    )
    left = month
    for match in re.finditer(rf"{_WORD.pattern}|\d+|[-/]|\.(?=\d)", text):
        part = match[0]
        if part[0].isdecimal() or part in "-/.":
            said.append(part)
        elif left and bare(part) == left:
            said.append(ENGLISH[number - 1])
            left = ""
    if month:
        return " ".join(part for part in said if part not in "-/."), zone
    return re.sub(r"\s?([-/.])\s?", r"\1", " ".join(said)), zone


def _read(text: str, default: datetime, *, dayfirst: bool) -> datetime | None:
    try:
        return _parser().parse(text, default=default, dayfirst=dayfirst)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None


def day_comes_first(lines: Iterable[str]) -> bool:
    """Whether ``5/6/2023`` means June in these lines: another date can mean nothing else."""
    written = [match.groups() for line in lines if (match := _NUMERIC.fullmatch(line))]
    return any(sep == "." or int(first) > 12 for first, sep, _ in written) and not any(
        int(second) > 12 for _, _, second in written
    )


def to_utc(moment: datetime) -> datetime | None:
    """An aware moment in UTC and whole seconds; None before 1970 or out of range."""
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    if moment.microsecond:
        moment = moment.replace(microsecond=0)
    return moment if moment >= EARLIEST else None


def is_far_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a date is more than a day in the future, so that it can't be believed."""
    return moment - now > timedelta(days=1)


def rfc3339(moment: datetime) -> str:
    """``2023-06-22T00:00:00Z`` (RFC 3339 §5.6)."""
    return _in_utc(moment).isoformat(timespec="seconds")[:-6] + "Z"


def rfc822(moment: datetime) -> str:
    """``Thu, 22 Jun 2023 00:00:00 +0000`` (RFC 822 §5 with a year of four digits)."""
    moment = _in_utc(moment)
    # in no locale but its own: Thu Jun 22 00:00:00 2023
    told = moment.ctime()
    return f"{told[:3]}, {moment.day:02} {told[4:7]} {moment.year:04} {told[11:19]} +0000"


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
