"""The benchmarks: each says what it shows, and their inputs are what they are said to be."""

import ast
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import feedkit

FOLDER = Path(__file__).parents[1] / "benchmarks"


def loaded(name: str) -> ModuleType:
    spec = spec_from_file_location(f"benchmarks_{name}", FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_benchmark_is_found_and_says_what_it_shows() -> None:
    files = loaded("__main__").benchmarks()
    assert {"ingest", "pages", "start"} <= {file.stem for file in files}
    assert not {"inputs", "measuring"} & {file.stem for file in files}
    for file in files:
        assert ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))), file


def test_an_unknown_benchmark_is_an_error() -> None:
    command = [sys.executable, "-m", "benchmarks", "nothing"]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no benchmark is called nothing" in done.stderr


def test_made_up_feeds_hold_what_is_asked_for() -> None:
    made_up = loaded("inputs").made_up
    documents = list(made_up(2, posts=3, words=100, tags=2, vocabulary=5))
    assert documents == list(made_up(2, posts=3, words=100, tags=2, vocabulary=5))
    assert [data[:60].count(b"rss") for _, data in documents] == [1, 0]
    for _, data in documents:
        feed = feedkit.parse(data)
        assert len(feed.posts) == 3
        assert not feed.problems
        for post in feed.posts:
            assert len(post.tags) == 2
            assert 50 < len(post.content.split()) < 200
            assert post.published
