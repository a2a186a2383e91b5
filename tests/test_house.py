"""The house: what importing costs, what is public, what each file says of itself."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import feedkit
from feedkit import errors

PACKAGE = Path(feedkit.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


RUN = """
from feedkit.cli import main
try:
    main({})
except SystemExit as end:
    assert not end.code
"""


def loaded_after(code: str) -> set[str]:
    # measuring coverage loads modules of its own
    environment = {name: text for name, text in os.environ.items() if "COV" not in name}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sys.modules)"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_importing_feedkit_loads_nothing_but_itself() -> None:
    loaded = loaded_after("import feedkit")
    assert not {name for name in loaded if name.startswith("feedkit.")} - {"feedkit._version"}
    heavy = {"lxml", "aiohttp", "feedparser", "feedgen", "msgspec", "nh3", "click", "rich"}
    assert not loaded & heavy


def test_the_command_loads_no_stage_before_it_needs_one() -> None:
    stages = {"lxml", "aiohttp", "feedparser", "msgspec", "nh3", "rich", "sqlite3", "zoneinfo"}
    assert not loaded_after("import feedkit.cli") & stages
    loaded = loaded_after(RUN.format(["--version"]))
    assert "click" in loaded
    assert not loaded & stages


def test_a_build_with_nothing_to_do_loads_nothing_that_reads_fetches_or_renders(
    configure: Callable[..., Path],
) -> None:
    config = configure('[[source]]\nname = "one"\npath = "one.xml"\n')
    item = "<item><title>A</title><category>t</category><guid>urn:x:1</guid></item>"
    text = f"<rss><channel><title>One</title>{item}</channel></rss>"
    (config.parent / "one.xml").write_text(text)
    workers = {"feedparser", "feedgen.feed", "lxml.etree", "aiohttp", "asyncio", "dateutil"}
    assert {"feedkit.ingest.feed.reading", "feedgen.feed", "lxml.etree"} <= loaded_after(
        RUN.format(["build", "-q", str(config)])
    )
    assert not loaded_after(RUN.format(["build", "-q", str(config)])) & workers


def test_public_names_are_there_and_no_modules_name() -> None:
    assert set(feedkit.__all__) <= set(dir(feedkit))
    for name in feedkit.__all__:
        assert getattr(feedkit, name).__doc__ or name == "FORMATS"
    modules = {path.stem for path in MODULES} | {path.name for path in PACKAGE.iterdir()}
    assert not modules & set(feedkit.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = feedkit.nothing


def test_every_error_has_one_root_and_is_public() -> None:
    tree = {kind for kind in vars(errors).values() if isinstance(kind, type)} - {errors.Path}
    assert {kind for kind in tree if not issubclass(kind, feedkit.FeedkitError)} == set()
    assert {kind.__name__ for kind in tree} <= set(feedkit.__all__)
    drawn = re.findall(r"\b(\w+Error)\b", errors.__doc__ or "")
    assert sorted(drawn) == sorted(kind.__name__ for kind in tree)


def test_an_error_names_its_subject_in_one_line() -> None:
    error = feedkit.ConfigError("is wrong", path="a.toml", key="site.url", line=3)
    assert str(error) == "a.toml:3: site.url: is wrong"
    assert str(feedkit.ParseError("is cut off", source="blog", line=7)) == "blog:7: is cut off"
    assert str(feedkit.ParseError("is cut off", line=7)) == "line 7: is cut off"
    assert str(feedkit.RenderError("is missing", key="updated")) == "updated: is missing"
    assert error.reason == "is wrong"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_says_its_job_in_its_first_line_and_stays_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.startswith('"""')
    assert text.count("\n") <= 400
