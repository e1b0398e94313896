"""Valid trees and documents in which exactly one rule is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.questions.document_grammars import FORM_2005
from tests.questions.document_trees import Grammar, Node, Part, Path, Rule, put, smallest, walk
from tests.questions.document_writing import Look, Writer, written
from tests.questions.xhtml_documents import GRAMMAR as XHTML

LARGEST = 65_535  # bytes


@dataclass(frozen=True)
class Break:
    """A tree with one broken rule: the kind of break and the tag of the element."""

    kind: str
    tag: str
    tree: Node

    def __str__(self) -> str:
        return f"{self.kind} in <{self.tag}>"


@st.composite
def broken_trees(draw, grammar: Grammar, trees: st.SearchStrategy[Node]) -> Break:
    """Draw a valid tree with one rule broken: first the element, then the kind, then the break."""
    tree = draw(trees)
    path, node = draw(st.sampled_from(list(walk(tree))))
    found = list(breaks_at(grammar, tree, path, node))
    kind = draw(st.sampled_from(sorted({each.kind for each in found})))
    return draw(st.sampled_from([each for each in found if each.kind == kind]))


def breaks_at(grammar: Grammar, tree: Node, path: Path, node: Node) -> Iterator[Break]:
    """Yield the tree with one rule of one of its elements broken, for each rule."""
    for kind, function in _kinds(grammar).items():
        for new in function(grammar, grammar.rules[node.rule], node):
            # The root of FormattedContent, with its attributes, is not in the document.
            if grammar is not XHTML or path or new.content != node.content:
                yield Break(kind, node.tag, put(tree, path, new))


Breaker = Callable[[Grammar, Rule, Node], Iterator[Node]]


def _with(node: Node, *content: Node | str) -> Node:
    return replace(node, content=content)


def _in(part: Part, node: Node) -> list[int]:
    """Return the indexes of the children that belong to a part."""
    return [
        index
        for index, child in enumerate(node.content)
        if isinstance(child, Node) and child.rule in part.rules
    ]


# Children ---------------------------------------------------------------------------------


def child_missing(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Drop the children of a required part, all of them if it can repeat."""
    for part in rule.parts:
        if part.low and part.needed:
            out = _in(part, node)
            yield _with(node, *(each for i, each in enumerate(node.content) if i not in out))


def child_doubled(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Repeat a child that can occur only once."""
    for part in rule.parts:
        for index in _in(part, node):
            if part.high == 1:
                yield _with(node, *node.content[: index + 1], *node.content[index:])


def order_changed(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Swap two neighbors that belong to different parts."""
    if rule.mixed:
        return
    places = {index: part for part in rule.parts for index in _in(part, node)}
    for index in range(len(places) - 1):
        if places[index] is not places[index + 1]:
            first, second = node.content[index : index + 2]
            yield _with(node, *node.content[:index], second, first, *node.content[index + 2 :])


def other_alternative(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Add a child of another alternative than the one present."""
    for part in rule.parts:
        used = {node.content[index].rule for index in _in(part, node)}
        if used and (part.alike or part.high == 1):
            last = _in(part, node)[-1] + 1
            for name in part.rules:
                if name not in used:
                    new = smallest(grammar, name)
                    yield _with(node, *node.content[:last], new, *node.content[last:])
    for name in rule.excluded:
        yield _with(node, *node.content, smallest(grammar, name))


def unknown_element(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Add an unknown element, first and last."""
    yield _with(node, Node("Unknown"), *node.content)
    yield _with(node, *node.content, Node("Unknown"))


def text_inside(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Add text where only elements, or nothing, is allowed."""
    if rule.text is None and not rule.mixed:
        yield _with(node, *node.content, "text")


def other_namespace(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Put a child into another namespace, or into none."""
    for index, child in enumerate(node.content):
        if isinstance(child, Node):
            for namespace in ("urn:other", ""):
                new = replace(child, namespace=namespace)
                yield _with(node, *node.content[:index], new, *node.content[index + 1 :])


# Attributes and texts -----------------------------------------------------------------------


def _with_attribute(node: Node, name: str, value: str) -> Node:
    others = tuple(pair for pair in node.attributes if pair[0] != name)
    return replace(node, attributes=(*others, (name, value)))


def unknown_attribute(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Add an unknown attribute."""
    html = ("id", "class", "style", "onclick") if grammar is XHTML else ()
    for name in ("unknown", *html):
        if name not in rule.attributes:
            yield _with_attribute(node, name, "x")


def attribute_missing(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Drop a required attribute."""
    for name in rule.required:
        yield replace(node, attributes=tuple(p for p in node.attributes if p[0] != name))


def wrong_attribute(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Set an attribute to a value that its type does not allow."""
    for name, value in rule.attributes.items():
        for text in value.wrong:
            yield _with_attribute(node, name, text)


def wrong_text(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Replace a text by one that its type does not allow."""
    for text in rule.text.wrong if rule.text else ():
        yield _with(node, text)


# Rules of single formats --------------------------------------------------------------------


def identifier_again(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Repeat a QuestionIdentifier in a QuestionForm."""
    for question in node.named("Question") if node.tag == "QuestionForm" else ():
        yield _with(node, *node.content, question)


def no_question(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Drop all questions of a QuestionForm, so that only an Overview is left."""
    if node.tag == "QuestionForm":
        yield _with(node, smallest(grammar, "Overview"))


def gone_since_2017(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Add elements that the later version of QuestionForm does not have."""
    if node.tag in ("Overview", "QuestionContent"):
        yield _with(node, *node.content, smallest(FORM_2005, "Application"))
    if node.tag == "AnswerSpecification":
        yield _with(node, smallest(FORM_2005, "FileUploadAnswer"))


def misplaced(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Put an element of XHTML where it is not allowed, such as a link in a link."""
    allowed = {name for part in rule.parts for name in part.rules}
    for name in ("p", "ul", "a", "b", "li", "td"):
        if name not in allowed:
            yield _with(node, *node.content, smallest(grammar, name))


def forbidden_element(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Add an element of XHTML that the subset does not have."""
    for name in ("script", "style", "div", "span", "form", "input"):
        yield _with(node, *node.content, Node(name))


def upper_case(grammar: Grammar, rule: Rule, node: Node) -> Iterator[Node]:
    """Write the name of an element, or of an attribute, in capitals."""
    for index, child in enumerate(node.content):
        if isinstance(child, Node):
            new = replace(child, rule=child.rule.upper())
            yield _with(node, *node.content[:index], new, *node.content[index + 1 :])
    yield _with_attribute(node, "TITLE", "x")


_COMMON: dict[str, Breaker] = {
    function.__name__: function
    for function in (
        child_missing,
        child_doubled,
        order_changed,
        other_alternative,
        unknown_element,
        text_inside,
        other_namespace,
        unknown_attribute,
        attribute_missing,
        wrong_attribute,
        wrong_text,
    )
}
#: Kinds that break a rule that no schema has.
PROSE = ("identifier_again", "no_question")
_FORM = {"identifier_again": identifier_again, "no_question": no_question}
_FORM_2017 = {**_FORM, "gone_since_2017": gone_since_2017}
_XHTML = {
    "misplaced": misplaced,
    "forbidden_element": forbidden_element,
    "upper_case": upper_case,
}


def _kinds(grammar: Grammar) -> dict[str, Breaker]:
    if grammar is XHTML:
        return {**_COMMON, **_XHTML}
    if grammar.root == "QuestionForm":
        return {**_COMMON, **(_FORM if grammar.namespace == FORM_2005.namespace else _FORM_2017)}
    return _COMMON


# Documents that are not well-formed ---------------------------------------------------------


def _inserted(document: str, text: str) -> str:
    """Insert a text before the last end tag, which is the root's."""
    before, end, after = document.rpartition("</")
    return before + text + end + after


#: Texts that make a document ill-formed at the end of the root's content.
ILL_FORMED = {
    "bare ampersand": " & ",
    "bare less-than": " < ",
    "unknown entity": "&nosuch;",
    "undeclared prefix": "<nosuch:Text/>",
    "element left open": "<Text>",
    "element never opened": "</Text>",
    "elements that overlap": "<Text><Title></Text></Title>",
    "attribute without quotes": "<Text a=b></Text>",
    "attribute without a value": "<Text a></Text>",
    "attribute twice": '<Text a="1" a="2"></Text>',
    "less-than in an attribute": '<Text a="<"></Text>',
    "end of a CDATA section": "]]>",
    "comment with two hyphens": "<!-- -- -->",
    "comment left open": "<!-- ",
    "declaration inside": '<?xml version="1.0"?>',
    "reference to no letter": "&#0;",
    "control character": "\x01",
    "noncharacter": "\ufffe",
}


def ill_formed(document: str) -> Iterator[tuple[str, str]]:
    """Yield documents that are not well-formed, each with the kind of defect."""
    for kind, text in ILL_FORMED.items():
        yield kind, _inserted(document, text)
    yield "root left open", document.rpartition("</")[0]
    yield "two roots", document + "<Text/>"
    yield "text behind", document + "text"
    yield "text before", "text" + document


def with_doctype(grammar: Grammar, tree: Node, look: Look, doctype: str) -> str:
    """Return the document of a tree with a document type declaration before the root."""
    document = written(grammar, tree, look)
    start = "<" + Writer(look, grammar.namespace).prefix + tree.tag
    before, root, after = document.partition(start)
    return before + doctype + root + after


def padded(document: str, size: int) -> str:
    """Return the document padded with white space to a number of bytes."""
    return document + " " * (size - len(document.encode()))
