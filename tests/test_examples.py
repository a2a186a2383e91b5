"""The examples of how to run feedkit again and again are right: parsed, verified, and run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from feedkit.cli import main

EXAMPLES = Path(__file__).parents[1] / "examples"
CRONTAB = EXAMPLES / "cron" / "crontab"
UNITS = sorted((EXAMPLES / "systemd").iterdir())
WORKFLOW = EXAMPLES / "github" / "feeds.yml"
INSTALLED = "/srv/feedkit/.venv/bin/feedkit"
# without a date, so that its date is when it was first seen
POSTS = (
    "<rss><channel><title>Blog</title><item><title>One</title>"
    "<guid isPermaLink='false'>1</guid><category>a</category></item></channel></rss>"
)


def commands(text: str) -> list[list[str]]:
    """The arguments of each feedkit command that a file has."""
    called = re.findall(
        rf"^[^#\n]*?(?:{INSTALLED}|\bfeedkit(?= build))([^|\n]*)", text, re.MULTILINE
    )
    return [shlex.split(arguments) for arguments in called]


def workflow() -> Any:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))


def script(name: str) -> str:
    (step,) = (step for step in workflow()["jobs"]["build"]["steps"] if step.get("name") == name)
    return str(step["run"])


@pytest.fixture
def path_with_feedkit(tmp_path: Path) -> str:
    """A PATH on which feedkit is this one."""
    command = tmp_path / "bin" / "feedkit"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feedkit "$@"\n')
    command.chmod(0o755)
    return f"{command.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("path", [CRONTAB, UNITS[0], WORKFLOW], ids=lambda path: path.name)
def test_its_commands_are_ones_that_feedkit_takes(path: Path) -> None:
    found = commands(path.read_text(encoding="utf-8"))
    assert len(found) == 1
    for name, *arguments in found:
        command = main.commands[name]
        context = command.make_context(name, arguments, parent=click.Context(main))
        assert context.params["config"] in (Path("/srv/feeds"), Path("feedkit.toml"))


def test_the_crontab_has_one_line_of_five_times_and_a_command() -> None:
    lines = CRONTAB.read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line and not line.startswith("#"))
    assert re.fullmatch(rf"\*/10( \*){{4}} {INSTALLED} build .*", line)
    assert "%" not in line  # a line's end, to cron


def test_systemd_has_nothing_against_the_units(tmp_path: Path, path_with_feedkit: str) -> None:
    verify = shutil.which("systemd-analyze")
    if verify is None:
        pytest.skip("systemd is not here")
    feedkit = path_with_feedkit.partition(os.pathsep)[0] + "/feedkit"
    copies = []
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        copy = tmp_path / unit.name
        copy.write_text(text.replace(INSTALLED, feedkit))
        copies.append(copy)
    done = subprocess.run(
        [verify, "verify", "--man=no", *copies], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "feedkit." in line]
    assert (said, done.returncode) == ([], 0)
    calendar = re.search(r"OnCalendar=(.*)", UNITS[1].read_text(encoding="utf-8"))
    assert calendar is not None
    subprocess.run([verify, "calendar", calendar[1]], capture_output=True, check=True)


def test_the_workflow_is_one() -> None:
    whole = workflow()
    # YAML 1.1 takes its "on" for true
    assert set(whole) == {"name", True, "permissions", "concurrency", "jobs"}
    assert whole[True]["schedule"][0]["cron"].split()[1:] == ["*"] * 4
    for step in whole["jobs"]["build"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))


def test_the_workflow_keeps_the_state_between_runs(tmp_path: Path, path_with_feedkit: str) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not here")

    def run(command: str, folder: Path) -> str:
        environment = {
            **os.environ,
            "PATH": path_with_feedkit,
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        # as GitHub runs it
        return subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    origin = tmp_path / "origin.git"
    run(f"git init -q --bare -b main {origin}", tmp_path)
    work = tmp_path / "first"
    run(f"git clone -q {origin} {work}", tmp_path)
    (work / "posts.xml").write_text(POSTS)
    (work / "feedkit.toml").write_text(
        '[site]\ntitle = "Site"\nurl = "https://feeds.example/"\n'
        '[[source]]\nname = "blog"\npath = "posts.xml"\n'
    )
    as_somebody = "git -c user.name=x -c user.email=x@localhost"
    run(f"git add . && {as_somebody} commit -qm x && git push -q origin HEAD:main", work)
    published = []
    for number in range(2):
        work = tmp_path / f"run{number}"
        run(f"git clone -q {origin} {work}", tmp_path)
        run(script("fetch the state"), work)
        assert (work / ".feedkit.db").exists() == bool(number)
        run(script("build"), work)
        run(script("keep the state"), work)
        published.append((work / "public" / "atom.xml").read_bytes())
        assert not run("git status --porcelain --untracked-files=no", work)
    assert len(set(published)) == 1
    assert run("git log --format=%s feedkit-state", origin) == "State of the feeds\n"
    assert (tmp_path / "output").read_text() == "code=0\n" * 2
