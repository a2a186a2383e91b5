"""What the elements of RSS and Atom do, and those of modules that mean the same."""

import copy

from feedkit.ingest.feed.fast.declined import Declined
from feedkit.ingest.feed.fast.machine import HTML_TYPES, Attributes, Machine, media_type
from feedkit.ingest.feed.skips import day_of, hour_of, with_skip

_REGISTERED = "http://www.iana.org/assignments/relation/"
_RSS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ATOM = {"0.1": "atom01", "0.2": "atom02", "0.3": "atom03"}
_PLAIN = frozenset({"rel", "type", "href", "hreflang", "title", "length"})
_TYPES = {"enclosure": "", "self": "application/atom+xml"}


def required(text: str | None) -> str:
    """A text, which is None where elements are nested in ways that nobody writes."""
    if text is None:
        raise Declined("nesting")
    return text


# channel, entry, source, image


def start_rss(m: Machine, attributes: Attributes) -> None:
    _language_of_root(m)
    if not m.version.startswith("rss"):
        stated = attributes.get("version", "")
        m.version = _RSS.get(stated) or ("rss20" if stated.startswith("2.") else "rss")


def start_feed(m: Machine, attributes: Attributes) -> None:
    _language_of_root(m)
    m.in_feed = True
    m.version = m.version or _ATOM.get(attributes.get("version", ""), "atom")


def _language_of_root(m: Machine) -> None:
    if m.lang:
        m.feed["language"] = m.lang.replace("_", "-")


def start_channel(m: Machine, attributes: Attributes) -> None:
    _decline_cdf(attributes)
    if m.lang:
        m.feed.setdefault("language", m.lang)
    m.in_feed = True


def end_channel(m: Machine) -> None:
    m.in_feed = False


def _decline_cdf(attributes: Attributes) -> None:
    if "lastmod" in attributes or "href" in attributes:
        raise Declined("CDF")


def start_item(m: Machine, attributes: Attributes) -> None:
    _decline_cdf(attributes)
    m.entries.append({"own language": m.lang or ""})
    m.depths = {}
    m.push("item", False)
    m.in_entry = True
    m.guid_is_link = False
    m.title_depth = -1
    if attributes and (about := attributes.get(m.names.in_rdf("about"))):
        m.context()["id"] = about


def end_item(m: Machine) -> None:
    m.pop("item")
    m.in_entry = m.has_content = False


def start_source(m: Machine, attributes: Attributes) -> None:
    if "url" in attributes:
        m.source["href"] = attributes["url"]
    m.push("source", True)
    m.in_source = True
    m.title_depth = -1
    m.source["own address"] = m.resolve(attributes, "url").get("url", "")


def end_source(m: Machine) -> None:
    m.in_source = False
    if text := m.pop("source"):
        m.source["title"] = text
    # what is open still, like a category, adds nothing to what is copied
    m.context()["source"], m.source = copy.deepcopy(m.source), {}


def start_image(m: Machine, _attributes: Attributes) -> None:
    if m.in_entry:
        m.in_image = True
        m.kept_title_depth, m.title_depth = m.title_depth, 0
        m.push("own picture", False)
        return
    m.context().setdefault("image", {})
    m.in_image = True
    m.title_depth = -1
    m.push("image", False)


def end_image(m: Machine) -> None:
    if m.in_entry:
        if text := m.pop("own picture"):
            m.entries[-1].setdefault("own picture", {}).setdefault("href", text)
        m.title_depth = m.kept_title_depth
    else:
        m.pop("image")
    m.in_image = False


def end_size(name: str, m: Machine) -> None:
    text = required(m.pop(name))
    if m.in_image:
        try:
            m.context()[name] = int(text)
        except ValueError:
            m.context()[name] = 0


def end_hour(m: Machine) -> None:
    _skip(m, "skiphours", hour_of(m.pop("hour") or ""))


def end_day(m: Machine) -> None:
    _skip(m, "skipdays", day_of(m.pop("day") or ""))


def _skip(m: Machine, within: str, what: str) -> None:
    if what and m.stack and m.stack[-1][0] == within and not m.in_entry:
        key = f"all {within}"
        m.feed[key] = with_skip(m.feed.get(key, ""), what)


# ids and links


def start_guid(m: Machine, attributes: Attributes) -> None:
    m.guid_is_link = attributes.get("ispermalink", "true").strip().lower() == "true"
    m.push("id", True)


def start_id(m: Machine, _attributes: Attributes) -> None:
    m.guid_is_link = False
    m.push("id", True)


def end_id(m: Machine) -> None:
    text = m.pop("id")
    if text and m.guid_is_link:
        m.context().setdefault("link", text)


def _with_href(attributes: Attributes) -> Attributes:
    address = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if address:
        attributes.pop("url", None)
        attributes.pop("uri", None)
        attributes["href"] = address
    return attributes


def start_link(m: Machine, attributes: Attributes) -> None:
    relation = attributes.get("rel", "").strip().removeprefix(_REGISTERED) or "alternate"
    attributes["rel"] = relation
    attributes.setdefault("type", _TYPES.get(relation, "text/html"))
    context = m.context()
    if "href" in _with_href(attributes):
        attributes["href"] = m.resolved(attributes["href"])
    if m.in_source and not _PLAIN.issuperset(attributes):
        # copying a source renames attributes
        raise Declined("a link of a source")
    links = context.setdefault("links", [])
    if not (m.in_entry and m.in_image):
        links.append(attributes)
    if "href" not in attributes:
        m.push("link", m.expects_text)
    elif relation == "alternate" and media_type(attributes["type"]) in HTML_TYPES:
        context["link"] = attributes["href"]


def end_link(m: Machine) -> None:
    context = m.context()
    before = context.get("link")
    m.pop("link")
    links = context.get("links")
    if links and links[-1].get("rel") != "alternate":
        context.pop("link", None)
        if before:
            context["link"] = before


def start_enclosure(m: Machine, attributes: Attributes) -> None:
    _with_href(m.resolve(attributes, "url", "href"))["rel"] = "enclosure"
    if m.in_source:
        raise Declined("a link of a source")
    m.context().setdefault("links", []).append(attributes)


# people


def start_author(m: Machine, _attributes: Attributes) -> None:
    m.in_author = True
    m.push("author", True)
    m.context().setdefault("authors", []).append({})


def end_author(m: Machine) -> None:
    text = m.pop("author")
    m.in_author = False
    people = m.context().get("authors")
    if text and people:
        people[-1]["said"] = text


def start_contributor(m: Machine, _attributes: Attributes) -> None:
    m.in_contributor = True
    m.context().setdefault("contributors", []).append({})
    m.push("contributor", False)


def end_contributor(m: Machine) -> None:
    m.pop("contributor")
    m.in_contributor = False


def end_name(m: Machine) -> None:
    _of_person(m, "name", required(m.pop("name")))


def end_email(m: Machine) -> None:
    _of_person(m, "email", required(m.pop("email")))


def _of_person(m: Machine, key: str, text: str) -> None:
    if m.in_publisher:
        m.context().setdefault("show owner", {})[key] = text
    elif m.in_author:
        m.context().setdefault("authors", [{}])[-1][key] = text
    elif m.in_contributor:
        m.context().setdefault("contributors", [{}])[-1][key] = text


def end_url(m: Machine) -> None:
    text = required(m.pop("href"))
    if m.in_author:
        m.context().setdefault("authors", [{}])[-1]["href"] = text
    elif m.in_contributor:
        m.context().setdefault("contributors", [{}])[-1]["href"] = text
    elif m.in_image and m.in_entry and text:
        m.context()["href"] = text


# texts


def start_title(m: Machine, attributes: Attributes) -> None:
    m.push_content("title", attributes, "text/plain", m.expects_text)


def end_title(m: Machine) -> None:
    if m.pop_content("title"):
        m.title_depth = m.depth


def start_description(m: Machine, attributes: Attributes) -> None:
    _decline_second(m)
    m.push_content("description", attributes, "text/html", m.expects_text)


def start_summary(m: Machine, attributes: Attributes) -> None:
    _decline_second(m)
    m.push_content("summary", attributes, "text/plain")


def _decline_second(m: Machine) -> None:
    if "summary" in m.context() and not m.has_content:
        # feedparser takes it for the content
        raise Declined("a second summary")


def start_content(m: Machine, attributes: Attributes) -> None:
    m.has_content = True
    m.push_content("content", attributes, "text/plain")
    # it is pushed twice and popped once
    m.push("content", True)


def start_encoded(m: Machine, attributes: Attributes) -> None:
    m.has_content = True
    m.push_content("content", attributes, "text/html")


def start_generator(m: Machine, attributes: Attributes) -> None:
    if "href" in _with_href(attributes):
        m.resolved(attributes["href"])
    m.push("generator", True)


def start_agent(m: Machine, attributes: Attributes) -> None:
    m.context().setdefault("generator", attributes.get("rdf:resource", ""))


# categories


def start_category(m: Machine, attributes: Attributes) -> None:
    m.category = {
        "term": attributes.get("term"),
        "label": attributes.get("label"),
        "scheme": attributes.get("scheme", attributes.get("domain")),
    }
    m.listed("tags", m.category)
    m.push("category", True)


def end_category(m: Machine) -> None:
    text = m.pop("category")
    if text and not m.category.get("term"):
        m.category["term"] = text
