"""XML documents as small trees: what may be in them, the trees that obey, and how they are written.

A grammar is a table with a row for each element, made of the words of the formats' description.
Trees are written down only at the end, so that they can be broken on purpose before.
The grammars come from the description of the formats, not from the package, which they check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

#: Texts as people and machines write them, with all that XML has rules about.
_LETTERS = st.sampled_from(
    [*"aZ09 <>&\"'-\n\t\r]", "é", "ß", "语", "🎈", "\u00a0", "]]>", "</Text>"]
)
TEXTS = st.lists(_LETTERS, max_size=8).map("".join)


# Grammars ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """A text or an attribute: a strategy of good ones, one good one, and bad ones."""

    valid: st.SearchStrategy[str]
    example: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A place for children: one of `rules` each, `low` to `high` times.

    ``alike``: all by the same rule. ``needed``: False where the element is valid without, too.
    """

    rules: tuple[str, ...]
    low: int = 1
    high: int | None = 1
    alike: bool = False
    needed: bool = True


@dataclass(frozen=True)
class Rule:
    """One element. ``text`` alone, or ``parts`` in their order, with texts between if ``mixed``.

    ``excluded``: rules that cannot follow at the end, since they are another alternative's.
    """

    parts: tuple[Part, ...] = ()
    text: Value | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    mixed: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grammar:
    """A format: its root, its namespace, its rules, and `finish` for what no grammar says.

    A rule's name is the element's, behind a dot where one element has several rules.
    """

    root: str
    namespace: str
    rules: dict[str, Rule]
    finish: Callable[[Any], Any] = lambda tree: tree


def parts(text: str) -> tuple[Part, ...]:
    """Read places for children: `A B? C* D|E+`, with `C/D*` where all are C or all D."""
    return tuple(_part(word) for word in text.split())


def _part(word: str) -> Part:
    low, high = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(word[-1], (1, 1))
    names = word.rstrip("?*+")
    alike = "/" in names
    return Part(tuple(names.replace("/", "|").split("|")), low, high, alike)


# Trees ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """An element made by a rule; `namespace` is its own one where it has a wrong one."""

    rule: str
    content: tuple[Node | str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()
    namespace: str | None = None

    @property
    def tag(self) -> str:
        """The element's name."""
        return self.rule.rpartition(".")[2]

    @property
    def children(self) -> list[Node]:
        """The elements in it."""
        return [each for each in self.content if isinstance(each, Node)]

    def named(self, tag: str) -> list[Node]:
        """Return the elements in it that have this name."""
        return [each for each in self.children if each.tag == tag]


Path = tuple[int, ...]


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Go through a tree: each element, after where it is in the contents of those around it."""
    yield path, node
    for index, child in enumerate(node.content):
        if isinstance(child, Node):
            yield from walk(child, (*path, index))


def put(tree: Node, path: Path, new: Node) -> Node:
    """Return the tree with another element there."""
    if not path:
        return new
    content = list(tree.content)
    content[path[0]] = put(content[path[0]], path[1:], new)
    return replace(tree, content=tuple(content))


def change(tree: Node, function: Callable[[Node], Node]) -> Node:
    """Return the tree with each element changed, in the document's order of their ends."""
    content = (change(each, function) if isinstance(each, Node) else each for each in tree.content)
    return function(replace(tree, content=tuple(content)))


# Trees that obey --------------------------------------------------------------------------


@st.composite
def trees(draw, grammar: Grammar, depth: int = 6) -> Node:
    """Draw a tree that is valid; below `depth` only what must be."""
    return grammar.finish(_grow(draw, grammar, grammar.root, depth))


def _grow(draw, grammar: Grammar, name: str, depth: int) -> Node:
    rule = grammar.rules[name]
    attributes = _draw_attributes(draw, rule) if rule.attributes else ()
    if rule.text is not None:
        return Node(name, (draw(rule.text.valid),), attributes)
    names = [each for part in rule.parts for each in _draw_part(draw, part, depth)]
    content: list[Node | str] = []
    for each in names:
        if rule.mixed and draw(st.booleans()):
            content.append(draw(TEXTS))
        content.append(_grow(draw, grammar, each, depth - 1))
    if rule.mixed:
        content.append(draw(TEXTS))
    return Node(name, tuple(content), attributes)


def _draw_part(draw, part: Part, depth: int) -> list[str]:
    """Draw the names of the children in a place; the first of several is the plainest."""
    if depth <= 0:
        return [part.rules[0]] * part.low
    count = draw(st.integers(part.low, part.low + 2 if part.high is None else part.high))
    if part.alike:
        return [draw(st.sampled_from(part.rules))] * count
    return [draw(st.sampled_from(part.rules)) for _ in range(count)]


def _draw_attributes(draw, rule: Rule) -> tuple[tuple[str, str], ...]:
    drawn = draw(st.lists(st.sampled_from(sorted(rule.attributes)), max_size=3, unique=True))
    names = list(dict.fromkeys((*rule.required, *drawn)))
    return tuple((name, draw(rule.attributes[name].valid)) for name in names)


def smallest(grammar: Grammar, name: str, child: Node | None = None) -> Node:
    """Return the plainest element that is valid, with `child` in its place if there is one."""
    rule = grammar.rules[name]
    attributes = tuple((each, rule.attributes[each].example) for each in rule.required)
    if rule.text is not None:
        return Node(name, (rule.text.example,), attributes)
    content: list[Node | str] = []
    for part in rule.parts:
        if child is not None and child.rule in part.rules:
            content.append(child)
        elif part.low:
            content.append(smallest(grammar, part.rules[0]))
    return Node(name, tuple(content), attributes)


def full(grammar: Grammar, name: str, turn: int = 0) -> Node:
    """Return an element with all that may be in it; of alternatives the one whose turn it is."""
    rule = grammar.rules[name]
    attributes = tuple((each, value.example) for each, value in rule.attributes.items())
    if rule.text is not None:
        return Node(name, (rule.text.example,), attributes)
    names = [part.rules[turn % len(part.rules)] for part in rule.parts]
    return Node(name, tuple(smallest(grammar, each) for each in names), attributes)


def specimens(grammar: Grammar, name: str) -> Iterator[tuple[Path, Node]]:
    """Give valid trees that have the element in full, and where: one for each alternative."""
    ancestors = _ancestors(grammar, name)
    most = max((len(part.rules) for part in grammar.rules[name].parts), default=1)
    for turn in range(most):
        tree = full(grammar, name, turn)
        for ancestor in ancestors:
            tree = smallest(grammar, ancestor, tree)
        tree = grammar.finish(tree)
        yield next(path for path, node in walk(tree) if node.rule == name), tree


def _ancestors(grammar: Grammar, name: str) -> list[str]:
    """Return the shortest way from an element up to the root."""
    above: dict[str, str] = {}
    queue = [grammar.root]
    for parent in queue:  # it grows on the way
        for part in grammar.rules[parent].parts:
            new = [each for each in part.rules if each not in above and each != grammar.root]
            above.update(dict.fromkeys(new, parent))
            queue += new
    way = []
    while name != grammar.root:
        name = above[name]
        way.append(name)
    return way
