"""What a key may hold: each check gives its value, or raises a ConfigError that names it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from feedkit._urls import is_web
from feedkit.errors import ConfigError, ModelError
from feedkit.web.secrets import without_password

_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_WHERE = re.compile(r"(.*) - at `\$\.?(.*)`", re.DOTALL)
_T = TypeVar("_T", bound=Struct)


@contextmanager
def about(path: Path | None = None, key: str | None = None) -> Iterator[None]:
    """Name the file, or the key, in each error of the block that lacks it."""
    try:
        yield
    except ConfigError as error:
        error.path = error.path or path
        error.key = error.key or key
        raise


def with_durations(table: dict[str, Any], key: str, *names: str) -> dict[str, Any]:
    durations = {name: duration(table[name], f"{key}.{name}") for name in names if name in table}
    return {**table, **durations}


def converted(table: dict[str, Any], kind: type[_T], key: str) -> _T:
    known(table, kind.__struct_fields__, key)
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        cause = error.__cause__
        if isinstance(cause, ModelError):
            raise ConfigError(cause.reason, key=f"{key}.{cause.key}") from error
        match = _WHERE.fullmatch(str(error))
        reason, inner = (match[1], match[2]) if match else (str(error), "")
        inner = re.sub(r"\[(\d+)\]", lambda place: f"[{int(place[1]) + 1}]", inner)
        full_key = f"{key}.{inner}" if inner and inner[0] != "[" else key + inner
        raise ConfigError(_reworded(reason), key=full_key) from error


def _reworded(reason: str) -> str:
    reason = re.sub(r"Object missing required field `(.*)`", r"`\1` is required", reason)
    return (reason[0].lower() + reason[1:]).replace("`", "")


def known(table: Mapping[str, Any], allowed: Collection[str], key: str = "") -> None:
    for name in table:
        if name not in allowed:
            close = get_close_matches(name, allowed, 1)
            meant = f"; did you mean {close[0]!r}?" if close else ""
            raise ConfigError(f"unknown key{meant}", key=f"{key}.{name}" if key else name)


def table(tables: dict[str, Any], key: str, *, required: bool = False) -> dict[str, Any]:
    if required and key not in tables:
        raise ConfigError("is required", key=key)
    table = tables.get(key, {})
    if not isinstance(table, dict):
        raise ConfigError(f"must be a table, [{key}]", key=key)
    return table


def tables(tables: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    listed = tables.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(table, dict) for table in listed):
        raise ConfigError(f"must be a list of tables, [[{key}]]", key=key)
    for number, table in enumerate(listed, 1):
        yield f"{key}[{number}]", table


def text(table: dict[str, Any], key: str, name: str, default: str) -> str:
    text = table.pop(name, default)
    if not isinstance(text, str) or not text:
        raise ConfigError(f"must be a path, not {text!r}", key=f"{key}.{name}")
    return text


def one_of(value: str, allowed: Collection[str], key: str) -> None:
    if value not in allowed:
        raise ConfigError(f"must be one of {', '.join(allowed)}, not {value!r}", key=key)


def web(url: str, key: str, without_name: str) -> None:
    if url and not is_web(url):
        raise ConfigError(f"is no http or https address: {url!r}", key=key)
    if without_password(url)[1]:
        raise ConfigError(f"has a name in it; {without_name}", key=key)


def at_least(least: int, value: int, key: str) -> None:
    if value < least:
        raise ConfigError(f"must be {least} or more, not {value}", key=key)


def zone(name: str, key: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(f"no such time zone: {name!r}", key=key) from None


def duration(text: Any, key: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ConfigError(f'must be a duration such as "90m", "12h" or "3d", not {text!r}', key=key)
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


def all_different(names: Sequence[str], key: str, what: str) -> None:
    # on some file systems names that differ in case are one
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        if name.casefold() in taken:
            raise ConfigError(f"{name!r} is taken already", key=f"{key}[{number}].{what}")
        taken.add(name.casefold())
