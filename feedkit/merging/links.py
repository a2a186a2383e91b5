"""The canonical link: what all addresses of one page have in common."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes

from feedkit._urls import web_url
from feedkit.model import Post

_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;)+")
_PARTS = re.compile(r"(https?)://(\[[^\]]*\]|[^/?#:]+)(?::(\d*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?")
_PORTS = {"http": 80, "https": 443}
_TWIN_HOST = re.compile(r"(?:(?:www|m|amp)\.)+(?=[^.]+\.[^.])")
_AMP_CACHE = re.compile(
    r"https?://(?:(?:(?:www|m|amp)\.)*google\.[a-z.]{2,6}/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[a-z])"
    r"/(?:s/)?(?=[^/?]+\.[^/?]+/)",
    re.IGNORECASE,
)
_MOST_CACHES = 3
_INDEX = re.compile(
    r"(?:index\.(?:[xs]?html?|php|aspx?|jsp)|default\.(?:html?|aspx?))", re.IGNORECASE
)
_HTML = re.compile(r"\.html?$")
_SESSION = re.compile(r"%3Bjsessionid%3D.*", re.IGNORECASE)
# a place in the page that no post is about, or what a sharer's tools left there
_NO_PLACE = re.compile(
    r"(?:|top|main|content|comments?|respond|disqus_thread|more(?:-\d+)?|rss|atom|feed"
    r"|:~:.*|(?:utm_|mtm_|pk_|at_)\w+=.*|(?:xtor|ref|publisher|echobox|ftag|intcid|ns_campaign)=.*)",
    re.IGNORECASE | re.DOTALL,
)
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|at|guce|oly|vero|_bta)_\w+|(?:fb|g|d|y|tw|tt)clid|msclkid|gclsrc"
    r"|[gw]braid|irclickid|rb_clickid|li_fat_id|igsh(?:id)?|mc_[ce]id|mkt_tok|_?hs(?:enc|mi)"
    r"|hsctatracking|ns_(?:mchannel|source|campaign|linkname|fee)|s_cid|maca|wickedid|xtor|cmpid|ocid"
    r"|ncid|smid|srsltid|epik|mibextid|_g[al]|guccounter|cjevent|elqtrackid|ck_subscriber_id"
    r"|__twitter_impression|ref|ref_src|ref_url|(?:no)?amp|phpsessid|jsessionid",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:source|src|from|via|origin|partner|emc|cid|campaign|traffic_source|medium)"
    r"=(?:rss|atom|feed)(?:feed)?(?:[-_.].*)?|output(?:type)?=amp",
    re.IGNORECASE | re.DOTALL,
)
_IN_PATH = "!$'()*,:@"
# what every spelling leaves as it is (RFC 3986 §2.3)
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")


def canonical_link(url: str) -> str:
    """What the addresses of one page have in common, as an address.

        >>> canonical_link("http://www.Blog.example/post/amp/?utm_source=rss#comments")
        'https://blog.example/post'

    Left out are what does not tell pages apart: http or https, ``www.``, ``m.`` and
    ``amp.``, default ports, AMP paths and caches, a last slash, ``index.html``, parameters
    that are known to track, sessions, the order of the rest, and fragments that
    name no part of a page. Escapes and hosts beyond ASCII are spelled in one way (RFC 3986
    §6.2.2, RFC 5891).

    :param url: the address as written.
    :return: the link; its own canonical link. ``""`` when the address names no page
        of its own: a home page, a part of a page, what is not http or https.
    """
    link = web_url(url)
    for _ in range(_MOST_CACHES):
        cached = _AMP_CACHE.match(link)
        link = _normal(f"https://{link[cached.end() :]}" if cached else link)
        if not _AMP_CACHE.match(link):
            return link
    return ""


def unambiguous_links(posts: Iterable[Post]) -> dict[str, str]:
    """The canonical links of a document that tell its posts apart.

    :param posts: all posts of one document.
    :return: post id → canonical link, of each post whose link no other post has.
    """
    links = {post.id: canonical_link(post.url) for post in posts}
    shared = Counter(links.values())
    return {post_id: link for post_id, link in links.items() if link and shared[link] == 1}


def _normal(url: str) -> str:
    parts = _PARTS.fullmatch(_ESCAPED_AMPERSAND.sub("&", web_url(url)))
    if parts is None:
        return ""
    scheme, host, port, path, query, fragment = parts.groups(default="")
    host = _TWIN_HOST.sub("", host.lower().rstrip("."), count=1)
    if not host or not _NO_PLACE.fullmatch(fragment):
        return ""
    if port and int(port) not in (0, _PORTS[scheme]):
        host = f"{host}:{int(port)}"
    segments = _segments(path)
    named = _named(query, of_html=bool(segments) and segments[-1].endswith(".html"))
    if not segments and not named:
        return ""
    mark = "?" if named else ""
    return f"https://{host}/{'/'.join(segments)}{mark}{named}"


def _segments(path: str) -> list[str]:
    segments: list[str] = []
    for written in path.split("/"):
        segment = _SESSION.sub("", _respelled(written, _IN_PATH))
        if segment == "..":
            segments[-1:] = []
        elif segment not in ("", "."):
            segments.append(segment)
    while segments:
        segments[-1] = _without_amp(segments[-1])
        if not _INDEX.fullmatch(segments[-1]) and segments[-1] != "amp":
            break
        segments.pop()
    leading = next((at for at, segment in enumerate(segments) if segment != "amp"), 0)
    return segments[leading:]


def _without_amp(name: str) -> str:
    """The name of a page without the ``.amp`` before its extension."""
    extension = _HTML.search(name)
    stop = end = extension.start() if extension else len(name)
    while end > len(".amp") and name[0] != "." and name.endswith(".amp", 0, end):
        end -= len(".amp")
    return name[:end] + name[stop:]


def _named(query: str, *, of_html: bool) -> str:
    """The part of a query that tells pages apart."""
    parameters = []
    for written in query.split("&"):
        name, _, value = written.partition("=")
        name, value = _respelled(name.replace("+", " ")), _respelled(value.replace("+", " "))
        parameter = f"{name}={value}" if value else name
        # Blogger's mobile twin
        is_mobile = of_html and parameter in ("m=0", "m=1")
        if name and not (is_mobile or _TRACKING.fullmatch(name) or _SOURCE.fullmatch(parameter)):
            parameters.append((name, parameter))
    parameters.sort(key=lambda pair: pair[0])
    return "&".join(parameter for _, parameter in parameters)


def _respelled(escaped: str, safe: str = "") -> str:
    """Escaped text escaped in the one way: NFC, and nothing that needs no escape."""
    if _UNRESERVED.fullmatch(escaped):
        return escaped
    raw = unquote_to_bytes(escaped)
    try:
        return quote(unicodedata.normalize("NFC", raw.decode()), safe=safe)
    except UnicodeDecodeError:
        return quote(raw, safe=safe)
