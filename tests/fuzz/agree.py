"""Documents made by chance: the fast way must read each as feedparser does, or decline it.

    python tests/fuzz/agree.py small COUNT [FIRST]
    python tests/fuzz/agree.py mutants COUNT FOLDER

``small`` makes small feeds of all elements and attributes there are, in any
order and nesting; ``mutants`` changes real feeds, cut to a few entries, by whole elements,
attributes and texts, and by single bytes. The same numbers give the same documents.
A document that is read differently is printed, and the exit code is 1.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1]))

from agreement import all_differences, feed_differences, raw_differences
from small_feeds import ADDRESSES, ATTRIBUTES, NAMESPACES, TEXTS, WORDS, small_feed

from feedkit.errors import ParseError
from feedkit.ingest.feed.fast import read_or_decline

FEEDS_OF = 20
"""Of so many small documents one is compared as a Feed, too; what it is made of is, of all."""


def main() -> int:
    """Say what was read differently."""
    kind, count, *more = sys.argv[1:]
    found: Counter[str] = Counter()
    made = small(int(count), int(*more[:1] or [0])) if kind == "small" else mutants(count, more[0])
    for number, (name, data, compare) in enumerate(made, 1):
        try:
            differences = compare(data)
        except ParseError:
            found["refused"] += 1
            continue
        found["declined" if differences is None else "taken"] += 1
        if differences:
            found["different"] += 1
            print(name, data.decode("utf-8", "replace")[:4000], *differences[:5], sep="\n")
        if number % 10_000 == 0:
            print(f"{number:,}", dict(found), flush=True)
    print(dict(found))
    return 1 if found["different"] else 0


Compare = Callable[[bytes], list[str] | None]


def small(count: int, first: int) -> Iterator[tuple[str, bytes, Compare]]:
    """Small feeds, each by its number."""
    for number in range(first, first + count):
        compare = _with_feed if number % FEEDS_OF == 0 else _raw
        yield f"small {number}", small_feed(random.Random(number)), compare


def _raw(data: bytes) -> list[str] | None:
    try:
        raw = read_or_decline(data)
    except Exception:
        return None
    return raw_differences(data, raw)


def _with_feed(data: bytes) -> list[str] | None:
    try:
        raw = read_or_decline(data)
    except Exception:
        return None
    return raw_differences(data, raw) + feed_differences(data, raw)


def mutants(count: str, folder: str) -> Iterator[tuple[str, bytes, Compare]]:
    """Changed feeds of a folder, in turns."""
    feeds = [tree for file in sorted(Path(folder).iterdir()) if (tree := _short(file)) is not None]
    chance = random.Random(int(count))
    for number in range(int(count)):
        root = deepcopy(feeds[number % len(feeds)])
        for _ in range(chance.choice((1, 2, 4, 10))):
            _change(root, chance)
        data = bytearray(etree.tostring(root, encoding="utf-8", xml_declaration=True))
        for _ in range(chance.choice((0, 0, 1, 3))):
            data[chance.randrange(len(data))] = chance.choice((32, 97, chance.randrange(128)))
        yield f"mutant {number}", bytes(data), all_differences


def _short(file: Path) -> etree._Element | None:
    """A feed of four entries."""
    try:
        root = etree.fromstring(file.read_bytes(), etree.XMLParser(strip_cdata=False))
    except etree.XMLSyntaxError:
        return None
    entries = list(root.iter("{*}item", "{*}entry"))
    for entry in entries[4:]:
        entry.getparent().remove(entry)
    return root


def _change(root: etree._Element, chance: random.Random) -> None:
    parts = list(root.iter(etree.Element))[1:]
    if not parts:
        return
    part, other = chance.choice(parts), chance.choice(parts)
    kind = chance.randrange(8)
    if kind == 0:
        part.getparent().remove(part)
    elif kind == 1:
        part.addnext(deepcopy(other))
    elif kind == 2:
        other.append(deepcopy(part))
    elif kind == 3:
        part.tag = chance.choice((other.tag, _name(chance.choice(TEXTS))))
    elif kind == 4:
        name = chance.choice(ATTRIBUTES)
        if not name.startswith(("xml:", "xlink:")):
            name = _name(name)
        elif name.startswith("xml:"):
            name = name.replace("xml:", "{http://www.w3.org/XML/1998/namespace}")
        if not name.startswith("xlink:"):
            part.set(name, _legal(chance.choice((*WORDS, *ADDRESSES))))
    elif kind == 5 and part.attrib:
        del part.attrib[chance.choice(list(part.attrib))]
    elif kind == 6:
        part.text = _legal("".join(chance.choices((*WORDS, *ADDRESSES), k=2)))
    else:
        part.text, other.text = other.text, part.text


def _name(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix][0]}}}{local}" if prefix else local


def _legal(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() or letter == " ")


if __name__ == "__main__":
    sys.exit(main())
