"""Whatever comes between builds, each leaves what one that does everything again would make."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import feedparser
import pytest
from the_web import HOST, OTHER, Reply, TheWeb

import feedkit
from feedkit.pipeline.forgetting import forget
from feedkit.publish import Publisher
from feedkit.store import Store

NOW = datetime(2026, 6, 1, tzinfo=UTC)
MANY = 100_000
TAGS = ["a", "B", "b", "c d", "x", "zoo", "Zoo"]
WEB = {"w1": f"http://{HOST}/1", "w2": f"http://{OTHER}/2", "w3": f"http://{HOST}/3"}
FILES = {"p1": ["p1.xml"], "p2": ["p2/one.xml", "p2/two.xml"]}
PLACES = [*WEB, *(name for names in FILES.values() for name in names)]


class CutOffError(Exception):
    """What ends a build before its time."""


class Post:
    """A post that some sources have."""

    def __init__(self, number: int, random: Random) -> None:
        self.number = number
        self.words = [f"{random.choice('bcdfgklmnprst')}{n}word{number}" for n in range(8)]
        hour = random.choice([0, 0, number % 24])
        self.date = random.choice(["", f"Sat, 07 Sep 2024 {hour:02}:00:00 GMT"])
        self.tags = random.sample(TAGS, 2)
        self.guids = {False: f"https://blog.example/{number}", True: f"urn:x:{number}"}

    def edit(self, random: Random) -> None:
        change = random.randrange(3)
        if change == 0:
            self.words[0] = f"edited{random.randrange(MANY)}"
        elif change == 1:
            self.tags = random.sample(TAGS, 2)
        else:
            self.words[-1] = f"last{random.randrange(MANY)}"

    def item(self, *, by_link: bool, secure: bool) -> str:
        link = f"http://blog.example/{self.number}/on-{self.number}-things"
        guid = self.guids[by_link]
        if secure:
            link, guid = link.replace("http:", "https:"), guid + "?new"
        if by_link:
            link += "?utm_source=rss"
        tags = "".join(f"<category>{tag}</category>" for tag in self.tags)
        date = f"<pubDate>{self.date}</pubDate>" if self.date else ""
        return (
            f"<item><title>Post {self.number} {self.words[0]}</title>"
            f'<guid isPermaLink="false">{guid}</guid><link>{escape(link)}</link>{date}{tags}'
            f"<description>{' '.join(self.words)}</description></item>"
        )


class Shown(NamedTuple):
    """A post as a feed has it."""

    id: str
    number: int
    published: str
    updated: str
    rest: tuple[object, ...]
    tags: frozenset[str]


def shown(path: Path, file: str) -> list[Shown]:
    feed = feedparser.parse(BytesIO((path.parent / "public" / file).read_bytes()))
    assert not feed.bozo, file
    return [
        Shown(
            entry.id,
            int(entry.title.split()[1]),
            entry.published,
            entry.updated,
            (entry.title, entry.get("content"), entry.get("summary"), entry.get("link")),
            frozenset(tag.term for tag in entry.get("tags", ())),
        )
        for entry in feed.entries
    ]


def files_of(path: Path) -> dict[str, bytes]:
    public = path.parent / "public"
    return {
        file.relative_to(public).as_posix(): file.read_bytes()
        for file in public.rglob("*")
        if file.is_file()
    }


class Life:
    """A project whose sources and configuration change at random.

    :param seed: decides how.
    :param settled: whether the configuration stays, and all sources are of the web: then each
        post has one id for good.
    """

    def __init__(
        self, seed: int, configure: Callable[..., Path], web: TheWeb, *, settled: bool = False
    ) -> None:
        self.settled = settled
        self.random = Random(seed)
        self.configure = configure
        self.web = web
        self.now = NOW
        self.numbers = count(1)
        self.lists: dict[str, list[tuple[Post, bool]]] = {place: [] for place in PLACES}
        self.secure: set[str] = set()
        self.sources = list(WEB) if settled else ["w1", "w2", "p1", "p2"]
        self.settings: dict[str, Any] = {
            "merge": True, "limit": 1000, "formats": ["atom"], "ignore": [], "aliases": {},
            "min_posts": 1, "source_limits": {}, "rule": "a or x", "extra": {}, "history": 1000,
        }  # fmt: skip
        self.ids: dict[int, str] = {}
        self.dates: dict[str, str] = {}
        self.last: dict[str, Shown] = {}
        self.forgotten: set[str] = set()
        for place in PLACES:
            self.lists[place] = [(self.new(), False) for _ in range(4)]
        self.write()

    def new(self) -> Post:
        return Post(next(self.numbers), self.random)

    def change(self) -> None:
        """Change some posts of some sources."""
        random = self.random
        place = random.choice(PLACES)
        listed = self.lists[place]
        what = random.choice(["add", "add", "drop", "edit", "order", "share", "share", "secure"])
        if what == "add":
            listed.insert(random.randint(0, len(listed)), (self.new(), random.random() < 0.3))
        elif what == "drop" and len(listed) > 1:
            del listed[random.randrange(len(listed))]
        elif what == "edit" and listed:
            random.choice(listed)[0].edit(random)
        elif what == "order":
            random.shuffle(listed)
        elif what == "share":
            post, by_link = random.choice(
                random.choice([one for one in self.lists.values() if one])
            )
            if all(one is not post for one, _ in listed):
                listed.append((post, random.choice([by_link, not by_link])))
        elif what == "secure":
            self.secure ^= {place}

    def reconfigure(self) -> None:
        """Change one setting."""
        random, settings = self.random, self.settings
        name = random.choice(list(settings) + ["sources", "order"] * 2)
        if name == "sources":
            every = [*WEB, *FILES]
            self.sources = random.sample(every, random.randint(2, len(every)))
        elif name == "order":
            random.shuffle(self.sources)
        else:
            settings[name] = random.choice(
                {
                    "merge": [True, False], "limit": [3, 5, 1000],
                    "formats": [["atom"], ["atom", "rss"], ["atom", "json"]],
                    "ignore": [[], ["zoo"], ["a", "x"]], "aliases": [{}, {"x": "a"}, {"b": "zoo"}],
                    "min_posts": [1, 3],
                    "source_limits": [{}, {"w1": 2, "p2": 3}, {"w2": 4}],
                    "rule": ["a or x", "a and not b", "zoo"],
                    "extra": [{}, {"w1": ["news"], "p1": ["news"]}, {"p2": ["x"]}],
                    "history": [1000, 3, 0],
                }[name]
            )  # fmt: skip

    def write(self, bad: str = "") -> None:
        """Lay out sources and configuration.

        :param bad: a place whose document can't be had as it is.
        """
        settings = self.settings
        tables = ""
        for name in self.sources:
            kind = f'url = "{WEB[name]}"' if name in WEB else f'path = "{name}*"'
            kind = f'path = "{name}"' if name == "p2" else kind.replace("p1*", "p1.xml")
            limit = settings["source_limits"].get(name)
            extra = settings["extra"].get(name, [])
            tables += f'[[source]]\nname = "{name}"\n{kind}\ntags = {extra}\n'
            tables += f"limit = {limit}\n" if limit else ""
        aliases = ", ".join(f'{old} = "{new}"' for old, new in settings["aliases"].items())
        self.path = self.configure(
            f"{tables}[tags]\naliases = {{ {aliases} }}\nignore = {settings['ignore']}\n"
            f"min_posts = {settings['min_posts']}\n[history]\nposts = {settings['history']}\n"
            f'[[feed]]\nname = "all"\nwhere = "not never"\nlimit = {MANY}\n'
            f'[[feed]]\nname = "some"\nwhere = "{settings["rule"]}"\n',
            site=f"limit = {settings['limit']}\nmerge = {str(settings['merge']).lower()}\n"
            f"formats = {settings['formats']}",
        )
        for place, listed in self.lists.items():
            items = [post.item(by_link=by, secure=place in self.secure) for post, by in listed]
            whole = (
                '<rss version="2.0"><channel><title>F</title><link>https://blog.example/</link>'
                f"<description/>{''.join(items)}</channel></rss>"
            )
            reply = Reply(whole)
            if place == bad:
                broken = [whole[: len(whole) // 2], whole[:-40], "", "<html>login</html>"]
                reply = self.random.choice([*map(Reply, broken), Reply("", 500)])
            if place in WEB:
                self.web.pages[WEB[place]] = reply
            else:
                file = self.path.parent / place
                file.parent.mkdir(exist_ok=True)
                file.write_text(reply.body if isinstance(reply.body, str) else "")

    @contextmanager
    def cut_off(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Have builds end at one of their commits."""
        left = [self.random.randrange(6)]

        def counting(act: Callable[..., Any]) -> Callable[..., Any]:
            def counted(*arguments: Any, **named: Any) -> Any:
                left[0] -= 1
                if left[0] < 0:
                    raise CutOffError
                result = act(*arguments, **named)
                left[0] -= 1
                if left[0] < 0:
                    raise CutOffError
                return result

            return counted

        with monkeypatch.context() as patch:
            patch.setattr(Store, "commit", counting(Store.commit))
            patch.setattr(Publisher, "commit", counting(Publisher.commit))
            patch.setattr("feedkit.pipeline.sources._MANY", self.random.choice([1, 20_000]))
            yield

    def step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Change something, build, and look at what that made."""
        random = self.random
        for _ in range(random.randint(0, 3)):
            self.change()
        if random.random() < 0.3 and not self.settled:
            self.reconfigure()
        bad = random.choice(PLACES) if random.random() < 0.3 else ""
        self.write(bad)
        self.now += timedelta(minutes=random.choice([2, 600, 60 * 24 * 9]))
        if random.random() < 0.3:
            with self.cut_off(monkeypatch), suppress(CutOffError):
                feedkit.build(self.path, now=self.now)
            self.now += timedelta(minutes=random.choice([0, 2]))
        if random.random() < 0.1 and self.last and not self.settled:
            gone = random.choice(sorted(self.last))
            forget(self.path, [gone], now=self.now)
            self.forgotten.add(gone)
        if random.random() < 0.3:
            feedkit.build(self.path, now=self.now)
        # all are asked for, due or not, as a build that does everything does
        feedkit.build(self.path, now=self.now, only=self.sources)
        self.look()

    def look(self) -> None:
        """Hold what was built against what must be."""
        before = files_of(self.path)
        again = feedkit.build(self.path, now=self.now)
        assert (again.written, again.removed) == ((), ())
        forced = feedkit.build(self.path, now=self.now, force=True)
        assert (forced.written, forced.removed) == ((), ())
        assert files_of(self.path) == before
        posts = shown(self.path, "feed/all/atom.xml")
        ids = [post.id for post in posts]
        assert len(set(ids)) == len(ids)
        assert not self.forgotten & set(ids)
        published = [post.published for post in posts]
        assert published == sorted(published, reverse=True)
        for post in posts:
            assert not self.settled or self.ids.setdefault(post.number, post.id) == post.id
            assert self.dates.setdefault(post.id, post.published) == post.published
            last = self.last.get(post.id, post)
            if (last.rest, last.tags) == (post.rest, post.tags):
                assert last.updated == post.updated
        self.last |= {post.id: post for post in posts}
        self.compare_with_all(posts)

    def compare_with_all(self, posts: list[Shown]) -> None:
        """Hold the feeds of the site, of tags and rules against the feed of all posts."""
        settings = self.settings
        aliases = settings["aliases"]
        keys = {
            post.id: {aliases.get(tag.lower(), tag.lower()) for tag in post.tags} for post in posts
        }
        limit = settings["limit"]

        def expected(wanted: Callable[[set[str]], bool]) -> list[Shown]:
            return [post for post in posts if wanted(keys[post.id])][:limit]

        rules: dict[str, Callable[[set[str]], bool]] = {
            "a or x": lambda tags: bool(tags & {"a", aliases.get("x", "x")}),
            "a and not b": lambda tags: "a" in tags and aliases.get("b", "b") not in tags,
            "zoo": lambda tags: "zoo" in tags,
        }
        assert shown(self.path, "atom.xml") == expected(lambda _: True)
        assert shown(self.path, "feed/some/atom.xml") == expected(rules[settings["rule"]])
        public = self.path.parent / "public"
        for tag in {tag for tags in keys.values() for tag in tags} - set(settings["ignore"]):
            file = f"tag/{tag.replace(' ', '-')}/atom.xml"
            wanted = expected(lambda tags, tag=tag: tag in tags)
            if (public / file).exists():
                assert shown(self.path, file) == wanted
            else:
                assert sum(tag in tags for tags in keys.values()) < settings["min_posts"]


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_a_build_leaves_what_one_that_does_everything_again_would(
    seed: int,
    settled: bool,
    configure: Callable[..., Path],
    the_web: TheWeb,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    life = Life(seed, configure, the_web, settled=settled)
    for _ in range(10):
        life.step(monkeypatch)
    assert len(life.dates) > 12
