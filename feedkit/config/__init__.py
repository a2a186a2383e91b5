"""feedkit.toml → Site, sources and rules: frozen, and checked down to each key."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta, tzinfo
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field

from feedkit._fields import keep_tuples
from feedkit._ids import is_absolute
from feedkit._urls import is_web
from feedkit._xml import language_tag
from feedkit.config import checks
from feedkit.emit import FORMATS
from feedkit.errors import ConfigError
from feedkit.ingest.document import Selectors
from feedkit.ingest.link_template import LinkTemplate
from feedkit.model import Site
from feedkit.parts import Person
from feedkit.tags import Expression, Tagger, TagRules, tag_key
from feedkit.web.caching import Bounds
from feedkit.web.secrets import auth_objection, headers_objection

_MOST_PAGES = 100
_OF_A_URL = ("every", "headers", "auth", "private", "pages", "prefer")
_OF_A_PATH = ("base",)
_LONGEST = timedelta(days=366)
_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?")
_SYNTAX = re.compile(r"(.*?)\s*\(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class Source(Struct, frozen=True, kw_only=True):
    """Where posts come from: a ``[[source]]`` of feedkit.toml."""

    name: str = ""
    """What it is known by. Ids of posts without one are made over it: keep it for good."""
    url: str = ""
    """An http or https address; either this or ``path``."""
    path: str = ""
    """A file, a folder (with all in it) or a glob; relative to the configuration's folder."""
    base: str = ""
    """What the relative addresses of a ``path`` are relative to: where it was saved from."""
    tags: Sequence[str] = ()
    """Labels added to each of its posts."""
    link: str = ""
    """Template of the address of posts that have none."""
    timezone: str = ""
    """Zone of its dates that name none; default the site's."""
    limit: int | None = None
    """How many of its newest posts to take; default all."""
    fail_after: timedelta = timedelta(days=3)
    """How long it may fail before a build's exit code says so."""
    every: timedelta | None = None
    """It is asked for no more often than this; default that of ``[fetch]``."""
    headers: Mapping[str, str] = {}
    """Headers to send, to its own origin only; ``{env:NAME}`` stands for a variable."""
    auth: str = ""
    """``name:password`` for basic authentication; as in ``headers``."""
    private: bool = False
    """Whether ``url`` may lead to an address that is not public."""
    pages: int = 1
    """How many pages of a list of posts to read, from the newest on, where it has an address."""
    prefer: str = ""
    """``"feed"``: of an HTML page that announces a feed, the feed is taken; ``"page"``: the page
    is, and nothing is said; else it is, with a note."""
    selectors: Selectors | None = None
    """Where the posts of an HTML page are; default found out."""

    def __post_init__(self) -> None:
        keep_tuples(self, str, "tags")

    @property
    def key(self) -> str:
        """What the store knows it by."""
        return self.name or self.url or normpath(self.path)

    def template(self, zone: tzinfo) -> LinkTemplate | None:
        """Its link template, if it has one."""
        return LinkTemplate(self.link, zone) if self.link else None


class FeedRule(Struct, frozen=True, kw_only=True):
    """A feed of posts that an expression picks: a ``[[feed]]`` of feedkit.toml."""

    name: str
    """Its folder below ``feed/``."""
    where: str
    """The tag expression; see :mod:`feedkit.tags`."""
    title: str = ""
    """Its title; default made of the site's and the name."""
    limit: int | None = None
    """How many posts it holds; default the site's."""


class History(Struct, frozen=True, kw_only=True):
    """How long posts are kept that a source with an address no longer lists: ``[history]``."""

    posts: int = 1000
    """How many of them, of each source; the newest."""
    age: timedelta | None = None
    """How old they may be; default any age."""


class Config(Struct, frozen=True, kw_only=True):
    """All that a build needs to be told."""

    site: Site
    """``[site]``: where and as what the feeds are served."""
    out: Path
    """Folder the feeds are written to."""
    state: Path
    """The state file: what earlier runs knew."""
    sources: Sequence[Source]
    """``[[source]]``: where posts come from, the preferred first."""
    tags: TagRules = field(default_factory=TagRules)
    """``[tags]``: which labels are one tag, and which get a feed."""
    feeds: Sequence[FeedRule] = ()
    """``[[feed]]``: feeds beside those of tags."""
    fetch: Bounds = Bounds()
    """``[fetch]``: how often sources are asked for, within what their servers wish."""
    history: History = History()
    """``[history]``: how long posts are kept that sources no longer list."""
    path: Path
    """The file it was read from."""

    def bounds(self, source: Source) -> Bounds:
        """How often a source is asked for."""
        if source.every is None:
            return self.fetch
        return Bounds(every=source.every, within=self.fetch.within)

    def zone(self, source: Source) -> tzinfo:
        """The zone of a source's dates that name none."""
        return ZoneInfo(source.timezone or self.site.timezone)


def load_config(path: Path | str = "feedkit.toml", *, out: Path | str | None = None) -> Config:
    """Read and check a configuration.

    :param path: the file, or the folder that holds a ``feedkit.toml``.
    :param out: the output folder, in place of the one the file names; a
        relative one is relative to the working folder.
    :raise ConfigError: with the file, the key and, for broken TOML, the line.
    """
    if out == "":
        raise ConfigError("must name a folder", key="out")
    path = Path(path)
    if path.is_dir():
        path /= "feedkit.toml"
    with checks.about(path):
        config = _checked(_toml(path), path)
    return msgspec.structs.replace(config, out=Path(out).absolute()) if out else config


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError("no such file; `feedkit init` writes one to start from") from None
    except OSError as error:
        raise ConfigError(f"can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError("is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        match = _SYNTAX.fullmatch(str(error))
        line = int(match[2]) if match and match[2] else None
        raise ConfigError(f"is no TOML: {match[1] if match else error}", line=line) from error


def _checked(tables: dict[str, Any], path: Path) -> Config:
    checks.known(tables, ("site", "fetch", "history", "source", "tags", "feed"))
    site_table = dict(checks.table(tables, "site", required=True))
    checks.known(site_table, (*Site.__struct_fields__, "out", "state"), "site")
    folder = path.absolute().parent
    out = folder / checks.text(site_table, "site", "out", "public")
    state = folder / checks.text(site_table, "site", "state", ".feedkit.db")
    site = _site(site_table)
    rules = checks.converted(checks.table(tables, "tags"), TagRules, "tags")
    checks.at_least(1, rules.min_posts, "tags.min_posts")
    for alias, label in rules.aliases.items():
        if not tag_key(alias) or not tag_key(label):
            raise ConfigError(
                f"must join two labels, not {alias!r} and {label!r}", key="tags.aliases"
            )
        if tag_key(label) in set(map(tag_key, rules.aliases)) - {tag_key(alias)}:
            raise ConfigError(f"{label!r} is an alias itself", key=f"tags.aliases.{alias}")
    tagger = Tagger(rules)
    sources = [_source(table, site, key) for key, table in checks.tables(tables, "source")]
    if not sources:
        raise ConfigError("names no source; add a [[source]] with a url or a path", key="source")
    checks.all_different([source.key for source in sources], "source", "name")
    feeds = [_feed(table, tagger, key) for key, table in checks.tables(tables, "feed")]
    checks.all_different([rule.name for rule in feeds], "feed", "name")
    return Config(
        site=site,
        out=out,
        state=state,
        sources=tuple(sources),
        tags=rules,
        feeds=tuple(feeds),
        fetch=_bounds(checks.table(tables, "fetch")),
        history=_history(checks.table(tables, "history")),
        path=path,
    )


def _site(table: dict[str, Any]) -> Site:
    author = table.get("author", {})
    if not isinstance(author, dict):
        raise ConfigError("must be a table with name, email or url", key="site.author")
    checks.known(author, Person.__struct_fields__, "site.author")
    site = checks.converted(table, Site, "site")
    if not is_web(site.url) or urlsplit(site.url).query or urlsplit(site.url).fragment:
        reason = f"is no http or https address of a folder: {site.url!r}"
        raise ConfigError(reason, key="site.url")
    if site.language != language_tag(site.language):
        raise ConfigError(
            f"is no language tag such as en-GB: {site.language!r}", key="site.language"
        )
    if site.id and not (is_absolute(site.id) and (site.id.startswith("tag:") or is_web(site.id))):
        raise ConfigError(f"is no tag: URI and no web address: {site.id!r}", key="site.id")
    checks.web(site.hub, "site.hub", "it is not sent")
    for name in site.formats:
        checks.one_of(name, FORMATS, "site.formats")
    if not site.formats or len(set(site.formats)) < len(site.formats):
        raise ConfigError("must name formats, each once", key="site.formats")
    checks.one_of(site.content, ("full", "excerpt"), "site.content")
    checks.one_of(site.embeds, ("link", "keep"), "site.embeds")
    checks.at_least(1, site.limit, "site.limit")
    checks.zone(site.timezone, "site.timezone")
    return site


def _bounds(table: dict[str, Any]) -> Bounds:
    bounds = checks.converted(
        checks.with_durations(table, "fetch", "every", "within"), Bounds, "fetch"
    )
    if max(bounds.every, bounds.within) > _LONGEST:
        raise ConfigError("must be a year or less", key="fetch")
    return bounds


def _history(table: dict[str, Any]) -> History:
    history = checks.converted(checks.with_durations(table, "history", "age"), History, "history")
    checks.at_least(0, history.posts, "history.posts")
    return history


def _source(table: dict[str, Any], site: Site, key: str) -> Source:
    table = checks.with_durations(table, key, "fail_after", "every")
    if isinstance(selectors := table.get("selectors"), dict):
        checks.known(selectors, Selectors.__struct_fields__, f"{key}.selectors")
    source = checks.converted(table, Source, key)
    if bool(source.url) == bool(source.path):
        raise ConfigError("needs a url or a path, one of them", key=key)
    checks.web(source.url, f"{key}.url", 'write auth = "name:password"')
    checks.web(source.base, f"{key}.base", "leave it out")
    if reason := headers_objection(source.headers):
        raise ConfigError(reason, key=f"{key}.headers")
    if reason := auth_objection(source.auth, source.headers):
        raise ConfigError(reason, key=f"{key}.auth")
    if source.every is not None and source.every > _LONGEST:
        raise ConfigError("must be a year or less", key=f"{key}.every")
    if source.limit is not None:
        checks.at_least(1, source.limit, f"{key}.limit")
    if not 1 <= source.pages <= _MOST_PAGES:
        raise ConfigError(
            f"must be from 1 to {_MOST_PAGES}, not {source.pages}", key=f"{key}.pages"
        )
    if source.prefer:
        checks.one_of(source.prefer, ("feed", "page"), f"{key}.prefer")
    if source.selectors is not None:
        _selectors(source.selectors, f"{key}.selectors")
    for name in _OF_A_PATH if source.url else _OF_A_URL:
        if name in table:
            kind = "path" if source.url else "url"
            raise ConfigError(f"counts for a {kind} only", key=f"{key}.{name}")
    zone = checks.zone(source.timezone or site.timezone, f"{key}.timezone")
    with checks.about(key=f"{key}.link"):
        source.template(zone)
    return source


def _selectors(selectors: Selectors, key: str) -> None:
    from feedkit.ingest.page.tree import is_selector  # few sources have selectors

    given = {name: getattr(selectors, name) for name in selectors.__struct_fields__}
    for name, text in given.items():
        if text and not is_selector(text):
            raise ConfigError(f"is no CSS selector: {text!r}", key=f"{key}.{name}")
    if not selectors.item and any(text for name, text in given.items() if name != "next"):
        raise ConfigError("is required where other parts of posts are selected", key=f"{key}.item")


def _feed(table: dict[str, Any], tagger: Tagger, key: str) -> FeedRule:
    rule = checks.converted(table, FeedRule, key)
    if not _NAME.fullmatch(rule.name):
        raise ConfigError(f"is no name for a folder: {rule.name!r}", key=f"{key}.name")
    if rule.limit is not None:
        checks.at_least(1, rule.limit, f"{key}.limit")
    with checks.about(key=f"{key}.where"):
        Expression(rule.where, tagger.key)
    return rule
