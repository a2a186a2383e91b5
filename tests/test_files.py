"""files: which files a pattern means, and their bytes."""

from pathlib import Path

import pytest

from feedkit.errors import FeedkitError, SourceError
from feedkit.files import find, read_file

TREE = (
    "home/posts/b.md",
    "home/posts/a.md",
    "home/posts/c.txt",
    "home/posts/2024/d.md",
    "home/posts/2024/deep/e.md",
    "home/posts/.draft.md",
    "home/posts/.trash/f.md",
    "home/odd[1]/*?.md",
    "home/odd[1]/g.md",
    "home/odd1/h.md",
    "beside/i.md",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in TREE:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    (tmp_path / "home/empty").mkdir()
    return tmp_path / "home"


def names(home: Path, found: list[Path]) -> list[str]:
    """Where files are, seen from the folder above the home."""
    return [path.resolve().relative_to(home.parent).as_posix() for path in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("posts/a.md", ["home/posts/a.md"]),
        ("./posts/a.md", ["home/posts/a.md"]),
        ("posts/.draft.md", ["home/posts/.draft.md"]),
        ("odd[1]/g.md", ["home/odd[1]/g.md"]),
        ("odd[1]/*?.md", ["home/odd[1]/*?.md"]),
        ("../beside/i.md", ["beside/i.md"]),
    ],
)
def test_a_file_is_itself(home: Path, pattern: str, expected: list[str]) -> None:
    assert names(home, find(home, pattern)) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (
            "posts",
            [
                "home/posts/2024/d.md",
                "home/posts/2024/deep/e.md",
                "home/posts/a.md",
                "home/posts/b.md",
                "home/posts/c.txt",
            ],
        ),
        ("posts/2024/", ["home/posts/2024/d.md", "home/posts/2024/deep/e.md"]),
        ("posts/.trash", ["home/posts/.trash/f.md"]),
        ("odd[1]", ["home/odd[1]/*?.md", "home/odd[1]/g.md"]),
        ("../beside", ["beside/i.md"]),
        ("posts/../../beside", ["beside/i.md"]),
        ("empty", []),
    ],
)
def test_a_folder_is_all_files_in_it_but_hidden_ones(
    home: Path, pattern: str, expected: list[str]
) -> None:
    assert names(home, find(home, pattern)) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("posts/*.md", ["home/posts/a.md", "home/posts/b.md"]),
        ("posts/[ab].md", ["home/posts/a.md", "home/posts/b.md"]),
        ("posts/?.txt", ["home/posts/c.txt"]),
        ("posts/2*/*.md", ["home/posts/2024/d.md"]),
        ("posts/2024/**/*.md", ["home/posts/2024/d.md", "home/posts/2024/deep/e.md"]),
        ("posts/20*", []),
        ("posts/.trash/*.md", ["home/posts/.trash/f.md"]),
        ("../*/i.md", ["beside/i.md"]),
        ("../beside/*", ["beside/i.md"]),
    ],
)
def test_a_glob_is_the_files_it_finds(home: Path, pattern: str, expected: list[str]) -> None:
    assert names(home, find(home, pattern)) == expected


@pytest.mark.parametrize("pattern", ["posts/**/*.md", "posts/*/*.md", "**/f.md"])
def test_a_glob_does_not_look_into_hidden_folders_it_does_not_name(
    home: Path, pattern: str
) -> None:
    assert "home/posts/.trash/f.md" not in names(home, find(home, pattern))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("posts/a.md", ["home/posts/a.md"]),
        ("posts/2024", ["home/posts/2024/d.md", "home/posts/2024/deep/e.md"]),
        ("posts/*.txt", ["home/posts/c.txt"]),
        ("../beside/*.md", ["beside/i.md"]),
    ],
)
def test_absolute_patterns_work_from_anywhere(
    home: Path, pattern: str, expected: list[str]
) -> None:
    assert names(home, find(Path("/nowhere"), f"{home}/{pattern}")) == expected


def test_a_hidden_folder_around_the_home_hides_nothing(tmp_path: Path) -> None:
    home = tmp_path / ".config" / "feeds"
    home.mkdir(parents=True)
    (home / "a.md").write_bytes(b"")
    assert find(home, "*.md") == find(home, ".") == [home / "a.md"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.md", ["home/odd[1]/*?.md", "home/odd[1]/g.md"]),
        ("g.md", ["home/odd[1]/g.md"]),
        (".", ["home/odd[1]/*?.md", "home/odd[1]/g.md"]),
    ],
)
def test_the_folder_a_pattern_is_relative_to_is_no_pattern(
    home: Path, pattern: str, expected: list[str]
) -> None:
    assert names(home, find(home / "odd[1]", pattern)) == expected


@pytest.mark.parametrize("pattern", ["gone.md", "gone/", "gone/*.md", "posts/*.rst", "["])
def test_nothing_found_is_an_empty_list(home: Path, pattern: str) -> None:
    assert find(home, pattern) == []


@pytest.mark.parametrize("pattern", ["gone/**.md", "x" * 300, "gone/" + "x" * 300])
def test_a_pattern_no_file_can_have_finds_nothing_or_is_an_error_of_feedkit(
    home: Path, pattern: str
) -> None:
    try:
        found = find(home, pattern)
    except FeedkitError:
        found = []
    assert found == []


@pytest.mark.parametrize("pattern", [".", "**/*.md"])
def test_a_link_to_a_folder_above_finds_no_file_twice(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_bytes(b"")
    (tmp_path / "posts/up").symlink_to("..")
    assert find(tmp_path, pattern) == [tmp_path / "posts/a.md"]


def test_the_order_does_not_depend_on_the_file_system(tmp_path: Path) -> None:
    for name in ("10.md", "9.md", "B.md", "a.md"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in find(tmp_path, "*.md")] == ["10.md", "9.md", "B.md", "a.md"]


@pytest.mark.parametrize(
    ("max_bytes", "read"),
    [(100, b"0123456789"), (10, b"0123456789"), (9, b"0123456789"), (4, b"01234")],
)
def test_at_most_one_byte_more_than_the_bound_is_read(
    tmp_path: Path, max_bytes: int, read: bytes
) -> None:
    (tmp_path / "a.txt").write_bytes(b"0123456789")
    assert read_file(tmp_path / "a.txt", max_bytes=max_bytes) == read


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "can't be read: Is a directory"),
        ("gone.txt", "can't be read: No such file or directory"),
        ("file.txt/below", "can't be read: Not a directory"),
    ],
)
def test_what_can_not_be_read_is_an_error_that_names_it(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").write_bytes(b"")
    with pytest.raises(SourceError) as caught:
        read_file(tmp_path / name, max_bytes=10)
    assert str(caught.value) == f"{tmp_path / name}: {reason}"
    assert isinstance(caught.value.__cause__, OSError)
