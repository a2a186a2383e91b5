"""What feedgen has no method for, or loses, in the entries it writes: added to its elements."""

from collections.abc import Sequence

from feedkit._dates import rfc822, rfc3339
from feedkit._xml import ATOM, DC, ITUNES, MEDIA, PODCAST, PSC, THREADING
from feedkit.emit.generator import Element, add, add_of, escaped, written
from feedkit.emit.podcast_elements import _CHAPTERS_TYPE, _timestamp, _true_or_false
from feedkit.model import Post
from feedkit.parts import Enclosure, Episode, Origin, Person

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def finish_entry(entry: Element, post: Post) -> None:
    """Add to an entry what feedgen has no method for, or loses."""
    for rel, href, media_type in (
        ("alternate", post.url, ""),
        ("replies", post.comments, "text/html"),
        ("via", post.via, ""),
        ("related", post.related, ""),
    ):
        if href:
            add(entry, "link", rel=rel, href=href, type=media_type)
    for enclosure in post.enclosures:
        _add_enclosure(entry, enclosure)
    if post.in_reply_to:
        add_of(THREADING, entry, "in-reply-to", ref=post.in_reply_to)
    if post.image:
        add_of(MEDIA, entry, "thumbnail", url=post.image)
    if post.language:
        entry.set(_LANGUAGE, post.language)
    if post.origin:
        _add_source(entry, post.origin)


def _add_people_of_atom(parent: Element, name: str, people: Sequence[Person]) -> None:
    for someone in people:
        element = add(parent, name)
        add(element, "name", someone.name)
        if someone.email:
            add(element, "email", someone.email)
        if someone.url:
            add(element, "uri", someone.url)


def _add_enclosure(entry: Element, enclosure: Enclosure) -> None:
    add(
        entry,
        "link",
        rel="enclosure",
        href=enclosure.url,
        type=enclosure.type,
        length=written(enclosure.length),
        title=enclosure.title,
    )


def _add_source(entry: Element, origin: Origin) -> None:
    """Where the entry came from (§4.2.11); never that feed's self link or hub."""
    source = add(entry, "source")
    add(source, "id", origin.id)
    add(source, "title", origin.title)
    if origin.updated:
        add(source, "updated", rfc3339(origin.updated))
    if origin.url:
        add(source, "link", rel="alternate", href=origin.url)
    _add_people_of_atom(source, "author", origin.authors)
    for name, text in (
        ("subtitle", origin.subtitle),
        ("icon", origin.icon),
        ("logo", origin.image),
        ("rights", origin.rights),
    ):
        if text:
            add(source, name, text)


def finish_item(item: Element, post: Post) -> None:
    """Add to an item what feedgen has no method for, or loses."""
    if post.published:
        add(item, "pubDate", rfc822(post.published))
    if post.updated:
        add_of(ATOM, item, "updated", rfc3339(post.updated))
    _add_people_of_rss(item, post.authors)
    for contributor in post.contributors:
        add_of(DC, item, "contributor", escaped(contributor.name))
    if post.rights:
        add_of(DC, item, "rights", escaped(post.rights))
    if post.language:
        add_of(DC, item, "language", post.language)
    for rel, href in (("via", post.via), ("related", post.related)):
        if href:
            add_of(ATOM, item, "link", rel=rel, href=href)
    for place, enclosure in enumerate(post.enclosures):
        if place or enclosure.title or enclosure.duration is not None:
            _add_media(item, enclosure)
    if post.image:
        add_of(MEDIA, item, "thumbnail", url=post.image)
    if post.in_reply_to:
        add_of(THREADING, item, "in-reply-to", ref=post.in_reply_to)
    if post.episode:
        _add_episode(item, post, post.episode)
    if post.origin:
        add(item, "source", escaped(post.origin.title), url=post.origin.feed_url)


def _add_people_of_rss(parent: Element, people: Sequence[Person]) -> None:
    for someone in people:
        if someone.email:
            add(parent, "author", f"{someone.email} ({someone.name})")
        else:
            add_of(DC, parent, "creator", escaped(someone.name))


def _add_media(item: Element, enclosure: Enclosure) -> None:
    media = add_of(
        MEDIA,
        item,
        "content",
        url=enclosure.url,
        type=enclosure.type,
        fileSize=written(enclosure.length or None),
        duration=written(enclosure.duration),
    )
    if enclosure.title:
        add_of(MEDIA, media, "title", escaped(enclosure.title), type="plain")


def _add_episode(item: Element, post: Post, episode: Episode) -> None:
    """Say in the item what makes it an episode."""
    _itunes(item, "title", episode.title)
    _itunes(item, "duration", written(episode.duration))
    _itunes(item, "season", written(episode.season))
    _itunes(item, "episode", written(episode.number))
    _itunes(item, "episodeType", episode.kind)
    _itunes(item, "explicit", _true_or_false(episode.explicit))
    _itunes(item, "block", "Yes" if episode.blocked else "")
    if post.image:
        add_of(ITUNES, item, "image", href=post.image)
    for transcript in episode.transcripts:
        add_of(
            PODCAST,
            item,
            "transcript",
            url=transcript.url,
            type=transcript.type,
            language=transcript.language,
            rel=transcript.rel,
        )
    if episode.chapters_url:
        url = episode.chapters_url
        add_of(PODCAST, item, "chapters", url=url, type=_CHAPTERS_TYPE)
    if episode.chapters:
        chapters = add_of(PSC, item, "chapters", version="1.2")
        for chapter in episode.chapters:
            add_of(
                PSC,
                chapters,
                "chapter",
                start=_timestamp(chapter.start),
                title=chapter.title,
                href=chapter.url,
                image=chapter.image,
            )


def _itunes(parent: Element, name: str, text: str) -> None:
    if text:
        add_of(ITUNES, parent, name, escaped(text))
