"""Builds that are cut off, that find no room, or that may not write: nothing is half, or lost."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from crashing import LATER, NOW, published, write_sources

import feedkit
from feedkit.errors import FeedkitError, PublishError

CRASHING = Path(__file__).with_name("crashing.py")


def crashing(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(CRASHING), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_build_that_ends_at_any_of_its_writes_harms_nothing() -> None:
    found = crashing()
    assert found["faults"] == {}
    assert found["writes"] > 30


def test_a_build_that_is_killed_at_any_moment_harms_nothing() -> None:
    found = crashing("--kills", "5", "--sources", "20")
    assert found["faults"] == {}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a small file system of its own in a folder, or remounts it with an option."""
    folder = tmp_path / "small"
    folder.mkdir()

    def mount(option: str) -> Path:
        again = ["-o", "remount"] if folder.is_mount() else []
        command = ["mount", "-t", "tmpfs", *again, "-o", option, "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            pytest.skip("no file system can be mounted here")
        return folder

    yield mount
    if folder.is_mount():
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system of Linux")
@pytest.mark.parametrize("kilobytes", range(0, 200, 20))
def test_a_disk_that_is_full_costs_nothing_that_was_there(
    small: Callable[[str], Path], kilobytes: int
) -> None:
    folder = small("size=4m")
    write_sources(folder, 4, 5, edition=0)
    feedkit.build(folder, now=NOW)
    before = published(folder)
    write_sources(folder, 4, 5, edition=1)
    used = sum(path.stat().st_blocks * 512 for path in folder.rglob("*"))
    filling = folder / "filling"
    filling.write_bytes(b"x" * max(0, 4 * 1024 * 1024 - used - kilobytes * 1024))
    failure = None
    try:
        feedkit.build(folder, now=LATER)
    except FeedkitError as error:
        failure = error
    if failure:
        assert failure.path is not None
        assert published(folder) == before
    filling.unlink()
    report = feedkit.build(folder, now=LATER)
    assert report.exit_code == 0
    assert published(folder) != before
    assert feedkit.build(folder, now=LATER).written == ()


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a file system of Linux")
def test_an_output_folder_that_is_read_only_changes_nothing(
    small: Callable[[str], Path], tmp_path: Path
) -> None:
    out = small("size=4m")
    project = tmp_path / "project"
    project.mkdir()
    write_sources(project, 2, 3, edition=0)
    feedkit.build(project, out=out, now=NOW)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    write_sources(project, 2, 3, edition=1)
    small("ro")
    for _ in range(2):
        with pytest.raises(PublishError, match="can't be written"):
            feedkit.build(project, out=out, now=LATER)
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    small("rw")
    assert len(feedkit.build(project, out=out, now=LATER).written) > 2
    assert feedkit.build(project, out=out, now=LATER).written == ()
