"""People: which of them are one, and how an e-mail address looks."""

import re
from collections.abc import Iterable

from feedkit.parts import Person

EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&*+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z0-9]"
)
"""An address (RFC 5322 §3.4.1), without quotes and comments."""

_MOST_NAMESAKES = 50


def united(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each person once, in the order of their first mention, with all that is said of them.

    Two are one when they have one name, and nothing that is said of one
    contradicts the other. Of one name, fifty are told apart.
    """
    found: list[Person] = []
    namesakes: dict[str, list[int]] = {}
    for person in people:
        places = namesakes.setdefault(person.name.casefold(), [])
        at = next((at for at in places if _agree(found[at], person)), None)
        if at is not None:
            known = found[at]
            found[at] = Person(
                name=known.name,
                email=known.email or person.email,
                url=known.url or person.url,
                avatar=known.avatar or person.avatar,
            )
        elif len(places) < _MOST_NAMESAKES:
            places.append(len(found))
            found.append(person)
    return tuple(found)


def _agree(one: Person, other: Person) -> bool:
    return all(
        not (stated and also) or stated == also
        for stated, also in (
            (one.email, other.email),
            (one.url, other.url),
            (one.avatar, other.avatar),
        )
    )


def titled(title: str) -> Person:
    """A title in place of an author; an e-mail address in it is no name."""
    return Person(name=EMAIL.sub(lambda match: match[0].partition("@")[0], title))
