"""Dates: read strictly, kept in UTC and whole seconds, written without a locale."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from functools import cache
from time import struct_time

from dateutil import parser, tz

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)

_LONGEST = 100
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)|(?<!\d)[12]\d{7}(?!\d)")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")

# what else months are called, from January on: German, French, Spanish, Portuguese, Italian,
# Dutch, Swedish, Danish, Norwegian, Finnish, Polish, Czech, Russian, Ukrainian, Turkish
_MONTHS = (
    "januar jänner jän janvier janv enero ene janeiro gennaio gen januari tammikuuta stycznia sty "
    "ledna января янв січня ocak",
    "februar feber février févr fév febrero fevereiro fev febbraio februari helmikuuta lutego lut "
    "února февраля фев лютого şubat",
    "märz mär mrz mars marzo março maart mrt maaliskuuta marca března марта мар березня mart",
    "avril avr abril abr aprile april huhtikuuta kwietnia kwi dubna апреля апр квітня nisan",
    "mai mayo maio maggio mag mei maj toukokuuta maja května мая май травня mayıs",
    "juni juin junio junho giugno giu kesäkuuta czerwca cze června июня июн червня haziran",
    "juli juillet juil julio julho luglio lug heinäkuuta lipca lip července июля июл липня temmuz",
    "august août aoû agosto ago augustus augusti elokuuta sierpnia sie srpna августа авг серпня "
    "ağustos",
    "septembre septiembre setiembre setembro set settembre syyskuuta września wrz září сентября "
    "сен вересня eylül",
    "oktober okt octobre octubre outubro out ottobre ott lokakuuta października paź října октября "
    "окт жовтня ekim",
    "novembre noviembre novembro marraskuuta listopada lis listopadu ноября ноя листопада kasım",
    "dezember dez décembre déc diciembre dic dezembro dicembre december joulukuuta grudnia gru "
    "prosince декабря дек грудня aralık",
)
_SAYS_NOTHING = (
    "de del di le el den der am om kl um uhr alle las à г р "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo mi do fr sa so "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim "
    "lunes martes miércoles jueves viernes sábado domingo maandag dinsdag woensdag donderdag "
    "vrijdag zaterdag zondag lunedì martedì mercoledì giovedì venerdì sabato domenica segunda "
    "terça quarta quinta sexta feira"
)


class _World(parser.parserinfo):
    """dateutil's words, and those of other languages."""

    MONTHS = [  # noqa: RUF012
        (*english, *others.split())
        for english, others in zip(parser.parserinfo.MONTHS, _MONTHS, strict=True)
    ]
    JUMP = [*parser.parserinfo.JUMP, *_SAYS_NOTHING.split()]  # noqa: RUF012


@cache
def _parser() -> parser.parser:
    return parser.parser(_World())


_NAMED_OFFSETS = {
    "UTC": 0, "UT": 0, "GMT": 0, "Z": 0, "WET": 0,
    "MEZ": 1, "MESZ": 2,
    "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
# dateutil reads "GMT+2" as POSIX does, two hours behind; everybody else means ahead
_ORDINAL = re.compile(r"(?<=\d)(?:er|[ºª°])(?!\w)", re.IGNORECASE)
_BEHIND_UTC = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", re.IGNORECASE)
# a word before the day, where the month is another: "mar" is March, and Tuesday
_WEEKDAY = re.compile(r"^[^\W\d]{2,12}\.?,?\s+(?=\d{1,2}\.?\s+[^\W\d])")
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}(?!\d)")
_YEAR_FIRST = re.compile(r"\d{4}")
_NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2\d{4}")


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone a date names: never the process's own, which is no fact about the date."""
    if offset is not None:
        return tz.tzoffset(None, offset)
    if name is None:
        return None
    if name not in _NAMED_OFFSETS:
        raise ValueError(f"no known zone: {name}")
    return tz.tzoffset(None, _NAMED_OFFSETS[name] * 3600)


def _read(text: str, default: datetime, *, dayfirst: bool) -> datetime | None:
    try:
        return _parser().parse(text, default=default, dayfirst=dayfirst, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, AttributeError, IndexError):
        return None


def read_date(text: str, zone: tzinfo = UTC, *, dayfirst: bool = False) -> datetime | None:
    """A date as people write it, in UTC; None when it isn't certainly one.

    Year (of four digits), month and day must all be there, and nothing that
    belongs to no date. Months may be named in the larger European languages.

    :param text: the whole text of the date.
    :param zone: the zone of a date that names none.
    :param dayfirst: whether ``5/6/2023`` is in June.
    """
    text = text.strip()
    if len(text) > _LONGEST or not _YEAR.search(text):
        return None
    text = _EAST_ASIAN.sub(r"\1-\2-\3", _ORDINAL.sub("", _BEHIND_UTC.sub("", text)))
    text = _WEEKDAY.sub("", text)
    dayfirst = (dayfirst and not _YEAR_FIRST.match(text)) or bool(_DOTTED.match(text))
    # two defaults that share no part: what the text leaves open shows as a difference
    one = _read(text, datetime(1972, 2, 28), dayfirst=dayfirst)
    if one is None or one != _read(text, datetime(1988, 11, 13), dayfirst=dayfirst):
        return None
    return to_utc(one.replace(tzinfo=zone) if one.tzinfo is None else one)


def day_comes_first(lines: Iterable[str]) -> bool:
    """Whether ``5/6/2023`` means June in these lines: another date can mean nothing else."""
    written = [match.groups() for line in lines if (match := _NUMERIC.fullmatch(line))]
    return any(sep == "." or int(first) > 12 for first, sep, _ in written) and not any(
        int(second) > 12 for _, _, second in written
    )


def to_utc(moment: datetime) -> datetime | None:
    """An aware moment in UTC and whole seconds; None before 1970 or out of range."""
    try:
        moment = moment.astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None
    return moment if moment >= EARLIEST else None


def from_utc_parts(parts: struct_time, zone: tzinfo = UTC) -> datetime | None:
    """A moment from its parts in UTC, or in ``zone`` when they were written without one."""
    try:
        return to_utc(datetime(*parts[:6], tzinfo=zone))
    except (ValueError, OverflowError):
        return None


def is_far_ahead(moment: datetime, now: datetime) -> bool:
    """Whether a date is more than a day in the future, so that it can't be believed."""
    return moment - now > timedelta(days=1)


def rfc3339(moment: datetime) -> str:
    """``2023-06-22T00:00:00Z`` (RFC 3339 §5.6)."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def rfc822(moment: datetime) -> str:
    """``Thu, 22 Jun 2023 00:00:00 +0000`` (RFC 822 §5 with a year of four digits)."""
    return format_datetime(moment.astimezone(UTC))
