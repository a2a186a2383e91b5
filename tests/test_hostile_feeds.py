"""Hostile markup in every field of a feed: none lives in a Post, nor in what is rendered."""

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import Any

import feedparser
import pytest
from live_markup import dangers
from lxml import etree
from msgspec import Struct
from test_sanitising import HOSTILE

from feedkit.emit import render
from feedkit.errors import ParseError
from feedkit.ingest import parse
from feedkit.model import Feed, Problem

URL = "https://source.example/feed.xml"
ADDRESS = re.compile(r"https?://[^\s/<>\"'][^\s<>\"]*", re.ASCII)
ID_THAT_RUNS = re.compile(r"(?:javascript|vbscript|data):|[<>\s]", re.IGNORECASE | re.ASCII)
GROUPS = 6
ADDRESSES = {
    *("url", "feed_url", "avatar", "image", "icon", "hub", "comments", "via", "related"),
    *("first_url", "previous_url", "next_url", "last_url", "current_url", "new_feed_url"),
    *("older_archive_url", "newer_archive_url"),
}

RSS_FIELDS = [
    *("<title>{}</title>", "<link>{}</link>", "<guid>{}</guid>", "<comments>{}</comments>"),
    *("<guid isPermaLink='true'>{}</guid>", "<description>{}</description>", "<author>{}</author>"),
    *("<content:encoded>{}</content:encoded>", "<category>{}</category>", "<pubDate>{}</pubDate>"),
    *("<category domain='{@}'>x</category>", "<enclosure url='{@}' type='audio/mpeg' length='1'/>"),
    *("<enclosure url='https://y.example/a' type='{@}' length='{@}'/>", "<dc:date>{}</dc:date>"),
    *("<source url='{@}'>x</source>", "<source url='https://y.example/f'>{}</source>"),
    *("<dc:creator>{}</dc:creator>", "<dc:subject>{}</dc:subject>", "<dc:rights>{}</dc:rights>"),
    *("<dc:contributor>{}</dc:contributor>", "<dc:language>{}</dc:language>"),
    *("<media:content url='{@}' type='image/png'/>", "<media:thumbnail url='{@}'/>"),
    *("<media:content url='https://y.example/v' type='{@}' medium='{@}' fileSize='{@}'/>",),
    *("<media:title>{}</media:title>", "<media:description type='html'>{}</media:description>"),
    *("<media:group><media:content url='{@}'/><media:title>{}</media:title></media:group>",),
    *("<media:keywords>{}</media:keywords>", "<media:credit>{}</media:credit>"),
    *("<media:player url='{@}'/>", "<itunes:title>{}</itunes:title>"),
    *("<itunes:author>{}</itunes:author>", "<itunes:summary>{}</itunes:summary>"),
    *("<itunes:subtitle>{}</itunes:subtitle>", "<itunes:keywords>{}</itunes:keywords>"),
    *("<itunes:image href='{@}'/>", "<itunes:duration>{}</itunes:duration>"),
    *("<itunes:category text='{@}'/>", "<itunes:explicit>{}</itunes:explicit>"),
    *("<itunes:episodeType>{}</itunes:episodeType>", "<itunes:season>{}</itunes:season>"),
    *("<podcast:transcript url='{@}' type='{@}' language='{@}' rel='{@}'/>",),
    *("<podcast:chapters url='{@}' type='{@}'/>", "<podcast:person img='{@}'>{}</podcast:person>"),
    "<psc:chapters><psc:chapter start='0' title='{@}' href='{@}' image='{@}'/></psc:chapters>",
    *("<thr:in-reply-to ref='{@}' href='{@}'/>", "<wfw:commentRss>{}</wfw:commentRss>"),
    *("<atom:link rel='alternate' href='{@}'/>", "<atom:link rel='via' href='{@}' title='{@}'/>"),
    *("<atom:summary type='html'>{}</atom:summary>", "<xhtml:body>{}</xhtml:body>"),
]
CHANNEL_FIELDS = [
    *("<title>{}</title>", "<link>{}</link>", "<description>{}</description>", "<ttl>{}</ttl>"),
    *("<language>{}</language>", "<copyright>{}</copyright>", "<generator>{}</generator>"),
    *("<managingEditor>{}</managingEditor>", "<webMaster>{}</webMaster>", "<docs>{}</docs>"),
    *("<category>{}</category>", "<image><url>{}</url><title>{}</title><link>{}</link></image>"),
    *("<itunes:author>{}</itunes:author>", "<itunes:subtitle>{}</itunes:subtitle>"),
    *("<itunes:summary>{}</itunes:summary>", "<itunes:image href='{@}'/>"),
    "<itunes:owner><itunes:name>{}</itunes:name><itunes:email>{}</itunes:email></itunes:owner>",
    *("<itunes:new-feed-url>{}</itunes:new-feed-url>", "<itunes:type>{}</itunes:type>"),
    "<itunes:category text='{@}'><itunes:category text='{@}'/></itunes:category>",
    *("<atom:link rel='self' href='{@}'/>", "<atom:link rel='hub' href='{@}'/>"),
    *("<atom:link rel='next' href='{@}'/>", "<atom:link rel='prev-archive' href='{@}'/>"),
    *("<podcast:guid>{}</podcast:guid>", "<podcast:funding url='{@}'>{}</podcast:funding>"),
    *("<podcast:license url='{@}'>{}</podcast:license>", "<sy:updatePeriod>{}</sy:updatePeriod>"),
    "<textInput><title>{}</title><link>{}</link></textInput>",
]
ATOM_FIELDS = [
    *("<title>{}</title>", "<title type='html'>{}</title>", "<summary>{}</summary>"),
    *("<summary type='html'>{}</summary>", "<content type='html'>{}</content>"),
    *("<content>{}</content>", "<content type='text/plain'>{}</content>", "<id>{}</id>"),
    *("<content type='text/html' src='{@}'/>", "<content type='image/svg+xml'>{}</content>"),
    *("<content type='html' xml:base='{@}'>&lt;a href='x'></content>", "<updated>{}</updated>"),
    *("<author><name>{}</name><email>{}</email><uri>{}</uri></author>", "<rights>{}</rights>"),
    *("<contributor><name>{}</name><uri>{}</uri></contributor>", "<published>{}</published>"),
    *("<rights type='html'>{}</rights>", "<category term='{@}' scheme='{@}' label='{@}'/>"),
    *("<link href='{@}'/>", "<link rel='enclosure' href='{@}' type='{@}' title='{@}'/>"),
    *("<link rel='replies' type='text/html' href='{@}'/>", "<link rel='via' href='{@}'/>"),
    *("<link rel='related' href='{@}'/>", "<link rel='{@}' hreflang='{@}' href='/x'/>"),
    "<source><id>{}</id><title type='html'>{}</title><subtitle>{}</subtitle><icon>{}</icon>"
    "<logo>{}</logo><link href='{@}'/><link rel='self' href='{@}'/><rights>{}</rights>"
    "<author><name>{}</name></author></source>",
    *("<media:thumbnail url='{@}'/>", "<thr:in-reply-to ref='{@}' href='{@}' type='{@}'/>"),
    *("<dc:creator>{}</dc:creator>", "<dc:subject>{}</dc:subject>"),
]
FEED_FIELDS = [
    *("<id>{}</id>", "<title>{}</title>", "<title type='html'>{}</title>", "<icon>{}</icon>"),
    *("<subtitle>{}</subtitle>", "<subtitle type='html'>{}</subtitle>", "<logo>{}</logo>"),
    *("<rights>{}</rights>", "<generator uri='{@}' version='{@}'>{}</generator>"),
    *("<author><name>{}</name><email>{}</email><uri>{}</uri></author>", "<category term='{@}'/>"),
    *("<link href='{@}'/>", "<link rel='self' href='{@}'/>", "<link rel='hub' href='{@}'/>"),
    *("<link rel='next' href='{@}'/>", "<link rel='previous' href='{@}'/>"),
]
NAMESPACES = (
    "xmlns:content='http://purl.org/rss/1.0/modules/content/' "
    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/' "
    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    "xmlns:podcast='https://podcastindex.org/namespace/1.0' "
    "xmlns:psc='http://podlove.org/simple-chapters' xmlns:atom='http://www.w3.org/2005/Atom' "
    "xmlns:thr='http://purl.org/syndication/thread/1.0' "
    "xmlns:wfw='http://wellformedweb.org/CommentAPI/' xmlns:xhtml='http://www.w3.org/1999/xhtml' "
    "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
)
RSS_ITEM = "<item><link>https://source.example/{}</link><title>T{}</title>{}</item>"
ATOM_ENTRY = (
    "<entry><id>https://source.example/{}</id><title>T{}</title>"
    "<updated>2020-01-01T00:00:00Z</updated>{}</entry>"
)


def as_cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def filled(field: str, text: str, value: str) -> str:
    return field.replace("{}", text).replace("{@}", value)


def grouped(fields: list[str]) -> list[str]:
    return ["".join(fields[number::GROUPS]) for number in range(GROUPS)]


def rss(text: str, value: str) -> str:
    """Fields that say the same in items of their own, and all that belong to the channel."""
    items = (
        RSS_ITEM.format(number, number, "{}").replace("{}", filled(field, text, value))
        for number, field in enumerate(grouped(RSS_FIELDS))
    )
    channel = "".join(filled(field, text, value) for field in CHANNEL_FIELDS)
    dates = "<lastBuildDate>Thu, 02 Jan 2020 00:00:00 GMT</lastBuildDate>"
    return (
        f"<rss version='2.0' {NAMESPACES}><channel>{channel}{dates}{''.join(items)}</channel></rss>"
    )


def atom(text: str, value: str) -> str:
    entries = (
        ATOM_ENTRY.format(number, number, "{}").replace("{}", filled(field, text, value))
        for number, field in enumerate(grouped(ATOM_FIELDS))
    )
    feed = "".join(filled(field, text, value) for field in FEED_FIELDS)
    updated = "<updated>2020-01-02T00:00:00Z</updated>"
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom' {NAMESPACES}>{feed}{updated}"
        f"{''.join(entries)}</feed>"
    )


DOCUMENTS = {"rss": rss, "atom": atom}
WRITTEN = {"escaped": lambda markup: escape(markup), "CDATA": as_cdata, "raw": lambda it: it}


def is_well_formed(text: str) -> bool:
    try:
        etree.fromstring(f"<x>{text}</x>")
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


def fields(value: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Each text of a value, with its path and the name of its field."""
    for name in value.__struct_fields__:
        part = getattr(value, name)
        for item in part if isinstance(part, tuple) else (part,):
            if isinstance(item, str) and item:
                yield f"{path}.{name}", name, item
            elif isinstance(item, Struct) and not isinstance(item, Problem):
                yield from fields(item, f"{path}.{name}")


def wrong_in(feed: Feed) -> list[str]:
    """What in the fields of a feed is not what the field says it is."""
    wrong = []
    for path, name, text in fields(feed, "feed"):
        if name == "content":
            found = dangers(text)
        elif name in ADDRESSES:
            found = [] if ADDRESS.fullmatch(text) else [text]
        elif name in ("id", "in_reply_to", "guid"):
            found = [text] if ID_THAT_RUNS.search(text) else []
        else:
            found = re.findall(r"[<>\"'\s]", text) if name in ("type", "language") else []
        wrong += [f"{path}: {danger}" for danger in found]
    return wrong


def wrong_in_document(data: bytes) -> list[str]:
    """What a reader that cleans nothing would find in a document."""
    parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    wrong = []
    for said in (parsed.feed, *parsed.entries):
        details = [said.get(f"{name}_detail") for name in ("title", "summary", "subtitle")]
        for detail in (*filter(None, details), *said.get("content", [])):
            if detail.type in ("text/html", "application/xhtml+xml"):
                wrong += dangers(detail.value)
        wrong += [
            str(link)
            for link in said.get("links", [])
            if not re.match(r"https?://|urn:|tag:", link.href)
        ]
    return wrong


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_nothing_hostile_lives_in_any_field(kind, written):
    wrong = {}
    parsed = 0
    for name, markup in HOSTILE.items():
        text = WRITTEN[written](markup)
        if written == "raw" and not is_well_formed(text):
            continue
        document = DOCUMENTS[kind](text, escape(markup))
        try:
            feed = parse(document.encode("utf-8", "replace"), url=URL)
        except ParseError:
            continue
        parsed += 1
        found = wrong_in(feed)
        found += wrong_in_document(render(feed, ("atom", "rss")[parsed % 2], embeds="keep"))
        if found:
            wrong[name] = found
    assert wrong == {}
    assert parsed > (20 if written == "raw" else 200)
