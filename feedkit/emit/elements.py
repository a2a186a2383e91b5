"""Elements as text, to the byte as lxml writes them for feedgen."""

from collections.abc import Iterable


def in_text(text: str) -> str:
    """A text as it stands between tags."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    )


def in_value(text: str) -> str:
    """A text as it stands between the quotes of an attribute."""
    return in_text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def attributes(*given: tuple[str, str]) -> str:
    """Those that have a value, each behind a space."""
    return "".join([f' {name}="{in_value(value)}"' for name, value in given if value])


def long_line(start: str, text: str, end: str) -> bytes:
    """A line with a text between tags; as bytes, of which a long one is escaped far faster."""
    data = text.encode().replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return b"".join((start.encode(), data.replace(b"\r", b"&#13;"), end.encode(), b"\n"))


def lines(given: Iterable[str]) -> bytes:
    """Lines as they stand in a document, the last line break included."""
    return "\n".join((*given, "")).encode()
