"""cli: exit codes, and what goes to which stream, as a person or a cron job meets them."""

import json
import logging
import os
import pty
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from the_web import HOST, Reply, TheWeb

import feedkit
from feedkit.cli import main
from feedkit.cli.logs import logging_to_stderr
from feedkit.config import load_config
from feedkit.model import Post

POSTS = """\
<rss version="2.0"><channel><title>Blog</title><link>https://blog.example/</link>
<description>Posts</description>
<item><guid>https://blog.example/1/</guid><link>https://blog.example/1/</link>
<title>Eins &amp; zwei</title><category>Backend</category>
<pubDate>Thu, 22 Jun 2023 10:00:00 +0200</pubDate></item>
<item><guid>https://blog.example/2/</guid><link>https://blog.example/2/</link>
<title>Grüße</title></item>
</channel></rss>
"""
ARCHIVE = "Tag archive: backend\nJun 22, 2023\nA title\nAn excerpt\n"
SOURCE = '[[source]]\nname = "blog"\npath = "posts.xml"\n'
BROKEN = '[[source]]\nname = "broken"\npath = "broken.xml"\n'

HOLDER = """
import sys
from pathlib import Path
from feedkit.store import open_store
with open_store(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


class Result(NamedTuple):
    """What a run of the command left."""

    code: object
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def run_here(*args: object) -> Result:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args], prog_name="feedkit")
        sys.stdout.flush()
        return Result(ended.value.code or 0, *capfd.readouterr())

    return run_here


def process(*args: object, given: bytes = b"") -> Result:
    """Runs the command as a process of its own, with no terminal anywhere."""
    done = subprocess.run(
        [sys.executable, "-m", "feedkit", *map(str, args)],
        input=given,
        capture_output=True,
        check=False,
        env=environment(),
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with an exact encoding and warnings as errors."""
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", "TERM": "xterm", **more}


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.xml"
    path.write_text(POSTS, encoding="utf-8")
    return path


@pytest.fixture
def config(posts: Path, configure: Callable[..., Path]) -> Path:
    return configure(SOURCE)


@pytest.fixture
def broken(posts: Path) -> Path:
    path = posts.with_name("broken.xml")
    path.write_text("just words", encoding="utf-8")
    return path


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A feed whose listing no pipe holds."""
    date = "<pubDate>Thu, 22 Jun 2023 10:00:00 GMT</pubDate>"
    item = "<item><title>{0}</title><link>https://blog.example/{0}/</link>" + date + "</item>"
    items = "".join(map(item.format, range(5000)))
    path = tmp_path / "many.xml"
    path.write_text(
        f'<rss version="2.0"><channel><title>Many</title>{items}</channel></rss>', encoding="utf-8"
    )
    return path


def one_line(result: Result) -> str:
    """The only line on standard error; nothing was put out."""
    assert result.out == ""
    assert result.err.endswith("\n")
    (line,) = result.err.splitlines()
    return line


def files(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# the whole command


def test_the_module_is_the_command() -> None:
    assert process("--version") == Result(0, f"feedkit {feedkit.__version__}\n", "")


def test_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert (result.code, result.err) == (0, "")
    for name in ("build", "convert", "forget", "init", "read"):
        assert f"\n  {name} " in result.out


@pytest.mark.parametrize("command", ["build", "convert", "forget", "read", "init", "status"])
def test_each_command_helps(run: Run, command: str) -> None:
    result = run(command, "-h")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: feedkit {command} ")


@pytest.mark.parametrize(
    "args",
    [
        ("bild",),
        ("build", "--quit"),
        ("convert", "x.xml"),
        ("read",),
        ("forget",),
        ("build", "a", "b"),
    ],
)
def test_wrong_usage_ends_with_2(run: Run, args: tuple[str, ...]) -> None:
    result = run(*args)
    assert (result.code, result.out) == (2, "")
    assert "Error: " in result.err


# init


def test_init_writes_what_loads(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path)
    path = tmp_path / "feedkit.toml"
    assert result == Result(
        0, f"wrote {path}: fill in [site] and [[source]], then run `feedkit build`\n", ""
    )
    config = load_config(path)
    assert config.site.title == "My feeds"
    assert [source.name for source in config.sources] == ["blog"]


def test_what_init_comments_out_loads_too(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    run("init", path)
    lines = path.read_text(encoding="utf-8").splitlines()[3:]
    path.write_text("\n".join(line.removeprefix("# ") for line in lines), encoding="utf-8")
    config = load_config(path)
    assert config.tags.aliases == {"k8s": "kubernetes"}
    assert [rule.name for rule in config.feeds] == ["platform"]


def test_an_unknown_source_ends_with_2(run: Run, config: Path) -> None:
    result = run("build", config, "--source", "blogg")
    assert (result.code, result.out) == (2, "")
    assert one_line(result).endswith("no source is named 'blogg'; did you mean 'blog'?")
    assert run("build", config, "--source", "blog", "--force").code == 0


def test_status_of_a_wrong_configuration_ends_with_2(run: Run, tmp_path: Path) -> None:
    assert run("status", tmp_path).code == 2


def test_init_writes_into_the_working_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    assert (tmp_path / "feedkit.toml").is_file()


def test_init_never_overwrites(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text("mine", encoding="utf-8")
    result = run("init", tmp_path)
    assert result.code == 2
    assert one_line(result) == f"feedkit: {path}: is there already"
    assert path.read_text(encoding="utf-8") == "mine"


def test_init_where_nothing_can_be_written_ends_with_3(run: Run, tmp_path: Path) -> None:
    result = run("init", tmp_path / "gone" / "feedkit.toml")
    assert result.code == 3
    assert one_line(result).endswith("can't be written: No such file or directory")


# build


def test_build_says_what_it_did_and_no_more(config: Path) -> None:
    out = config.parent / "public"
    first = process("build", config)
    assert first == Result(
        0, f"2 posts from 1 source, 2 feeds, 4 files written, 0 unchanged: {out}\n", ""
    )
    assert list(files(out)) == [
        "atom.xml",
        "rss.xml",
        "tag/backend/atom.xml",
        "tag/backend/rss.xml",
    ]


def test_a_second_build_writes_nothing(run: Run, config: Path) -> None:
    run("build", config)
    result = run("build", config)
    assert (result.code, result.err) == (0, "")
    assert "0 files written, 4 unchanged" in result.out


def test_build_finds_the_configuration_of_the_working_folder(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(config.parent)
    assert run("build").code == 0
    assert (config.parent / "public/atom.xml").is_file()


def test_quiet_says_nothing_when_all_is_well(run: Run, config: Path) -> None:
    assert run("build", "--quiet", config) == Result(0, "", "")
    assert (config.parent / "public/atom.xml").is_file()


def test_out_takes_the_place_of_the_configured_folder(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (config.parent / "work").mkdir()
    monkeypatch.chdir(config.parent / "work")
    assert run("build", "..", "--out", "there").code == 0
    assert (config.parent / "work/there/atom.xml").is_file()
    assert not (config.parent / "public").exists()


def test_without_a_configuration_it_ends_with_2(tmp_path: Path) -> None:
    result = process("build", tmp_path)
    assert result.code == 2
    path = tmp_path / "feedkit.toml"
    said = "no such file; `feedkit init` writes one to start from"
    assert one_line(result) == f"feedkit: {path}: {said}"


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (SOURCE + 'urll = "x"\n', "source[1].urll: unknown key; did you mean 'url'?"),
        (
            SOURCE + '[[feed]]\nname = "a"\nwhere = "a b"\n',
            "feed[1].where: expected 'and', 'or' or the end, found 'b' at column 3;"
            " a label of several words needs quotes",
        ),
        ('[[source]]\npath = "gone.xml"\n', "source[1].path: nothing there: 'gone.xml'"),
        ('[[source]]\npath = "gone/*.xml"\n', "source[1].path: nothing there: 'gone/*.xml'"),
    ],
)
def test_a_wrong_configuration_ends_with_2(
    run: Run, posts: Path, configure: Callable[..., Path], rest: str, said: str
) -> None:
    path = configure(rest)
    result = run("build", path)
    assert result.code == 2
    assert one_line(result) == f"feedkit: {path}: {said}"
    assert not (path.parent / "public").exists()


@pytest.mark.parametrize("pattern", ["gone/**.md", "gone\\u0000"])
def test_a_path_no_file_can_have_is_a_wrong_configuration(
    run: Run, configure: Callable[..., Path], pattern: str
) -> None:
    path = configure(f'[[source]]\npath = "{pattern}"\n')
    result = run("build", path)
    assert result.code == 2
    assert one_line(result).startswith(f"feedkit: {path}: source[1].path: ")


def test_where_no_output_can_be_written_it_ends_with_3(run: Run, config: Path) -> None:
    out = config.parent / "public"
    out.write_bytes(b"a file")
    result = run("build", config)
    assert result.code == 3
    assert one_line(result).startswith(f"feedkit: {out}: no output could be written; ")
    assert out.read_bytes() == b"a file"


def test_a_state_file_that_is_none_ends_with_3(run: Run, config: Path) -> None:
    state = config.parent / ".feedkit.db"
    state.write_bytes(b"Dear diary")
    result = run("build", config)
    assert result.code == 3
    assert one_line(result).startswith(f"feedkit: {state}: is no state file of feedkit's")
    assert state.read_bytes() == b"Dear diary"


@pytest.mark.parametrize("command", ["build", "status"])
def test_while_another_run_is_at_work_it_ends_with_75_and_says_whose(
    run: Run, config: Path, command: str
) -> None:
    state = config.parent / ".feedkit.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        result = run(command, config)
        holder.communicate()
    assert result.code == 75
    whose = f"process {holder.pid} on {socket.gethostname()}, since "
    line = one_line(result)
    assert line.startswith(f"feedkit: {state}: another run is using it: {whose}2")
    assert line.endswith(" UTC")
    assert run(command, config).code == 0


def test_a_source_that_fails_for_too_long_ends_with_1_and_the_rest_is_published(
    broken: Path, configure: Callable[..., Path]
) -> None:
    path = configure(f'{BROKEN}fail_after = "0s"\n{SOURCE}')
    result = process("build", path)
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert line.startswith("feedkit: broken.xml: this is no feed and no tag archive: ")
    assert "failing since 2" in line
    assert "2 posts from 2 sources" in result.out
    assert "1 source failed" in result.out
    assert b"Eins" in (path.parent / "public/atom.xml").read_bytes()


def test_a_source_that_fails_for_a_while_is_only_told(
    run: Run, broken: Path, configure: Callable[..., Path]
) -> None:
    result = run("build", configure(BROKEN + SOURCE))
    assert result.code == 0
    (line,) = result.err.splitlines()
    assert line.startswith("feedkit: broken.xml: this is no feed")
    assert "1 source failed" in result.out


@pytest.mark.parametrize(("fail_after", "code", "lines"), [("3d", 0, 0), ("0s", 1, 1)])
def test_quiet_tells_of_a_failing_source_only_when_it_is_overdue(
    run: Run,
    broken: Path,
    configure: Callable[..., Path],
    fail_after: str,
    code: int,
    lines: int,
) -> None:
    path = configure(f'{BROKEN}fail_after = "{fail_after}"\n{SOURCE}')
    result = run("build", "-q", path)
    assert (result.code, result.out) == (code, "")
    assert len(result.err.splitlines()) == lines


def test_a_file_in_the_way_ends_with_1_and_the_rest_is_published(run: Run, config: Path) -> None:
    public = config.parent / "public"
    public.mkdir()
    (public / "atom.xml").write_bytes(b"theirs")
    result = run("build", config, "-q")
    assert result.code == 1
    assert one_line(result).startswith(f"feedkit: {public / 'atom.xml'}: is in the way")
    assert (public / "atom.xml").read_bytes() == b"theirs"
    assert (public / "rss.xml").is_file()


# convert


@pytest.mark.parametrize("to", ["atom", "rss", "json"])
def test_convert_writes_the_feed_and_nothing_else_to_standard_output(posts: Path, to: str) -> None:
    result = process("convert", posts, "--to", to)
    assert (result.code, result.err) == (0, "")
    assert result.out.encode() == feedkit.render(feedkit.read(posts), to)
    assert "Grüße" in result.out


def test_convert_writes_to_a_file(run: Run, posts: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    assert run("convert", posts, "--to", "atom", "-o", out) == Result(0, "", "")
    assert out.read_bytes() == feedkit.render(feedkit.read(posts), "atom")


def test_convert_reads_standard_input(posts: Path) -> None:
    result = process("convert", "-", "--to", "rss", given=posts.read_bytes())
    assert (result.code, result.err) == (0, "")
    assert result.out.encode() == feedkit.render(feedkit.parse(posts.read_bytes()), "rss")


def test_convert_reads_an_archive(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "backend.txt"
    archive.write_text(ARCHIVE, encoding="utf-8")
    result = run("convert", archive, "--to", "atom")
    assert (result.code, result.err) == (0, "")
    assert "<title>A title</title>" in result.out


def test_an_unknown_format_ends_with_2(run: Run, posts: Path) -> None:
    result = run("convert", posts, "--to", "pdf")
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[-1] == (
        "Error: Invalid value for --to: 'pdf' is none of atom, rss, json."
    )


def test_convert_to_where_nothing_can_be_written_ends_with_3(
    run: Run, posts: Path, tmp_path: Path
) -> None:
    result = run("convert", posts, "--to", "atom", "-o", tmp_path)
    assert result.code == 3
    assert one_line(result) == f"feedkit: {tmp_path}: can't be written: Is a directory"


# read


def test_read_lists_date_title_and_address_where_there_is_no_terminal(posts: Path) -> None:
    assert process("read", posts) == Result(
        0,
        "2023-06-22\tEins & zwei\thttps://blog.example/1/\n\tGrüße\thttps://blog.example/2/\n",
        "",
    )


def test_read_json_has_the_names_of_a_post_on_every_line(run: Run, posts: Path) -> None:
    result = run("read", posts, "--json")
    assert (result.code, result.err) == (0, "")
    first, second = map(json.loads, result.out.splitlines())
    assert tuple(first) == tuple(second) == Post.__struct_fields__
    assert first["title"] == "Eins & zwei"
    assert first["published"] == "2023-06-22T08:00:00Z"
    assert first["tags"] == ["Backend"]
    assert second["published"] is None


def test_read_reads_standard_input(posts: Path) -> None:
    assert process("read", "-", given=posts.read_bytes()) == process("read", posts)


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_reading_no_file_ends_with_1(run: Run, tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "gone.xml"
    result = run("read", path, *options)
    assert result.code == 1
    assert one_line(result) == f"feedkit: {path}: can't be read: No such file or directory"


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"just words", "it looks like plain text"),
        (b"<!doctype html><p>Hi", "it looks like an HTML page"),
        (
            b"<link rel=alternate type=application/rss+xml href=https://blog.example/feed>",
            "it looks like an HTML page that announces a feed: https://blog.example/feed",
        ),
        (b'{"a": 1}', "it looks like JSON of another kind"),
        (b"", "it is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it looks like an image"),
    ],
)
def test_reading_what_is_no_feed_ends_with_1(
    run: Run, tmp_path: Path, data: bytes, looks: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    result = run("read", path)
    assert result.code == 1
    line = one_line(result)
    assert line.startswith(f"feedkit: {path}: this is no feed")
    assert line.endswith(looks)


@pytest.mark.parametrize("command", ["read {} --json", "read {}", "convert {} --to atom"])
def test_a_pipe_that_closes_early_is_no_error_to_read(many: Path, command: str) -> None:
    line = shlex.join([sys.executable, "-m", "feedkit"])
    done = subprocess.run(
        f"{line} {command.format(shlex.quote(str(many)))} | head -1",
        shell=True,
        capture_output=True,
        check=True,
        env=environment(),
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == b""


# on a terminal


class Terminal(NamedTuple):
    """What a process on a terminal left."""

    code: int
    shown: str
    piped: str


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Runs the command with one of its streams on a pseudo-terminal, the other in a pipe."""
    opened: list[int] = []

    def run_there(*args: object, stream: str) -> Terminal:
        ours, theirs = pty.openpty()
        opened.append(ours)
        other = "stderr" if stream == "stdout" else "stdout"
        with subprocess.Popen(
            [sys.executable, "-m", "feedkit", *map(str, args)],
            stdin=subprocess.DEVNULL,
            env=environment(COLUMNS="100"),
            **{stream: theirs, other: subprocess.PIPE},
        ) as running:
            os.close(theirs)
            shown = b"".join(iter(lambda: _read(ours), b""))
            piped = (running.stdout or running.stderr).read()
        return Terminal(running.returncode, shown.decode(), piped.decode())

    yield run_there
    for descriptor in opened:
        os.close(descriptor)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux says that the other side is closed
        return b""


def test_read_shows_a_table_on_a_terminal(terminal: Callable[..., Terminal], posts: Path) -> None:
    result = terminal("read", posts, stream="stdout")
    assert (result.code, result.piped) == (0, "")
    for text in ("Blog", "date", "title", "tags", "2023-06-22", "Eins & zwei", "Backend", "Grüße"):
        assert text in result.shown
    assert "\t" not in result.shown


def test_status_shows_a_table_on_a_terminal(
    terminal: Callable[..., Terminal], config: Path, run: Run
) -> None:
    run("build", config)
    result = terminal("status", config, stream="stdout")
    assert (result.code, result.piped) == (0, "")
    for text in ("source", "state", "posts", "blog", "ok", "2"):
        assert text in result.shown
    assert "\t" not in result.shown


def test_a_table_shows_markup_of_the_source_as_it_is(
    terminal: Callable[..., Terminal], posts: Path
) -> None:
    posts.write_text(POSTS.replace("Grüße", "[red]Grüße[/nope]"), encoding="utf-8")
    result = terminal("read", posts, stream="stdout")
    assert result.code == 0
    assert "[red]Grüße[/nope]" in result.shown


def test_json_is_json_on_a_terminal_too(terminal: Callable[..., Terminal], posts: Path) -> None:
    result = terminal("read", posts, "--json", stream="stdout")
    assert [json.loads(line)["title"] for line in result.shown.splitlines()] == [
        "Eins & zwei",
        "Grüße",
    ]


def test_a_terminal_gets_no_control_characters_of_the_source(
    terminal: Callable[..., Terminal], posts: Path
) -> None:
    posts.write_text(POSTS.replace("Grüße", "Gr\x9b31müße&#155;2J"), encoding="utf-8")
    result = terminal("read", posts, stream="stdout")
    assert result.code == 0
    assert "\x9b" not in result.shown


def test_build_shows_its_progress_on_a_terminal_and_its_summary_elsewhere(
    terminal: Callable[..., Terminal], config: Path
) -> None:
    result = terminal("build", config, stream="stderr")
    assert result.code == 0
    assert result.piped.startswith("2 posts from 1 source, 2 feeds, 4 files written")
    assert "Traceback" not in result.shown


def test_quiet_shows_no_progress(terminal: Callable[..., Terminal], config: Path) -> None:
    assert terminal("build", "-q", config, stream="stderr") == Terminal(0, "", "")


def test_an_error_below_the_progress_is_still_one_line(
    terminal: Callable[..., Terminal], config: Path
) -> None:
    (config.parent / "public").write_bytes(b"a file")
    result = terminal("build", config, stream="stderr")
    assert (result.code, result.piped) == (3, "")
    assert result.shown.count("feedkit: ") == 1
    assert "Traceback" not in result.shown


@pytest.mark.parametrize("from_a_pipe", [True, False])
def test_relative_addresses_of_a_file_are_relative_to_what_is_said(
    tmp_path: Path, from_a_pipe: bool
) -> None:
    document = POSTS.replace("https://blog.example/", "/")
    file = tmp_path / "saved.xml"
    file.write_text(document)
    source = "-" if from_a_pipe else file
    done = process("read", source, "--url", "https://kept.example/", given=document.encode())
    assert [line.split("\t")[-1] for line in done.out.splitlines()] == [
        "https://kept.example/1/",
        "https://kept.example/2/",
    ]


@pytest.mark.parametrize("source", ["ftp://x.example/feed", "file:///feed.xml", "https://"])
def test_an_address_of_another_scheme_is_said_to_be_one(run: Run, source: str) -> None:
    result = run("read", source)
    assert result.code == 1
    assert one_line(result) == f"feedkit: {source}: is no http or https address"


def test_an_output_folder_without_a_name_ends_with_2(run: Run, config: Path) -> None:
    result = run("build", config, "--out", "")
    assert result.code == 2
    assert "must name a folder" in one_line(result)


def test_verbose_says_what_was_repaired(run: Run, config: Path, posts: Path) -> None:
    posts.write_text(POSTS.replace("<title>Grüße</title>", "<description>Text</description>"))
    repair = "feedkit: https://blog.example/2/: title: there is none"
    assert repair not in run("build", config).err
    assert repair in run("build", config, "--force", "--verbose").err


# build for machines


def test_json_is_the_report_and_nothing_else(broken: Path, configure: Callable[..., Path]) -> None:
    path = configure(f'{BROKEN}fail_after = "0s"\n{SOURCE}')
    result = process("build", "--json", "-q", path)
    document = json.loads(result.out)
    assert tuple(document) == (
        "exit_code", "dry_run", "sources", "posts", "feeds", "out", "written", "unchanged",
        "removed", "problems", "repairs", "blocked",
    )  # fmt: skip
    assert (document["exit_code"], result.code) == (1, 1)
    assert document["dry_run"] is False
    assert len(result.err.splitlines()) == 1
    assert document["out"] == str(path.parent / "public")
    assert document["written"] == [
        "atom.xml",
        "rss.xml",
        "tag/backend/atom.xml",
        "tag/backend/rss.xml",
    ]
    assert (document["posts"], document["feeds"], document["unchanged"]) == (2, 2, 0)
    failed, good = document["sources"]
    assert tuple(failed) == (
        "name", "posts", "error", "failing_since", "overdue", "asked", "retired",
    )  # fmt: skip
    assert failed["error"].startswith("broken.xml: this is no feed")
    assert failed["overdue"]
    assert failed["failing_since"].endswith("Z")
    assert (good["name"], good["posts"], good["error"]) == ("blog", 2, "")
    again = json.loads(process("build", "--json", path).out)
    assert (again["written"], again["unchanged"]) == ([], 4)


def test_json_tells_what_ended_a_build_too(run: Run, tmp_path: Path) -> None:
    result = run("build", "--json", tmp_path)
    path = tmp_path / "feedkit.toml"
    said = f"{path}: no such file; `feedkit init` writes one to start from"
    assert json.loads(result.out) == {"exit_code": 2, "error": said}
    assert (result.code, result.err) == (2, f"feedkit: {said}\n")


def test_json_holds_names_that_are_no_utf_8(broken: Path, configure: Callable[..., Path]) -> None:
    folder = broken.parent / "folder"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"\xff.xml")).write_text("just words")
    except OSError:
        pytest.skip("the file system has no such names")
    path = configure(f'[[source]]\nname = "folder"\npath = "folder"\n{SOURCE}')
    result = process("build", "--json", path)
    document = json.loads(result.out)
    assert "\\xff.xml" in document["sources"][0]["error"]


def test_verbose_logs_what_happens_and_twice_verbose_all_of_it(run: Run, config: Path) -> None:
    lines = run("build", "-v", config).err.splitlines()
    written = [line for line in lines if line.endswith(" tag/backend/atom.xml: written")]
    assert len(written) == 1
    assert re.match(r"\d\d:\d\d:\d\d ", written[0])
    assert "unchanged" not in run("build", "--force", "-v", config).err
    assert "atom.xml: unchanged" in run("build", "--force", "-vv", config).err
    # and the next run in this process logs nothing
    assert run("build", config).err == ""


def test_logs_as_json_are_all_there_is_on_standard_error(
    broken: Path, configure: Callable[..., Path]
) -> None:
    path = configure(f'{BROKEN}fail_after = "0s"\n{SOURCE}')
    result = process("build", "--log-json", path)
    records = [json.loads(line) for line in result.err.splitlines()]
    for record in records:
        assert list(record)[:4] == ["time", "level", "event", "message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["time"])
    by_event = {record["event"]: record for record in records}
    assert by_event["written"]["path"] == "tag/backend/rss.xml"
    failing = by_event["failing"]
    assert (failing["level"], failing["source"], failing["overdue"]) == (
        "warning",
        "broken",
        True,
    )
    assert result.out.startswith("2 posts from 2 sources")


def test_what_ends_a_build_is_logged_as_json_too(run: Run, tmp_path: Path) -> None:
    result = run("build", "--log-json", tmp_path)
    record = json.loads(one_line(result))
    assert (record["level"], record["event"], record["exit_code"]) == ("warning", "error", 2)
    assert result.code == 2


def test_logs_are_lines_a_terminal_may_show(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("feedkit.some")
    for as_json in (False, True):
        with logging_to_stderr(verbose=0 if as_json else 1, as_json=as_json):
            logger.info("a\x1b[2J\nb\u2028%s", "\udcff", extra={"path": Path("x"), "more": "\x1b"})
            logger.debug("not this")
        (line,) = capfd.readouterr().err.splitlines()
        assert line.isprintable()
        assert line.isascii()
        assert "a[2J b" in line
    assert json.loads(line)["event"] == "feedkit.some"
    assert (json.loads(line)["path"], json.loads(line)["more"]) == ("x", "\x1b")


def test_build_shows_a_table_of_its_sources_on_a_terminal(
    terminal: Callable[..., Terminal], broken: Path, configure: Callable[..., Path]
) -> None:
    path = configure(f"{BROKEN}{SOURCE}")
    result = terminal("build", path, stream="stdout")
    assert result.code == 0
    for text in ("source", "state", "blog", "ok", "broken.xml", "failing", "this is no feed"):
        assert text in result.shown
    assert "2 posts from 2 sources" in result.shown
    # where standard error goes elsewhere, it is complete
    assert result.piped.startswith("feedkit: broken.xml: this is no feed")
    quiet = terminal("build", "-q", path, stream="stdout")
    assert (quiet.shown, quiet.piped) == ("", "")
    assert json.loads(terminal("build", "--json", path, stream="stdout").shown)["exit_code"] == 0


def test_sources_that_were_not_asked_for_are_only_counted(
    terminal: Callable[..., Terminal], the_web: TheWeb, configure: Callable[..., Path]
) -> None:
    url = f"http://{HOST}/feed"
    the_web.pages[url] = Reply(POSTS)
    path = configure(f'[[source]]\nname = "blog"\nurl = "{url}"\n')
    first = terminal("build", path, stream="stdout")
    assert "blog" in first.shown
    second = terminal("build", path, stream="stdout")
    assert "1 more source was not due" in second.shown
    assert "blog" not in second.shown.replace(str(path.parent), "")


def test_a_dry_run_says_what_would_change_and_changes_nothing(run: Run, config: Path) -> None:
    before = files(config.parent)
    result = run("build", "--dry-run", config)
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        "would write atom.xml",
        "would write rss.xml",
        "would write tag/backend/atom.xml",
        "would write tag/backend/rss.xml",
        "2 posts from 1 source, 2 feeds, 4 files to be written, 0 unchanged:"
        f" {config.parent / 'public'}",
    ]
    document = json.loads(run("build", "--dry-run", "--json", config).out)
    assert (document["dry_run"], len(document["written"])) == (True, 4)
    assert run("build", "--dry-run", "-q", config) == Result(0, "", "")
    assert files(config.parent) == before
    run("build", config)
    built = files(config.parent)
    assert "0 files to be written, 4 unchanged" in run("build", "--dry-run", config).out
    config.write_text(config.read_text() + '[tags]\nignore = ["backend"]\n')
    built["feedkit.toml"] = config.read_bytes()
    assert "would remove tag/backend/atom.xml\n" in run("build", "--dry-run", config).out
    assert files(config.parent) == built


# forget


def test_forget_takes_a_post_down_for_good_and_undo_lets_it_come_back(
    run: Run, config: Path
) -> None:
    public = config.parent / "public"
    run("build", config)
    assert b"Eins" in (public / "tag/backend/atom.xml").read_bytes()
    result = run("forget", "https://blog.example/1/", "--config", config)
    assert result == Result(0, "1 post taken down, 4 files written\n", "")
    for options in ((), ("--force",)):
        run("build", *options, config)
        assert not [path for path, data in files(public).items() if b"Eins" in data]
        assert b"Gr" in (public / "atom.xml").read_bytes()
    result = run("forget", "--undo", "https://blog.example/1/", "--config", config)
    assert result == Result(0, "1 post may be told again, from the next build on\n", "")
    run("build", config)
    assert b"Eins" in (public / "tag/backend/atom.xml").read_bytes()


def test_forget_says_which_posts_are_not_known_and_does_the_rest(
    run: Run, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build", config)
    monkeypatch.chdir(config.parent)
    result = run("forget", "https://blog.example/1/", "https://blog.example/3/")
    assert result == Result(
        1,
        "1 post taken down, 4 files written\n",
        "feedkit: https://blog.example/3/: no post is known by this id or address\n",
    )


def test_forget_without_a_configuration_ends_with_2(run: Run, tmp_path: Path) -> None:
    result = run("forget", "x", "--config", tmp_path)
    assert result.code == 2
    assert one_line(result).startswith(f"feedkit: {tmp_path / 'feedkit.toml'}: no such file")
