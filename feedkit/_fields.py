"""What a value's fields must be: each check makes it so, or raises a ModelError that names it."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import force_setattr

from feedkit.errors import ModelError


def keep_texts(value: Struct, names: str) -> None:
    """Make ``""`` of None in these fields.

    :param value: a frozen value under construction.
    :param names: the fields with blanks between them: one text is known again sooner than many.
    :raise ModelError: when one holds anything but a text.
    """
    for text in _reader(names)(value):
        if type(text) is not str:
            break
    else:
        return
    for name in names.split():
        text = getattr(value, name)
        if text is None:
            force_setattr(value, name, "")
        elif not isinstance(text, str):
            raise ModelError(f"must be a text, not {text!r}", key=name)


@cache
def _reader(names: str) -> Callable[[Struct], tuple[Any, ...]]:
    first, *others = names.split()
    # of one name alone it would read no tuple
    return attrgetter(first, *others, first)


def keep_tuples(value: Struct, kind: type, *names: str) -> None:
    """Make tuples of the sequences in these fields of a frozen value under construction.

    :raise ModelError: when one is no sequence, or holds anything but ``kind``.
    """
    for name in names:
        items = getattr(value, name)
        if type(items) is tuple and (not items or {kind}.issuperset(map(type, items))):
            continue
        if isinstance(items, str | bytes) or not isinstance(items, Iterable):
            raise ModelError(f"must be a list of {kind.__name__}, not {items!r}", key=name)
        items = tuple(items)
        for item in items:
            if not isinstance(item, kind):
                raise ModelError(f"must hold {kind.__name__} only, not {item!r}", key=name)
        force_setattr(value, name, items)


def keep_dates(value: Struct, *names: str) -> None:
    """Bring the dates in these fields to UTC and whole seconds.

    :raise ModelError: when one is no aware datetime, or is out of range.
    """
    for name in names:
        date = getattr(value, name)
        if date is None or (type(date) is datetime and date.tzinfo is UTC and not date.microsecond):
            continue
        if not isinstance(date, datetime):
            raise ModelError(f"must be a datetime, not {date!r}", key=name)
        if date.utcoffset() is None:
            raise ModelError(f"must have a time zone: {date.isoformat()}", key=name)
        if date.tzinfo is not UTC or date.microsecond:
            try:
                date = date.astimezone(UTC).replace(microsecond=0)
            except OverflowError:
                raise ModelError(f"is out of range: {date!r}", key=name) from None
            force_setattr(value, name, date)


def check_part(value: Struct, kind: type, name: str) -> None:
    """Check that the field holds None or a ``kind``.

    :raise ModelError: when it does not.
    """
    part = getattr(value, name)
    if part is not None and not isinstance(part, kind):
        raise ModelError(f"must be a {kind.__name__}, not {part!r}", key=name)


def check_counts(value: Struct, *names: str) -> None:
    """Check that these fields hold None or a whole number from 0.

    :raise ModelError: when one does not.
    """
    for name in names:
        number = getattr(value, name)
        if number is not None and (type(number) is not int or number < 0):
            raise ModelError(f"must be a whole number, not {number!r}", key=name)


def check_among(value: Struct, allowed: Collection[object], name: str) -> None:
    """Check that the field holds none but some of what is allowed.

    :raise ModelError: when it does.
    """
    for item in getattr(value, name):
        if item not in allowed or isinstance(item, bool):
            raise ModelError(f"can't be {item!r}", key=name)


def check_flags(value: Struct, *names: str) -> None:
    """Check that these fields hold None, True or False.

    :raise ModelError: when one does not.
    """
    for name in names:
        flag = getattr(value, name)
        if flag is not None and type(flag) is not bool:
            raise ModelError(f"must be true or false, not {flag!r}", key=name)


def check_seconds(value: Struct, name: str) -> None:
    """Check that the field holds a number of seconds from 0.

    :raise ModelError: when it does not.
    """
    seconds = getattr(value, name)
    if type(seconds) not in (int, float) or not 0 <= seconds < float("inf"):
        raise ModelError(f"must be seconds, not {seconds!r}", key=name)
