"""What HTML from outside may hold: the sanitising policy, in one place.

==================  =======================================================================
elements            those in :data:`TAGS` stay; those in :data:`DROPPED_WHOLE` go with all
                    that is in them (script, style, svg, math, object, embed, noscript,
                    template …); of all others (form, input, font …) the text stays
attributes          those in :data:`ATTRIBUTES` stay, with the values named below; no event
                    handler, no ``srcdoc``, no ``ping``, no ``target``
addresses           ``href``, ``src``, ``poster``: absolute, of a scheme in :data:`SCHEMES`;
                    ``cite`` and each of ``srcset``: absolute, http or https; what is
                    neither goes, and a relative address goes where there is no base
``srcset``          parsed as browsers do (HTML §4.8.4.2.2) and written anew
``style``           only the properties in :data:`STYLES`, with the values given there:
                    nothing that moves, covers or loads
``class``           only ``language-…`` and ``lang-…``, of ``code`` and ``pre``
``id``, ``name``    with an id prefix: begin with it, and links to them follow, so that
                    footnotes work where posts stand on one page; a fragment that is not
                    in the post leads to its page. Without a prefix they go, and a link to
                    a fragment leads to the page
players             ``iframe`` of the hosts in :data:`PLAYER_HOSTS` over https stays, with
                    ``loading="lazy"`` and in a sandbox; others become links
comments            go
depth               an element deeper than :data:`DEPTH` loses its tags, not its text
==================  =======================================================================

The markup comes out so that parsing and writing it again changes nothing.
"""

import re


def words(text: str) -> frozenset[str]:
    """The names in a text."""
    return frozenset(text.split())


TAGS = words(
    "a abbr acronym address article aside audio b bdi bdo blockquote br caption center cite code "
    "col colgroup dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hgroup hr i img ins kbd li main mark nav ol p picture pre q rp rt ruby s samp section "
    "small source span strike strong sub summary sup table tbody td tfoot th thead time tr track "
    "tt u ul var video wbr"
)
DROPPED_WHOLE = words(
    "script style noscript template svg math object embed applet select textarea frameset title"
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": words("dir lang style title"),
    "a": words("href hreflang data-player"),
    "audio": words("src controls loop preload"),
    "blockquote": words("cite"),
    "code": words("class"),
    "col": words("span"),
    "colgroup": words("span"),
    "del": words("cite datetime"),
    "details": words("open"),
    "img": words("src srcset sizes alt width height"),
    "ins": words("cite datetime"),
    "li": words("value"),
    "ol": words("start reversed type"),
    "pre": words("class"),
    "q": words("cite"),
    "source": words("src srcset sizes type media width height"),
    "td": words("colspan rowspan"),
    "th": words("colspan rowspan scope abbr"),
    "time": words("datetime"),
    "track": words("src kind label srclang default"),
    "video": words("src poster controls loop muted playsinline width height preload"),
}
NAMES: dict[str, frozenset[str]] = {"*": words("id"), "a": words("name")}
"""The attributes that stay only with an id prefix."""
SCHEMES = words("http https mailto tel xmpp geo")
PLAYER_HOSTS = re.compile(
    r"https://(?:(?:www\.)?youtube(?:-nocookie)?\.com|player\.vimeo\.com|w\.soundcloud\.com"
    r"|open\.spotify\.com|embed\.podcasts\.apple\.com|bandcamp\.com|(?:www\.)?dailymotion\.com"
    r"|player\.twitch\.tv|share\.transistor\.fm|codepen\.io|archive\.org)/",
    re.IGNORECASE,
)
PLAYER = (
    '<iframe src="{}" loading="lazy" sandbox="allow-scripts allow-same-origin '
    'allow-popups allow-presentation"></iframe>'
)
DEPTH = 256
"""Elements within each other; the deepest of real posts, and of what people can read."""
LONGEST_TAG = 4096
"""Characters of a start tag outside quotes: one of many attributes costs their square."""

_SIZE = r"(?:\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(?:px|r?em|ex|ch|pt|pc|cm|mm|in|%)|0"
_NUMBERS = r"\d{1,3}(?:\.\d{1,3})?(?:%|deg)?"
_COLOUR = (
    r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,24}"
    rf"|(?:rgb|hsl)a?\( ?{_NUMBERS}(?: ?[, /] ?{_NUMBERS}){{2,3}} ?\)"
)
_SIZED = rf"{_SIZE}|auto"
STYLES: dict[str, re.Pattern[str]] = {
    name: re.compile(values)
    for name, values in {
        "background-color": _COLOUR,
        "border-collapse": "collapse|separate",
        "color": _COLOUR,
        "font-style": "normal|italic|oblique",
        "font-variant": "normal|small-caps",
        "font-weight": "normal|bold|bolder|lighter|[1-9]00",
        "height": _SIZED,
        "list-style-type": "[a-z-]{1,30}",
        "text-align": "left|right|center|justify|start|end",
        "text-decoration": "none|underline|overline|line-through",
        "text-indent": _SIZE,
        "text-transform": "none|capitalize|uppercase|lowercase",
        "vertical-align": "baseline|sub|super|top|middle|bottom|text-top|text-bottom",
        "white-space": "normal|nowrap|pre|pre-wrap|pre-line",
        "width": _SIZED,
    }.items()
}
"""The properties of ``style`` that stay, each with the whole values it may have."""
CLASS = re.compile(r"lang(?:uage)?-[\w+#.-]{1,40}", re.ASCII)
