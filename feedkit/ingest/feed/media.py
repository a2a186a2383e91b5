"""Files and pictures of an entry: enclosures and Media RSS."""

import re
from collections.abc import Callable

from feedkit._xml import media_type
from feedkit.ingest.feed.podcast import seconds
from feedkit.ingest.feed.said import Said, number
from feedkit.parts import Enclosure

_PICTURES = frozenset({"media thumbnails", "media files", "itunes picture", "own picture"})
_PICTURE = re.compile(r"[^?#]*\.(?:avif|gif|jpe?g|png|svg|webp)(?:[?#]|$)", re.IGNORECASE)
# the picture of an author, which WordPress puts before those of the post
_AVATAR = re.compile(r"https?://(?:[\w-]+\.)?gravatar\.com/", re.IGNORECASE)


def image_of(entry: Said, address: Callable[[str], str]) -> str:
    """The address of its picture: the widest it states, of those that state none the first.

    :param entry: what feedparser holds of it.
    :param address: makes a web address of one as written.
    """
    if not entry.has_any(_PICTURES):
        return ""
    has_enclosure = bool(entry.links("enclosure"))
    pictures = entry.parts("media thumbnails")
    pictures += [
        file
        for file in _files(entry)
        if _is_picture(file, has_enclosure) and not _AVATAR.match(file.href())
    ]
    pictures.sort(key=_width, reverse=True)
    stated = (*pictures, entry.part("itunes picture"), entry.part("own picture"))
    return next(filter(None, (address(picture.href()) for picture in stated)), "")


def enclosures_of(
    entry: Said, text: Callable[[str], str], address: Callable[[str], str]
) -> tuple[Enclosure, ...]:
    """Its files, each address once; what several elements say of one is put together.

    :param entry: what feedparser holds of it.
    :param text: makes plain text of a title.
    :param address: makes a web address of one as written.
    """
    links, stated_files = entry.links("enclosure"), _files(entry)
    if not links and not stated_files:
        return ()
    files = [file for file in stated_files if not _is_picture(file, bool(links))]
    linked = {address(link.href()) for link in links}
    files += [file for file in stated_files if address(file.href()) in linked]
    found: dict[str, Enclosure] = {}
    for stated in (*links, *files):
        url = address(stated.href())
        if not url:
            continue
        known = found.get(url) or Enclosure(url=url)
        length = number(stated.text("length") or stated.text("filesize"))
        duration = seconds(stated.text("duration"))
        found[url] = Enclosure(
            url=url,
            type=known.type or media_type(stated.text("type").split(";")[0].strip().lower()),
            length=length if known.length is None else known.length,
            title=known.title or text(stated.text("title")),
            duration=duration if known.duration is None else known.duration,
        )
    return tuple(found.values())


def _files(entry: Said) -> list[Said]:
    return entry.parts("media files")


def _width(picture: Said) -> int:
    return number(picture.text("width")) or 0


def _is_picture(file: Said, beside_an_enclosure: bool) -> bool:
    """Whether it shows what the post is about; beside an enclosure it is one more file."""
    if file.text("medium"):
        return file.text("medium") == "image"
    if beside_an_enclosure:
        return False
    if file.text("type"):
        return file.text("type").startswith("image/")
    return bool(_PICTURE.match(file.href()))
