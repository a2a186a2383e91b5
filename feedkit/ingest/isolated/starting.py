"""A process of this interpreter, started anew with the modules that are known here."""

import json
import subprocess
import sys
from pathlib import Path


def started(command: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """The process, to be written to and read from.

    It is started anew rather than forked, as callers may have threads, and by its
    own command line, as callers' scripts need no guard for it.

    :param command: Python, run once modules are looked for where they are here.
    :param arguments: what it finds behind the first in ``sys.argv``.
    :raise OSError: when there is no interpreter, no working directory, or no room for it.
    """
    if not sys.executable or getattr(sys, "frozen", False):
        raise OSError("there is no interpreter to start")
    path = [str(Path(folder).absolute()) for folder in sys.path]
    code = f"import json, sys; sys.path[:] = json.loads(sys.argv[1]); {command}"
    # in ASCII, which can tell of folders whose names are no UTF-8
    return subprocess.Popen(  # noqa: S603 - this interpreter and our own command
        [sys.executable, "-I", "-c", code, json.dumps(path), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
