"""What is not vouched for, so that feedparser itself reads the document."""


class Declined(Exception):  # noqa: N818 - it is no error
    """Says of what kind that is, which only tests ask for."""
