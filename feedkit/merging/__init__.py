"""Which posts are one: across sources, after an edit, and after a redesign of their site."""

from feedkit.merging.edits import is_edited
from feedkit.merging.links import canonical_link, unambiguous_links
from feedkit.merging.union import united

__all__ = ["canonical_link", "is_edited", "unambiguous_links", "united"]
