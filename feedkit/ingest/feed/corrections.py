"""What feedparser mixes up or loses, kept apart as it reads.

Its handlers put several elements into one field; the last, or the longest, or
the first wins. Each handler here replaces one of them:

- ``itunes:summary`` and ``itunes:subtitle``, ``media:description`` and
  ``media:title``, ``dc:title``: no longer take the place of the entry's own.
- ``itunes:owner`` no longer overwrites the author before it;
  ``itunes:category`` keeps what it is within, and is no tag of the channel.
- ``itunes:image`` and a picture inside an item no longer overwrite the
  channel's ``image``.
- ``itunes:explicit`` and ``itunes:block`` keep what they say; ``psc:chapter``
  may lack its start; ``podcast:*`` keeps what is repeated.
- An Atom ``id`` is never a link, nor is the text of a ``link`` of another relation;
  an id is never resolved. An enclosure without a type is not taken for HTML.
- ``content`` is not copied to the summary.
- ``admin:generatorAgent`` is read, which feedparser has a handler for, but not in use.
- A person stays as written, where an e-mail address lost its end.
- A category stays with its own element, and many take no longer than they must.
- A text that is UTF-8 once more when read as ISO 8859-1 was meant so.
- ``xml:base`` counts for enclosures, media and sources too; ``xml:lang`` of a
  channel or an entry for the whole of it.

References are decoded once by the loose parser as well (in feedparser_raw.py). Texts are made
plain in said.py, people taken apart in people.py. What is kept apart has a key with a space
in it, which no element can have.
"""

from typing import Any, ClassVar

from feedparser import api

from feedkit.ingest.feed.skip_handlers import Skips

_MORE = {
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://podlove.org/simple-chapters/": "psc",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://purl.org/syndication/thread/1.0": "thr",
}
_REGISTERED = "http://www.iana.org/assignments/relation/"


class Corrections(Skips, api._FeedParserMixin):  # type: ignore[misc]
    """Stands before feedparser's own handlers in a parser class."""

    title_depth: int
    _matchnamespaces: ClassVar[dict[str, str]] = {
        uri.lower(): prefix for uri, prefix in (api._FeedParserMixin.namespaces | _MORE).items()
    }
    can_be_relative_uri = api._FeedParserMixin.can_be_relative_uri - {"id"}

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # feedparser repairs texts for one spelling of the name only
        self.encoding = "UTF-8"
        self._within: list[str] = []
        self._category: dict[str, Any] = {}
        self._media: dict[str, Any] = {}
        self._group: list[dict[str, Any]] | None = None
        self._group_title = ""
        self._title_depth = -1

    def _get_context(self) -> Any:
        if self.inimage and self.inentry and not self.insource:
            return self.entries[-1].setdefault("own picture", {})
        return super()._get_context()

    def _listed(self, key: str, value: dict[str, Any]) -> None:
        self._get_context().setdefault(key, []).append(value)

    def resolve_uri(self, uri: str) -> str:
        """An address as xml:base makes it; as it is written it is kept, too, for ids."""
        resolved: str = super().resolve_uri(uri)
        if resolved != uri:
            self._get_context().setdefault("as written", {})[resolved] = uri
        return resolved

    def _resolve(self, attributes: Any, *names: str) -> Any:
        """The attributes, with these addresses as xml:base makes them."""
        for name in names:
            if attributes.get(name):
                attributes[name] = self.resolve_uri(attributes[name].strip())
        return attributes

    # channel, entry, source

    def _start_channel(self, attributes: Any) -> None:
        if self.lang:
            self.feeddata.setdefault("language", self.lang)
        super()._start_channel(attributes)

    def _start_feed(self, attributes: Any) -> None:
        if self.lang:
            self.feeddata.setdefault("language", self.lang)
        super()._start_feed(attributes)

    def _start_item(self, attributes: Any) -> None:
        super()._start_item(attributes)
        self.entries[-1]["own language"] = self.lang or ""

    _start_entry = _start_item

    def _start_source(self, attributes: Any) -> None:
        super()._start_source(attributes)
        # the address of its author would take the place of its own
        self.sourcedata["own address"] = self._resolve(attributes, "url").get("url", "")

    def _start_image(self, attributes: Any) -> None:
        if not self.inentry:
            super()._start_image(attributes)
            return
        self.inimage = 1
        # its title is not the entry's
        self._title_depth, self.title_depth = self.title_depth, 0
        self.push("own picture", 0)

    def _end_image(self) -> None:
        if not self.inentry:
            super()._end_image()
            return
        said = self.pop("own picture")
        if said:
            self.entries[-1].setdefault("own picture", {}).setdefault("href", said)
        self.inimage = 0
        self.title_depth = self._title_depth

    def _end_url(self) -> None:
        value = self.pop("href")
        if self.inauthor:
            self._save_author("href", value)
        elif self.incontributor:
            self._save_contributor("href", value)
        elif self.inimage and self.inentry and value:
            self._get_context()["href"] = value

    _end_homepage = _end_uri = _end_url

    def _start_admin_generatoragent(self, attributes: Any) -> None:
        self._save("generator", attributes.get("rdf:resource", ""))

    # ids and links

    def _start_guid(self, attributes: Any) -> None:
        self.guidislink = attributes.get("ispermalink", "true").strip().lower() == "true"
        self.push("id", 1)

    def _start_id(self, _attributes: Any) -> None:
        self.guidislink = False
        self.push("id", 1)

    def _end_guid(self) -> None:
        value = self.pop("id")
        if self.guidislink and value:
            self._save("link", value)

    _end_id = _end_guid

    def _start_link(self, attributes: Any) -> None:
        relation = attributes.get("rel", "").strip().removeprefix(_REGISTERED)
        attributes["rel"] = relation or "alternate"
        if relation == "enclosure":
            # of what type a file is, is not guessed
            attributes.setdefault("type", "")
        super()._start_link(attributes)

    def _end_link(self) -> None:
        context = self._get_context()
        before = dict.get(context, "link")
        self.pop("link")
        links = context.get("links")
        if links and isinstance(links, list) and links[-1].get("rel") != "alternate":
            dict.pop(context, "link", None)
            if before:
                context["link"] = before

    def _start_enclosure(self, attributes: Any) -> None:
        super()._start_enclosure(self._resolve(attributes, "url", "href"))

    # people

    def _sync_author_detail(self, key: str = "author") -> None:
        """Persons are taken apart where they are read."""

    def _end_author(self) -> None:
        said = self.pop("author")
        self.inauthor = 0
        people = self._get_context().get("authors")
        if said and people and isinstance(people, list):
            people[-1]["said"] = said

    _end_managingeditor = _end_author

    def _save_author(self, key: str, value: str, prefix: str = "author") -> None:
        if prefix == "publisher":
            self._get_context().setdefault("show owner", {})[key] = value
        else:
            super()._save_author(key, value, prefix)

    # texts

    def _end_content(self) -> None:
        self.pop_content("content")

    _end_body = _end_xhtml_body = _end_content_encoded = _end_fullitem = _end_content

    def _start_dc_title(self, attributes: Any) -> None:
        self.push_content("dc_title", attributes, "text/plain", 1)

    def _end_dc_title(self) -> None:
        self.pop_content("dc_title")

    # categories

    def _start_category(self, attributes: Any) -> None:
        self._category = {
            "term": attributes.get("term"),
            "label": attributes.get("label"),
            "scheme": attributes.get("scheme", attributes.get("domain")),
        }
        self._listed("tags", self._category)
        self.push("category", 1)

    def _end_category(self) -> None:
        said = self.pop("category")
        if said and not self._category.get("term"):
            self._category["term"] = said

    _start_keywords = _start_category
    _end_keywords = _end_category

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        self._listed("tags", {"term": term, "scheme": scheme, "label": label})

    # iTunes

    def _start_itunes_category(self, attributes: Any) -> None:
        name = attributes.get("text", "")
        if self.inentry:
            self._listed("tags", {"term": name})
        else:
            within = self._within[-1] if self._within else ""
            self._listed("show categories", {"name": name, "within": within})
        self._within.append(name)
        self.push("itunes_category", 0)

    def _end_itunes_category(self) -> None:
        self.pop("itunes_category")
        del self._within[-1:]

    def _start_itunes_image(self, attributes: Any) -> None:
        self._resolve(attributes, "href", "url")
        address = attributes.get("href") or attributes.get("url")
        if address:
            self._get_context().setdefault("itunes picture", {"href": address})
        self.push("itunes_image", 0)

    def _end_itunes_image(self) -> None:
        said = self.pop("itunes_image")
        if said:
            self._get_context().setdefault("itunes picture", {"href": self.resolve_uri(said)})

    _start_itunes_link = _start_itunes_image
    _end_itunes_link = _end_itunes_image

    def _start_itunes_summary(self, attributes: Any) -> None:
        self.push_content("itunes_summary", attributes, "text/plain", 1)

    def _end_itunes_summary(self) -> None:
        self.pop_content("itunes_summary")

    def _start_itunes_subtitle(self, attributes: Any) -> None:
        self.push_content("itunes_subtitle", attributes, "text/plain", 1)

    def _end_itunes_subtitle(self) -> None:
        self.pop_content("itunes_subtitle")

    def _end_itunes_block(self) -> None:
        self.pop("itunes_block")

    def _end_itunes_explicit(self) -> None:
        self.pop("itunes_explicit")

    # Media RSS

    def _start_media_group(self, _attributes: Any) -> None:
        self._group, self._group_title = [], ""

    def _end_media_group(self) -> None:
        for media in self._group or ():
            media.setdefault("title", self._group_title)
        self._group = None

    def _start_media_content(self, attributes: Any) -> None:
        self._media = dict(self._resolve(attributes, "url"))
        self._listed("media files", self._media)
        if self._group is not None:
            self._group.append(self._media)

    def _end_media_content(self) -> None:
        self._media = {}

    def _start_media_thumbnail(self, attributes: Any) -> None:
        self._listed("media thumbnails", dict(self._resolve(attributes, "url")))
        self.push("thumbnail", 0)

    def _end_media_thumbnail(self) -> None:
        said = self.pop("thumbnail")
        thumbnails = self._get_context().get("media thumbnails")
        if said and thumbnails:
            thumbnails[-1].setdefault("url", self.resolve_uri(said))

    def _start_media_title(self, attributes: Any) -> None:
        self.push_content("media_title", attributes, "text/plain", 1)

    def _end_media_title(self) -> None:
        said = self.pop_content("media_title") or ""
        if self._media:
            self._media.setdefault("title", said)
        elif self._group is not None:
            self._group_title = said

    def _start_media_description(self, attributes: Any) -> None:
        self.push_content("media_description", attributes, "text/plain", 1)

    def _end_media_description(self) -> None:
        self.pop_content("media_description")

    # Podlove Simple Chapters, Podcasting 2.0

    def _start_psc_chapters(self, _attributes: Any) -> None:
        self.psc_chapters_flag = "psc chapters" not in self._get_context()

    def _start_psc_chapter(self, attributes: Any) -> None:
        if self.psc_chapters_flag:
            self._listed("psc chapters", self._resolve(attributes, "href", "image"))

    def _start_podcast_transcript(self, attributes: Any) -> None:
        self._listed("podcast transcripts", self._resolve(attributes, "url"))

    def _start_podcast_chapters(self, attributes: Any) -> None:
        self._listed("podcast chapters", self._resolve(attributes, "url"))

    def _start_podcast_season(self, _attributes: Any) -> None:
        self.push("podcast_season", 1)

    def _start_podcast_episode(self, _attributes: Any) -> None:
        self.push("podcast_episode", 1)

    def _start_podcast_locked(self, _attributes: Any) -> None:
        self.push("podcast_locked", 1)
