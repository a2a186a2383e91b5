"""Whether the installed feedparser is one whose ways are known here.

Its files are compared, comments left out, as importing it takes longer than
reading a feed. Another release may read feeds otherwise: it is trusted with
all of them then, at its own speed, until what is done here was compared with it.
"""

import hashlib
import warnings
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

_FILES = """
    api.py encodings.py mixin.py sanitizer.py urls.py util.py parsers/strict.py
    datetimes/__init__.py datetimes/perforce.py namespaces/_base.py namespaces/cc.py
    namespaces/dc.py namespaces/georss.py namespaces/itunes.py namespaces/mediarss.py
    namespaces/psc.py
"""
KNOWN = "f6910a900428497c93f431b42bb87c898b0b20468bc6615aadaa316d5a04007d"
"""What the files of feedparser 6.0.11 to 6.0.14 come to."""


@cache
def is_checked() -> bool:
    """Whether feedparser is as it is known; once, a warning says that it is not."""
    if digest() == KNOWN:
        return True
    warnings.warn(
        "feedkit does not know this release of feedparser yet, so that feeds take longer to read: "
        "upgrade feedkit, or install feedparser 6.0.14",
        RuntimeWarning,
        stacklevel=2,
    )
    return False


def digest() -> str:
    """The SHA-256 of the relied-on files of the installed feedparser; ``""`` without them."""
    spec = PathFinder.find_spec("feedparser")
    read = getattr(spec and spec.loader, "get_data", None)
    if spec is None or read is None:
        return ""
    folder = Path(*(spec.submodule_search_locations or ()))
    text = hashlib.sha256()
    try:
        for name in _FILES.split():
            for line in read(str(folder / name)).splitlines():
                if not line.startswith(b"#"):
                    text.update(line + b"\n")
    except OSError:
        return ""
    return text.hexdigest()
