"""What is shown on a terminal: tables and bars."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedkit.model import Feed, Post
    from feedkit.pipeline.report import Report


def show_table(feed: "Feed") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(feed.title or "Untitled"), title_justify="left")
    table.add_column("date", no_wrap=True)
    table.add_column("title", ratio=3)
    table.add_column("tags", ratio=1)
    table.add_column("address", ratio=2, overflow="fold")
    for post in feed.posts:
        cells = (day_of(post), post.title, ", ".join(post.tags), post.url)
        table.add_row(*map(Text, cells))
    Console().print(table)


def day_of(post: "Post") -> str:
    return post.dated.strftime("%Y-%m-%d") if post.dated else ""


def show_sources(report: "Report") -> None:
    """A table of the sources that were asked for, or fail; of the others, how many there are."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("source", "state", "posts", "what else")
    left_out = 0
    for source in report.sources:
        if source.error:
            state = Text("failing", "bold red" if source.overdue else "yellow")
        elif source.asked:
            state = Text("ok")
        else:
            left_out += 1
            continue
        since = f"{source.failing_since:%Y-%m-%d %H:%M} UTC" if source.failing_since else ""
        what_else = source.error and f"{source.error} (since {since})"
        table.add_row(Text(source.name), state, Text(f"{source.posts:,}"), Text(what_else))
    if table.row_count:
        Console().print(table)
    if left_out:
        were = "source was" if left_out == 1 else "sources were"
        Console().print(Text(f"{left_out:,} more {were} not due"))


@contextmanager
def show_progress(wanted: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on standard error for each stage of a build, gone when it is done."""
    if not wanted:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:<6}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        stages: dict[str, Any] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total)
            bars.update(stages[stage], completed=done, total=total)

        yield progress
