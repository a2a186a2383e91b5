"""``feedkit forget``: taking posts down."""

import sys
from pathlib import Path

import click

from feedkit.cli.endings import count, say


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--config",
    metavar="CONFIG",
    default="feedkit.toml",
    type=click.Path(path_type=Path),
    help="A feedkit.toml or its folder; by default the one in this folder.",
)
@click.option(
    "--out",
    metavar="DIR",
    help="Write there instead; relative to where you are.",
)
@click.option("--undo", is_flag=True, help="Let the posts be told again, by the next build.")
def forget(ids: tuple[str, ...], config: Path, out: str | None, undo: bool) -> None:
    """Take posts down everywhere, for good.

    ID is a post's id, or its address. The feeds that held it are written anew
    at once, and whatever its sources tell later, it does not come back.

    \b
    Exit codes:
      0   all of them are taken down
      1   one is of no post that is known, or a file was in the way; the rest is done
      2   the configuration or the usage is wrong
      3   the output could not be written
      75  a build is at work; the message says whose, and since when
    """
    from feedkit.config import load_config
    from feedkit.pipeline.forgetting import forget as run

    done = run(load_config(config, out=out), ids, undo=undo)
    for one in done.unknown:
        say(f"feedkit: {one}: no post is known by this id or address")
    for problem in done.report.problems:
        say(f"feedkit: {problem}")
    posts = count(len(done.known), "post")
    if undo:
        click.echo(f"{posts} may be told again, from the next build on")
    else:
        files = count(len(done.report.written), "file")
        click.echo(f"{posts} taken down, {files} written")
    sys.exit(1 if done.unknown else done.report.exit_code)
