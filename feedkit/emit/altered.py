"""A value with other fields; the same value, when they are what it has."""

from copy import copy
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import force_setattr

_Value = TypeVar("_Value", bound=Struct)


def altered(value: _Value, **fields: Any) -> _Value:
    """The value with these fields; itself when nothing differs, as most often nothing does.

    They are not checked again, which takes longer than all else: each must be
    what the value would keep, a tuple for a sequence and a date in UTC.
    """
    other = value
    for name, new in fields.items():
        if getattr(value, name) != new:
            if other is value:
                other = copy(value)
            force_setattr(other, name, new)
    return other
