"""What in HTML could run, phone home or restyle, found by parsers that are not the sanitiser's."""

import re
from html.parser import HTMLParser

import lxml.html

FORBIDDEN = {
    *("script", "style", "noscript", "template", "svg", "math", "object", "embed", "applet"),
    *("form", "input", "button", "select", "textarea", "base", "link", "meta", "title", "frame"),
    *("frameset", "html", "head", "body", "xmp", "plaintext", "noembed", "noframes", "dialog"),
    *("marquee", "keygen", "isindex", "layer", "bgsound", "portal", "canvas", "image", "area"),
}
ADDRESSES = {
    *("href", "src", "poster", "cite", "data", "action", "background", "srcset", "longdesc"),
    *("formaction", "ping", "lowsrc", "dynsrc", "xlink:href", "usemap", "archive", "code"),
}
ALLOWED = re.compile(r"(?:https?://[^\s/]|mailto:|tel:|xmpp:|geo:)", re.IGNORECASE)
FRAGMENT = re.compile(r"#\S+")
STYLE = re.compile(r"(?:[a-z-]+: [a-z0-9#%., ()/-]+)(?:; [a-z-]+: [a-z0-9#%., ()/-]+)*")
STYLE_THAT_ACTS = re.compile(
    r"url|expression|import|binding|behavio|position|z-index|content|--|var\(|image|filter"
)
OWN_NAME = re.compile(r"post-|p[0-9a-f]{8}-")
PLAYER = re.compile(r"https://(?:[a-z-]+\.)*(?:youtube|vimeo)\.com/")
VOID = {"br", "hr", "img", "col", "source", "track", "wbr"}


def dangers(markup: str) -> list[str]:
    """Whatever is dangerous in a fragment, by two parsers."""
    return [*_by_lxml(markup), *_ByParser(markup).found]


def _of_attribute(element: str, name: str, value: str) -> list[str]:
    if name.startswith("on") or name in ("srcdoc", "formaction", "ping", "target"):
        return [name]
    if name == "srcset":
        wrong = [url for url in value.split(", ") if not ALLOWED.match(url)]
    elif name in ADDRESSES:
        wrong = [] if ALLOWED.match(value) or FRAGMENT.fullmatch(value) else [value]
    elif name == "style":
        safe = STYLE.fullmatch(value) and not STYLE_THAT_ACTS.search(value)
        wrong = [] if safe else [value]
    elif name == "class":
        wrong = [one for one in value.split() if not re.fullmatch(r"lang(uage)?-[\w+#.-]+", one)]
    elif name in ("id", "name"):
        wrong = [] if OWN_NAME.match(value) else [value]
    else:
        wrong = []
    return [f"{element} {name}={url}" for url in wrong]


def _by_lxml(markup: str) -> list[str]:
    found = []
    for element in lxml.html.fragment_fromstring(markup or " ", create_parent="main").iter():
        if not isinstance(element.tag, str):
            found.append("comment")
            continue
        if element.tag in FORBIDDEN:
            found.append(element.tag)
        for name, value in element.items():
            found += _of_attribute(element.tag, name, value)
        if element.tag == "iframe":
            sandbox = element.get("sandbox", "allow-top-navigation").split()
            if "allow-top-navigation" in sandbox or not PLAYER.match(element.get("src", "")):
                found.append("iframe")
    return found


class _ByParser(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in FORBIDDEN or ":" in tag:
            self.found.append(tag)
        for name, value in attrs:
            self.found += _of_attribute(tag, name, value or "")

    def handle_comment(self, _data):
        self.found.append("comment")

    def handle_decl(self, _decl):
        self.found.append("declaration")

    def handle_pi(self, _data):
        self.found.append("processing instruction")

    def unknown_decl(self, _data):
        self.found.append("declaration")


class Nesting(HTMLParser):
    """Notes end tags that close something else than what was opened last, and what stays open."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(markup)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, _attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)
