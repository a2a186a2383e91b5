"""What feedparser makes of a document → Feed.

feedparser is given no address, so that it resolves nothing against one: ids
stay as they are written, and links are resolved here. Its sanitiser is off;
every field is cleaned here.
"""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial

from msgspec import Struct

from feedkit._dates import stated_date
from feedkit._html import Cleaner, collapse, to_text
from feedkit._ids import uri_of
from feedkit._urls import is_web, web_url, without_scheme
from feedkit._xml import language_tag
from feedkit.errors import ParseError, UnknownFormatError
from feedkit.ingest.document import CUT_OFF, Document
from feedkit.ingest.entries import posts_of
from feedkit.ingest.feed.bytes_of_xml import (
    ends_inside_an_entry,
    for_loose_parser,
    is_cut_off,
)
from feedkit.ingest.feed.fast import Raw
from feedkit.ingest.feed.media import enclosures_of, image_of
from feedkit.ingest.feed.passed_over import with_passed_over
from feedkit.ingest.feed.people import named, people_of
from feedkit.ingest.feed.podcast import episode_of, show_of
from feedkit.ingest.feed.said import (
    HTML,
    NO_BODY,
    Body,
    Links,
    Said,
    body_of,
    href_of,
    link_in,
    links_of,
    number,
    part_of,
    parts_of,
    plain,
    plainly,
    text_of,
)
from feedkit.ingest.feed.skips import skipped_days, skipped_hours
from feedkit.ingest.identity import Stated, as_told, id_of, name_prefix, repeated_names, source_key
from feedkit.ingest.paragraphs import paragraphs
from feedkit.model import Feed, Post, Problem
from feedkit.parts import Origin, Person

# what Google's feeds say of an entry's kind is no tag
_KIND = re.compile(r"#kind$|^http://schemas\.google\.com/")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
_SHORT_LABEL = re.compile(r"(?!(?:and|&)(?:\s|$))(?=.{1,30}$)\S+(?: \S+){0,2}", re.IGNORECASE)


def read_here(document: Document, raw: Raw | None = None) -> Feed:
    """The feed of a document in UTF-8 that is within the bounds.

    :param document: the document.
    :param raw: what was read of it already; by default feedparser reads it.
    """
    said = raw or _read_by_feedparser(document.data)
    if not (said.version or said.entries or said.feed):
        raise UnknownFormatError("this is no feed: it looks like XML of another kind")
    return with_passed_over(_Reading(document, said).feed(), said.feed)


def _read_by_feedparser(data: bytes) -> Raw:
    # importing it takes longer than reading a feed without it
    from feedkit.ingest.feed.feedparser_raw import read_raw

    try:
        try:
            held = read_raw(data, {})
        except (ParseError, MemoryError):
            raise
        except Exception:  # what stops one of its parsers may not stop the other
            held = read_raw(for_loose_parser(data), {})
        return Raw(held.version or "", plainly(held.feed), plainly(held.entries))
    except ParseError:
        raise
    except MemoryError as error:
        raise ParseError("reading it takes more memory than there is") from error
    except Exception as error:  # feedparser raises whatever its input makes it meet
        raise ParseError(f"feedparser gave up: {type(error).__name__}: {error}") from error


class _Entry(Struct, frozen=True):
    """An entry, and what is asked of it more than once."""

    said: Said
    links: Links
    stated: Stated
    link: str
    published: str
    updated: str
    bodies: list[Body]
    described: Body


class _Reading:
    """One feed on its way from what feedparser holds to the model.

    What its entries repeat, dates, labels, addresses and people, is read once.
    """

    def __init__(self, document: Document, raw: Raw) -> None:
        self.entries = list(raw.entries)
        self.said = said = raw.feed
        self.links = links = links_of(said)
        self.is_atom = raw.version.startswith("atom")
        self._dated: Callable[[str], datetime | None] = cache(
            partial(stated_date, zone=document.zone)
        )
        # ids are the same wherever they are made
        self._dated_in_utc = self._dated if document.zone is UTC else cache(stated_date)
        # a text without a type: in Atom it is a text and nothing else
        self._label: Callable[[str], str] = cache(collapse if self.is_atom else plain)
        self.cut_off = is_cut_off(document.data)
        if self.cut_off and ends_inside_an_entry(document.data):
            # half an entry may lack its id: it would be another post the next time
            del self.entries[-1:]
        link = text_of(said, "link") or link_in(links, "alternate")
        self.own_id = text_of(said, "id")
        self.feed_url = web_url(link_in(links, "self"), document.url)
        self.base = document.url or self.feed_url or web_url(link)
        self._address: Callable[[str], str] = cache(partial(web_url, base=self.base))
        self._people_named = cache(partial(people_of, text=self._label, address=self._address))
        self.url = self._address(link)
        own_key = uri_of(self.own_id)
        written = _as_written(said, link)
        if not own_key and is_web(written):
            own_key = without_scheme(written)
        self.key = source_key(document, own_key, self._text(said, "title"))
        self._language = cache(_language)
        self.language = self._language(text_of(said, "language"))
        self.cleaners: dict[str, Cleaner] = {}
        self.asked = list(map(self._entry, self.entries))
        self.repeated = repeated_names((entry.stated for entry in self.asked), document.repeated)

    def feed(self) -> Feed:
        said, links = self.said, self.links
        posts, problems = self._posts()
        return Feed(
            id=uri_of(self.own_id),
            title=self._title(said),
            url=self.url,
            feed_url=self.feed_url,
            subtitle=self._first_text(said, "subtitle", "itunes_subtitle", "itunes_summary"),
            language=self.language,
            authors=self._people(parts_of(said, "authors")),
            tags=self._tags(said),
            image=self._address(
                href_of(part_of(said, "itunes picture"))
                or href_of(part_of(said, "image"))
                or text_of(said, "logo")
            ),
            icon=self._address(text_of(said, "icon")),
            rights=self._text(said, "rights"),
            generator=self._label(text_of(said, "generator")),
            updated=self._dated(text_of(said, "updated")),
            hub=self._address(link_in(links, "hub")),
            ttl=_ttl(said),
            skip_hours=skipped_hours(said),
            skip_days=skipped_days(said),
            show=show_of(said, self._address),
            first_url=self._address(link_in(links, "first")),
            previous_url=self._address(link_in(links, "previous") or link_in(links, "prev")),
            next_url=self._address(link_in(links, "next")),
            last_url=self._address(link_in(links, "last")),
            current_url=self._address(link_in(links, "current")),
            older_archive_url=self._address(link_in(links, "prev-archive")),
            newer_archive_url=self._address(link_in(links, "next-archive")),
            archive="fh_archive" in said,
            complete="fh_complete" in said,
            posts=posts,
            problems=problems,
            repeated=as_told(self.repeated),
        )

    def _posts(self) -> tuple[list[Post], list[Problem]]:
        posts, problems = posts_of(
            self.asked, self._post, lambda entry: (entry.published, entry.updated)
        )
        if self.cut_off:
            reason = "it is cut off: its root element is never closed"
            problems.insert(0, Problem(subject=CUT_OFF, reason=reason))
        return posts, problems

    def _entry(self, said: Said) -> _Entry:
        published, updated = text_of(said, "published"), text_of(said, "updated")
        links = links_of(said)
        link = _link(said, links)
        return _Entry(
            said=said,
            links=links,
            stated=Stated(
                raw_id=text_of(said, "id"),
                link=_as_written(said, link),
                title=self._title(said),
                date=published or ("" if self.is_atom else updated),
            ),
            link=link,
            published=published,
            updated=updated,
            bodies=list(map(body_of, parts_of(said, "content"))),
            described=body_of(part_of(said, "summary_detail")),
        )

    def _post(self, entry: _Entry) -> Post:
        said, links = entry.said, entry.links
        enclosed = links.get("enclosure", [])
        post_id = self._id(entry)
        content, summary = self._content_and_summary(entry, name_prefix(post_id))
        comments = text_of(said, "comments")
        return Post(
            id=post_id,
            url=self._address(entry.link),
            title=entry.stated.title,
            content=content,
            summary=summary,
            authors=self._people(parts_of(said, "authors")),
            contributors=self._people(parts_of(said, "contributors")),
            tags=self._tags(said),
            published=self._dated(entry.published),
            updated=self._dated(entry.updated),
            image=image_of(said, enclosed, self._address),
            enclosures=enclosures_of(said, enclosed, self._label, self._address),
            episode=episode_of(said, self._address),
            language=self._own_language(entry),
            rights=self._text(said, "rights"),
            # their number is no address
            comments=self._address(
                "" if comments.isdigit() else comments or link_in(links, "replies", "text/html")
            ),
            in_reply_to=_in_reply_to(said),
            via=self._address(link_in(links, "via")),
            related=self._address(link_in(links, "related")),
            origin=self._origin(part_of(said, "source")),
        )

    def _id(self, entry: _Entry) -> str:
        moment = self._dated_in_utc(entry.published) or self._dated_in_utc(entry.updated)
        text = ""
        if not (entry.stated.name or entry.stated.title):
            bodies = [body.value for body in entry.bodies]
            text = collapse(text_of(entry.said, "summary") or "".join(bodies[:1]))
        return id_of(entry.stated, self.repeated, key=self.key, moment=moment, text=text)

    def _content_and_summary(self, entry: _Entry, prefix: str) -> tuple[str, str]:
        """The fullest HTML of an entry, and its summary as plain text."""
        described = entry.described
        bodies = [body for body in entry.bodies if body.is_text]
        marked_up = [body for body in bodies if body.is_html]
        if not marked_up and described.is_html and not (self.is_atom and bodies):
            # a plain text may be the teaser of the description, or the other way round
            marked_up = [*bodies, described]
        fullest = max(marked_up or bodies, key=_size, default=described)
        if fullest is described and not described.is_html:
            names = ("itunes_summary", "media_description")
            others = [body_of(part_of(entry.said, f"{name}_detail")) for name in names]
            fullest = next(filter(_size, others if not described.value else ()), NO_BODY)
        said = [body for body in (described, *bodies) if body.value]
        rest = next((body for body in said if body is not fullest), NO_BODY)
        summary = _as_text(rest) if said else self._text(entry.said, "itunes_subtitle")
        if not fullest.value:
            return "", summary
        value = fullest.value
        if not fullest.is_html:
            # what is written for a player may have lines
            has_lines = "\n" in value and not said
            value = paragraphs(value) if has_lines else html.escape(value, quote=False)
        return self._cleaner(fullest.base).clean(value, prefix), summary

    def _cleaner(self, stated_base: str) -> Cleaner:
        base = web_url(stated_base, self.base) or self.base
        if base not in self.cleaners:
            self.cleaners[base] = Cleaner(base)
        return self.cleaners[base]

    def _people(self, people: list[Said]) -> tuple[Person, ...]:
        return self._people_named(tuple(map(named, people))) if people else ()

    def _tags(self, said: Said) -> tuple[str, ...]:
        labels = [
            self._label(text_of(tag, "label") or text_of(tag, "term"))
            for tag in parts_of(said, "tags")
            if not ((scheme := text_of(tag, "scheme")) and _KIND.search(scheme))
        ]
        if len(labels) == 1 and not self.is_atom:
            labels = _listed_in(labels[0])
        return tuple(dict.fromkeys(filter(None, labels)))

    def _text(self, said: Said, name: str) -> str:
        """A field as plain text: markup is stripped where it is HTML."""
        value = text_of(said, name)
        if not value:
            return ""
        kind = text_of(part_of(said, f"{name}_detail"), "type")
        is_html = kind == HTML[1] or (kind in HTML and self.is_atom)
        return to_text(value) if is_html else self._label(value)

    def _title(self, said: Said) -> str:
        return self._text(said, "title") or self._first_text(said, "dc_title", "media_title")

    def _first_text(self, said: Said, *names: str) -> str:
        return next(filter(None, (self._text(said, name) for name in names)), "")

    def _own_language(self, entry: _Entry) -> str:
        """The entry's language where it is not the feed's."""
        said = entry.said
        language = self._language(
            text_of(said, "language")
            or next((body.language for body in entry.bodies if body.language), "")
            or entry.described.language
            or text_of(part_of(said, "title_detail"), "language")
            or text_of(said, "own language")
        )
        return "" if language.lower() == self.language.lower() else language

    def _origin(self, said: Said) -> Origin | None:
        if not said:
            return None
        links = links_of(said)
        return Origin(
            id=uri_of(text_of(said, "id")),
            title=self._text(said, "title"),
            url=self._address(text_of(said, "link") or link_in(links, "alternate")),
            feed_url=self._address(text_of(said, "own address") or link_in(links, "self")),
            subtitle=self._text(said, "subtitle"),
            authors=self._people(parts_of(said, "authors")),
            image=self._address(text_of(said, "logo")),
            icon=self._address(text_of(said, "icon")),
            rights=self._text(said, "rights"),
            updated=self._dated(text_of(said, "updated")),
        )


def _link(entry: Said, links: Links) -> str:
    """The link; without one a guid that is an address stands for it."""
    stated = link_in(links, "alternate")
    link = text_of(entry, "link")
    return link or stated if stated or is_web(link) else ""


def _as_written(said: Said, address: str) -> str:
    """An address as it stands in the document, whatever xml:base makes of it."""
    return text_of(part_of(said, "as written"), address) or address


def _as_text(body: Body) -> str:
    return to_text(body.value) if body.is_html else collapse(body.value)


def _size(body: Body) -> int:
    return len(body.value)


def _listed_in(label: str) -> list[str]:
    """The labels in one that stands alone: itself, or those of a list with commas.

    A list holds two commas at least, and between them nothing longer than three
    words and thirty characters, nor anything that begins with "and" or "&".
    """
    parts = [part for text in label.split(",") if (part := text.strip())]
    is_list = label.count(",") > 1 and all(map(_SHORT_LABEL.fullmatch, parts))
    return parts if is_list else [label]


def _ttl(said: Said) -> int | None:
    """Minutes between two readings: ``ttl``, else by the syndication module of RSS 1.0."""
    stated = number(text_of(said, "ttl"))
    if stated is not None:
        return stated
    period = _PERIODS.get(text_of(said, "sy_updateperiod").lower())
    frequency = number(text_of(said, "sy_updatefrequency")) or 1
    return max(1, period // frequency) if period else None


def _language(text: str) -> str:
    return language_tag(text.replace("_", "-"))


def _in_reply_to(entry: Said) -> str:
    stated = part_of(entry, "thr_in-reply-to")
    if not stated:
        return ""
    answered = text_of(stated, "ref") or text_of(stated, "href")
    return uri_of(answered)
