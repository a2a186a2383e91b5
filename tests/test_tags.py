"""Labels of one key are one tag, a tag's address never moves, and a rule picks what it says."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedkit.errors import ConfigError, ExpressionError
from feedkit.model import Tag
from feedkit.tags import Expression, Tagger, TagRules, tag_key, tag_slug

# every kind of character, lone surrogates included
anything = st.text(st.characters(exclude_categories=()))
pieces = st.lists(st.sampled_from([*"ab-+# ._0123é", "plus", "sharp", "con", "--"]), max_size=6)
keys = (pieces.map("".join) | anything).map(tag_key).filter(bool)
thorough = settings(max_examples=200, deadline=None)

# --- keys


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Backend", "backend"),
        ("BACKEND", "backend"),
        ("  Machine \t\n Learning ", "machine learning"),
        ("Machine\u00a0Learning", "machine learning"),
        ("Machine\u3000Learning", "machine learning"),
        ("machine-learning", "machine-learning"),
        ("Caf\u00e9", "caf\u00e9"),
        ("Cafe\u0301", "caf\u00e9"),
        ("\u212bngstr\u00f6m", "\u00e5ngstr\u00f6m"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("C++", "c++"),
        ("#Python", "#python"),
        ("ﬁ", "fi"),
        ("", ""),
        (" \u2003\n", ""),
    ],
)
def test_a_key_is_composed_folded_and_single_spaced(label, key):
    assert tag_key(label) == key


@thorough
@given(anything)
def test_a_key_is_its_own_key_and_that_of_every_way_to_write_it(label):
    key = tag_key(label)
    assert tag_key(key) == key
    assert tag_key(unicodedata.normalize("NFD", label)) == key
    assert tag_key(unicodedata.normalize("NFC", label)) == key
    assert tag_key(f" {label}\n") == key


# --- slugs


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("backend", "backend"),
        ("machine learning", "machine-learning"),
        ("machine-learning", "machine--learning"),
        ("c", "c"),
        ("c++", "cplusplus"),
        ("c#", "csharp"),
        ("f# and c++", "fsharp-and-cplusplus"),
        ("node.js", "node.js"),
        ("snake_case", "snake_case"),
        ("2023", "2023"),
        ("plus", "plus"),
        ("a plus", "a-plus"),
        ("a" * 100, "a" * 100),
    ],
)
def test_a_readable_key_is_its_own_address(key, slug):
    assert tag_slug(key) == slug


# These are addresses people are subscribed to: change the code rather than a line here.
@pytest.mark.parametrize(
    ("key", "slug"),
    [
        ("café", "cafe-850f7dc43910"),
        ("日本", "tag-cf2abf0c5be3"),
        (".net", "net-fb74851c8bc7"),
        ("c/c++", "c-cplusplus-1f33680df76a"),
        ("cplusplus", "cplusplus-1996c1305635"),
        ("csharp", "csharp-7fc218f23b1a"),
        ("a  b", "a-b-6e12db73209a"),
        ("con", "con-1143da2bc54c"),
        ("a 123456789abc", "a-123456789abc-9fb2e2c2be27"),
        ("a" * 101, "a" * 87 + "-9d0793397991"),
    ],
)
def test_where_something_was_lost_a_hash_is_added_and_never_changes(key, slug):
    assert tag_slug(key) == slug


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("c", "c++"),
        ("c++", "cplusplus"),
        ("c++", "cplus+"),
        ("c++", "c+plus"),
        ("c#", "csharp"),
        ("a b", "a-b"),
        ("a-b", "a--b"),
        ("a - b", "a---b"),
        ("cafe", "café"),
        ("日本", "中国"),
        ("+", "plus"),
        ("#", "sharp"),
        ("a.b", "a.b."),
        ("a/b", "a\\b"),
        ("a+ b", "aplus b"),
        ("\ud800", "\udfff"),
        ("a" * 101, "a" * 102),
        ("con", "con-1143da2bc54c"),
    ],
)
def test_two_keys_never_share_an_address(one, other):
    assert tag_slug(one) != tag_slug(other)


WINDOWS_NAMES = [
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{digit}" for digit in range(10)),
    *(f"lpt{digit}" for digit in range(10)),
]
WINDOWS_NAME = re.compile(f"(?:{'|'.join(WINDOWS_NAMES)})(?:\\.|$)", re.IGNORECASE)
SAFE = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,99}")


@pytest.mark.parametrize("ending", ["", ".", ".txt", ".a.b", " ", "+", "é", ".é"])
def test_a_slug_is_never_a_name_that_windows_keeps_for_itself(ending):
    slugs = [tag_slug(tag_key(name + ending)) for name in WINDOWS_NAMES]
    assert [slug for slug in slugs if WINDOWS_NAME.match(slug)] == []


@pytest.mark.parametrize(
    "key",
    ["", ".", "..", "../etc", "/", "a/../b", "\\", "a\x00b", ":", "a:b", "~", "-rf", "é", "\ud800"],
)
def test_a_slug_is_never_a_path(key):
    slug = tag_slug(key)
    assert SAFE.fullmatch(slug)
    assert not slug.endswith(".")


@settings(max_examples=500, deadline=None)
@given(keys)
def test_a_slug_is_pure_short_ascii_and_safe_as_a_name(key):
    slug = tag_slug(key)
    assert slug == tag_slug(key)
    assert SAFE.fullmatch(slug)
    assert len(slug.encode("ascii")) <= 100
    assert not slug.startswith(".")
    assert not slug.endswith(".")
    assert not WINDOWS_NAME.match(slug)


@settings(max_examples=200, deadline=None)
@given(st.sets(keys, min_size=2, max_size=30))
def test_different_keys_have_different_slugs(keys):
    assert len({tag_slug(key) for key in keys}) == len(keys)


@settings(max_examples=200, deadline=None)
@given(keys)
def test_a_key_that_looks_like_the_slug_of_another_has_another_slug(key):
    slug = tag_slug(key)
    likeness = tag_key(slug)
    assert likeness == key or tag_slug(likeness) != slug


# --- the tagger


def test_labels_of_one_key_are_one_tag_shown_as_first_seen():
    tagger = Tagger(TagRules())
    first = tagger.tags(["Machine  Learning", "c++", "machine learning", "C++"])
    assert first == (
        Tag(key="machine learning", label="Machine Learning", slug="machine-learning"),
        Tag(key="c++", label="c++", slug="cplusplus"),
    )
    assert tagger.tags(["C++", "MACHINE LEARNING"]) == first[::-1]
    assert tagger.labels == {"machine learning": "Machine Learning", "c++": "c++"}


def test_labels_known_from_before_are_kept_and_not_written_into():
    remembered = {"c++": "C++"}
    tagger = Tagger(TagRules(), remembered)
    assert [tag.label for tag in tagger.tags(["c++", "Rust"])] == ["C++", "Rust"]
    assert tagger.labels == {"c++": "C++", "rust": "Rust"}
    assert remembered == {"c++": "C++"}


def test_a_tag_is_known_by_its_label_else_by_its_key():
    tagger = Tagger(TagRules(), {"c++": "C++"})
    assert tagger.known("c++") == Tag(key="c++", label="C++", slug="cplusplus")
    assert tagger.known("rust") == Tag(key="rust", label="rust", slug="rust")
    assert "rust" not in tagger.labels


@pytest.mark.parametrize("labels", [[], [""], [" ", "\n\u2003"]])
def test_labels_without_text_are_no_tags(labels):
    tagger = Tagger(TagRules())
    assert tagger.tags(labels) == ()
    assert tagger.keys(labels) == frozenset()


def test_an_alias_means_the_label_it_stands_for_however_it_is_written():
    tagger = Tagger(TagRules(aliases={"K8s": "Kubernetes", "kube  rnetes": "Kubernetes"}))
    assert tagger.key(" k8S ") == tagger.key("KUBE RNETES") == "kubernetes"
    assert tagger.keys(["k8s", "Kubernetes", "Go"]) == {"kubernetes", "go"}
    assert tagger.tags(["k8s", "KUBERNETES"]) == (
        Tag(key="kubernetes", label="Kubernetes", slug="kubernetes"),
    )


def test_aliases_are_followed_once():
    tagger = Tagger(TagRules(aliases={"a": "b", "b": "c", "x": "y", "y": "x"}))
    assert [tagger.key(label) for label in "abxy"] == ["b", "c", "y", "x"]


def test_an_alias_of_nothing_takes_a_label_away():
    tagger = Tagger(TagRules(aliases={"misc": ""}))
    assert tagger.tags(["misc", "Go"]) == (Tag(key="go", label="Go", slug="go"),)
    assert tagger.keys(["Misc"]) == frozenset()


@pytest.mark.parametrize(
    ("rules", "fed"),
    [
        (TagRules(), {"a", "b", "kubernetes"}),
        (TagRules(only=["A"]), {"a"}),
        (TagRules(ignore=["A"]), {"b", "kubernetes"}),
        (TagRules(only=["A", "b"], ignore=["B"]), {"a"}),
        (TagRules(only=["K8s"], aliases={"k8s": "Kubernetes"}), {"kubernetes"}),
        (TagRules(ignore=["K8s"], aliases={"k8s": "Kubernetes"}), {"a", "b"}),
    ],
)
def test_only_and_ignore_decide_which_tags_get_a_feed(rules, fed):
    tagger = Tagger(rules)
    assert {key for key in ("a", "b", "kubernetes") if tagger.gets_feed(key)} == fed


# --- expressions


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("a", ["a", "ab"], ["", "b"]),
        ("not a", ["", "b"], ["a", "ab"]),
        ("not not a", ["a"], ["", "b"]),
        ("not not not a", [""], ["a"]),
        ("a and b", ["ab", "abc"], ["", "a", "b", "c"]),
        ("a or b", ["a", "b", "ab"], ["", "c"]),
        ("a or b and c", ["a", "bc", "abc"], ["b", "c"]),
        ("a and b or c", ["ab", "c"], ["a", "b"]),
        ("(a or b) and c", ["ac", "bc"], ["a", "c", "ab"]),
        ("not a and b", ["b"], ["", "ab", "a"]),
        ("not (a and b)", ["", "a", "b"], ["ab"]),
        ("not a or b", ["", "b", "ab"], ["a"]),
        ("a and not b", ["a"], ["ab", "b", ""]),
        ("a and (b or not c)", ["a", "ab", "abc"], ["ac", "b"]),
        ("((((a))))", ["a"], ["b"]),
        ("(a)and(b)", ["ab"], ["a", "b"]),
        ("A AND NOT B", ["a"], ["ab"]),
        ("\n a\tOr\u00a0b ", ["a", "b"], ["c"]),
        ('"a"and"b"', ["ab"], ["a"]),
    ],
)
def test_an_expression_picks_what_it_says(text, wanted, unwanted):
    expression = Expression(text)
    assert all(expression.matches(frozenset(keys)) for keys in wanted)
    assert not any(expression.matches(frozenset(keys)) for keys in unwanted)
    assert expression.text == text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("c++", "c++"),
        ("node.js", "node.js"),
        ("C#", "c#"),
        ("Straße", "strasse"),
        ("Cafe\u0301", "caf\u00e9"),
        ('"Podcast   Episode"', "podcast episode"),
        ("'podcast episode'", "podcast episode"),
        ('"and"', "and"),
        ("'NOT'", "not"),
        ('"a (b)"', "a (b)"),
        ('"it\'s"', "it's"),
        ("'say \"x\"'", 'say "x"'),
        ("android", "android"),
        ("order", "order"),
        ("notes", "notes"),
    ],
)
def test_a_label_in_an_expression_is_compared_by_its_key(text, key):
    assert Expression(text).matches(frozenset([key]))
    assert not Expression(text).matches(frozenset(["other"]))


def test_aliases_count_in_expressions():
    tagger = Tagger(TagRules(aliases={"k8s": "Kubernetes"}))
    expression = Expression("K8s and not go", tagger.key)
    assert expression.matches(tagger.keys(["kubernetes"]))
    assert expression.matches(tagger.keys(["k8s", "rust"]))
    assert not expression.matches(tagger.keys(["k8s", "Go"]))


NEEDS_QUOTES = "; a label of several words needs quotes"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a label, found the end at column 1"),
        ("a and", "expected a label, found the end at column 6"),
        ("and a", "expected a label, found 'and' at column 1"),
        ("a or or b", "expected a label, found 'or' at column 6"),
        ("a NOT b", "expected 'and', 'or' or the end, found 'not' at column 3"),
        ("not", "expected a label, found the end at column 4"),
        ("()", "expected a label, found ')' at column 2"),
        ("(a", "expected 'and', 'or' or ')', found the end at column 3"),
        ("a)", "expected 'and', 'or' or the end, found ')' at column 2"),
        ("(a b)", f"expected 'and', 'or' or ')', found 'b' at column 4{NEEDS_QUOTES}"),
        ("a (b)", "expected 'and', 'or' or the end, found '(' at column 3"),
        ("  a bc", f"expected 'and', 'or' or the end, found 'bc' at column 5{NEEDS_QUOTES}"),
        ("a and ''", "expected a label, found '' at column 7"),
        ('a and "  "', "expected a label, found '  ' at column 7"),
        ('a and "b', "a quote is not closed, at column 7"),
        ("a and\n  'b", "a quote is not closed, at column 9"),
        ("don't", "a quote is not closed, at column 4"),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_column(text, message):
    with pytest.raises(ExpressionError) as refusal:
        Expression(text)
    assert str(refusal.value) == message


def test_an_expression_error_is_an_error_of_the_configuration():
    with pytest.raises(ConfigError):
        Expression("(")


def test_a_label_that_an_alias_makes_nothing_is_refused():
    tagger = Tagger(TagRules(aliases={"misc": ""}))
    with pytest.raises(ExpressionError, match="expected a label, found 'misc' at column 1"):
        Expression("misc", tagger.key)


def test_parentheses_may_be_fifty_deep():
    expression = Expression("not (" * 50 + "a" + ")" * 50)
    assert expression.matches(frozenset("a"))
    assert not expression.matches(frozenset("b"))


@pytest.mark.parametrize("depth", [51, 1000, 100_000])
@pytest.mark.parametrize("closed", [True, False])
def test_deeper_parentheses_are_an_error_that_names_the_column(depth, closed):
    with pytest.raises(ExpressionError, match=r"nested more than 50 deep.* at column 51"):
        Expression("(" * depth + "a" + ")" * depth * closed)


def test_what_is_long_but_not_deep_is_no_error():
    assert Expression("not " * 10_001 + "a").matches(frozenset("b"))
    assert Expression(" or ".join(["a"] * 10_000)).matches(frozenset("a"))
    assert Expression(" and ".join(["(a)"] * 10_000)).matches(frozenset("a"))


@thorough
@given(st.text("ab \"'()") | anything)
def test_any_text_is_read_or_refused_on_purpose(text):
    try:
        said = Expression(text).matches(frozenset())
    except ExpressionError as error:
        said = str(error)
    assert said in (True, False) or "at column " in said or "nested more than" in said


LABELS = ["a", "b", "C++", "Two  Words", "not", "(", "it's", "é"]
trees = st.recursive(
    st.sampled_from(LABELS).map(lambda label: ("label", label)),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("or"), inner, inner),
    ),
    max_leaves=12,
)
TIGHTNESS = {"or": 0, "and": 1, "not": 2, "label": 3}


def written(tree: tuple, *, sparing: bool) -> str:
    """The tree as text, with no more parentheses than it takes, or with all there can be."""
    kind, *parts = tree
    if kind == "label":
        return parts[0] if parts[0].isalpha() and parts[0] != "not" else f'"{parts[0]}"'
    shown = [
        text if sparing and TIGHTNESS[part[0]] >= TIGHTNESS[kind] else f"({text})"
        for part in parts
        for text in [written(part, sparing=sparing)]
    ]
    return f"not {shown[0]}" if kind == "not" else f" {kind} ".join(shown)


def holds(tree: tuple, keys: frozenset[str]) -> bool:
    """What the tree says of the keys."""
    kind, *parts = tree
    if kind == "label":
        return tag_key(parts[0]) in keys
    if kind == "not":
        return not holds(parts[0], keys)
    return (all if kind == "and" else any)([holds(part, keys) for part in parts])


@settings(max_examples=300, deadline=None)
@given(trees, st.frozensets(st.sampled_from(LABELS).map(tag_key)), st.booleans())
def test_an_expression_says_what_the_tree_it_was_written_from_says(tree, keys, sparing):
    assert Expression(written(tree, sparing=sparing)).matches(keys) == holds(tree, keys)
