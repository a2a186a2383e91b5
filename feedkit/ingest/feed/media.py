"""Files and pictures of an entry: enclosures and Media RSS."""

import re
from collections.abc import Callable

from feedkit._xml import media_type
from feedkit.ingest.feed.podcast import seconds
from feedkit.ingest.feed.said import Said, href_of, number, part_of, parts_of, text_of
from feedkit.parts import Enclosure

_PICTURES = frozenset({"media thumbnails", "media files", "itunes picture", "own picture"})
_PICTURE = re.compile(r"[^?#]*\.(?:avif|gif|jpe?g|png|svg|webp)(?:[?#]|$)", re.IGNORECASE)
# the picture of an author, which WordPress puts before those of the post
_AVATAR = re.compile(r"https?://(?:[\w-]+\.)?gravatar\.com/", re.IGNORECASE)


def image_of(entry: Said, enclosed: list[Said], address: Callable[[str], str]) -> str:
    """The address of its picture: the widest it states, of those that state none the first.

    :param entry: what feedparser holds of it.
    :param enclosed: its links to files.
    :param address: makes a web address of one as written.
    """
    if _PICTURES.isdisjoint(entry):
        return ""
    pictures = parts_of(entry, "media thumbnails")
    pictures += [
        file
        for file in _files(entry)
        if _is_picture(file, bool(enclosed)) and not _AVATAR.match(href_of(file))
    ]
    pictures.sort(key=_width, reverse=True)
    stated = (*pictures, part_of(entry, "itunes picture"), part_of(entry, "own picture"))
    return next(filter(None, (address(href_of(picture)) for picture in stated)), "")


def enclosures_of(
    entry: Said, enclosed: list[Said], text: Callable[[str], str], address: Callable[[str], str]
) -> tuple[Enclosure, ...]:
    """Its files, each address once; what several elements say of one is put together.

    :param entry: what feedparser holds of it.
    :param enclosed: its links to files.
    :param text: makes plain text of a title.
    :param address: makes a web address of one as written.
    """
    stated_files = _files(entry)
    if not enclosed and not stated_files:
        return ()
    files = [file for file in stated_files if not _is_picture(file, bool(enclosed))]
    linked = {address(href_of(link)) for link in enclosed}
    files += [file for file in stated_files if address(href_of(file)) in linked]
    found: dict[str, Enclosure] = {}
    for stated in (*enclosed, *files):
        url = address(href_of(stated))
        if not url:
            continue
        known = found.get(url) or Enclosure(url=url)
        length = number(text_of(stated, "length") or text_of(stated, "filesize"))
        duration = seconds(text_of(stated, "duration"))
        found[url] = Enclosure(
            url=url,
            type=known.type or media_type(text_of(stated, "type").split(";")[0].strip().lower()),
            length=length if known.length is None else known.length,
            title=known.title or text(text_of(stated, "title")),
            duration=duration if known.duration is None else known.duration,
        )
    return tuple(found.values())


def _files(entry: Said) -> list[Said]:
    return parts_of(entry, "media files")


def _width(picture: Said) -> int:
    return number(text_of(picture, "width")) or 0


def _is_picture(file: Said, beside_an_enclosure: bool) -> bool:
    """Whether it shows what the post is about; beside an enclosure it is one more file."""
    if text_of(file, "medium"):
        return text_of(file, "medium") == "image"
    if beside_an_enclosure:
        return False
    if text_of(file, "type"):
        return text_of(file, "type").startswith("image/")
    return bool(_PICTURE.match(href_of(file)))
