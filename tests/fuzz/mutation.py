"""Changes to a document that keep most of it a document: by tags, words and references."""

import random
import re

_PIECES = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<[^<>]*>|&[^;&<>\s]{1,12};|[^<&]+|.", re.DOTALL
)
_NAME = re.compile(rb"</?([\w:.-]+)")
_ATTRIBUTE = re.compile(rb"""([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")

ELEMENTS = b"""
rss channel item title link description guid pubDate author category comments enclosure source
image url textInput name cloud ttl language copyright managingEditor webMaster lastBuildDate
generator docs skipHours hour feed entry id updated published content summary subtitle rights
contributor email uri logo icon rdf:RDF rdf:li dc:creator dc:date dc:subject dc:title dc:language
dcterms:modified content:encoded content:items itunes:author itunes:owner itunes:name itunes:email
itunes:image itunes:category itunes:keywords itunes:duration itunes:explicit itunes:season
itunes:summary itunes:subtitle itunes:block itunes:new-feed-url media:group media:content
media:thumbnail media:title media:description media:keywords media:rating media:credit
media:license media:player media:category media:copyright psc:chapters psc:chapter
podcast:transcript podcast:chapters podcast:season podcast:episode georss:point georss:line
georss:box georss:where gml:Point gml:pos gml:posList gml:LineString gml:exterior geo:lat
geo:long thr:in-reply-to cc:license creativeCommons:license wfw:commentRss slash:comments
sy:updatePeriod feedburner:origLink atom:link atom:author app:edited xhtml:div div p a img svg
math script Channel Item schedule modified issued created tagline info
""".split()
ATTRIBUTES = b"""
href=x href="javascript:a" rel=alternate rel="self" rel='enclosure' type="html" type=xhtml type=text
type="image/png" mode=base64 mode='escaped' isPermaLink=false isPermaLink="true" url="http://a.b/c"
url="//x" length="-1" length='99999999999999999999' domain=d term="t" scheme=s label='l'
xml:base="http://a.b/" xml:base=".." xml:base="//[" xml:lang=en xml:lang='' start="1:2" start=""
start='1:2:3.4.5' version="2.0" version=0.91 xmlns="http://www.w3.org/2005/Atom" rdf:about=x
xmlns:media='http://search.yahoo.com/mrss/' xmlns="http://purl.org/rss/1.0/" text=x medium=image
xmlns:psc="http://podlove.org/simple-chapters" xmlns:georss="http://www.georss.org/georss"
xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326" srsDimension=3
xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" fileSize=1 width=x isDefault=true
xmlns:thr="http://purl.org/syndication/thread/1.0" ref=r xmlns:x="" xmlns:xml="y" src='x"y' n=a<b
""".split()
TEXTS = (
    *(b"&%b;" % name for name in b"amp lt gt quot apos nbsp eacute bogus #0 #x0 #xD800".split()),
    *(b"&%b;" % name for name in b"#65 #x41 #55357 #56832 #1114112 #99999999999 #x".split()),
    b"&lt;p&gt;a&lt;/p&gt;", b"<![CDATA[<b>]]>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?a b?>",
    b"<?", b"<!", b"<!DOCTYPE rss [<!ENTITY a 'b'>]>", b"<!ENTITY a \"&b;\">", b"<", b"</",
    b"0000-00-00 00:00:00", b"1700000000", b"Sat, 18 Mar 2023 20:21:00 America/Los_Angeles",
    b"2023-02-30T25:61:61Z", b"Thu, 01 Jan 1970 00:00:00 +9999", b"31/12/2099 12 PM", b"9" * 40,
    b"-0001-01-01T00:00:00Z", b"12:34:56", b"1 2 3", b"1,2 NaN inf 1e999", b"a@b.c (d)", b"<a/b",
    b"<a@b.c>", b"(@) a@b", b"http://[", b"http://a:b:c/", b"http://a.b/%zz", b"urn:x", b"//",
    b"?", b"#", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\x80\x81", b"\xc3\xa9", b"\xe4\xb8\xad",
    b"\xd6\xd0", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbf\xbf", b"\xe2\x80\xae", b"\r",
    b"<?xml version='1.0' encoding='gb2312'?>", b"<?xml version='1.0' encoding='utf-16'?>",
    b"<?xml version='1.0' encoding='a\x00b'?>", b"<?xml version='1.0' encoding='hex'?>",
    b"null", b"[[", b"{\"a\":", b"\"items\":[", b"1e400", b"\\ud800", b"Tag archive: x\n",
    b"Jun 22, 2023\n", b"<link rel=alternate type=application/rss+xml href=/f>", b"<html>",
)  # fmt: skip


def mutate(data: bytes, chance: random.Random, most: int) -> bytes:
    """The document changed in one to four places, cut to a length."""
    pieces = _PIECES.findall(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        _change(pieces, chance)
    return b"".join(pieces)[:most]


def splice(one: bytes, other: bytes, chance: random.Random, most: int) -> bytes:
    """A document with a run of the pieces of another in it."""
    pieces, given = _PIECES.findall(one), _PIECES.findall(other)
    at, start = chance.randint(0, len(pieces)), chance.randint(0, len(given))
    pieces[at : at + chance.choice((0, 1, 8))] = given[start : start + chance.choice((1, 3, 9))]
    return b"".join(pieces)[:most]


def _change(pieces: list[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(pieces)) if pieces else 0
    kind = chance.randrange(10) if pieces else 8
    if kind == 0:
        del pieces[at : at + chance.choice((1, 1, 5))]
    elif kind == 1:
        pieces[at:at] = pieces[at : at + chance.choice((1, 4, 12))] * chance.choice((1, 1, 3))
    elif kind == 2:
        to = chance.randrange(len(pieces))
        pieces[at], pieces[to] = pieces[to], pieces[at]
    elif kind in (3, 4) and (name := _NAME.match(pieces[at])):
        pieces[at] = pieces[at].replace(name[1], chance.choice(ELEMENTS), 1)
    elif kind == 5 and pieces[at].startswith(b"<"):
        pieces[at] = pieces[at][:-1] + b" " + chance.choice(ATTRIBUTES) + pieces[at][-1:]
    elif kind == 6 and (attribute := _ATTRIBUTE.search(pieces[at])):
        pieces[at] = pieces[at].replace(attribute[2], b'"%b"' % chance.choice(TEXTS), 1)
    elif kind == 7:
        piece = bytearray(pieces[at])
        piece[chance.randrange(len(piece))] = chance.randrange(256)
        pieces[at] = bytes(piece)
    elif kind == 8:
        name = chance.choice(ELEMENTS)
        attribute = chance.choice((b"", b" " + chance.choice(ATTRIBUTES)))
        pieces[at:at] = [b"<%b%b>" % (name, attribute), chance.choice(TEXTS), b"</%b>" % name]
    else:
        pieces[at:at] = [chance.choice(TEXTS)]
