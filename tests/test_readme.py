"""The README is true: each of its blocks is run, and what it shows is what comes out."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import feedkit

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^(?:<!-- (\w+) -->\n)?```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    found = [text for _, language, text in BLOCKS if language == kind]
    assert found, f"the README has no {kind} block"
    return found


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    return [
        (command, output)
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


@pytest.fixture
def workplace(tmp_path: Path) -> Path:
    """A folder with the examples, and a feedkit command that is this one."""
    ignored = shutil.ignore_patterns("public", ".feedkit.db*")
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=ignored)
    command = tmp_path / "bin" / "feedkit"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedkit "$@"\n')
    command.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("block", blocks("console"))
def test_commands_print_what_is_shown(block: str, workplace: Path) -> None:
    for command, expected in steps(block):
        done = subprocess.run(
            ["sh", "-c", f'PATH="$PWD/bin:$PATH"; {command}'],
            cwd=workplace,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == expected, command
        assert done.stderr == ""


@pytest.mark.parametrize("block", blocks("python"))
def test_code_prints_what_its_comments_say(block: str, workplace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=workplace, capture_output=True, text=True, check=True
    )
    said = re.findall(r"^print\(.*\)\s+# (.*)$", block, re.MULTILINE)
    assert said
    lines = done.stdout.splitlines()
    for text in said:
        assert text in lines


@pytest.mark.parametrize("block", blocks("toml"))
def test_the_configuration_shown_is_one(block: str, workplace: Path) -> None:
    path = workplace / "examples" / "backend" / "shown.toml"
    path.write_text(block)
    config = feedkit.load_config(path)
    assert feedkit.build(config).exit_code == 0
    # what is commented out, because it is not to be asked for, is right as well
    path.write_text(re.sub(r"^# ", "", block, flags=re.MULTILINE))
    whole = feedkit.load_config(path)
    assert len(whole.sources) == len(config.sources) + 1
    shown = set(re.findall(r"^(\w+) =", path.read_text(), re.MULTILINE))
    assert shown >= {*feedkit.Site.__struct_fields__, *feedkit.Source.__struct_fields__}


def test_the_two_commands_of_a_newcomer_are_those_ci_runs() -> None:
    marked = {mark: text for mark, language, text in BLOCKS if language == "sh"}
    assert set(marked) == {"example", "tests"}
    assert all(text.count("\n") == 1 for text in marked.values())
    ci = (ROOT / ".ci" / "run").read_text()
    for mark in marked:
        assert f"readme_command {mark}" in ci


def test_the_archive_and_the_house_shown_are_there() -> None:
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    quoted, house = re.findall(r"((?:^    .*\n)+)", prose, re.MULTILINE)
    archive = (ROOT / "examples/backend/sources/tidewater-backend.txt").read_text(encoding="utf-8")
    assert archive.startswith(quoted.replace("\n    ", "\n").removeprefix("    "))
    names = {
        name
        for line in house.splitlines()
        for name in re.findall(r"(?<![\w.])\w+/?(?=[ /]|$)", line[4:33])
    }
    there = {path.name.removesuffix(".py") for path in (ROOT / "feedkit").iterdir()}
    public = {name for name in there if not name.startswith("__") and name != "py.typed"}
    assert {name.rstrip("/") for name in names} == public - {"_version"}


def test_no_block_escapes_these_tests() -> None:
    assert {language for _, language, _ in BLOCKS} == {"console", "python", "sh", "toml"}
