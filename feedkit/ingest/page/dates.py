"""Dates in the text of pages: found among words, completed by a heading's year, never made up."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from feedkit._date_words import MONTHS, plain
from feedkit._dates import read_date, to_utc
from feedkit.ingest.page.jalali import MONTHS as PERSIAN_MONTHS
from feedkit.ingest.page.jalali import to_gregorian

_LONGEST = 4000
_TIME = (
    r"(?:(?:\s*[T,·]\s*|\s+(?:at|um|à|alle|kl\.?|om|às|в|-|,)?\s*)"
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?!\d)\s?([ap]\.?m\b\.?)?"
    r"\s?(Z\b|UTC\b|GMT\b|[+-]\d\d:?\d\d(?!\d))?)?"
)
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_WORD = r"(?P<m>[^\W\d_]{1,12}(?:\.[^\W\d_]{1,3})?)"
_DAY = r"(?<!\d)(?<!\d[.,:/-])(?P<d>\d{1,2})(?!\d)"
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|°|\.)?"
_FULL = tuple(
    re.compile(pattern + _TIME, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?(?P<s>[-/.])\s?(?P<m>\d{1,2})\.?\s?(?P=s)\s?(?P<d>\d{1,2})(?!\d)\.?",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})(?:\s?[日일號号])?",
        rf"{_DAY}{_ORDINAL}[\s\-/–]*(?:de |of |d['’])?{_WORD}\.?(?:\s+(?:de|del|of|di|năm)\s+|"
        rf"[\s,،\-/–'’]+){_YEAR}(?:\s?г\.)?",
        rf"(?<![^\W\d_]){_WORD}\.?[\s\-/]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|[-/]){_YEAR}",
        rf"(?<!\d){_YEAR}[.,]?[\s\-]+(?:de |m\. )?{_WORD}\.?[\s\-]+(?P<d>\d{{1,2}})(?!\d)\.?",
        rf"{_DAY}\s+(?:tháng|thg)\s*(?P<m>\d{{1,2}})(?:,\s*|\s+năm\s+|\s+){_YEAR}",
        rf"{_DAY}\s+Th(?P<m>\d{{1,2}}),?\s+{_YEAR}",
    )
)
_NUMERIC = re.compile(
    rf"(?<!\d)(?<!\d[./-])(?P<a>\d{{1,2}})(?P<s>[./-])\s?(?P<b>\d{{1,2}})(?P=s)\s?(?P<y>(?:19|"
    rf"20)\d\d|\d\d)(?![./-]?\d){_TIME}",
    re.IGNORECASE,
)
_PERSIAN = (
    re.compile(
        r"(?<!\d)(?P<y>1[34]\d\d)\s?[/\-.]\s?(?P<m>\d{1,2})\s?[/\-.]\s?(?P<d>\d{1,2})(?!\d)"
    ),
    re.compile(rf"{_DAY}\s+{_WORD}\s+(?:ماه\s+)?(?P<y>1[34]\d\d)(?!\d)"),
)
_PARTIAL = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![^\W\d_]){_WORD}\.?[\s\-/]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:%])",
        rf"{_DAY}{_ORDINAL}[\s\-/–]*(?:de |of |d['’])?{_WORD}(?![^\W\d_])\.?",
        r"(?<!\d)(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})(?:\s?[日일號号])?",
        rf"{_DAY}\s+(?:tháng|thg)\s*(?P<m>\d{{1,2}})(?!\d)",
    )
)
_PARTIAL_NUMERIC = re.compile(
    r"(?<![\d./:-])(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?![\d:%]|[./-]\d)"
)
_DAY_ONLY = re.compile(r"\W*(\d{1,2})(?:st|nd|rd|th|日|일|\.)?\W*", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:\d+|an?|one|few)\s?(?:s|sec|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|mo|"
    r"months?|y|yrs?|years?)\s+ago\b"
    r"|\b(?:just now|yesterday|today|gestern|heute|hier|aujourd['’]hui|ayer|hoy|ontem|hoje|ieri|"
    r"oggi|"
    r"gisteren|vandaag|wczoraj|dzisiaj|вчера|сегодня|dün|bugün|hôm qua|hôm nay)\b"
    r"|\bvor (?:\d+|eine[rmn]?) [^\W\d]+|\bil y a (?:\d+|une?) [^\W\d]+|\bhace (?:\d+|una?) "
    r"[^\W\d]+"
    r"|\bhá (?:\d+|uma?) [^\W\d]+|\b(?:\d+|una?) [^\W\d]+ fa\b|\b\d+ [^\W\d]+ geleden\b"
    r"|\b\d+ [^\W\d]+ temu\b|\b\d+ [^\W\d]+ назад\b|\b\d+ [^\W\d]+ önce\b|منذ|\d+ [^\W\d]+ (?:پیش|"
    r"قبل)"
    r"|\d+\s?(?:秒|分钟|分鐘|分|小时|小時|時間|天|日|周|週間|个月|個月|か月|ヶ月|年)\s?前|昨天|今天|昨日"
    r"|\d+\s?(?:초|분|시간|일|주|개월|년)\s?전|어제|오늘|\b\d+ [^\W\d]+ trước\b",
    re.IGNORECASE,
)
_YEAR_MARK = re.compile(
    r"[^\w(]*(?:year|archives?|año|jahr|année|ano|anno|год|سال)?[^\w(]*((?:19|"
    r"20)\d\d)(?:\s?[年년г]\.?)?(?:[^\w\d]+\d+[^\d]*|[^\w]*)",
    re.IGNORECASE,
)
_PERSIAN_YEAR_MARK = re.compile(r"\W*(?:سال)?\W*(1[34]\d\d)\W*")
_MONTH_MARK = (
    re.compile(rf"\W*{_WORD}\W*(?:de\s+|del\s+)?{_YEAR}(?:\W+\d+[^\d]*|\W*)", re.IGNORECASE),
    re.compile(rf"\W*{_YEAR}\W*{_WORD}\W*", re.IGNORECASE),
    re.compile(r"\W*(?P<y>(?:19|20)\d\d)\s?[年년/.-]\s?(?P<m>\d{1,2})\s?[月월]?\W*"),
    re.compile(r"\W*(?:tháng\s*)?(?P<m>\d{1,2})[/.,-]\s*(?P<y>(?:19|20)\d\d)\W*", re.IGNORECASE),
)
_MONTH_ALONE = re.compile(r"\W*([^\W\d_]{3,12})\W*|\W*(\d{1,2})\s?[月월]\W*")
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_MONTH_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2})(?=[/-])")
_YEAR_IN_PATH = re.compile(r"/((?:19|20)\d\d)/")
_GO = re.compile(r"^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? ([+-]\d{4})\b.*$")
_HAN_MONTHS = (
    "一月", "二月", "三月", "四月", "五月", "六月",
    "七月", "八月", "九月", "十月", "十一月", "十二月",
)  # fmt: skip
_MONTH_FIRST = frozenset(("", "en", "zh", "ja", "ko", "hu", "lt", "mn", "fa"))
_DAY_FIRST_ENGLISH = frozenset(("gb", "au", "nz", "ie", "in", "za"))


class Found(NamedTuple):
    """A date in a text."""

    start: int
    end: int
    moment: datetime | None
    """None when it has no year, or is told only by how long ago it is."""


class Context(NamedTuple):
    """What dates on a page mean beyond their own text."""

    zone: tzinfo = UTC
    dayfirst: bool = False
    short_dayfirst: bool = False
    """Whether the day comes first in dates without a year."""
    year: int = 0
    month: int = 0
    persian: bool = False


def ascii_digits(text: str) -> str:
    """The text with every decimal digit as an ASCII one; nothing moves."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char
        for char in text
    )


def month_of(word: str) -> int:
    """The number of a month's name, in any language that is known; 0 when it is none."""
    if word in _HAN_MONTHS:
        return _HAN_MONTHS.index(word) + 1
    return MONTHS.get(plain(word).replace(".", ""), 0)


def _made(year: int, month: int, day: int, match: re.Match[str], zone: tzinfo) -> datetime | None:
    try:
        moment = datetime(year, month, day, tzinfo=zone)
    except ValueError:
        return None
    groups = match.groups()[-5:] if match.re.groups > 5 else ()
    if len(groups) == 5 and groups[0] and groups[1]:
        hour = int(groups[0])
        half = (groups[3] or "").lower()[:1]
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
        try:
            moment = moment.replace(hour=hour, minute=int(groups[1]), second=int(groups[2] or 0))
        except ValueError:
            return to_utc(moment)
        offset = groups[4]
        if offset:
            shown = moment.replace(tzinfo=None).isoformat(sep=" ")
            return read_date(f"{shown} {offset}") or to_utc(moment)
    return to_utc(moment)


def find(text: str, context: Context) -> list[Found]:
    """The dates in a text, in order; those without a year only where a heading gives it."""
    text = ascii_digits(text[:_LONGEST])
    if not any(char.isdecimal() for char in text):
        return _relative(text)
    found = [*_full(text, context)]
    if not found:
        found = [*_partial(text, context)]
    if not found:
        return _relative(text)
    found.sort(key=lambda date: (date.start, -date.end))
    kept: list[Found] = []
    for date in found:
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return kept


def _relative(text: str) -> list[Found]:
    return [Found(match.start(), match.end(), None) for match in _RELATIVE.finditer(text)]


def _full(text: str, context: Context) -> Iterator[Found]:
    for pattern in _FULL:
        for match in pattern.finditer(text):
            month = int(match["m"]) if match["m"].isdecimal() else month_of(match["m"])
            moment = _made(int(match["y"]), month, int(match["d"]), match, context.zone)
            if month and moment:
                yield Found(match.start(), match.end(), moment)
    for match in _NUMERIC.finditer(text):
        year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
        if len(match["y"]) == 2 and match["s"] == "-":
            continue
        one, other = int(match["a"]), int(match["b"])
        day, month = (one, other) if context.dayfirst or match["s"] == "." else (other, one)
        moment = _made(year, month, day, match, context.zone)
        moment = moment or _made(year, day, month, match, context.zone)
        if moment:
            yield Found(match.start(), match.end(), moment)
    for pattern in _PERSIAN:
        for match in pattern.finditer(text):
            word = match["m"]
            month = int(word) if word.isdecimal() else PERSIAN_MONTHS.get(word, 0)
            date = to_gregorian(int(match["y"]), month, int(match["d"]))
            if date:
                moment = to_utc(datetime(*date, tzinfo=context.zone))
                yield Found(match.start(), match.end(), moment)


def _partial(text: str, context: Context) -> Iterator[Found]:
    for pattern in _PARTIAL:
        for match in pattern.finditer(text):
            word = match["m"]
            persian = PERSIAN_MONTHS.get(word, 0) if context.persian else 0
            month = int(word) if word.isdecimal() else persian or month_of(word)
            day = int(match["d"])
            is_short = len(word) < 3 and not word.isdecimal()
            if not 1 <= month <= 12 or not 1 <= day <= 31 or is_short:
                continue
            yield Found(match.start(), match.end(), _of_year(context, month, day))
    for match in _PARTIAL_NUMERIC.finditer(text):
        one, other = int(match["a"]), int(match["b"])
        day, month = (one, other) if context.short_dayfirst or match["s"] == "." else (other, one)
        if month > 12 and day <= 12:
            day, month = month, day
        if not context.year or not 1 <= month <= 12 or not 1 <= day <= 31:
            continue
        yield Found(match.start(), match.end(), _of_year(context, month, day))
    alone = _DAY_ONLY.fullmatch(text) if context.month else None
    if alone and 1 <= int(alone[1]) <= 31:
        yield Found(alone.start(1), alone.end(1), _of_year(context, context.month, int(alone[1])))


def _of_year(context: Context, month: int, day: int) -> datetime | None:
    if not context.year:
        return None
    try:
        if context.persian:
            date = to_gregorian(context.year, month, day)
            return to_utc(datetime(*date, tzinfo=context.zone)) if date else None
        return to_utc(datetime(context.year, month, day, tzinfo=context.zone))
    except ValueError:
        return None


def whole(text: str, context: Context) -> Found | None:
    """The date that a text is, with nothing beside it but a few words that introduce it."""
    if len(text) > 120:
        return None
    dates = find(text, context)
    if not dates:
        return None
    date = dates[0]
    rest = text[: date.start] + text[date.end :]
    return date if sum(char.isalpha() for char in rest) <= 30 else None


def stated(raw: str, context: Context) -> datetime | None:
    """A date for machines: the value of a ``datetime`` attribute or of metadata."""
    raw = " ".join(ascii_digits(raw[:200]).split())
    if not raw:
        return None
    if go := _GO.match(raw):
        raw = f"{go[1]} {go[2]} {go[3]}"
    if raw.isdecimal() and len(raw) in (10, 13):
        seconds = int(raw) // (1 if len(raw) == 10 else 1000)
        return to_utc(datetime.fromtimestamp(seconds, UTC))
    if moment := read_date(raw, context.zone, dayfirst=context.dayfirst):
        return moment
    dates = find(raw, context)
    return dates[0].moment if dates else None


def of_path(path: str, zone: tzinfo) -> datetime | None:
    """The day that an address names: ``/2024/03/26/…``."""
    if match := _IN_PATH.search(path):
        try:
            return to_utc(datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=zone))
        except ValueError:
            return None
    return None


def year_of_path(path: str) -> int:
    """The year that an address names, else 0."""
    match = _YEAR_IN_PATH.search(path) or _MONTH_IN_PATH.search(path)
    return int(match[1]) if match else 0


class Mark(NamedTuple):
    """What a heading says of the dates below it."""

    year: int = 0
    month: int = 0
    moment: datetime | None = None
    persian: bool = False


def mark(text: str, context: Context, *, heading: bool) -> Mark | None:
    """What a short text says of the dates below it; None when it is no such heading."""
    if not 1 <= len(text) <= 40:
        return None
    text = ascii_digits(text)
    for pattern in _MONTH_MARK:
        if named := pattern.fullmatch(text):
            month = int(named["m"]) if named["m"].isdecimal() else month_of(named["m"])
            if 1 <= month <= 12:
                return Mark(year=int(named["y"]), month=month)
    if year := _YEAR_MARK.fullmatch(text):
        return Mark(year=int(year[1]))
    if year := _PERSIAN_YEAR_MARK.fullmatch(text):
        return Mark(year=int(year[1]), persian=True)
    if not heading:
        return None
    if alone := _MONTH_ALONE.fullmatch(text):
        month = int(alone[2]) if alone[2] else month_of(alone[1])
        if 1 <= month <= 12:
            return Mark(month=month)
    dates = find(text, context)
    if len(dates) == 1 and dates[0].moment and dates[0].end - dates[0].start >= len(text) - 14:
        return Mark(moment=dates[0].moment)
    return None


def day_first(texts: list[str], language: str) -> bool:
    """Whether ``5/6/2023`` is in June: told by the page's other dates, else by its language."""
    told = _told_by(_NUMERIC, texts)
    if told is not None:
        return told
    main, _, region = language.lower().partition("-")
    return main not in _MONTH_FIRST or (main == "en" and region in _DAY_FIRST_ENGLISH)


def day_first_without_year(texts: list[str], language: str) -> bool:
    """Whether ``5-6`` is in June: told by the page's other dates of this kind, else by usage."""
    short = [text for text in texts if len(text) <= 12]
    told = _told_by(_PARTIAL_NUMERIC, short)
    if told is not None:
        return told
    with_hyphens = any("-" in text for text in short if _PARTIAL_NUMERIC.search(text))
    return not with_hyphens and day_first([], language)


def _told_by(pattern: re.Pattern[str], texts: list[str]) -> bool | None:
    first = second = False
    for text in texts:
        for match in pattern.finditer(ascii_digits(text[:_LONGEST])):
            if match["s"] != ".":
                first |= 12 < int(match["a"]) <= 31
                second |= 12 < int(match["b"]) <= 31
    return first if first != second else None
