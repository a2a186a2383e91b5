"""What JSON Feed 1.1 asks of a document: a schema of its specification, and what none tells."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from feedkit.emit import jsonfeed

SCHEMA = json.loads(Path(__file__).with_name("jsonfeed_1_1.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def check(document: bytes) -> dict[str, Any]:
    """The document, which must be all that the specification asks for."""
    feed: dict[str, Any] = json.loads(document)
    VALIDATOR.validate(feed)
    assert next(iter(feed)) == "version"
    assert feed["version"] == jsonfeed.VERSION
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)
    assert "next_url" not in feed or feed["next_url"] != feed.get("feed_url")
    return feed
