"""``feedkit build``: the cron job, and what it says of itself."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from feedkit.cli.endings import count, exit_code_of, say
from feedkit.cli.terminal import show_progress, show_sources
from feedkit.errors import FeedkitError

if TYPE_CHECKING:
    from feedkit.pipeline.report import Report, SourceResult


@click.command()
@click.argument("config", default="feedkit.toml", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    help="Write there instead; relative to where you are.",
)
@click.option("--force", is_flag=True, help="Ask for every source, due or not, and whole.")
@click.option(
    "--source",
    "only",
    metavar="NAME",
    multiple=True,
    help="Ask for this source only, due or not; may be given again.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Ask and read, but write nothing: say which files would change.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option(
    "-v",
    "--verbose",
    count=True,
    help="Log what happens to sources and files, and say what was repaired; -vv: log it all.",
)
@click.option(
    "--log-json", is_flag=True, help="Log as JSON Lines; all on standard error is JSON then."
)
def build(
    config: Path,
    out: str | None,
    force: bool,
    only: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    verbose: int,
    log_json: bool,
) -> None:
    """Regenerate every feed that changed.

    CONFIG is a feedkit.toml or its folder; by default the one in this folder.
    Prints one line; on a terminal also a table of the sources that were asked
    for or fail; with --json the report alone, or {"exit_code": …, "error": …}.

    \b
    Exit codes:
      0   all well, or failures still within a source's fail_after
      1   a source failed for longer, or a file was in the way; the rest is published
      2   the configuration or the usage is wrong
      3   no output could be written
      75  another run is at work; the message says whose, and since when
    """

    def run(tell: Callable[..., None]) -> int:
        from feedkit.config import load_config
        from feedkit.pipeline.building import build as run_build

        loaded = load_config(config, out=out)
        bars = not (quiet or verbose or log_json) and _is_terminal(sys.stderr)
        with show_progress(bars) as progress:
            report = run_build(loaded, force=force, only=only, dry_run=dry_run, progress=progress)
        with_table = not (quiet or as_json) and _is_terminal(sys.stdout)
        shown_twice = with_table and _is_terminal(sys.stderr)
        for problem in report.problems:
            if not quiet or report.exit_code:
                tell(str(problem), "problem", subject=problem.subject, reason=problem.reason)
        for repair in report.repairs if verbose else ():
            tell(str(repair), "repair", subject=repair.subject, reason=repair.reason)
        for source in report.sources:
            if source.error and not shown_twice and (not quiet or source.overdue):
                tell(_failure(source), "failing", source=source.name, overdue=source.overdue)
        if with_table:
            show_sources(report)
        if as_json:
            from feedkit.pipeline.report import document_of

            _print_json(document_of(report, dry_run=dry_run))
        elif not quiet:
            if dry_run:
                _show_changes(report)
            click.echo(_summary(report, dry_run))
        return report.exit_code

    from feedkit.cli.logs import logging_to_stderr

    with logging_to_stderr(verbose=verbose, as_json=log_json):
        tell = _log_warning if log_json else _say
        try:
            code = run(tell)
        except FeedkitError as error:
            code = exit_code_of(error)
            tell(str(error), "error", exit_code=code)
            if as_json:
                _print_json({"exit_code": code, "error": str(error)})
    sys.exit(code)


def _say(text: str, _event: str, **_fields: object) -> None:
    say(f"feedkit: {text}")


def _log_warning(text: str, event: str, **fields: object) -> None:
    import logging

    logging.getLogger(__name__).warning("%s", text, extra={"event": event, **fields})


def _is_terminal(stream: object) -> bool:
    return stream is not None and bool(stream.isatty())  # type: ignore[attr-defined]


def _print_json(document: object) -> None:
    import json

    text = json.dumps(document, ensure_ascii=False, indent=2)
    # a name that is no UTF-8 becomes an escape that JSON has too
    sys.stdout.buffer.write(text.encode(errors="backslashreplace") + b"\n")


def _failure(source: "SourceResult") -> str:
    since = f"{source.failing_since:%Y-%m-%d %H:%M} UTC"
    stay = "; its last posts stay" if source.posts else ""
    return f"{source.error} (failing since {since}{stay})"


def _show_changes(report: "Report") -> None:
    for path in report.written:
        click.echo(f"would write {path}")
    for path in report.removed:
        click.echo(f"would remove {path}")


def _summary(report: "Report", dry_run: bool) -> str:
    to_be = "to be " if dry_run else ""
    failed = sum(bool(source.error) for source in report.sources)
    parts = [
        count(report.posts, "post") + f" from {count(len(report.sources), 'source')}",
        count(report.feeds, "feed"),
        count(len(report.written), "file") + f" {to_be}written",
        f"{report.unchanged:,} unchanged",
    ]
    if report.removed:
        parts.append(f"{len(report.removed):,} {to_be}removed")
    if report.repairs:
        parts.append(f"{count(len(report.repairs), 'value')} repaired")
    if failed:
        parts.append(f"{count(failed, 'source')} failed")
    here = Path.cwd()
    out = report.out.relative_to(here) if report.out.is_relative_to(here) else report.out
    return f"{', '.join(parts)}: {out}"
