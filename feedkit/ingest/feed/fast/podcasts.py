"""What the elements of podcasts and Media RSS do."""

from feedkit.ingest.feed.fast.feeds import start_category as start_category_of_rss
from feedkit.ingest.feed.fast.machine import Attributes, Machine

# iTunes


def start_owner(m: Machine, _attributes: Attributes) -> None:
    m.in_publisher = True
    m.push("publisher", False)


def end_owner(m: Machine) -> None:
    m.pop("publisher")
    m.in_publisher = False


def start_category(m: Machine, attributes: Attributes) -> None:
    name = attributes.get("text", "")
    if m.in_entry:
        m.listed("tags", {"term": name})
    else:
        within = m.within[-1] if m.within else ""
        m.listed("show categories", {"name": name, "within": within})
    m.within.append(name)
    m.push("itunes_category", False)


def end_category(m: Machine) -> None:
    m.pop("itunes_category")
    del m.within[-1:]


def start_image(m: Machine, attributes: Attributes) -> None:
    m.resolve(attributes, "href", "url")
    if address := attributes.get("href") or attributes.get("url"):
        m.context().setdefault("itunes picture", {"href": address})
    m.push("itunes_image", False)


def end_image(m: Machine) -> None:
    if text := m.pop("itunes_image"):
        m.context().setdefault("itunes picture", {"href": m.resolved(text)})


def end_keywords(key: str, scheme: str | None, m: Machine) -> None:
    for term in (m.pop(key) or "").split(","):
        if term.strip():
            m.listed("tags", {"term": term.strip(), "scheme": scheme, "label": None})


# Media RSS


def start_group(m: Machine, _attributes: Attributes) -> None:
    m.group, m.group_title = [], ""


def end_group(m: Machine) -> None:
    for media in m.group or ():
        media.setdefault("title", m.group_title)
    m.group = None


def start_media(m: Machine, attributes: Attributes) -> None:
    m.media = m.resolve(attributes, "url")
    m.listed("media files", m.media)
    if m.group is not None:
        m.group.append(m.media)


def end_media(m: Machine) -> None:
    m.media = {}


def start_thumbnail(m: Machine, attributes: Attributes) -> None:
    m.listed("media thumbnails", m.resolve(attributes, "url"))
    m.push("thumbnail", False)


def end_thumbnail(m: Machine) -> None:
    text = m.pop("thumbnail")
    thumbnails = m.context().get("media thumbnails")
    if text and thumbnails:
        thumbnails[-1].setdefault("url", m.resolved(text))


def end_media_title(m: Machine) -> None:
    text = m.pop_content("media_title")
    if m.media:
        m.media.setdefault("title", text)
    elif m.group is not None:
        m.group_title = text


def start_media_category(m: Machine, attributes: Attributes) -> None:
    attributes.setdefault("scheme", "http://search.yahoo.com/mrss/category_schema")
    start_category_of_rss(m, attributes)


# Podlove Simple Chapters, Podcasting 2.0


def start_chapters(m: Machine, _attributes: Attributes) -> None:
    m.in_chapters = "psc chapters" not in m.context()


def end_chapters(m: Machine) -> None:
    m.in_chapters = False


def start_chapter(m: Machine, attributes: Attributes) -> None:
    if m.in_chapters:
        m.listed("psc chapters", m.resolve(attributes, "href", "image"))


def start_listed(key: str, m: Machine, attributes: Attributes) -> None:
    m.listed(key, m.resolve(attributes, "url"))
