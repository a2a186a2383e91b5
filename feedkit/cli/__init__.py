"""The command: arguments, printing, exit codes."""

import errno
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedkit._version import __version__
from feedkit.cli.building import build
from feedkit.cli.endings import exit_code_of, say
from feedkit.cli.forgetting import forget
from feedkit.cli.start import START
from feedkit.cli.terminal import day_of, show_table
from feedkit.errors import (
    ConfigError,
    FeedkitError,
    ParseError,
    PublishError,
    RenderError,
    SourceError,
)

if TYPE_CHECKING:
    from datetime import datetime

    from feedkit.ingest.document import Document
    from feedkit.model import Feed


class _Commands(click.Group):
    """Turns feedkit's errors into one line and the exit code that stands for them."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FeedkitError as error:
            say(f"feedkit: {error}")
            ctx.exit(exit_code_of(error))
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # whoever read the output has enough of it: click ends quietly
            say(f"feedkit: standard output can't be written: {error.strerror}")
            ctx.exit(3)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="feedkit %(version)s")
def main() -> None:
    """Turn posts from any source into feeds readers trust."""


main.add_command(build)
main.add_command(forget)


@main.command()
@click.argument("config", default="feedkit.toml", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each source.")
def status(config: Path, as_json: bool) -> None:
    """Show how each source fares and when it is asked for next.

    CONFIG is a feedkit.toml or its folder; by default the one in this folder.
    On a terminal it is a table; elsewhere lines with tabs between.
    """
    from feedkit.pipeline.status import source_status

    sources = source_status(config)
    if as_json:
        import msgspec

        for source in sources:
            click.echo(msgspec.json.encode(source))
        return
    rows = [
        (
            source.name,
            source.state,
            f"{source.posts:,}",
            _minute(source.succeeded),
            _minute(source.due),
            source.error
            or (source.moving_to and f"says it moved to {source.moving_to}")
            or (source.address and f"moved to {source.address}"),
        )
        for source in sources
    ]
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("source", "state", "posts", "last success (UTC)", "next due (UTC)", "what else")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


def _minute(moment: "datetime | None") -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


_PRIVATE = click.option(
    "--private", is_flag=True, help="The address may be one that is not public, such as yours."
)
_URL = click.option(
    "--url",
    default="",
    metavar="URL",
    help="What the relative addresses of a file are relative to.",
)


@main.command()
@click.argument("source")
@click.option("--to", "format_", metavar="FORMAT", required=True, help="atom, rss or json.")
@click.option(
    "-o", "output", metavar="FILE", type=click.Path(path_type=Path), help="Write there, not here."
)
@_URL
@_PRIVATE
def convert(source: str, format_: str, output: Path | None, url: str, private: bool) -> None:
    """Write the posts of SOURCE as one feed.

    SOURCE is an http or https address, a file, or - for standard input.
    """
    from feedkit.emit import FORMATS, render

    if format_ not in FORMATS:
        raise click.BadParameter(f"{format_!r} is none of {', '.join(FORMATS)}.", param_hint="--to")
    try:
        document = render(_read(source, url, private), format_)
    except RenderError as error:
        error.source = error.source or _name(source)
        raise
    if output is None:
        sys.stdout.buffer.write(document)
        return
    try:
        output.write_bytes(document)
    except OSError as error:
        raise PublishError(f"can't be written: {error.strerror}", path=output) from error


@main.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each post.")
@click.option(
    "--pages",
    metavar="N",
    type=click.IntRange(1, 100),
    default=1,
    help="Read so many pages of a list of posts, following the links to older ones.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Say how an HTML page was read, with selectors for feedkit.toml, and what was set aside.",
)
@_URL
@_PRIVATE
def read(source: str, as_json: bool, pages: int, explain: bool, url: str, private: bool) -> None:
    """Show the posts of SOURCE as feedkit sees them.

    SOURCE is an http or https address, a file, or - for standard input. On a
    terminal they are a table; elsewhere lines of date, title and address, with
    tabs between; with --json, JSON Lines with the names of Post's fields.
    """
    if explain:
        _explain(source, url, private)
        return
    feed = _read(source, url, private, pages)
    if as_json:
        import msgspec

        encode = msgspec.json.Encoder().encode
        stream = sys.stdout.buffer
        for post in feed.posts:
            stream.write(encode(post) + b"\n")
    elif sys.stdout.isatty():
        show_table(feed)
    else:
        for post in feed.posts:
            click.echo("\t".join((day_of(post), post.title, post.url)))
    for problem in feed.problems:
        say(f"feedkit: {_name(source)}, {problem}")


def _explain(source: str, url: str, private: bool) -> None:
    from feedkit.ingest import is_page
    from feedkit.ingest.page import explain

    document = _load(source, url, private)
    if not is_page(document):
        click.echo(f"{_name(source)} is no HTML page: a format of its own is read as it says")
        return
    try:
        told = explain(document)
    except ParseError as error:
        error.source = _name(source)
        raise
    for line in told.lines(source):
        click.echo(line)
    if told.feed is None:
        sys.exit(1)


@main.command()
@click.argument("source", metavar="URL|FILE")
@click.option("--usual", is_flag=True, help="Try the usual addresses of the site's feeds, too.")
@_URL
@_PRIVATE
def discover(source: str, usual: bool, url: str, private: bool) -> None:
    """List the feeds a page announces.

    URL|FILE is a page's http or https address, a file, or - for standard input.
    Each line has the address of a feed, what told of it (page, header, itself
    or address) and its title where that is known, with tabs between.
    """
    from feedkit.pipeline.discovery import discover as find
    from feedkit.pipeline.reading import getter

    document = _load(source, url, private)
    found = find(document, getter(document, private=private), usual=usual)
    for one in found:
        click.echo("\t".join((one.url, one.said_by, one.title)).rstrip("\t"))
    if not found:
        hint = "" if usual else "; --usual tries the usual addresses"
        raise SourceError(f"announces no feed{hint}", source=_name(source))


@main.command()
@click.argument("file", default="feedkit.toml", type=click.Path(path_type=Path))
def init(file: Path) -> None:
    """Write a commented feedkit.toml to start from."""
    if file.is_dir():
        file /= "feedkit.toml"
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(START)
    except FileExistsError:
        raise ConfigError("is there already", path=file) from None
    except OSError as error:
        raise PublishError(f"can't be written: {error.strerror}", path=file) from error
    click.echo(f"wrote {file}: fill in [site] and [[source]], then run `feedkit build`")


def _name(source: str) -> str:
    return "standard input" if source == "-" else source


def _load(source: str, url: str, private: bool) -> "Document":
    if source == "-":
        from feedkit.ingest.document import Document
        from feedkit.model import MAX_BYTES

        return Document(data=sys.stdin.buffer.read(MAX_BYTES + 1), url=url)
    from feedkit.pipeline.reading import load

    return load(source, url=url, private=private)


def _read(source: str, url: str, private: bool, pages: int = 1) -> "Feed":
    if source == "-":
        from feedkit.ingest import parse
        from feedkit.model import MAX_BYTES

        try:
            return parse(sys.stdin.buffer.read(MAX_BYTES + 1), url=url)
        except ParseError as error:
            error.source = _name(source)
            raise
    from feedkit.pipeline.reading import read as read_source

    return read_source(source, url=url, private=private, pages=pages)
