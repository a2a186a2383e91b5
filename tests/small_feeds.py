"""Small well-formed documents like feeds, each made by chance: for what two parsers make of one."""

import random
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = {
    "a": ("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "HTTP://WWW.W3.ORG/2005/ATOM"),
    "r": ("http://purl.org/rss/1.0/", "http://backend.userland.com/rss2", "http://purl.org/pie/"),
    "rdf": ("http://www.w3.org/1999/02/22-rdf-syntax-ns#",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
    "dcterms": ("http://purl.org/dc/terms/",),
    "content": ("http://purl.org/rss/1.0/modules/content/",),
    "itunes": ("http://www.itunes.com/dtds/podcast-1.0.dtd",),
    "media": ("http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss"),
    "podcast": ("https://podcastindex.org/namespace/1.0",),
    "psc": ("http://podlove.org/simple-chapters",),
    "xhtml": ("http://www.w3.org/1999/xhtml",),
    "georss": ("http://www.georss.org/georss",),
    "admin": ("http://webns.net/mvcb/",),
    "sy": ("http://purl.org/rss/1.0/modules/syndication/",),
    "thr": ("http://purl.org/syndication/thread/1.0",),
    "fh": ("http://purl.org/syndication/history/1.0",),
    "cc": ("http://backend.userland.com/creativeCommonsRssModule", "http://web.resource.org/cc/"),
    "x": ("urn:x", "http://unknown.example/", "urn:x y"),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0",),
}
ROOTS = ("rss", "rss", "rss", "feed", "feed", "a:feed", "rdf:RDF", "channel", "r:rss", "x:y")
HOLDERS = ("item", "item", "item", "entry", "entry", "a:entry", "channel", "r:item", "x:item")
_TEXTS = """
    hour day hour day title title link link description description guid id pubDate published
    updated author category category summary summary content content content:encoded language
    rights copyright subtitle tagline info generator comments docs ttl icon logo url href uri
    homepage name email width height issued modified created expirationDate lastBuildDate
    managingEditor webMaster keywords cloud license body xhtml:body dc:creator dc:author
    dc:date dc:subject dc:title dc:description dc:language dc:publisher dc:rights
    dcterms:created dcterms:issued dcterms:modified itunes:author itunes:block itunes:category
    itunes:email itunes:explicit itunes:image itunes:keywords itunes:link itunes:name
    itunes:subtitle itunes:summary itunes:title itunes:duration itunes:episode itunes:type
    media:category media:credit media:description media:keywords media:license media:player
    media:rating media:restriction media:thumbnail media:title media:content media:text
    podcast:chapters podcast:episode podcast:season podcast:locked podcast:transcript
    podcast:guid psc:chapter georss:point georss:box georss:line georss:polygon
    feedburner:browserFriendly admin:generatorAgent sy:updatePeriod thr:in-reply-to
    fh:complete x:y x:title a:title a:link a:summary a:content a:author a:id r:title r:link
    xhtml:p rdf:li enclosure TITLE Link rss feed rating credit publisher geometry
"""
TEXTS = _TEXTS.split()
_ODD_TEXTS = """
    textinput textInput newLocation tags date items links authors contributors title_detail
    dcterms:valid georss:where cc:license geom svg math abstract fullitem dc:contributor
"""
ODD_TEXTS = _ODD_TEXTS.split()
_NESTS = """
    skipHours skipHours skipDays author author contributor image image source source
    media:group media:group media:content itunes:owner itunes:category psc:chapters dc:creator
    x:y items rdf:Seq link category media:thumbnail name itunes:image own description guid
    channel georss:point
"""
NESTS = _NESTS.split()
_INLINE = """
    p a b i div div span br img ul xhtml:div xhtml:p x:y title link source summary svg rss
    body entry
"""
INLINE = _INLINE.split()
_ATTRIBUTES = """
    href href rel rel type type type url uri length title xml:lang xml:base lang isPermaLink
    domain term scheme label mode src version rdf:about rdf:resource text medium width
    language start image ref x:href x:type TYPE Href media:url base lastmod xlink:href
"""
ATTRIBUTES = _ATTRIBUTES.split()
KINDS = (
    "text",
    "html",
    "xhtml",
    "text/html",
    "text/plain",
    "image/png",
    "application/xml",
    "",
    "HTML",
    "application/xhtml+xml",
    "plain",
    "text/xml",
    "application/atom+xml",
    "image/svg+xml",
)
RELATIONS = (
    "alternate",
    "self",
    "enclosure",
    "via",
    "related",
    "hub",
    "SELF",
    "",
    " next ",
    "http://www.iana.org/assignments/relation/self",
    "license",
    "replies",
)
ADDRESSES = (
    "http://a.example/b",
    "c/d?x=1&y=2",
    "/e",
    "#f",
    "http:///g",
    "https://////h/i",
    "..",
    "",
    "mailto:j@k.example",
    "javascript:l",
    "urn:m",
    "//n.example/",
    " http://o.example ",
    "http://[",
    "?p&q;",
    "?r&amp;s&t;",
    "feed:http://r.example/",
    "http://s.example/#",
)
BASES = ("http://a.example/b/", "http://a.example/b/c?d", "e/", "/f", "//g.example/", "")
ODD_DATES = ("Fri, 2006/15/09 08:19:53 EDT", "Fri, 2006/09/15 08:19:53 EDT", "a/b")
DATES = (
    "2026-01-02T03:04:05Z",
    "Fri, 02 Jan 2026 03:04:05 GMT",
    "2026-13-45",
    "0000-00-00",
    "12",
    "1700000000",
    "T",
    "2026-01-02 t z",
    "2026년 01월 02일  03:04:05",
    "Mon Jan 5 10:00:00 2026",
    "9999-12-31T23:59:59-99:99",
)
WORDS = (
    "a",
    "B c",
    "<p>d</p>",
    "<b>e",
    "f &amp; g",
    "&lt;i&gt;",
    "h@i.example (J K)",
    "L <m@n.example>",
    "yes",
    "true",
    "1",
    "3.5",
    "a, b,,c",
    "é中",
    "\u0085",
    "\u0093q\u0094",
    "\u00a0",
    "x=1&y;=2",
    "&nbsp;",
    "AT&T;",
    "<List<String>>",
    "</x>",
    "</p>",
    "1 2 3 4",
    "xA\u2028",
    "&#38;",
    "en_US",
    "Ã©",
    "<div>a</div>",
    "\ufffd",
    "2.0",
    "0.91",
    "24",
    "monday",
    "&lt;/b&gt;",
    "]]",
)
TYPED = ("content", "summary", "title", "rights", "subtitle", "a:content", "a:summary", "a:title")
OF_DATES = ("date", "publish", "issued", "modified", "created", "expir")
OF_ADDRESSES = ("link", "url", "href", "uri", "id", "icon", "comments")
SPACES = ("", "", "", " ", "\n", "\n  ", "\t", "<!--c-->", "<?p i?>")


def small_feed(chance: random.Random) -> bytes:
    """A document in UTF-8 whose prolog is the one that ingest gives it."""
    return _Maker(chance).document().encode()


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.used: set[str] = set()
        self.left = chance.choice((4, 8, 8, 16, 30))
        self.oddity = chance.choice((0, 0, 0.02, 0.05, 0.2))

    def is_odd(self) -> bool:
        return self.chance.random() < self.oddity

    def document(self) -> str:
        root = self.chance.choice(ROOTS)
        body = "".join(self.parts(0))
        if self.chance.random() < 0.5:
            body = self.holder() + body
        if root.lower() in ("rss", "rdf:rdf") and self.chance.random() < 0.8:
            body = f"<channel{self.attributes('channel')}>{body}</channel>"
        attributes = self.attributes(root)
        if root.endswith("rss") and self.chance.random() < 0.7:
            attributes = ' version="2.0"'
        self.use(root)
        declared = "".join(map(self.declaration, sorted(self.used)))
        default = self.chance.choice(("", "", "", *NAMESPACES["a"], *NAMESPACES["r"], "urn:d"))
        if root.endswith("feed") and self.chance.random() < 0.6:
            default = NAMESPACES["a"][0]
        if default:
            declared += f' xmlns="{default}"'
        text = f"<{root}{declared}{attributes}>{body}</{root}>"
        entities = '<!DOCTYPE feed [\n<!ENTITY nbsp "\u00a0">\n]>\n' if "&nbsp;" in text else ""
        return f"<?xml version='1.0' encoding='utf-8'?>\n{entities}{text}"

    def use(self, name: str) -> None:
        if ":" in name:
            self.used.add(name.split(":")[0])

    def declaration(self, prefix: str) -> str:
        if prefix == "xml":
            return ""
        if prefix == "xlink":
            return ' xmlns:xlink="http://www.w3.org/1999/xlink"'
        source = self.chance.choice(list(NAMESPACES)) if self.is_odd() else prefix
        uris = NAMESPACES[source]
        return f' xmlns:{prefix}="{self.chance.choice(uris) if self.is_odd() else uris[0]}"'

    def parts(self, depth: int) -> list[str]:
        parts = []
        while self.left > 0 and self.chance.random() < 0.85:
            self.left -= 1
            parts.append(self.chance.choice(SPACES) if self.is_odd() else "")
            kind = self.chance.random()
            if kind < 0.2 and depth < 3:
                parts.append(self.holder(depth))
            elif kind < 0.35 and depth < 4:
                name = self.chance.choice(TEXTS if self.is_odd() else NESTS)
                parts.append(self.element(name, "".join(self.parts(depth + 1))))
            else:
                parts.append(self.leaf())
        return parts

    def holder(self, depth: int = 0) -> str:
        name = self.chance.choice(HOLDERS if self.is_odd() else HOLDERS[:5])
        return self.element(name, "".join(self.parts(depth + 1)))

    def leaf(self) -> str:
        name = self.chance.choice(ODD_TEXTS if self.is_odd() else TEXTS)
        attributes = self.attributes(name)
        if name in TYPED and self.chance.random() < 0.3:
            attributes = f' type="{self.chance.choice(KINDS[:3])}"'
        inner = self.inner(name, attributes)
        return self.element(name, inner, attributes)

    def inner(self, name: str, attributes: str) -> str:
        if "xhtml" in attributes or (self.is_odd() and self.chance.random() < 0.3):
            return self.markup(0)
        return self.text(name)

    def text(self, name: str) -> str:
        lower = name.lower()
        if any(part in lower for part in OF_DATES):
            text = self.chance.choice(ODD_DATES if self.is_odd() else DATES)
        elif any(part in lower for part in OF_ADDRESSES):
            text = self.chance.choice(ADDRESSES)
        else:
            text = "".join(self.chance.choices(WORDS, k=self.chance.choice((0, 1, 1, 1, 2, 3))))
        form = self.chance.randrange(5)
        if form == 0 and "]]" not in text:
            return f"{self.space()}<![CDATA[{text}]]>{self.space()}"
        if form == 1 and text:
            at = self.chance.randrange(len(text))
            return f"{escape(text[:at])}&#{ord(text[at])};{escape(text[at + 1 :])}"
        if form == 2 and self.is_odd():
            return f"{escape(text)}&nbsp;{self.space()}&#x93;"
        return f"{self.space()}{escape(text)}{self.space()}"

    def space(self) -> str:
        return self.chance.choice(SPACES)

    def markup(self, depth: int) -> str:
        parts = []
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            name = self.chance.choice(INLINE if self.is_odd() else INLINE[:9])
            parts.append(self.space() if self.is_odd() else "")
            inner = self.markup(depth + 1) if depth < 2 and self.chance.random() < 0.4 else ""
            inner += escape("".join(self.chance.choices(WORDS, k=self.chance.choice((0, 1)))))
            attributes = self.attributes(name) if self.chance.random() < 0.2 else ""
            if name in ("p", "div") and self.chance.random() < 0.3:
                attributes += ' xmlns="http://www.w3.org/1999/xhtml"'
            parts.append(self.element(name, inner, attributes))
        return "".join(parts)

    def element(self, name: str, inner: str, attributes: str | None = None) -> str:
        self.use(name)
        attributes = self.attributes(name) if attributes is None else attributes
        if self.is_odd() and self.chance.random() < 0.1:
            prefix = self.chance.choice(list(NAMESPACES))
            if f"xmlns:{prefix}=" not in attributes:
                uri = self.chance.choice(NAMESPACES[self.chance.choice(list(NAMESPACES))])
                attributes += f' xmlns:{prefix}="{uri}"'
        if not inner and self.chance.random() < 0.5:
            return f"<{name}{attributes}/>"
        return f"<{name}{attributes}>{inner}</{name}>"

    def attributes(self, name: str) -> str:
        often = self.is_odd() or ":" in name
        count = self.chance.choice((0, 0, 1, 2, 3) if often else (0, 0, 0, 1))
        if name in ("link", "a:link", "enclosure", "content", "media:content", "summary", "title"):
            count = self.chance.choice((0, 1, 2, 3))
        names: set[str] = set()
        if name in HOLDERS and not self.is_odd():
            return ""
        for _ in range(count):
            names.add(self.chance.choice(ATTRIBUTES if self.is_odd() else ATTRIBUTES[:14]))
        if name == "link" and self.chance.random() < 0.6:
            names |= {"href", "rel"}
        return "".join(f" {key}={quoteattr(self.value(key))}" for key in sorted(names))

    def value(self, key: str) -> str:
        self.use(key)
        local = key.rpartition(":")[2].lower()
        if local == "type":
            return self.chance.choice(KINDS if self.is_odd() else KINDS[:5])
        if local == "rel":
            return self.chance.choice(RELATIONS)
        if local == "base":
            return self.chance.choice(ADDRESSES if self.is_odd() else BASES)
        if local in ("href", "url", "uri", "src", "about", "resource", "image", "domain"):
            return self.chance.choice(ADDRESSES)
        if local == "lang":
            return self.chance.choice(("en", "de_AT", "", "x y"))
        if local == "mode":
            return self.chance.choice(("escaped", "xml", "base64"))
        if local == "ispermalink":
            return self.chance.choice(("true", "false", " TRUE ", ""))
        if local == "version":
            return self.chance.choice(("2.0", "0.91", "0.3", "1.0"))
        return self.chance.choice(WORDS)
