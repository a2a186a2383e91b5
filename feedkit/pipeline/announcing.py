"""Announcing the feeds that a build changed to the site's hub."""

import logging
from collections.abc import Iterable
from pathlib import PurePosixPath

from feedkit.emit import FORMATS
from feedkit.model import Problem, Site

_log = logging.getLogger(__name__)


def announced(site: Site, paths: Iterable[str]) -> list[Problem]:
    """Tell the hub of a site, where it has one, which of its feeds have changed.

    To be called once the files are in their places. Whatever goes wrong costs
    the build nothing.

    :param site: where the feeds are served, and its hub.
    :param paths: files that are new or changed, below the output folder; what is no feed
        is left out.
    :return: why feeds could not be announced.
    """
    names = {format_.file_name for format_ in FORMATS.values()}
    feeds = [path for path in paths if PurePosixPath(path).name in names]
    if not (site.hub and feeds):
        return []
    from feedkit.web.announcing import announce  # few builds have something to announce

    failures = announce(
        site.hub,
        [site.address(path) for path in feeds],
        agent=site.url,
        private=site.hub_private,
    )
    said = {"event": "announced", "hub": site.hub, "feeds": len(feeds)}
    if not failures:
        _log.info("%s: told of %d changed feeds", site.hub, len(feeds), extra=said)
    for failure in failures:
        said = {"event": "not_announced", "hub": site.hub, "reason": failure.reason}
        _log.info("%s: %s", site.hub, failure.reason, extra=said)
    return [Problem(subject=failure.source or "", reason=failure.reason) for failure in failures]
