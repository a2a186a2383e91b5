"""The calendar of Iran: its months, and its dates as those of the rest of the world."""

from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "فروردین فروردين",
            "اردیبهشت ارديبهشت",
            "خرداد",
            "تیر تير",
            "مرداد امرداد",
            "شهریور شهريور",
            "مهر",
            "آبان",
            "آذر",
            "دی دي",
            "بهمن",
            "اسفند",
        ),
        1,
    )
    for name in names.split()
}
# a year y is a leap year when (25 y + 11) mod 33 < 8: right from 1178 to 1633
_NEW_YEAR_1300 = date(1921, 3, 21)


def _is_leap(year: int) -> bool:
    return (25 * year + 11) % 33 < 8


def to_gregorian(year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """Year, month and day of a date of the Solar Hijri calendar; None when there is no such day."""
    if not 1300 <= year < 1500 or not 1 <= month <= 12:
        return None
    length = 31 if month <= 6 else 30 if month < 12 or _is_leap(year) else 29
    if not 1 <= day <= length:
        return None
    before = sum(365 + _is_leap(earlier) for earlier in range(1300, year))
    in_year = (month - 1) * 31 - max(0, month - 7) + day - 1
    found = _NEW_YEAR_1300 + timedelta(days=before + in_year)
    return found.year, found.month, found.day
