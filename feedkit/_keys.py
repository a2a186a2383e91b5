"""What texts are compared by: their spelling without case, white space and way of encoding."""

import unicodedata


def folded(text: str) -> str:
    """The text as NFC, case-folded, with white space collapsed; its own folding."""
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())
