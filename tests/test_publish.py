"""publish: every file whole and in its place, what is not ours left alone."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from feedkit.errors import PublishError
from feedkit.publish import Published, Publisher

STAGING = ".feedkit-staging"
MANY = 40


def publish(
    out: Path, files: dict[str, bytes], owned: Iterable[str] = (), keep: Iterable[str] = ()
) -> Published:
    """One whole run: these files and no others."""
    with Publisher(out, frozenset(owned)) as publisher:
        for path, data in files.items():
            publisher.put(path, data)
        publisher.keep(keep)
        publisher.flush()
        return publisher.commit()


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def contents(folder: Path) -> dict[str, bytes]:
    """All that is below a folder: files by their bytes, folders by their names."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"(folder)"
        for path in sorted(folder.rglob("*"))
    }


def mark(path: Path) -> tuple[int, int]:
    """What changes when a file is written or replaced."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns


def test_a_new_file_is_written_with_its_folders(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "public"
    published = publish(out, {"tag/backend/atom.xml": b"new"})
    assert published == Published(written=("tag/backend/atom.xml",), removed=(), problems=())
    assert (out / "tag/backend/atom.xml").read_bytes() == b"new"


def test_a_changed_file_is_replaced(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"old"})
    published = publish(tmp_path, {"atom.xml": b"new"}, owned=["atom.xml"])
    assert published.written == ("atom.xml",)
    assert contents(tmp_path) == {"atom.xml": b"new"}


def test_a_replaced_file_stays_whole_for_those_who_have_it_open(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"old"})
    with (tmp_path / "atom.xml").open("rb") as reader:
        publish(tmp_path, {"atom.xml": b"new and longer"}, owned=["atom.xml"])
        assert reader.read() == b"old"


def test_an_unchanged_file_is_not_touched(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"same"})
    before = mark(tmp_path / "atom.xml")
    with Publisher(tmp_path, {"atom.xml"}) as publisher:
        publisher.put("atom.xml", b"same")
        publisher.flush()
        published = publisher.commit()
    assert published == Published(written=(), removed=(), problems=())
    assert publisher.unchanged == 1
    assert mark(tmp_path / "atom.xml") == before


def test_a_foreign_file_is_never_replaced_and_reported(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"theirs"})
    with Publisher(tmp_path, ()) as publisher:
        publisher.put("atom.xml", b"ours")
        publisher.put("rss.xml", b"ours")
        publisher.flush()
        published = publisher.commit()
    assert published.written == ("rss.xml",)
    assert [str(problem) for problem in published.problems] == [
        f"{tmp_path / 'atom.xml'}: is in the way and not known as feedkit's; "
        "move it, or choose another out"
    ]
    assert set(publisher.placed) == {"rss.xml"}
    assert contents(tmp_path) == {"atom.xml": b"theirs", "rss.xml": b"ours"}


def test_a_foreign_link_that_leads_nowhere_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "atom.xml").symlink_to("not-there-yet.xml")
    published = publish(tmp_path, {"atom.xml": b"ours"})
    assert (tmp_path / "atom.xml").is_symlink()
    assert [problem.subject for problem in published.problems] == [str(tmp_path / "atom.xml")]


def test_a_foreign_file_with_the_same_bytes_is_adopted(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"same"})
    before = mark(tmp_path / "atom.xml")
    with Publisher(tmp_path, ()) as publisher:
        publisher.put("atom.xml", b"same")
        published = publisher.commit()
    assert set(publisher.placed) == {"atom.xml"}
    assert published.problems == ()
    assert mark(tmp_path / "atom.xml") == before


def test_what_is_owned_and_no_longer_placed_goes_with_its_empty_folders(tmp_path: Path) -> None:
    fill(tmp_path, {"tag/old/atom.xml": b"1", "tag/old/rss.xml": b"2", "atom.xml": b"3"})
    published = publish(
        tmp_path, {"atom.xml": b"3"}, owned=["tag/old/atom.xml", "tag/old/rss.xml", "atom.xml"]
    )
    assert published.removed == ("tag/old/atom.xml", "tag/old/rss.xml")
    assert contents(tmp_path) == {"atom.xml": b"3"}


def test_foreign_files_in_a_folder_that_empties_stay(tmp_path: Path) -> None:
    fill(tmp_path, {"tag/old/atom.xml": b"1", "tag/old/notes.txt": b"theirs"})
    published = publish(tmp_path, {}, owned=["tag/old/atom.xml"])
    assert published.removed == ("tag/old/atom.xml",)
    assert contents(tmp_path) == {
        "tag": b"(folder)",
        "tag/old": b"(folder)",
        "tag/old/notes.txt": b"theirs",
    }


@pytest.mark.parametrize("there", [(), ("tag",), ("tag", "tag/old")])
def test_what_is_gone_already_counts_as_removed(tmp_path: Path, there: tuple[str, ...]) -> None:
    for folder in there:
        (tmp_path / folder).mkdir()
    published = publish(tmp_path, {}, owned=["tag/old/atom.xml"])
    assert published.removed == ("tag/old/atom.xml",)
    assert published.problems == ()


def test_the_output_folder_itself_is_never_removed(tmp_path: Path) -> None:
    out = tmp_path / "public"
    fill(out, {"atom.xml": b"1"})
    publish(out, {}, owned=["atom.xml"])
    assert contents(out) == {}
    assert out.is_dir()


def test_kept_files_stay_as_they_are(tmp_path: Path) -> None:
    fill(tmp_path, {"tag/a/atom.xml": b"1", "tag/b/atom.xml": b"2"})
    published = publish(
        tmp_path, {}, owned=["tag/a/atom.xml", "tag/b/atom.xml"], keep=["tag/a/atom.xml"]
    )
    assert published.removed == ("tag/b/atom.xml",)
    assert (tmp_path / "tag/a/atom.xml").read_bytes() == b"1"


def test_without_commit_nothing_changes(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"old", "tag/gone/atom.xml": b"old"})
    before = contents(tmp_path)
    with Publisher(tmp_path, {"atom.xml", "tag/gone/atom.xml"}) as publisher:
        publisher.put("atom.xml", b"new")
        publisher.put("tag/x/atom.xml", b"new")
        publisher.flush()
    assert contents(tmp_path) == before


def test_an_exception_changes_nothing_and_passes_through(tmp_path: Path) -> None:
    fill(tmp_path, {"atom.xml": b"old"})

    def run() -> None:
        with Publisher(tmp_path, {"atom.xml"}) as publisher:
            publisher.put("atom.xml", b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()
    assert contents(tmp_path) == {"atom.xml": b"old"}


def test_what_a_killed_run_left_is_cleared_and_only_that(tmp_path: Path) -> None:
    fill(tmp_path, {f"{STAGING}/000000": b"half", f"{STAGING}/000017": b"", "mine.txt": b"x"})
    publish(tmp_path, {"atom.xml": b"new"})
    assert contents(tmp_path) == {"atom.xml": b"new", "mine.txt": b"x"}


def test_foreign_files_in_the_staging_folder_stay(tmp_path: Path) -> None:
    fill(tmp_path, {f"{STAGING}/000000": b"half", f"{STAGING}/notes.txt": b"theirs"})
    publish(tmp_path, {"atom.xml": b"new"})
    assert contents(tmp_path / STAGING) == {"notes.txt": b"theirs"}


@pytest.mark.parametrize("committed", [True, False])
def test_the_staging_folder_is_gone_at_the_end(tmp_path: Path, committed: bool) -> None:
    with Publisher(tmp_path, ()) as publisher:
        publisher.put("atom.xml", b"new")
        during = (tmp_path / STAGING).is_dir()
        if committed:
            publisher.commit()
    assert during
    assert not (tmp_path / STAGING).exists()


def test_many_files_are_published_like_few(tmp_path: Path) -> None:
    files = {f"tag/t{number}/atom.xml": b"%d" % number for number in range(MANY)}
    published = publish(tmp_path, files)
    assert published.written == tuple(files)
    assert {path: (tmp_path / path).read_bytes() for path in files} == files
    again = publish(tmp_path, files, owned=files)
    assert again == Published(written=(), removed=(), problems=())
    gone = publish(tmp_path, {}, owned=files)
    assert gone.removed == tuple(sorted(files))
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("between", [{}, {"rss.xml": b"other"}])
def test_of_one_path_taken_twice_the_last_counts(tmp_path: Path, between: dict[str, bytes]) -> None:
    with Publisher(tmp_path, ()) as publisher:
        publisher.put("atom.xml", b"first")
        publisher.put("atom.xml", b"last")
        for path, data in between.items():
            publisher.put(path, data)
        published = publisher.commit()
    assert published.problems == ()
    assert contents(tmp_path) == {"atom.xml": b"last", **between}


def test_an_output_folder_that_is_a_file_stays_a_file_and_is_reported(tmp_path: Path) -> None:
    out = tmp_path / "public"
    out.write_bytes(b"a file")
    with Publisher(out, ()) as publisher:
        publisher.put("atom.xml", b"new")
        published = publisher.commit()
    assert publisher.placed == {}
    assert [problem.subject for problem in published.problems] == [str(out / "atom.xml")]
    assert out.read_bytes() == b"a file"


def test_an_output_folder_that_can_not_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "public").symlink_to("gone")
    with Publisher(tmp_path / "public", ()) as publisher, pytest.raises(PublishError) as caught:
        publisher.put("atom.xml", b"new")
    assert str(caught.value) == f"{tmp_path / 'public/atom.xml'}: can't be written: File exists"


def test_a_staging_place_that_is_taken_is_an_error_and_old_output_intact(tmp_path: Path) -> None:
    fill(tmp_path, {STAGING: b"a file", "atom.xml": b"old"})
    with Publisher(tmp_path, {"atom.xml"}) as publisher, pytest.raises(PublishError):
        publisher.put("atom.xml", b"new")
    assert contents(tmp_path) == {STAGING: b"a file", "atom.xml": b"old"}


@pytest.mark.parametrize("owned", [(), ("atom.xml",)])
def test_a_folder_in_the_place_of_a_file_is_reported(
    tmp_path: Path, owned: tuple[str, ...]
) -> None:
    fill(tmp_path, {"atom.xml/inside.txt": b"theirs"})
    published = publish(tmp_path, {"atom.xml": b"new", "rss.xml": b"new"}, owned=owned)
    assert published.written == ("rss.xml",)
    assert [str(problem) for problem in published.problems] == [
        f"{tmp_path / 'atom.xml'}: can't be read: Is a directory"
    ]
    assert (tmp_path / "atom.xml/inside.txt").read_bytes() == b"theirs"


def test_a_file_in_the_place_of_a_folder_is_reported(tmp_path: Path) -> None:
    fill(tmp_path, {"tag": b"theirs"})
    published = publish(tmp_path, {"tag/a/atom.xml": b"new", "rss.xml": b"new"})
    assert [str(problem) for problem in published.problems] == [
        f"{tmp_path / 'tag/a/atom.xml'}: can't be read: Not a directory"
    ]
    assert contents(tmp_path) == {"rss.xml": b"new", "tag": b"theirs"}


def test_a_place_taken_at_the_last_moment_is_reported_and_the_rest_published(
    tmp_path: Path,
) -> None:
    with Publisher(tmp_path, ()) as publisher:
        publisher.put("atom.xml", b"new")
        publisher.put("rss.xml", b"new")
        publisher.flush()
        (tmp_path / "atom.xml").mkdir()
        published = publisher.commit()
    assert published.written == ("rss.xml",)
    assert [str(problem) for problem in published.problems] == [
        f"{tmp_path / 'atom.xml'}: can't take its place: Is a directory"
    ]


def test_what_can_not_be_removed_is_reported_and_stays(tmp_path: Path) -> None:
    fill(tmp_path, {"tag/a/atom.xml/inside.txt": b"theirs"})
    published = publish(tmp_path, {}, owned=["tag/a/atom.xml"])
    assert published.removed == ()
    assert [problem.subject for problem in published.problems] == [str(tmp_path / "tag/a/atom.xml")]
    assert (tmp_path / "tag/a/atom.xml/inside.txt").read_bytes() == b"theirs"


@pytest.mark.parametrize(
    "path",
    [
        *("../atom.xml", "tag/../../atom.xml", "tag/..", "..", "/atom.xml", "//x/atom.xml", ""),
        *(".", "./atom.xml", "tag/./atom.xml", "tag//atom.xml", "tag/", "tag/."),
    ],
)
def test_a_place_outside_the_folder_or_of_another_spelling_is_refused(
    tmp_path: Path, path: str
) -> None:
    out = tmp_path / "public"
    with Publisher(out, ()) as publisher, pytest.raises(PublishError, match="is no place below"):
        publisher.put(path, b"new")
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_files_get_the_mode_the_umask_allows(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        publish(tmp_path, {"tag/a/atom.xml": b"new"})
    finally:
        os.umask(before)
    assert (tmp_path / "tag/a/atom.xml").stat().st_mode & 0o777 == mode
    assert (tmp_path / "tag/a").stat().st_mode & 0o777 == 0o777 & ~umask


def test_an_output_folder_that_is_a_link_works_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    out = tmp_path / "public"
    out.symlink_to("real")
    publish(out, {"tag/a/atom.xml": b"new"})
    assert (tmp_path / "real/tag/a/atom.xml").read_bytes() == b"new"
    published = publish(out, {}, owned=["tag/a/atom.xml"])
    assert published.removed == ("tag/a/atom.xml",)
    assert out.is_symlink()
    assert contents(tmp_path / "real") == {}
