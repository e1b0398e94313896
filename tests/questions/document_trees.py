"""XML documents as small trees, the grammars they follow, and trees that are valid.

A grammar is a table with a row for each element, in the words of the description of the formats.
Trees are written as XML only at the end, so that tests can break them first. The grammars come
from the description of the formats, not from the package, which they check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

#: Typical texts, with every character that XML has rules about.
_LETTERS = st.sampled_from(
    [*"aZ09 <>&\"'-\n\t\r]", "é", "ß", "语", "🎈", "\u00a0", "]]>", "</Text>"]
)
TEXTS = st.lists(_LETTERS, max_size=8).map("".join)


# Grammars ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Value:
    """Type of a text or an attribute: a strategy of valid values, an example, and wrong values."""

    valid: st.SearchStrategy[str]
    example: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A place for children: `low` to `high` children, each by one of `rules`.

    ``alike``: all children have the same rule. ``needed``: False if the element is valid without.
    """

    rules: tuple[str, ...]
    low: int = 1
    high: int | None = 1
    alike: bool = False
    needed: bool = True


@dataclass(frozen=True)
class Rule:
    """One element: ``text`` alone, or ``parts`` in order, with texts between them if ``mixed``.

    ``excluded``: rules of other alternatives, which cannot follow at the end.
    """

    parts: tuple[Part, ...] = ()
    text: Value | None = None
    attributes: dict[str, Value] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    mixed: bool = False
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grammar:
    """A format: root, namespace, rules, and `finish` for requirements that rules do not express.

    A rule's name is that of the element; if an element has several rules, with a prefix and a dot.
    """

    root: str
    namespace: str
    rules: dict[str, Rule]
    finish: Callable[[Any], Any] = lambda tree: tree


def parts(text: str) -> tuple[Part, ...]:
    """Read a content model: `A B? C* D|E+`, with `C/D*` for children that are all C or all D."""
    return tuple(_part(word) for word in text.split())


def _part(word: str) -> Part:
    low, high = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(word[-1], (1, 1))
    names = word.rstrip("?*+")
    alike = "/" in names
    return Part(tuple(names.replace("/", "|").split("|")), low, high, alike)


# Trees ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """An element and its rule; `namespace` is set only if it is a wrong one."""

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
        """The child elements."""
        return [each for each in self.content if isinstance(each, Node)]

    def named(self, tag: str) -> list[Node]:
        """Return the child elements with a name."""
        return [each for each in self.children if each.tag == tag]


Path = tuple[int, ...]


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield each element of a tree after its path: its index in the content of each ancestor."""
    yield path, node
    for index, child in enumerate(node.content):
        if isinstance(child, Node):
            yield from walk(child, (*path, index))


def put(tree: Node, path: Path, new: Node) -> Node:
    """Return the tree with the element at a path replaced."""
    if not path:
        return new
    content = list(tree.content)
    content[path[0]] = put(content[path[0]], path[1:], new)
    return replace(tree, content=tuple(content))


def change(tree: Node, function: Callable[[Node], Node]) -> Node:
    """Return the tree with a function applied to each element, in the order of end tags."""
    content = (change(each, function) if isinstance(each, Node) else each for each in tree.content)
    return function(replace(tree, content=tuple(content)))


# Valid trees ------------------------------------------------------------------------------


@st.composite
def trees(draw, grammar: Grammar, depth: int = 6) -> Node:
    """Draw a valid tree; below `depth` with required children only."""
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
    """Draw the names of the children of a part; the first rule of several is the simplest."""
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
    """Return the simplest valid element; `child` takes its place if given."""
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
    """Return an element with all that it can have; `turn` chooses among alternatives."""
    rule = grammar.rules[name]
    attributes = tuple((each, value.example) for each, value in rule.attributes.items())
    if rule.text is not None:
        return Node(name, (rule.text.example,), attributes)
    names = [part.rules[turn % len(part.rules)] for part in rule.parts]
    return Node(name, tuple(smallest(grammar, each) for each in names), attributes)


def specimens(grammar: Grammar, name: str) -> Iterator[tuple[Path, Node]]:
    """Yield a path and a valid tree with the full element there, for each alternative."""
    ancestors = _ancestors(grammar, name)
    most = max((len(part.rules) for part in grammar.rules[name].parts), default=1)
    for turn in range(most):
        tree = full(grammar, name, turn)
        for ancestor in ancestors:
            tree = smallest(grammar, ancestor, tree)
        tree = grammar.finish(tree)
        yield next(path for path, node in walk(tree) if node.rule == name), tree


def _ancestors(grammar: Grammar, name: str) -> list[str]:
    """Return the shortest path from an element up to the root."""
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
