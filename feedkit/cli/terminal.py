"""What is shown on a terminal: tables and bars."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedkit.model import Feed, Post


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
