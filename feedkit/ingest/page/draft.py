"""What has been read of one post so far, and from which parts of the page."""

from dataclasses import dataclass, field
from datetime import datetime

from feedkit.ingest.page.records import Record
from feedkit.ingest.page.tree import Node


@dataclass(slots=True)
class Draft:
    """A post in the making."""

    record: Record
    url: str = ""
    title: str = ""
    title_node: Node | None = None
    link_node: Node | None = None
    headed: bool = False
    """Whether its title stands in a heading."""
    published: datetime | None = None
    updated: datetime | None = None
    dated: bool = False
    """Whether a date is told at all, if only without its year or by how long ago it is."""
    date_node: Node | None = None
    date_from: str = ""
    """``"mark"``, ``"text"``, ``"title"``, ``"heading"``, ``"address"`` or ``"metadata"``."""
    date_in_prose: bool = False
    """Whether the date stands among other words."""
    title_date: tuple[int, int] | None = None
    """From where to where a date stands in the title."""
    summary: str = ""
    summary_node: Node | None = None
    content_node: Node | None = None
    content_parts: list[Node | str] = field(default_factory=list)
    """The parts of its whole text, where no element holds that alone."""
    image: str = ""
    image_node: Node | None = None
    tags: list[str] = field(default_factory=list)
    tag_nodes: list[Node] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    author_nodes: list[Node] = field(default_factory=list)
