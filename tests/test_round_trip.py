"""A rendered feed reads back as its canonical form."""

from feeds import feeds, wild_feeds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_emit import is_undated

from feedkit.emit import FORMATS, canonical, render
from feedkit.errors import RenderError
from feedkit.ingest import parse
from feedkit.model import Feed

ONES = settings(
    deadline=None, max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck)
)
formats = st.sampled_from(sorted(FORMATS))


@ONES
@given(feed=feeds(), name=formats)
def test_a_rendered_feed_reads_back_as_its_canonical_form(feed: Feed, name: str) -> None:
    assert parse(render(feed, name)) == canonical(feed, name)


@ONES
@given(feed=wild_feeds(), name=formats, content=st.sampled_from(["full", "excerpt"]))
def test_a_canonical_form_is_its_own(feed: Feed, name: str, content: str) -> None:
    try:
        once = canonical(feed, name, content=content)
    except RenderError:
        assert is_undated(feed)
        return
    assert canonical(once, name, content=content) == once
