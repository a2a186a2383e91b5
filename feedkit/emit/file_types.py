"""The media type of a file, told by its name where nothing else tells it."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "aac": "audio/aac",
        "epub": "application/epub+zip",
        "flac": "audio/flac",
        "gif": "image/gif",
        "htm": "text/html",
        "html": "text/html",
        "jpeg": "image/jpeg",
        "jpg": "image/jpeg",
        "json": "application/json",
        "m4a": "audio/x-m4a",
        "m4v": "video/x-m4v",
        "mov": "video/quicktime",
        "mp3": "audio/mpeg",
        "mp4": "video/mp4",
        "oga": "audio/ogg",
        "ogg": "audio/ogg",
        "opus": "audio/ogg",
        "pdf": "application/pdf",
        "png": "image/png",
        "srt": "application/x-subrip",
        "txt": "text/plain",
        "vtt": "text/vtt",
        "wav": "audio/wav",
        "webm": "video/webm",
        "webp": "image/webp",
        "zip": "application/zip",
    }
)


def type_by_name(url: str) -> str:
    """The type that the ending of an address stands for, or ``""`` when it is not known."""
    name = urlsplit(url).path.rpartition("/")[2]
    return _TYPES.get(name.rpartition(".")[2].lower(), "") if "." in name else ""
