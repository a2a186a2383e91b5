"""People: which of them are one, and how an e-mail address looks."""

import re
from collections.abc import Iterable

from feedkit.parts import Person

EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z0-9]"
)
"""An address (RFC 5322 §3.4.1), without quotes and comments."""


def united(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each person once, in the order of their first mention, with all that is said of them.

    Two are one when they have one name, and nothing that is said of one
    contradicts the other.
    """
    found: list[Person] = []
    for person in people:
        for at, known in enumerate(found):
            if _is_one(known, person):
                found[at] = Person(
                    name=known.name,
                    email=known.email or person.email,
                    url=known.url or person.url,
                    avatar=known.avatar or person.avatar,
                )
                break
        else:
            found.append(person)
    return tuple(found)


def _is_one(known: Person, person: Person) -> bool:
    return known.name.casefold() == person.name.casefold() and all(
        not (one and other) or one == other
        for one, other in (
            (known.email, person.email),
            (known.url, person.url),
            (known.avatar, person.avatar),
        )
    )


def titled(title: str) -> Person:
    """A title in place of an author; an e-mail address in it is no name."""
    return Person(name=EMAIL.sub(lambda match: match[0].partition("@")[0], title))
