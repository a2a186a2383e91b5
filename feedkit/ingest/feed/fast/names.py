"""What feedparser calls an element and its attributes, whatever prefixes the document uses."""

from feedkit.ingest import bounds
from feedkit.ingest.feed.fast.declined import Declined

_TABLE = """
    http://backend.userland.com/rss
    http://blogs.law.harvard.edu/tech/rss
    http://purl.org/rss/1.0/
    http://my.netscape.com/rdf/simple/0.9/
    http://example.com/newformat#
    http://example.com/necho
    http://purl.org/echo/
    uri/of/echo/namespace#
    http://purl.org/pie/
    http://purl.org/atom/ns#
    http://www.w3.org/2005/Atom
    http://purl.org/rss/1.0/modules/rss091#
    http://webns.net/mvcb/ admin
    http://purl.org/rss/1.0/modules/aggregation/ ag
    http://purl.org/rss/1.0/modules/annotate/ annotate
    http://media.tangent.org/rss/1.0/ audio
    http://backend.userland.com/blogChannelModule blogChannel
    http://creativecommons.org/ns#license cc
    http://web.resource.org/cc/ cc
    http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html creativeCommons
    http://backend.userland.com/creativeCommonsRssModule creativeCommons
    http://purl.org/rss/1.0/modules/company co
    http://purl.org/rss/1.0/modules/content/ content
    http://my.theinfo.org/changed/1.0/rss/ cp
    http://purl.org/dc/elements/1.1/ dc
    http://purl.org/dc/terms/ dcterms
    http://purl.org/rss/1.0/modules/email/ email
    http://purl.org/rss/1.0/modules/event/ ev
    http://rssnamespace.org/feedburner/ext/1.0 feedburner
    http://freshmeat.net/rss/fm/ fm
    http://xmlns.com/foaf/0.1/ foaf
    http://www.w3.org/2003/01/geo/wgs84_pos# geo
    http://www.georss.org/georss georss
    http://www.opengis.net/gml gml
    http://postneo.com/icbm/ icbm
    http://purl.org/rss/1.0/modules/image/ image
    http://www.itunes.com/DTDs/PodCast-1.0.dtd itunes
    http://example.com/DTDs/PodCast-1.0.dtd itunes
    http://purl.org/rss/1.0/modules/link/ l
    http://search.yahoo.com/mrss media
    http://search.yahoo.com/mrss/ media
    http://madskills.com/public/xml/rss/module/pingback/ pingback
    http://prismstandard.org/namespaces/1.2/basic/ prism
    http://www.w3.org/1999/02/22-rdf-syntax-ns# rdf
    http://www.w3.org/2000/01/rdf-schema# rdfs
    http://purl.org/rss/1.0/modules/reference/ ref
    http://purl.org/rss/1.0/modules/richequiv/ reqv
    http://purl.org/rss/1.0/modules/search/ search
    http://purl.org/rss/1.0/modules/slash/ slash
    http://schemas.xmlsoap.org/soap/envelope/ soap
    http://purl.org/rss/1.0/modules/servicestatus/ ss
    http://hacks.benhammersley.com/rss/streaming/ str
    http://purl.org/rss/1.0/modules/subscription/ sub
    http://purl.org/rss/1.0/modules/syndication/ sy
    http://schemas.pocketsoap.com/rss/myDescModule/ szf
    http://purl.org/rss/1.0/modules/taxonomy/ taxo
    http://purl.org/rss/1.0/modules/threading/ thr
    http://purl.org/syndication/thread/1.0 thr
    http://purl.org/rss/1.0/modules/textinput/ ti
    http://madskills.com/public/xml/rss/module/trackback/ trackback
    http://wellformedweb.org/commentAPI/ wfw
    http://purl.org/rss/1.0/modules/wiki/ wiki
    http://www.w3.org/1999/xhtml xhtml
    http://www.w3.org/1999/xlink xlink
    http://www.w3.org/XML/1998/namespace xml
    http://podlove.org/simple-chapters psc
    http://podlove.org/simple-chapters/ psc
    https://podcastindex.org/namespace/1.0 podcast
    https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md podcast
    http://purl.org/syndication/history/1.0 fh
"""
PREFIXES = {"": ""} | {
    uri.lower(): prefix
    for uri, _, prefix in (line.strip().partition(" ") for line in _TABLE.split("\n") if line)
}
"""The prefix of each namespace that feedparser and its corrections know, in lower case."""

_XLINK = "http://www.w3.org/1999/xlink"
_USERLAND = "http://backend.userland.com/rss"
_USERLAND_PART = "backend.userland.com/rss"
_VERSIONS = {"http://purl.org/rss/1.0/": "rss10", "http://www.w3.org/2005/atom": "atom10"}


class Names:
    """The namespaces that a document declared so far."""

    def __init__(self) -> None:
        self._in_use: dict[str, str] = {}
        self._standard: dict[str, str] = {}
        self._uris: set[str] = set()

    def declare(self, prefix: str | None, uri: str | None) -> tuple[str, bool]:
        """A namespace is declared.

        :return: the version of the format it tells, and whether names may now mean another thing.
        """
        if not uri:
            return "", False
        if uri == _XLINK or uri.split() != [uri]:
            raise Declined("namespace")
        self._uris.add(uri)
        lower = uri.lower()
        version = _VERSIONS.get(lower, "")
        if prefix is None and lower == "http://my.netscape.com/rdf/simple/0.9/":
            version = "rss090"
        if _USERLAND_PART in lower:
            lower = uri = _USERLAND
        standard = PREFIXES.get(lower)
        key = prefix or "" if standard is None else standard
        is_news = self._in_use.get(key) != uri
        self._in_use[key] = uri
        if standard is not None and prefix:
            is_news = is_news or self._standard.get(prefix) != standard
            self._standard[prefix] = standard
        if max(len(self._uris), len(self._in_use)) > bounds.MAX_NAMESPACES:
            raise Declined("a bound")
        return version, is_news

    def tag_of(self, name: str) -> str:
        """The name of an element with the prefix feedparser gives it.

        :param name: as expat has it: namespace, local name and prefix with spaces between them.
        """
        namespace, local = name.split(" ")[:2] if " " in name else ("", name)
        if local.lower() in ("svg", "math"):
            raise Declined("svg or math")
        lower = namespace.lower()
        if _USERLAND_PART in lower:
            lower = namespace = _USERLAND
        prefix = PREFIXES.get(lower)
        if not prefix and namespace:
            used = self._in_use.items()
            prefix = next((known for known, uri in used if known and uri == namespace), "")
        return f"{prefix}:{local}".lower() if prefix else local.lower()

    def key_of(self, tag: str) -> tuple[str, bool]:
        """By which name feedparser looks for the handler of an element, and if it has a prefix."""
        prefix, _, local = tag.rpartition(":")
        prefix = self._standard.get(prefix, prefix)
        return (f"{prefix}_{local}", True) if prefix else (local, False)

    def in_rdf(self, name: str) -> str:
        """The name of an attribute of RDF."""
        return f"{self._standard.get('rdf', 'rdf')}:{name}"


def attributes_of(stated: dict[str, str]) -> dict[str, str]:
    """An element's attributes, by the names feedparser has for them.

    :param stated: as expat has them.
    """
    names = "".join(stated)
    if " " in names:
        stated = _with_prefixes(stated)
    elif names != names.lower():
        stated = {name.lower(): value for name, value in stated.items()}
    if "rel" in stated:
        stated["rel"] = stated["rel"].lower()
    if "type" in stated:
        stated["type"] = stated["type"].lower()
    return stated


def _with_prefixes(stated: dict[str, str]) -> dict[str, str]:
    """Attributes by their prefixes as they are known, and by those as they are written."""
    known: dict[str, str] = {}
    written: dict[str, str] = {}
    for name, value in stated.items():
        uri, local, *declared = name.split(" ") if " " in name else ("", name)
        prefix = PREFIXES.get(uri.lower())
        known[f"{prefix}:{local}".lower() if prefix else local.lower()] = value
        written[":".join((*declared, local)).lower()] = value
    return known | written


def escaped(text: str) -> str:
    """A text as it stands in XML."""
    return text.replace("&", "&amp;").replace(">", "&gt;").replace("<", "&lt;")


def tag_written(name: str, attributes: dict[str, str]) -> str:
    """A tag as feedparser writes it into a text."""
    pairs = ((key, escaped(value).replace('"', "&quot;")) for key, value in attributes.items())
    return "".join((f"<{name}", *(f' {key}="{value}"' for key, value in pairs), ">"))
