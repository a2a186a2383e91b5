"""The process that renders feeds beside a build: started, asked, and what it does."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO, cast

import msgspec
from msgspec import Struct

from feedkit.emit import render
from feedkit.emit.known import Known
from feedkit.ingest.isolated.frames import TAKEN, receive, send
from feedkit.ingest.isolated.starting import started
from feedkit.model import Feed, Post, Problem, Site
from feedkit.pipeline.rendering import Job, Rendered, rendered

_COMMAND = "from feedkit.pipeline.beside import serve; serve()"
_MOST_TOLD = 32 * 1024 * 1024
# the documents of an answer have a few MB; but a source may say much where it is seldom said
_MOST_ANSWERED = 64 * 1024 * 1024
# what a post takes beside its texts
_OVERHEAD = 1100


class _Asked(Struct):
    """A feed to render, of posts that the process was told of."""

    head: Feed
    posts: list[str]
    addresses: tuple[tuple[str, str], ...]


class _Request(Struct):
    """Feeds to render."""

    anew: bool
    """Whether all posts that it was told of so far are to be forgotten."""
    posts: list[Post]
    """Those that it was not told of yet."""
    feeds: list[_Asked]


class _Answer(Struct):
    """What became of a feed; the documents follow."""

    sizes: list[int]
    repairs: tuple[Problem, ...]
    failure: str


_encode = msgspec.msgpack.Encoder().encode
_decode_request = msgspec.msgpack.Decoder(_Request).decode
_decode_answers = msgspec.msgpack.Decoder(list[_Answer]).decode


class Beside:
    """A process that renders feeds, one request after the other.

    It knows each post from the first feed that holds it on. Where it can't be
    started, or dies, there are no answers.

    :param site: says in which formats, and what to make of bodies.
    """

    def __init__(self, site: Site) -> None:
        self._told: set[str] = set()
        self._bytes = 0
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):  # such as a working directory that is gone
            self._process = started(_COMMAND, site.content, site.embeds, *site.formats)

    def ask(self, jobs: Sequence[Job]) -> None:
        """Have feeds rendered; the answers to what was asked before must have been taken."""
        if self._process is None:
            return
        anew = self._bytes > _MOST_TOLD
        if anew:
            self._told.clear()
            self._bytes = 0
        posts = {post.id: post for job in jobs for post in job.posts}
        new = [post for name, post in posts.items() if name not in self._told]
        feeds = [_Asked(job.head, [post.id for post in job.posts], job.addresses) for job in jobs]
        try:
            # a lone surrogate can't be told
            self._bytes += sum(_OVERHEAD + len(_encode(post)) for post in new)
            self._told |= posts.keys()
            send(cast("BinaryIO", self._process.stdin), _encode(_Request(anew, new, feeds)))
        except (OSError, UnicodeEncodeError):
            self.end()

    def answers(self, jobs: Sequence[Job]) -> list[Rendered] | None:
        """What became of the feeds that were asked for last; None when nobody knows."""
        if self._process is None or not jobs:
            return None
        stream = cast("BinaryIO", self._process.stdout)
        found = []
        # else something has printed while the interpreter started
        message = receive(stream) if stream.read(1) == TAKEN else None
        for answer in _decode_answers(message) if message else ():
            documents = tuple(map(stream.read, answer.sizes))
            if [*map(len, documents)] == answer.sizes:
                found.append(Rendered(documents, answer.repairs, answer.failure))
        if len(found) < len(jobs):
            self.end()
            return None
        return found

    def end(self) -> None:
        """Let the process end; whatever it is at, nobody asks for it any longer."""
        process, self._process = self._process, None
        if process:
            process.kill()
            with suppress(OSError), process:
                process.communicate()


def serve() -> None:
    """Answer what is asked on standard input, on standard output."""
    # who started it decides what an interrupt of both means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what anything prints must not get among the answers
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    content, embeds, *formats = sys.argv[2:]
    for name in formats:  # loads what is needed, while nothing is asked yet
        render(Feed(updated=datetime.fromtimestamp(0, UTC)), name)
    answer_all(asked, answers, Known(content, embeds))


def answer_all(asked: BinaryIO, answers: BinaryIO, known: Known) -> None:
    """Answer every request of a stream, up to one whose answer is too large.

    :param known: the posts that are rendered.
    """
    posts: dict[str, Post] = {}
    while (message := receive(asked)) is not None:
        request = _decode_request(message)
        if request.anew:
            posts.clear()
        posts |= {post.id: post for post in request.posts}
        found: list[Rendered] = []
        size = 0
        for one in request.feeds:
            if size > _MOST_ANSWERED:
                return
            job = Job(one.head, tuple(posts[name] for name in one.posts), one.addresses)
            found.append(rendered(job, known))
            size += sum(map(len, found[-1].documents))
        heads = [_Answer([*map(len, one.documents)], one.repairs, one.failure) for one in found]
        answers.write(TAKEN)
        send(answers, _encode(heads))
        for made in found:
            answers.writelines(made.documents)
        answers.flush()
