"""Validation of element trees by schemas, with the error messages of Xerces.

A schema is a table of rules by element. The first problem in document order is reported.
The message for a child out of order is recorded [observed]; the others are Xerces', too [assumed].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from mturk_mock.core import errors, spelling
from mturk_mock.core.quoting import shorten
from mturk_mock.questions.xml.content_model import START, read_content_model
from mturk_mock.questions.xml.datatypes import WHITE_SPACE, Datatype
from mturk_mock.questions.xml.tree import local_name

#: The maximum nesting of elements, ten times what documents need. [assumed]
_DEEPEST: Final = 200

#: Attributes that every element can have, because they only locate a schema.
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_ANYWHERE: Final = {_INSTANCE + "schemaLocation", _INSTANCE + "noNamespaceSchemaLocation"}


@dataclass(eq=False)
class Invalid(Exception):
    """A problem in a document.

    ``element``: where it is. ``details``: the service's message. ``hint``: how to correct
    it, empty if the details say so. ``row``: the error to raise.
    """

    element: Element
    details: str
    hint: str = ""
    row: errors.Row = errors.XML_PARSE_ERROR


class Attribute(NamedTuple):
    """An attribute: its type, any text by default, and whether it is required."""

    datatype: Datatype | None = None
    required: bool = False


class Rule(NamedTuple):
    """The content of one element: children by a model, text of a type, or both.

    ``local``: rules for children that differ from the schema's rules of the same names.
    """

    model: str | None
    mixed: bool = False
    datatype: Datatype | None = None
    attributes: Mapping[str, Attribute] = MappingProxyType({})
    local: Mapping[str, Rule] = MappingProxyType({})


def children(model: str, /, **local: Rule) -> Rule:
    """Return the rule of an element with children only."""
    return Rule(model, local=local)


def texts(names: str, datatype: Datatype | None = None) -> dict[str, Rule]:
    """Return the rules, by name, of elements with text only; by default, any text."""
    return dict.fromkeys(names.split(), Rule(None, datatype=datatype))


def empty(**attributes: Attribute) -> Rule:
    """Return the rule of an element without content."""
    return Rule("", attributes=attributes)


class _Compiled:
    """A rule prepared for checking: names with namespace, and the rules of the children."""

    def __init__(self, rule: Rule, namespace: str) -> None:
        model = read_content_model(rule.model or "")
        self.model = model.renamed(lambda name: f"{{{namespace}}}{name}")
        self.has_text_only = rule.model is None
        self.mixed = rule.mixed
        self.datatype = rule.datatype
        self.attributes = rule.attributes
        self.required = [name for name, each in rule.attributes.items() if each.required]
        self.children: dict[str, _Compiled] = {}


@dataclass(eq=False)
class Schema:
    """The rules of one kind of document, by element.

    ``beyond``: checks further rules of a tree that the table accepts; raises Invalid.
    """

    namespace: str
    root: str
    rules: Mapping[str, Rule]
    beyond: Callable[[Element], None] = lambda root: None
    _compiled: dict[int, _Compiled] = field(default_factory=dict, init=False)

    @property
    def tag(self) -> str:
        """The tag of the root, with namespace."""
        return f"{{{self.namespace}}}{self.root}"

    def _compile(self, rule: Rule) -> _Compiled:
        """Compile a rule and the rules of its descendants, which can include the rule itself."""
        known = self._compiled.get(id(rule))
        if known is not None:
            return known
        compiled = self._compiled[id(rule)] = _Compiled(rule, self.namespace)
        for tag in chain.from_iterable(compiled.model.steps):
            name = _local(tag)
            compiled.children[tag] = self._compile(rule.local.get(name) or self.rules[name])
        return compiled

    def check(self, root: Element) -> None:
        """Raise Invalid for the first problem in a tree whose root has the schema's tag.

        The rules are compiled on first use, because most schemas are never used.
        """
        _check(root, self._compile(self.rules[self.root]), 0)
        self.beyond(root)


def _check(element: Element, rule: _Compiled, depth: int) -> None:
    if element.attrib or rule.required:
        _check_attributes(element, rule)
    if rule.has_text_only:
        _check_text(element, rule)
    elif depth > _DEEPEST:
        raise Invalid(element, f"elements must not be nested more than {_DEEPEST} deep.")
    else:
        _check_children(element, rule, depth)


def _check_children(element: Element, rule: _Compiled, depth: int) -> None:
    steps = rule.model.steps
    if not rule.children and len(element):
        raise _not_empty(element)
    state = START
    stray = element.text
    for child in element:
        tag = child.tag
        following = steps[state].get(tag)
        if following is None:
            raise _unexpected(element, child, rule, state)
        state = following
        _check(child, rule.children[tag], depth + 1)
        if child.tail:
            stray = (stray or "") + child.tail
    if stray and not rule.mixed and stray.strip(WHITE_SPACE):
        raise _stray_text(element, rule)
    if state not in rule.model.complete:
        raise _incomplete(element, rule, state)


def _check_text(element: Element, rule: _Compiled) -> None:
    if len(element):
        raise Invalid(
            element,
            f"cvc-type.3.1.2: Element '{local_name(element)}' is a simple type, so it must have no "
            "element information item [children].",
            f"<{local_name(element)}> takes text only, but contains the element "
            f"<{local_name(element[0])}>; write text with markup as CDATA",
        )
    if rule.datatype is not None and (problem := rule.datatype.problem(element.text or "")):
        raise Invalid(element, problem, f"<{local_name(element)}> must be {rule.datatype.wanted}")


def _check_attributes(element: Element, rule: _Compiled) -> None:
    for name, value in element.attrib.items():
        attribute = rule.attributes.get(name)
        if attribute is None:
            if name not in _ANYWHERE:
                raise _unknown_attribute(element, name, rule)
        elif attribute.datatype and (problem := attribute.datatype.problem(value)):
            wanted = attribute.datatype.wanted
            raise Invalid(element, problem, f"the attribute '{name}' must be {wanted}")
    for name in rule.required:
        if name not in element.attrib:
            raise Invalid(
                element,
                f"cvc-complex-type.4: Attribute '{name}' must appear on element "
                f"'{local_name(element)}'.",
            )


# Problems ---------------------------------------------------------------------------------


def _unexpected(parent: Element, child: Element, rule: _Compiled, state: int) -> Invalid:
    found = f"Invalid content was found starting with element '{local_name(child)}'."
    details = f"cvc-complex-type.2.4.d: {found} No child element is expected at this point."
    if expected := rule.model.steps[state]:
        details = f"cvc-complex-type.2.4.a: {found} One of '{_listed(expected)}' is expected."
    return Invalid(child, details, _explain(parent, child, rule, state))


def _explain(parent: Element, child: Element, rule: _Compiled, state: int) -> str:
    """Return why a child is not allowed in its place."""
    name = local_name(child)
    namespace = next(iter(rule.children), "").rpartition("}")[0].lstrip("{")
    if f"{{{namespace}}}{name}" in rule.children and child.tag not in rule.children:
        return f"<{name}> must be in the namespace of the document, '{namespace}'"
    expected = [_local(tag) for tag in rule.model.steps[state]]
    reason = f"<{local_name(parent)}> has no child <{name}>"
    if child.tag in rule.children:
        reason = f"<{name}> comes too early, too late or too often"
    known = {_local(tag).lower(): _local(tag) for tag in rule.children}
    close = spelling.closest(name.lower(), known)
    if close and known[close] != name:
        reason += f" (did you mean <{known[close]}>?)"
    # A longer list would only repeat the service's message.
    return f"{reason}; allowed here: {_any_of(expected)}" if len(expected) < 9 else reason


def _stray_text(element: Element, rule: _Compiled) -> Invalid:
    name = local_name(element)
    if not rule.children:
        return _not_empty(element)
    return Invalid(
        element,
        f"cvc-complex-type.2.3: Element '{name}' cannot have character [children], because the "
        "type's content type is element-only.",
        f"<{name}> cannot contain text itself, only inside its elements",
    )


def _not_empty(element: Element) -> Invalid:
    return Invalid(
        element,
        f"cvc-complex-type.2.1: Element '{local_name(element)}' must have no character or element "
        "information item [children], because the type's content type is empty.",
    )


def _incomplete(element: Element, rule: _Compiled, state: int) -> Invalid:
    expected = rule.model.steps[state]
    return Invalid(
        element,
        f"cvc-complex-type.2.4.b: The content of element '{local_name(element)}' is not complete. "
        f"One of '{_listed(expected)}' is expected.",
        f"<{local_name(element)}> ends too early; it still needs {_any_of(map(_local, expected))}",
    )


def _unknown_attribute(element: Element, name: str, rule: _Compiled) -> Invalid:
    details = (
        f"cvc-complex-type.3.2.2: Attribute '{_local(name)}' is not allowed to appear in element "
        f"'{local_name(element)}'."
    )
    if rule.has_text_only and not rule.attributes:
        details = (
            f"cvc-type.3.1.1: Element '{local_name(element)}' is a simple type, so it cannot have "
            "attributes, excepting those whose namespace name is identical to "
            "'http://www.w3.org/2001/XMLSchema-instance' and whose [local name] is one of 'type', "
            "'nil', 'schemaLocation' or 'noNamespaceSchemaLocation'. However, the attribute, "
            f"'{_local(name)}' was found."
        )
    allowed = f"its attributes are {_any_of(rule.attributes)}"
    return Invalid(element, details, allowed if rule.attributes else "it has no attributes")


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(names) or "nothing"


def _listed(tags: Mapping[str, int]) -> str:
    """Return the names as Xerces lists them: ``{"namespace":name, "namespace":name}``."""
    parts = (tag[1:].rpartition("}") for tag in tags)
    return "{" + ", ".join(f'"{namespace}":{name}' for namespace, _, name in parts) + "}"


def _local(tag: str) -> str:
    return shorten(tag.rpartition("}")[2])
