"""What no document can hold, mended or left out: one rule for each kind of value.

==============  ==========================================================================
plain text      characters that XML can't hold go, white space is collapsed
HTML            the same characters go; elements are closed where they end
address         made absolute; one that is no http or https address is left out
id              an absolute URI, or left out
date            one before 1970 is left out
language        one that is no language tag (BCP 47) is left out
media type      one that is none (RFC 6838) is left out
number          one of more than fifteen digits, of seconds nine, is left out
e-mail          one that is no address (RFC 5322 §3.4.1) is left out
person          without a name is called by the e-mail address before its ``@``, else by
                its host; without either is left out
label           an empty one, or one that is there already, is left out
==============  ==========================================================================
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from feedkit._dates import EARLIEST
from feedkit._html import collapse, well_nested
from feedkit._ids import uri_of
from feedkit._nesting import is_stable
from feedkit._people import EMAIL, united
from feedkit._urls import host_of, web_url
from feedkit._xml import language_tag, legal, media_type
from feedkit.emit.altered import altered
from feedkit.model import Problem
from feedkit.parts import Person

LARGEST = 10**15 - 1
LONGEST = 10**9 - 1
_LONGEST_NAME = 300
_LONGEST_SHOWN = 60
# a text that is as it should be: visible characters, and single spaces between them; as a set
# of what they are not, which compiles ten times faster
_CHAR = (
    "[^\x00- \x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE = re.compile(f"{_CHAR}++(?: {_CHAR}++)*+")
_AROUND = " <>()[]\"',;:"


class Repairs:
    """Applies the rules, and keeps what was done.

    :param base: the address relative ones are relative to.
    :param subject: what the values are of: ``feed``, or the id of a post.
    """

    def __init__(self, base: str, subject: str) -> None:
        self.base = base
        self._subject = subject
        self._done: dict[Problem, None] = {}

    @property
    def done(self) -> tuple[Problem, ...]:
        """What was mended or left out, each once."""
        return tuple(self._done)

    def note(self, name: str, reason: str, *, subject: str = "") -> None:
        """Keep that something was done to a field."""
        self._done[Problem(subject=subject or self._subject, reason=f"{name}: {reason}")] = None

    def also(self, done: Iterable[Problem]) -> None:
        """Keep what was done to a part."""
        self._done |= dict.fromkeys(done)

    def legal(self, name: str, value: str) -> str:
        """A text as XML can hold it."""
        kept = legal(value)
        if len(kept) != len(value) and len(kept) != len(value.replace("\r\n", "\n")):
            self.note(name, "characters that no document can hold were left out")
        return kept

    def text(self, name: str, value: str) -> str:
        """A plain text of one line."""
        if not value or _LINE.fullmatch(value):
            return value
        return collapse(self.legal(name, value))

    def markup(self, name: str, value: str) -> str:
        """HTML."""
        kept = self.legal(name, value)
        if "<" in kept and not is_stable(kept):
            kept = well_nested(kept)
        return kept.strip()

    def address(self, name: str, value: str, base: str | None = None) -> str:
        """A web address."""
        if not value:
            return ""
        kept = web_url(value, self.base if base is None else base)
        return kept or self._left_out(name, value, "no web address")

    def uri(self, name: str, value: str) -> str:
        """An absolute URI, to the letter where it is one."""
        if not value:
            return ""
        return uri_of(value) or self._left_out(name, value, "no absolute URI")

    def moment(self, name: str, value: datetime | None) -> datetime | None:
        """A date."""
        if value is None or value >= EARLIEST:
            return value
        self._left_out(name, value.isoformat(), "before 1970")
        return None

    def language(self, value: str) -> str:
        """A language tag."""
        if not value:
            return ""
        kept = language_tag(value)
        return kept or self._left_out("language", value, "no language tag")

    def media_type(self, name: str, value: str) -> str:
        """A media type."""
        kept = media_type(value)
        return kept or self._left_out(name, value, "no media type")

    def number(
        self, name: str, value: int | None, least: int = 0, most: int = LARGEST
    ) -> int | None:
        """A whole number."""
        if value is None or least <= value <= most:
            return value
        self.note(name, "it is smaller or larger than it can be; left out")
        return None

    def seconds(self, name: str, value: int | None) -> int | None:
        """How long something plays."""
        return self.number(name, value, most=LONGEST)

    def one_of(self, name: str, value: str, known: Iterable[str]) -> str:
        """One of a few words."""
        if not value or value in known:
            return value
        return self._left_out(name, value, "none of the words it can be")

    def people(
        self, name: str, people: Sequence[Person], base: str | None = None
    ) -> tuple[Person, ...]:
        """People, each with a name, each once."""
        if not people:
            return ()
        mended = [self.person(name, person, base) for person in people]
        return united(filter(None, mended)) if len(mended) > 1 else tuple(filter(None, mended))

    def person(self, name: str, person: Person, base: str | None = None) -> Person | None:
        """A person with a name."""
        called = self.text(name, person.name)
        email = self.text(name, person.email)
        for stated in EMAIL.findall(called) if "@" in called else ():
            email = email or stated
            called = " ".join(part.strip(_AROUND) for part in called.split(stated)).strip()
        if email and not EMAIL.fullmatch(email):
            email = self._left_out(f"{name}.email", email, "no e-mail address")
        url = self.address(f"{name}.url", person.url, base) if person.url else ""
        called = called[:_LONGEST_NAME].strip()
        called = called or email.partition("@")[0] or host_of(url)
        if not called:
            if person != Person():
                self.note(name, "a person without a name was left out")
            return None
        avatar = self.address(f"{name}.avatar", person.avatar, base) if person.avatar else ""
        return altered(person, name=called, email=email, url=url, avatar=avatar)

    def labels(self, name: str, labels: Sequence[str]) -> tuple[str, ...]:
        """Labels of tags, each once."""
        if not labels:
            return ()
        kept = [self.text(name, label) for label in labels]
        if "" in kept:
            self.note(name, "an empty label was left out")
        return tuple(dict.fromkeys(filter(None, kept)))

    def _left_out(self, name: str, value: str, what: str) -> str:
        if value.strip():
            shown = legal(value)[:_LONGEST_SHOWN]
            self.note(name, f"{shown!r} is {what}; left out")
        return ""
