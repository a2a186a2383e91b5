"""Feeds → their documents: here, or in a process beside this one, while this one writes them."""

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from msgspec import Struct

from feedkit.emit import render_with_repairs
from feedkit.emit.altered import altered
from feedkit.errors import RenderError
from feedkit.model import Feed, Post, Problem, Site

if TYPE_CHECKING:
    from feedkit.emit.known import Known
    from feedkit.pipeline.beside import Beside

MANY = 500
"""From how many posts on, whose feeds are to be made, a process is worth its start."""
_MOST_FEEDS = 32
_MOST_BYTES = 4 * 1024 * 1024


class Job(Struct, frozen=True):
    """A feed that is to be rendered."""

    head: Feed
    """It, without its posts."""
    posts: tuple[Post, ...]
    addresses: tuple[tuple[str, str], ...]
    """The formats it is rendered in, and the address of each document."""


class Rendered(Struct, frozen=True):
    """What became of a feed."""

    documents: tuple[bytes, ...]
    """One for each address, up to the first that could not be made."""
    repairs: tuple[Problem, ...] = ()
    """What had to be mended or left out."""
    failure: str = ""
    """Why there are no more."""


def rendered(job: Job, known: "Known") -> Rendered:
    """The documents of a feed.

    :param known: the posts that were rendered for other feeds.
    """
    documents: list[bytes] = []
    repairs: dict[Problem, None] = {}
    feed = altered(job.head, posts=job.posts)
    for name, address in job.addresses:
        try:
            data, done = render_with_repairs(altered(feed, feed_url=address), name, known)
        except RenderError as error:  # one bad feed never costs the run
            return Rendered(tuple(documents), tuple(repairs), error.reason)
        documents.append(data)
        repairs |= dict.fromkeys(done)
    return Rendered(tuple(documents), tuple(repairs))


class Rendering:
    """Renders the feeds of one build, for as long as the context lasts.

    :param site: says in which formats, and what to make of bodies.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._beside: Beside | None = None
        self._known: Known | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._beside:
            self._beside.end()

    def expect(self, posts: int) -> None:
        """Be told that the feeds of so many posts will be rendered soon: a process may start."""
        if posts < MANY:
            return
        from feedkit.ingest.readers import cores  # most runs have little to render
        from feedkit.pipeline.beside import Beside

        if cores() > 1:
            self._beside = Beside(self._site)

    def render(self, jobs: Iterable[Job]) -> Iterator[Rendered]:
        """The documents of feeds, in their order.

        The process is at work on the next feeds, while the caller is at work on these.
        """
        asked: list[Job] = []
        for batch in _batches(jobs):
            answers = self._answers(asked)
            if self._beside:
                self._beside.ask(batch)
            yield from answers
            asked = batch
        yield from self._answers(asked)

    def _answers(self, asked: list[Job]) -> Iterable[Rendered]:
        answers = self._beside.answers(asked) if self._beside else None
        return map(self._here, asked) if answers is None else answers

    def _here(self, job: Job) -> Rendered:
        if self._known is None:
            from feedkit.emit.known import Known  # in most runs no feed is made

            self._known = Known(self._site.content, self._site.embeds)
        return rendered(job, self._known)


def _batches(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Some jobs at a time, whose documents have a few MB at most, where not one alone has more."""
    batch: list[Job] = []
    size = 0
    for job in jobs:
        batch.append(job)
        texts = sum(len(post.content) + len(post.summary) for post in job.posts)
        size += texts * len(job.addresses)
        if size > _MOST_BYTES or len(batch) == _MOST_FEEDS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
