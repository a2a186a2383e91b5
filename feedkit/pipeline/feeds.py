"""Posts → the feeds there are to be: of a site, of each tag, of a rule."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from feedkit._ids import urn
from feedkit.config import Config, FeedRule
from feedkit.emit.altered import altered
from feedkit.model import Feed, Post, Site, Tag
from feedkit.selection import in_order, merge, select
from feedkit.tags import Tagger, TagRules


class TagFeeds(Mapping[str, Feed]):
    """A feed for each tag: ``feeds["Backend"]`` finds it by label, key or alias.

    Iterating gives the labels, in the order of their keys.
    """

    def __init__(self, feeds: Mapping[str, tuple[Tag, Feed]], key: Callable[[str], str]) -> None:
        self._feeds = feeds
        self._key = key

    def __getitem__(self, label: str) -> Feed:
        return self._feeds[self._key(label)][1]

    def __iter__(self) -> Iterator[str]:
        return (tag.label for tag, _ in self._feeds.values())

    def __len__(self) -> int:
        return len(self._feeds)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """The tags, in the order of their keys."""
        return tuple(tag for tag, _ in self._feeds.values())


def by_tag(
    posts: Iterable[Post],
    *,
    site: Site | None = None,
    rules: TagRules | None = None,
    limit: int | None = None,
) -> TagFeeds:
    """A feed for each tag of some posts, newest first.

    :param posts: the posts.
    :param site: where the feeds will be served; gives them titles, ids, the
        link to the site and the limit. Default: a tag's own, and no limit.
    :param rules: aliases, and which tags get a feed. Default: all do.
    :param limit: how many posts a feed holds. Default: the site's, else all.
    """
    rules = rules or TagRules()
    tagger = Tagger(rules)
    groups = posts_by_tag(in_order(merge(posts)), tagger)
    limit = limit or (site.limit if site else None)
    feeds = {
        key: (
            tagger.known(key),
            tag_feed(site, tagger.known(key), select(groups[key], None, limit)),
        )
        for key in sorted(groups)
        if tagger.gets_feed(key) and len(groups[key]) >= rules.min_posts
    }
    return TagFeeds(feeds, tagger.key)


class Output(NamedTuple):
    """A feed that is to be there."""

    name: str
    """What the store knows it by."""
    folder: str
    """Where its files are, below the output folder, with a ``/`` at the end."""
    series: str
    """Whose posts it holds."""
    limit: int
    """How many of them it holds at most."""
    head: Callable[[], Feed]
    """Makes the feed, without its posts."""


def outputs_of(
    config: Config, site: Site, tagger: Tagger, created: Mapping[str, datetime]
) -> list[Output]:
    """Every feed that is to be there: of all posts, of each tag, of each rule.

    :param config: which tags and rules get a feed.
    :param site: where the feeds are served.
    :param tagger: finds the tags of posts.
    :param created: when each feed was first built, by its name.
    """
    base = site_feed(site)
    outputs = [Output("", "", "", site.limit, lambda: base)]
    # a tag that empties keeps its feed, one that became an alias shows what it stands for
    for key in sorted(_tags(tagger, created)):
        tag = tagger.known(key)
        series = f"tag:{tagger.key(key)}"
        head = partial(_of_tag, base, site, tag)
        outputs.append(Output(f"tag:{key}", f"tag/{tag.slug}/", series, site.limit, head))
    for rule in config.feeds:
        name = f"feed:{rule.name}"
        head = partial(_of_rule, base, site, rule)
        outputs.append(Output(name, f"feed/{rule.name}/", name, rule.limit or site.limit, head))
    return outputs


def count_outputs(config: Config, tagger: Tagger, created: Iterable[str]) -> int:
    """How many :func:`outputs_of` there are."""
    return 1 + len(_tags(tagger, created)) + len(config.feeds)


def _tags(tagger: Tagger, created: Iterable[str]) -> list[str]:
    """The keys of the tags that have a feed."""
    keys = (name.removeprefix("tag:") for name in created if name.startswith("tag:"))
    return list(filter(tagger.gets_feed, keys))


def head_of(output: Output, posts: Iterable[Post], created: datetime) -> Feed:
    """The feed without its posts; where none of these has a date, it has that of its making."""
    head = output.head()
    return head if any(post.changed for post in posts) else replace(head, updated=created)


def posts_by_tag(posts: Iterable[Post], tagger: Tagger) -> dict[str, list[Post]]:
    """The posts of each tag, by its key."""
    groups: dict[str, list[Post]] = {}
    for post in posts:
        for tag in tagger.tags(post.tags):
            groups.setdefault(tag.key, []).append(post)
    return groups


def site_feed(site: Site, posts: tuple[Post, ...] = ()) -> Feed:
    return Feed(
        id=site.feed_id(""),
        title=site.title,
        url=site.url,
        language=site.language,
        authors=(site.author,) if site.author else (),
        hub=site.hub,
        posts=posts,
    )


def tag_feed(site: Site | None, tag: Tag, posts: tuple[Post, ...]) -> Feed:
    if site is None:
        return Feed(id=urn("tag", tag.key), title=tag.label, tags=(tag.label,), posts=posts)
    return _of_tag(site_feed(site, posts), site, tag)


def _of_tag(feed: Feed, site: Site, tag: Tag) -> Feed:
    return altered(
        feed,
        id=site.feed_id(f"tag/{tag.slug}"),
        title=f"{site.title}: {tag.label}",
        tags=(tag.label,),
    )


def _of_rule(feed: Feed, site: Site, rule: FeedRule) -> Feed:
    return altered(
        feed,
        id=site.feed_id(f"feed/{rule.name}"),
        title=rule.title or f"{site.title}: {rule.name}",
    )
