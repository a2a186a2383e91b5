"""Authors and contributors of a feed: taken apart where they are one text, named once."""

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from feedkit._people import EMAIL, united
from feedkit.ingest.feed.said import Said, text_of
from feedkit.parts import Person

_LONGEST = 500
_BRACKETED = re.compile(r"\s*\((.*)\)\s*", re.DOTALL)
_QUERY = re.compile(r"\?\S*")
_BETWEEN = re.compile(r"\s*[,;]\s*")
_AROUND = " \t\r\n<>()[]\"',;:-–—"


class Named(Struct, frozen=True):
    """What is said of a person, as written."""

    name: str
    email: str
    url: str
    said: str
    """All of it in one text."""


def named(person: Said) -> Named:
    """What feedparser holds of a person."""
    return Named(
        text_of(person, "name"),
        text_of(person, "email"),
        text_of(person, "href"),
        text_of(person, "said"),
    )


def people_of(
    stated: Iterable[Named], text: Callable[[str], str], address: Callable[[str], str]
) -> tuple[Person, ...]:
    """The people in their order, each once.

    :param stated: what is said of each.
    :param text: makes plain text of a name.
    :param address: makes a web address of one as written.
    """
    people = (
        Person(name=text(name), email=email, url=address(person.url))
        for person in stated
        for name, email in _names_of(person)
    )
    return united(person for person in people if person != Person())


def _names_of(person: Named) -> list[tuple[str, str]]:
    name, email = person.name[:_LONGEST], _email(person.email)
    apart = _taken_apart(name or person.said)
    if name and (email or not all(map(all, apart))):
        # an address where a name is asked for is the name they go by
        return [(name, email)]
    return [(own_name, email or own) for own_name, own in apart] or [("", email)]


def _taken_apart(said: str) -> list[tuple[str, str]]:
    """Names and addresses in ``mail (Name)``, ``Name <mail>``, ``name (mail)``."""
    said = said[:_LONGEST]
    emails = EMAIL.findall(said) if "@" in said and "://" not in said else []
    if not emails:
        return [(said, "")] if said else []
    pieces = _BETWEEN.split(said)
    if len(emails) == len(pieces) > 1 and all(map(EMAIL.search, pieces)):
        return [person for piece in pieces for person in _taken_apart(piece)]
    email = emails[0]
    before, _, after = said.partition(email)
    before = before.removesuffix("mailto:")
    after = _QUERY.sub("", after, count=1) if after.startswith("?") else after
    if not before.strip() and (bracketed := _BRACKETED.fullmatch(after)):
        return [(bracketed[1], email)]
    name = " ".join(filter(None, (before.strip(_AROUND), after.strip(_AROUND))))
    return [(name, email)]


def _email(text: str) -> str:
    stated = text[:_LONGEST].removeprefix("mailto:")
    return stated if EMAIL.fullmatch(stated) else ""
