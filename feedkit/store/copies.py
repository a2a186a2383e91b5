"""What the store has of posts, as values: documents, their entries, and posts with all copies."""

from typing import NamedTuple

from feedkit.model import Memory


class DocumentState(NamedTuple):
    """What is known of a document of a source."""

    number: int
    digest: bytes
    """Of its bytes when they were last read and trusted."""
    reading: bytes
    """Of all else that decided how they were read."""
    posts: int
    """How many posts it holds."""
    stamp: str = ""
    """How its file looked when these bytes were read; empty where that tells nothing."""


class Entry(NamedTuple):
    """A post as a document tells it."""

    id: str
    """Its id there."""
    post: int
    """The number of the post it is."""
    place: int
    """Its place in the document, from 0."""
    held: bool
    """Whether the document still holds it."""
    link: str
    """What its address is compared by; empty where that says nothing."""
    data: bytes
    """All of it, packed."""


class Copy(NamedTuple):
    """A post as one of the sources that have it tells it."""

    source: str
    document: int
    place: int
    held: bool
    taken: bool
    """Whether it is among those that its source's limit leaves."""
    data: bytes


class Stored(NamedTuple):
    """A post with all that is known of it."""

    number: int
    id: str
    memory: Memory
    series: tuple[int, ...]
    """The series it is a member of."""
    copies: list[Copy]


class Pending(NamedTuple):
    """A post whose place in the feeds is to be found anew."""

    number: int
    new: bool
    """Whether it was first seen since."""
    edited: frozenset[int]
    """The documents whose entries of it were edited without saying so."""
