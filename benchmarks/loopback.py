"""A server in a process of its own that answers for the files of a folder, with validators.

It listens on many of this machine's loopback addresses, so that a client that
asks each host one thing at a time can still ask many. Run as a script, it writes
its port, and ends when its standard input does.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web as server

ADDRESSES = tuple(f"127.0.0.{number}" for number in range(1, 65))
OFTEN = "50"
"""What ends the names of files that say they are to be asked for again in an hour."""


@contextmanager
def serving(folder: Path) -> Iterator[int]:
    """Serve a folder for as long as the block runs; the port."""
    command = [sys.executable, __file__, str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own
    with process:
        yield int(process.stdout.readline() if process.stdout else 0)
        if process.stdin:
            process.stdin.close()


def _answered(folder: Path, request: server.BaseRequest) -> server.StreamResponse:
    file = folder / request.path.lstrip("/")
    if not file.is_file():
        return server.Response(status=404)
    stat = file.stat()
    headers = {
        "ETag": f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"',
        "Cache-Control": f"max-age={3600 if file.stem.endswith(OFTEN) else 43200}",
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return server.Response(status=304, headers=headers)
    return server.Response(body=file.read_bytes(), content_type="text/xml", headers=headers)


async def _serve(folder: Path) -> None:
    async def answer(request: server.BaseRequest) -> server.StreamResponse:
        return _answered(folder, request)

    runner = server.ServerRunner(server.Server(answer))
    await runner.setup()
    first, *others = ADDRESSES
    await server.TCPSite(runner, first, 0).start()
    port = runner.addresses[0][1]
    for address in others:
        await server.TCPSite(runner, address, port).start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
