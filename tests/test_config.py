"""config: every key to its value, and every mistake to one line that names it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedkit.config import FeedRule, Source, load_config
from feedkit.errors import ConfigError, ExpressionError
from feedkit.model import Site
from feedkit.parts import Person
from feedkit.tags import TagRules
from feedkit.web.caching import Bounds

WHOLE = """
[site]
title = "Backend reading"
url = "https://feeds.example/"
id = "tag:feeds.example,2026:"
out = "www/feeds"
state = "var/state.db"
formats = ["rss", "atom"]
limit = 20
content = "excerpt"
embeds = "keep"
language = "en"
timezone = "Europe/Paris"
author = { name = "Ada", email = "ada@feeds.example", url = "https://ada.example/" }
hub = "https://hub.example/"
hub_private = true

[[source]]
name = "spotify"
url = "https://blog.example/feed.xml"
tags = ["backend"]
link = "https://blog.example/{published:%Y/%m}/{slug}/"
timezone = "Europe/Stockholm"
limit = 200
fail_after = "12h"
every = "1h"
headers = { X-Key = "{env:KEY}" }
auth = "me:{env:PASSWORD}"
private = true

[[source]]
path = "posts/**/*.xml"

[fetch]
every = "15m"
within = "12h"

[tags]
aliases = { k8s = "kubernetes" }
only = ["backend", "kubernetes"]
ignore = ["uncategorized"]
min_posts = 3

[[feed]]
name = "platform"
title = "Platform"
where = 'backend and not "podcast episode"'
limit = 5

[[feed]]
name = "All.of_it-2"
where = "backend"
"""

SOURCE = '[[source]]\npath = "posts"\n'


def of_site(line: str) -> str:
    return f'[site]\ntitle = "Site"\nurl = "https://feeds.example/"\n{line}\n{SOURCE}'


def of_source(line: str) -> str:
    return of_site("") + line + "\n"


def of_tags(line: str) -> str:
    return of_site("") + f"[tags]\n{line}\n"


def of_feed(*lines: str) -> str:
    return of_site("") + "[[feed]]\n" + "\n".join(lines) + "\n"


def error_of(path: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return caught.value


def test_every_key_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text(WHOLE, encoding="utf-8")
    config = load_config(path)
    assert config.path == path
    assert config.out == tmp_path / "www/feeds"
    assert config.state == tmp_path / "var/state.db"
    assert config.site == Site(
        title="Backend reading",
        url="https://feeds.example/",
        id="tag:feeds.example,2026:",
        formats=("rss", "atom"),
        limit=20,
        content="excerpt",
        embeds="keep",
        language="en",
        timezone="Europe/Paris",
        author=Person(name="Ada", email="ada@feeds.example", url="https://ada.example/"),
        hub="https://hub.example/",
        hub_private=True,
    )
    assert [(source.key, list(source.tags)) for source in config.sources] == [
        ("spotify", ["backend"]),
        ("posts/**/*.xml", []),
    ]
    spotify, posts = config.sources
    assert spotify.url == "https://blog.example/feed.xml"
    assert spotify.link == "https://blog.example/{published:%Y/%m}/{slug}/"
    assert spotify.timezone == "Europe/Stockholm"
    assert spotify.limit == 200
    assert spotify.fail_after == timedelta(hours=12)
    assert spotify.every == timedelta(hours=1)
    assert spotify.headers == {"X-Key": "{env:KEY}"}
    assert spotify.auth == "me:{env:PASSWORD}"
    assert spotify.private
    assert posts == Source(path="posts/**/*.xml")
    hours = timedelta(hours=12)
    assert config.bounds(spotify) == Bounds(every=timedelta(hours=1), within=hours)
    assert config.bounds(posts) == Bounds(every=timedelta(minutes=15), within=hours)
    assert config.zone(spotify) == ZoneInfo("Europe/Stockholm")
    assert config.zone(posts) == ZoneInfo("Europe/Paris")
    assert config.tags.aliases == {"k8s": "kubernetes"}
    assert list(config.tags.only) == ["backend", "kubernetes"]
    assert list(config.tags.ignore) == ["uncategorized"]
    assert config.tags.min_posts == 3
    assert config.feeds == (
        FeedRule(
            name="platform",
            title="Platform",
            where='backend and not "podcast episode"',
            limit=5,
        ),
        FeedRule(name="All.of_it-2", where="backend"),
    )


def test_what_is_not_given_has_its_default(configure: Callable[..., Path]) -> None:
    path = configure('[[source]]\nurl = "https://blog.example/"')
    config = load_config(path)
    assert config.site == Site(title="Site", url="https://feeds.example/")
    assert config.out == path.parent / "public"
    assert config.state == path.parent / ".feedkit.db"
    assert config.sources == (Source(url="https://blog.example/"),)
    assert config.sources[0].key == "https://blog.example/"
    assert config.sources[0].fail_after == timedelta(days=3)
    assert config.sources[0].template(UTC) is None
    assert not config.sources[0].private
    assert config.fetch == Bounds(every=timedelta(minutes=30), within=timedelta(days=1))
    assert config.tags == TagRules()
    assert config.feeds == ()


def test_a_folder_means_the_file_in_it(configure: Callable[..., Path]) -> None:
    path = configure(SOURCE)
    assert load_config(path.parent) == load_config(path) == load_config(str(path))


def test_paths_are_relative_to_the_file_whatever_the_working_folder(
    configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configure(SOURCE, site='out = "../www"')
    monkeypatch.chdir(path.parent)
    config = load_config()
    assert config.path == Path("feedkit.toml")
    assert config.out == path.parent / "../www"
    assert config.state == path.parent / ".feedkit.db"


def test_absolute_paths_stay(configure: Callable[..., Path]) -> None:
    config = load_config(configure(SOURCE, site='out = "/srv/www"\nstate = "/var/lib/feeds.db"'))
    assert (config.out, config.state) == (Path("/srv/www"), Path("/var/lib/feeds.db"))


def test_a_given_out_is_relative_to_the_working_folder(
    configure: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = configure(SOURCE)
    (path.parent / "work").mkdir()
    monkeypatch.chdir(path.parent / "work")
    assert load_config(path, out="there").out == path.parent / "work/there"
    assert load_config(path, out="/srv/www").out == Path("/srv/www")


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("0s", timedelta(0)),
        ("90m", timedelta(minutes=90)),
        ("12h", timedelta(hours=12)),
        ("3d", timedelta(days=3)),
        (" 2 w ", timedelta(weeks=2)),
    ],
)
def test_durations_are_numbers_with_a_unit(
    configure: Callable[..., Path], text: str, duration: timedelta
) -> None:
    config = load_config(configure(f'{SOURCE}fail_after = "{text}"'))
    assert config.sources[0].fail_after == duration


@pytest.mark.parametrize(
    "link",
    [
        "https://blog.example/{published:%Y/%m}/{slug}/",
        "https://blog.example/{published:%Y/%m}/{slug}",
        "https://blog.example/{slug}/",
        "https://blog.example/{slug}",
        "https://blog.example/{slug}.html",
        "https://blog.example/?p={published:%Y%m%d%H%M%S}",
    ],
)
def test_link_templates_may_hold_a_date_and_a_slug(
    configure: Callable[..., Path], link: str
) -> None:
    assert load_config(configure(f'{SOURCE}link = "{link}"')).sources[0].link == link


@pytest.mark.parametrize("site_id", ["tag:feeds.example,2026:", "https://x.example/", "http://x/"])
def test_an_id_is_a_tag_or_a_web_address(configure: Callable[..., Path], site_id: str) -> None:
    assert load_config(configure(SOURCE, site=f'id = "{site_id}"')).site.id == site_id


@pytest.mark.parametrize(
    ("part", "key"),
    [
        (lambda config: config, "out"),
        (lambda config: config.site, "title"),
        (lambda config: config.site.author, "name"),
        (lambda config: config.sources[0], "url"),
        (lambda config: config.tags, "only"),
        (lambda config: config.feeds[0], "where"),
    ],
)
def test_no_part_of_it_can_be_set(tmp_path: Path, part, key: str) -> None:
    (tmp_path / "feedkit.toml").write_text(WHOLE, encoding="utf-8")
    with pytest.raises(AttributeError):
        setattr(part(load_config(tmp_path)), key, "other")


@pytest.mark.parametrize(
    "part",
    [
        lambda config: config.sources,
        lambda config: config.sources[0].tags,
        lambda config: config.feeds,
        lambda config: config.site.formats,
        lambda config: config.tags.only,
        lambda config: config.tags.ignore,
    ],
    ids=["source", "source.tags", "feed", "site.formats", "tags.only", "tags.ignore"],
)
def test_no_list_in_it_can_be_changed(tmp_path: Path, part) -> None:
    (tmp_path / "feedkit.toml").write_text(WHOLE, encoding="utf-8")
    assert isinstance(part(load_config(tmp_path)), tuple)


DURATION = 'must be a duration such as "90m", "12h" or "3d"'
LINK = "https://blog.example"
NO_LINK = "it begins like no web address"

BAD = [
    # the whole file
    ("", "site: is required"),
    (SOURCE, "site: is required"),
    ("site = 1", "site: must be a table, [site]"),
    ("[[site]]", "site: must be a table, [site]"),
    (of_site("") + "[sources]", "sources: unknown key; did you mean 'source'?"),
    (of_site("") + "[[feeds]]", "feeds: unknown key; did you mean 'feed'?"),
    (of_site("") + "[tag]", "tag: unknown key; did you mean 'tags'?"),
    (of_site("") + "[zebra]", "zebra: unknown key"),
    # [fetch]
    (of_site("[fetch]\nevry = 1"), "fetch.evry: unknown key; did you mean 'every'?"),
    (of_site("[fetch]\nevery = 1"), f"fetch.every: {DURATION}, not 1"),
    (of_site('[fetch]\nwithin = "soon"'), f"fetch.within: {DURATION}, not 'soon'"),
    (of_site('[fetch]\nwithin = "367d"'), "fetch: must be a year or less"),
    # [site]
    (f'[site]\nurl = "https://a.example/"\n{SOURCE}', "site: title is required"),
    (f'[site]\ntitle = "Site"\n{SOURCE}', "site: url is required"),
    (
        f'[site]\ntitle = ""\nurl = "https://a.example/"\n{SOURCE}',
        "site.title: must not be empty",
    ),
    (
        f'[site]\ntitle = 1\nurl = "https://a.example/"\n{SOURCE}',
        "site.title: expected str, got int",
    ),
    (
        f'[site]\ntitle = "Site"\nurl = "feeds.example"\n{SOURCE}',
        "site.url: must be an http or https address, not 'feeds.example'",
    ),
    (
        f'[site]\ntitle = "Site"\nurl = "https:///feeds"\n{SOURCE}',
        "site.url: is no http or https address of a folder: 'https:///feeds'",
    ),
    (of_site('titel = "x"'), "site.titel: unknown key; did you mean 'title'?"),
    (of_site('format = ["atom"]'), "site.format: unknown key; did you mean 'formats'?"),
    (of_site('outs = "x"'), "site.outs: unknown key; did you mean 'out'?"),
    (of_site('stat = "x"'), "site.stat: unknown key; did you mean 'state'?"),
    (of_site('zebra = "x"'), "site.zebra: unknown key"),
    (of_site('id = "feeds"'), "site.id: is no tag: URI and no web address: 'feeds'"),
    (of_site('id = "urn:x:y"'), "site.id: is no tag: URI and no web address: 'urn:x:y'"),
    (of_site('id = "https:"'), "site.id: is no tag: URI and no web address: 'https:'"),
    (of_site('id = "httpx:foo"'), "site.id: is no tag: URI and no web address: 'httpx:foo'"),
    (of_site('out = ""'), "site.out: must be a path, not ''"),
    (of_site("out = 5"), "site.out: must be a path, not 5"),
    (of_site("state = []"), "site.state: must be a path, not []"),
    (
        of_site('formats = ["atom", "pdf"]'),
        "site.formats: must be one of atom, rss, json, not 'pdf'",
    ),
    (of_site("formats = []"), "site.formats: must name formats, each once"),
    (of_site('formats = "atom"'), "site.formats: expected array, got str"),
    (of_site("limit = 0"), "site.limit: must be 1 or more, not 0"),
    (of_site("limit = -5"), "site.limit: must be 1 or more, not -5"),
    (of_site('limit = "5"'), "site.limit: expected int, got str"),
    (of_site("limit = true"), "site.limit: expected int, got bool"),
    (of_site('content = "half"'), "site.content: must be one of full, excerpt, not 'half'"),
    (of_site('embeds = "drop"'), "site.embeds: must be one of link, keep, not 'drop'"),
    (of_site("language = 5"), "site.language: expected str, got int"),
    (of_site('timezone = "Mars/Base"'), "site.timezone: no such time zone: 'Mars/Base'"),
    (of_site('timezone = "../UTC"'), "site.timezone: no such time zone: '../UTC'"),
    (of_site('timezone = "Europe"'), "site.timezone: no such time zone: 'Europe'"),
    (of_site('timezone = ""'), "site.timezone: no such time zone: ''"),
    (of_site("timezone = 1"), "site.timezone: expected str, got int"),
    (of_site('author = "Ada"'), "site.author: must be a table with name, email or url"),
    (
        of_site('author = { mail = "a@b" }'),
        "site.author.mail: unknown key; did you mean 'email'?",
    ),
    (of_site("author = { name = 1 }"), "site.author.name: expected str, got int"),
    (of_site("hub = 1"), "site.hub: expected str, got int"),
    (of_site('hub = "hub.example"'), "site.hub: is no http or https address: 'hub.example'"),
    (
        of_site('hub = "ftp://hub.example/"'),
        "site.hub: is no http or https address: 'ftp://hub.example/'",
    ),
    (
        of_site('hub = "https://me:secret@hub.example/"'),
        "site.hub: has a name in it; it is not sent",
    ),
    (of_site('hub_private = "yes"'), "site.hub_private: expected bool, got str"),
    # [[source]]
    (
        of_site("").removesuffix(SOURCE),
        "source: names no source; add a [[source]] with a url or a path",
    ),
    (
        "source = []\n" + of_site("").removesuffix(SOURCE),
        "source: names no source; add a [[source]] with a url or a path",
    ),
    (
        of_site("").replace("[[source]]", "[source]"),
        "source: must be a list of tables, [[source]]",
    ),
    (
        'source = ["posts"]\n' + of_site("").removesuffix(SOURCE),
        "source: must be a list of tables, [[source]]",
    ),
    (of_source('[[source]]\nname = "x"'), "source[2]: needs a url or a path, one of them"),
    (of_source('url = "https://a.example/"'), "source[1]: needs a url or a path, one of them"),
    (of_source('[[source]]\npath = ""'), "source[2]: needs a url or a path, one of them"),
    (of_source('every = "53w"'), "source[1].every: must be a year or less"),
    (of_source("private = 1"), "source[1].private: expected bool, got int"),
    (
        of_source('headers = { Host = "x" }'),
        "source[1].headers: is for feedkit to say: 'Host'",
    ),
    (of_source("headers = { X = 1 }"), "source[1].headers[...]: expected str, got int"),
    (
        of_source('auth = "me"'),
        'source[1].auth: must be a name and a password, as in "name:{env:PASSWORD}"',
    ),
    (
        of_source('[[source]]\nurl = "https://me:secret@blog.example/"'),
        'source[2].url: has a name in it; write auth = "name:password"',
    ),
    *(
        (of_source(line), f"source[1].{line.partition(' ')[0]}: counts for a url only")
        for line in (
            'every = "1h"',
            'headers = { X = "y" }',
            'auth = "me:secret"',
            "private = false",
            "pages = 1",
            'prefer = "feed"',
        )
    ),
    (
        of_source('[[source]]\nurl = "https://blog.example/"\nbase = "https://blog.example/"'),
        "source[2].base: counts for a path only",
    ),
    (of_source('urll = "x"'), "source[1].urll: unknown key; did you mean 'url'?"),
    (of_source('[[source]]\nzebra = "x"'), "source[2].zebra: unknown key"),
    (
        of_source('[[source]]\nurl = "blog.example"'),
        "source[2].url: is no http or https address: 'blog.example'",
    ),
    (
        of_source('[[source]]\nurl = "ftp://blog.example/"'),
        "source[2].url: is no http or https address: 'ftp://blog.example/'",
    ),
    (of_source("url = 1"), "source[1].url: expected str, got int"),
    (of_source("name = 1"), "source[1].name: expected str, got int"),
    (of_source('tags = "backend"'), "source[1].tags: expected array, got str"),
    (of_source("link = 5"), "source[1].link: expected str, got int"),
    (of_source("limit = 0"), "source[1].limit: must be 1 or more, not 0"),
    (of_source('limit = "5"'), "source[1].limit: expected int | null, got str"),
    (of_source('timezone = "X/Y"'), "source[1].timezone: no such time zone: 'X/Y'"),
    (of_source("fail_after = 3"), f"source[1].fail_after: {DURATION}, not 3"),
    (of_source('fail_after = "3"'), f"source[1].fail_after: {DURATION}, not '3'"),
    (of_source('fail_after = "3 days"'), f"source[1].fail_after: {DURATION}, not '3 days'"),
    (of_source('fail_after = "-3d"'), f"source[1].fail_after: {DURATION}, not '-3d'"),
    (of_source('fail_after = ""'), f"source[1].fail_after: {DURATION}, not ''"),
    (
        of_source(f'link = "{LINK}/{{title}}/"'),
        "source[1].link: {title} is neither {slug} nor {published:%Y…}",
    ),
    (
        of_source(f'link = "{LINK}/{{published}}/"'),
        "source[1].link: {published} is neither {slug} nor {published:%Y…}",
    ),
    (
        of_source(f'link = "{LINK}/{{}}/"'),
        "source[1].link: {} is neither {slug} nor {published:%Y…}",
    ),
    (
        of_source(f'link = "{LINK}/{{published:%B}}/"'),
        "source[1].link: %B in {published:%B} is not supported",
    ),
    (
        of_source('link = "/{published:%Y}/{slug}/"'),
        f"source[1].link: '/{{published:%Y}}/{{slug}}/' is no link template: {NO_LINK}",
    ),
    (
        of_source('link = "ftp://blog.example/{slug}/"'),
        f"source[1].link: 'ftp://blog.example/{{slug}}/' is no link template: {NO_LINK}",
    ),
    (
        of_source(f'link = "{LINK}/{{slug"'),
        f"source[1].link: '{LINK}/{{slug' is no link template: expected '}}' before end of string",
    ),
    (
        of_source(f'link = "{LINK}/slug}}/"'),
        f"source[1].link: '{LINK}/slug}}/' is no link template:"
        " Single '}' encountered in format string",
    ),
    (of_source(SOURCE), "source[2].name: 'posts' is taken already"),
    (
        of_source('name = "a"\n[[source]]\npath = "b"\nname = "a"'),
        "source[2].name: 'a' is taken already",
    ),
    # [tags]
    ("tags = 1\n" + of_site(""), "tags: must be a table, [tags]"),
    (of_tags("alias = {}"), "tags.alias: unknown key; did you mean 'aliases'?"),
    (of_tags("aliases = []"), "tags.aliases: expected object, got array"),
    (of_tags('only = "x"'), "tags.only: expected array, got str"),
    (of_tags("ignore = 1"), "tags.ignore: expected array, got int"),
    (of_tags("min_posts = 0"), "tags.min_posts: must be 1 or more, not 0"),
    (of_tags('min_posts = "1"'), "tags.min_posts: expected int, got str"),
    # [[feed]]
    ("feed = 1\n" + of_site(""), "feed: must be a list of tables, [[feed]]"),
    (of_site("") + "[feed]", "feed: must be a list of tables, [[feed]]"),
    (of_feed('where = "a"'), "feed[1]: name is required"),
    (of_feed('name = "a"'), "feed[1]: where is required"),
    (
        of_feed('name = "a"', 'were = "a"'),
        "feed[1].were: unknown key; did you mean 'where'?",
    ),
    (of_feed('name = "a"', "where = 1"), "feed[1].where: expected str, got int"),
    (of_feed('name = "a"', 'where = "a"', "title = 1"), "feed[1].title: expected str, got int"),
    (
        of_feed('name = "a"', 'where = "a"', "limit = 0"),
        "feed[1].limit: must be 1 or more, not 0",
    ),
    (
        of_feed('name = "a"', 'where = ""'),
        "feed[1].where: expected a label, found the end at column 1",
    ),
    (
        of_feed('name = "a"', 'where = "a b"'),
        "feed[1].where: expected 'and', 'or' or the end, found 'b' at column 3;"
        " a label of several words needs quotes",
    ),
    (
        of_feed('name = "a"', 'where = "(a"'),
        "feed[1].where: expected 'and', 'or' or ')', found the end at column 3",
    ),
    (
        of_feed('name = "a"', "where = '\"a'"),
        "feed[1].where: a quote is not closed, at column 1",
    ),
    (
        of_feed('name = "a"', 'where = "a"', "[[feed]]", 'name = "A"', 'where = "b"'),
        "feed[2].name: 'A' is taken already",
    ),
]


@pytest.mark.parametrize(("text", "expected"), BAD, ids=[expected for _, expected in BAD])
def test_a_mistake_is_one_line_that_names_file_key_and_reason(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text(text, encoding="utf-8")
    assert str(error_of(path)) == f"{path}: {expected}"


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "..",
        ".",
        "",
        "a/b",
        "/a",
        "a\\\\b",
        ".a",
        "a.",
        "-a",
        "a b",
        "ä",
        "\u212a",
        "x" * 101,
    ],
)
def test_the_name_of_a_feed_must_be_the_name_of_a_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text(of_feed(f'name = "{name}"', 'where = "a"'), encoding="utf-8")
    error = error_of(path)
    assert error.key == "feed[1].name"
    assert error.reason.startswith("is no name for a folder: ")


def test_one_format_given_twice_is_refused_or_taken_once(tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text(of_site('formats = ["atom", "atom"]'), encoding="utf-8")
    formats = ["atom"]
    with suppress(ConfigError):
        formats = list(load_config(path).site.formats)
    assert formats == ["atom"]


def test_a_bad_expression_is_an_error_of_its_own_kind(tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text(of_feed('name = "a"', 'where = "and"'), encoding="utf-8")
    error = error_of(path)
    assert isinstance(error, ExpressionError)
    assert (error.path, error.key) == (path, "feed[1].where")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[site\n", 1, "Expected ']' at the end of a table declaration"),
        ("[site]\n\na = 1\na = 2\n", 4, "Cannot overwrite a value"),
        ('[site]\ntitle "x"\n', 2, "Expected '=' after a key in a key/value pair"),
    ],
)
def test_broken_toml_is_an_error_with_its_line(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text(text, encoding="utf-8")
    error = error_of(path)
    assert str(error) == f"{path}:{line}: is no TOML: {reason}"
    assert error.line == line


def test_toml_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_text('[site]\ntitle = "x', encoding="utf-8")
    assert error_of(path).reason == "is no TOML: Unterminated string"


def test_a_file_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.write_bytes('[site]\ntitle = "Grüße"\n'.encode("latin-1"))
    assert str(error_of(path)) == f"{path}: is not UTF-8"


@pytest.mark.parametrize("given", ["", "feedkit.toml"])
def test_no_file_is_an_error_that_says_how_to_start(tmp_path: Path, given: str) -> None:
    assert str(error_of(tmp_path / given)) == (
        f"{tmp_path / 'feedkit.toml'}: no such file; `feedkit init` writes one to start from"
    )


def test_a_folder_in_the_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feedkit.toml"
    path.mkdir()
    assert str(error_of(tmp_path)) == f"{path}: can't be read: Is a directory"


def test_an_alias_of_an_alias_is_a_mistake(configure: Callable[..., Path]) -> None:
    path = configure(SOURCE + "[tags]\naliases = { k8s = 'kube', kube = 'Kubernetes' }\n")
    with pytest.raises(ConfigError, match=r"tags.aliases.k8s: 'kube' is an alias itself$"):
        load_config(path)
