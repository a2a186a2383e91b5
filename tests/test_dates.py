"""Dates as the world's feeds write them: a table of spellings, and what holds for every text."""

import json
import os
import re
import string
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from conftest import CASES
from feedparser.datetimes import _parse_date
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedkit._dates import read_date, rfc822, rfc3339, stated_date

thorough = settings(max_examples=300, deadline=None, derandomize=True)
anything = st.text(st.characters(exclude_categories=()))


def written() -> list[tuple[str, str, str]]:
    """Each line of the tables: its language, a date as it is written, what it means or ``-``."""
    lines = [
        (table.stem, *line.split("\t"))
        for table in sorted((CASES / "dates").glob("*.tsv"))
        for line in table.read_text(encoding="utf-8").split("\n")
        if line
    ]
    assert lines, "no tables of dates"
    return lines


WRITTEN = written()


@pytest.mark.parametrize(("language", "raw", "moment"), WRITTEN)
def test_a_date_means_this_moment(language: str, raw: str, moment: str) -> None:
    read = stated_date(raw)
    assert (rfc3339(read) if read else "-") == moment


@pytest.mark.parametrize("raw", ["", " ", "\n", "\t-\t"])
def test_nothing_is_no_date(raw: str) -> None:
    assert stated_date(raw) is None


def test_a_date_may_be_set_among_blanks_and_comments() -> None:
    noon = datetime(2023, 6, 22, 12, tzinfo=UTC)
    assert stated_date("\n      2023-06-22\n  12:00 \u00a0") == noon
    assert stated_date("Thu, 22 Jun 2023 12:00:00 +0000 (" + "x" * 300 + ")") == noon
    assert stated_date("2023-06-22 12:00" + " " * 1000) is None


def test_the_day_comes_first_where_the_feed_says_so() -> None:
    assert stated_date("5/6/2023", dayfirst=True) == datetime(2023, 6, 5, tzinfo=UTC)
    assert stated_date("2023/5/6", dayfirst=True) == datetime(2023, 5, 6, tzinfo=UTC)


def test_a_zone_stands_for_a_missing_one_only() -> None:
    east = timezone(timedelta(hours=5))
    assert stated_date("2023-06-22 12:00", east) == datetime(2023, 6, 22, 7, tzinfo=UTC)
    assert stated_date("22 juin 2023 12:00", east) == datetime(2023, 6, 22, 7, tzinfo=UTC)
    assert stated_date("2023-06-22 12:00Z", east) == datetime(2023, 6, 22, 12, tzinfo=UTC)
    assert stated_date("22 juin 2023 12:00 GMT", east) == datetime(2023, 6, 22, 12, tzinfo=UTC)
    assert stated_date("1700000000", east) == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


_SCRIPT = """
import json, locale, sys
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from feedkit._dates import rfc3339, stated_date
dates = map(stated_date, json.load(sys.stdin))
json.dump([rfc3339(date) if date else "-" for date in dates], sys.stdout)
"""


@pytest.mark.parametrize(("zone", "locale"), [("Asia/Kolkata", "tr_TR.UTF-8"), ("EST5EDT", "C")])
def test_neither_zone_nor_locale_of_the_process_says_anything(zone: str, locale: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        input=json.dumps([raw for _, raw, _ in WRITTEN]),
        env={**os.environ, "TZ": zone, "LC_ALL": locale, "LANG": locale},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == [moment for *_, moment in WRITTEN]


mutants = st.sampled_from([raw for _, raw, _ in WRITTEN]).flatmap(
    lambda raw: st.tuples(
        st.integers(0, len(raw)), st.integers(0, 4), st.text(string.printable, max_size=4)
    ).map(lambda cut: raw[: cut[0]] + cut[2] + raw[cut[0] + cut[1] :])
)


@thorough
@given(mutants | anything | st.text("0123456789-/.:, +TZampWJune'()%\n\ud800²٣"), st.booleans())
@example("²²²²²²²²²²", False)
@example("9" * 5000, False)
@example("2023-06-22T10:15:30+99:99", False)
@example("(" * 900, False)
@example("1 " * 499, True)
def test_any_text_is_a_moment_in_utc_or_none(raw: str, dayfirst: bool) -> None:
    for read in (stated_date(raw, dayfirst=dayfirst), read_date(raw, dayfirst=dayfirst)):
        assert read is None or (read.tzinfo is UTC and not read.microsecond and read.year >= 1970)


@pytest.mark.parametrize("part", ["9", "(", " ", "2023-", "a", "Jun 22 ", "１", "\ud800", "1:"])
def test_a_text_of_a_megabyte_is_no_date(part: str) -> None:
    long = part * (1_000_000 // len(part))
    assert stated_date(long) is None
    assert read_date(long) is None


@thorough
@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31, 23, 59, 59)))
@example(datetime(1970, 1, 1))
@example(datetime(9999, 12, 31, 23, 59, 59, 999_999))
def test_what_feedkit_writes_it_reads(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    assert stated_date(rfc3339(moment)) == moment
    assert stated_date(rfc822(moment)) == moment


@thorough
@given(
    st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30)),
    st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_a_date_of_any_zone_is_the_same_moment(moment: datetime, zone: timezone) -> None:
    moment = moment.replace(microsecond=0, tzinfo=zone)
    assert stated_date(moment.isoformat()) == moment
    assert stated_date(moment.strftime("%Y-%m-%d %H:%M:%S %z").rjust(25, "0")) == moment


_DATED = re.compile(
    r"<(?:\w+:)?(?:pubDate|published|updated|date|lastBuildDate|issued|modified|created)"
    r"(?:\s[^>]*)?>([^<]*\d[^<]*)<"
)


def test_dates_of_real_feeds_are_those_feedparser_reads(live: Path) -> None:
    """But for the year 1, which is what software writes that has no date."""
    stated = [
        raw.strip()
        for feed in sorted(live.glob("*.xml"))
        for raw in _DATED.findall(feed.read_text(encoding="utf-8", errors="replace"))
    ]
    assert len(stated) > 4000
    differing = set()
    for raw in stated:
        parts = _parse_date(raw)
        if stated_date(raw) != (datetime(*parts[:6], tzinfo=UTC) if parts else None):
            differing.add(raw)
    assert differing == {"Mon, 01 Jan 0001 00:00:00 +0000"}
