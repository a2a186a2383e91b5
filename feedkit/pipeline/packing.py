"""A post ↔ the bytes that the store keeps of it."""

import msgspec

from feedkit.model import Post

pack = msgspec.msgpack.Encoder().encode
"""The bytes of a post."""
unpack = msgspec.msgpack.Decoder(Post).decode
"""The post of such bytes."""
