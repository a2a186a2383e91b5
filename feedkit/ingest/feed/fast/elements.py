"""What is done where an element starts and where it ends, by the name feedparser has for it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from feedkit.ingest.feed.fast import feeds, podcasts
from feedkit.ingest.feed.fast.declined import Declined
from feedkit.ingest.feed.fast.machine import XHTML, Attributes, Machine

Start = Callable[[Machine, Attributes], object]
End = Callable[[Machine], object]

_STRUCTURED = frozenset({"links", "authors", "contributors", "date"})


class Element(NamedTuple):
    """What is done where an element starts and where it ends."""

    start: Start
    end: End


def unknown(key: str) -> Element:
    """An element that feedparser has no handler for: it is kept under its own name."""
    if key in _STRUCTURED or key.endswith("_detail"):
        return Element(partial(_decline, key), _nothing)

    def start(m: Machine, attributes: Attributes) -> None:
        if attributes:
            m.context()[key] = attributes
        else:
            m.push(key, True)

    return Element(start, _popped(key))


def _decline(key: str, _m: Machine, _attributes: Attributes) -> None:
    raise Declined(f"<{key}>")


def _nothing(_m: Machine, _attributes: Attributes | None = None) -> None:
    pass


def _popped(name: str) -> End:
    return lambda m: m.pop(name)


def _pushed(name: str, expects_text: bool = True) -> Start:
    return lambda m, _attributes: m.push(name, expects_text)


def _text(name: str, expects_text: bool = True) -> Element:
    """One that holds a text; its attributes don't count."""
    return Element(_pushed(name, expects_text), _popped(name))


def _markup(name: str, kind: str = "text/plain") -> Element:
    """One that holds markup, or a text of a stated type."""
    return Element(
        lambda m, attributes: m.push_content(name, attributes, kind),
        lambda m: m.pop_content(name),
    )


def _date(name: str) -> Element:
    def end(m: Machine) -> None:
        # feedparser raises for a month beyond December
        if "/" in (m.pop(name) or ""):
            raise Declined("a date with slashes")

    return Element(_pushed(name), end)


def _keywords(key: str, scheme: str | None) -> Element:
    return Element(unknown(key).start, partial(podcasts.end_keywords, key, scheme))


def _listed(key: str, name: str) -> Element:
    return Element(partial(podcasts.start_listed, key), _popped(name))


_AUTHOR = Element(feeds.start_author, feeds.end_author)
_CATEGORY = Element(feeds.start_category, feeds.end_category)
_CONTENT = Element(feeds.start_content, lambda m: m.pop_content("content"))
_PICTURE = Element(podcasts.start_image, podcasts.end_image)

_HANDLED: tuple[tuple[str, Element], ...] = (
    # a feed and its entries
    ("rss", Element(feeds.start_rss, _popped("rss"))),
    ("channel", Element(feeds.start_channel, feeds.end_channel)),
    ("feed", Element(feeds.start_feed, feeds.end_channel)),
    ("item entry", Element(feeds.start_item, feeds.end_item)),
    ("source", Element(feeds.start_source, feeds.end_source)),
    ("image", Element(feeds.start_image, feeds.end_image)),
    ("width", Element(_pushed("width", False), partial(feeds.end_size, "width"))),
    ("height", Element(_pushed("height", False), partial(feeds.end_size, "height"))),
    ("id", Element(feeds.start_id, feeds.end_id)),
    ("guid", Element(feeds.start_guid, feeds.end_id)),
    ("link", Element(feeds.start_link, feeds.end_link)),
    ("enclosure", Element(feeds.start_enclosure, _popped("enclosure"))),
    ("published issued pubdate dcterms_issued", _date("published")),
    ("updated modified lastbuilddate dc_date dcterms_modified", _date("updated")),
    ("created dcterms_created", _date("created")),
    ("expirationdate", _date("expired")),
    ("language dc_language", _text("language")),
    ("generator", Element(feeds.start_generator, _popped("generator"))),
    ("admin_generatoragent", Element(feeds.start_agent, _popped("admin_generatoragent"))),
    ("cloud", Element(_nothing, _popped("cloud"))),
    ("category keywords dc_subject", _CATEGORY),
    ("skiphours", _text("skiphours", False)),
    ("skipdays", _text("skipdays", False)),
    ("hour", Element(_pushed("hour", False), feeds.end_hour)),
    ("day", Element(_pushed("day", False), feeds.end_day)),
    # people
    ("author managingeditor dc_author dc_creator itunes_author", _AUTHOR),
    ("contributor", Element(feeds.start_contributor, feeds.end_contributor)),
    ("webmaster dc_publisher", _text("publisher")),
    ("name itunes_name", Element(_pushed("name", False), feeds.end_name)),
    ("email itunes_email", Element(_pushed("email", False), feeds.end_email)),
    ("url uri homepage", Element(_pushed("href"), feeds.end_url)),
    # texts
    ("title", Element(feeds.start_title, feeds.end_title)),
    ("dc_title", _markup("dc_title")),
    ("description dc_description", Element(feeds.start_description, _markup("description").end)),
    ("summary", Element(feeds.start_summary, _markup("summary").end)),
    ("content", _CONTENT),
    ("content_encoded", Element(feeds.start_encoded, _CONTENT.end)),
    ("body xhtml_body", _markup("content", XHTML)),
    ("subtitle tagline", _markup("subtitle")),
    ("rights copyright dc_rights", _markup("rights")),
    ("info feedburner_browserfriendly", _markup("info")),
    # podcasts
    ("itunes_block", unknown("itunes_block")),
    ("itunes_explicit", unknown("itunes_explicit")),
    ("itunes_category", Element(podcasts.start_category, podcasts.end_category)),
    ("itunes_image itunes_link", _PICTURE),
    ("itunes_keywords", _keywords("itunes_keywords", "http://www.itunes.com/")),
    ("itunes_owner", Element(podcasts.start_owner, podcasts.end_owner)),
    ("itunes_subtitle", _markup("itunes_subtitle")),
    ("itunes_summary", _markup("itunes_summary")),
    ("podcast_chapters", _listed("podcast chapters", "podcast_chapters")),
    ("podcast_transcript", _listed("podcast transcripts", "podcast_transcript")),
    ("podcast_episode", _text("podcast_episode")),
    ("podcast_locked", _text("podcast_locked")),
    ("podcast_season", _text("podcast_season")),
    ("psc_chapter", Element(podcasts.start_chapter, _popped("psc_chapter"))),
    ("psc_chapters", Element(podcasts.start_chapters, podcasts.end_chapters)),
    # Media RSS
    ("media_group", Element(podcasts.start_group, podcasts.end_group)),
    ("media_content", Element(podcasts.start_media, podcasts.end_media)),
    ("media_thumbnail", Element(podcasts.start_thumbnail, podcasts.end_thumbnail)),
    ("media_title", Element(_markup("media_title").start, podcasts.end_media_title)),
    ("media_description", _markup("media_description")),
    ("media_category", Element(podcasts.start_media_category, feeds.end_category)),
    ("media_keywords", _keywords("media_keywords", None)),
    ("media_credit", _text("credit")),
    ("media_license", _text("license")),
    ("media_rating", _text("rating")),
    ("media_restriction", _text("restriction")),
    ("media_player", _text("media_player", False)),
    ("georss_box georss_line georss_point georss_polygon", _text("geometry", False)),
)
_NOT_FOLLOWED = """
    abstract cc_license creativecommons_license creativeCommons_license dc_contributor dcterms_valid
    fullitem geom georss_where georssgeom gml_exterior gml_linearring gml_linestring gml_point
    gml_polygon gml_pos gml_poslist newlocation tags textInput textinput where
"""

ELEMENTS = {name: element for names, element in _HANDLED for name in names.split()} | {
    name: Element(partial(_decline, name), _nothing) for name in _NOT_FOLLOWED.split()
}
"""All elements that feedparser and its corrections have a handler for."""

LEAVES = frozenset({"credit", "geometry", "license", "media_player", "rating", "restriction"})
"""The open elements that may hold nothing but text, lest feedparser raises where they end."""
