"""Checking an element tree by a schema, and saying what is wrong as Xerces says it.

A schema is a table: for each element its rule, made by `children`, `text`, `mixed` or
`empty`. The first thing that is wrong in the order of the document is what is told.
[observed] Xerces' words for a child out of order; [assumed] for the rest: its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from mturk_mock.core import errors, spelling
from mturk_mock.questions.xml import content_model
from mturk_mock.questions.xml.content_model import ContentModel
from mturk_mock.questions.xml.datatypes import WHITE_SPACE, Datatype

#: How deep elements may lie in each other. [assumed] No document needs a tenth of it.
_DEEPEST: Final = 200

#: Attributes that any element may have, since they only say where a schema is.
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_ANYWHERE: Final = {_INSTANCE + "schemaLocation", _INSTANCE + "noNamespaceSchemaLocation"}


class Invalid(Exception):
    """What is wrong with a document.

    ``details``: the service's words. ``element``: where it is. ``hint``: what to do,
    for people, empty where the details say it. ``row``: the error that it makes.
    """

    def __init__(
        self,
        element: Element,
        details: str,
        hint: str = "",
        row: errors.Row = errors.XML_PARSE_ERROR,
    ) -> None:
        super().__init__(details)
        self.element = element
        self.details = details
        self.hint = hint
        self.row = row


class Attribute(NamedTuple):
    """What an attribute takes: any text if it has no type."""

    datatype: Datatype | None = None
    required: bool = False


class Rule(NamedTuple):
    """What one element may hold: children by a model, text of a type, or both.

    ``local``: rules of children whose names mean something else elsewhere.
    """

    model: str | None
    mixed: bool = False
    datatype: Datatype | None = None
    attributes: Mapping[str, Attribute] = MappingProxyType({})
    local: Mapping[str, Rule] = MappingProxyType({})


def children(model: str, /, **local: Rule) -> Rule:
    """Return the rule of an element with children alone."""
    return Rule(model, local=local)


def text(datatype: Datatype | None = None) -> Rule:
    """Return the rule of an element with text alone, any text if no type is given."""
    return Rule(None, datatype=datatype)


def mixed(model: str, **attributes: Attribute) -> Rule:
    """Return the rule of an element with text and children."""
    return Rule(model, mixed=True, attributes=attributes)


def empty(**attributes: Attribute) -> Rule:
    """Return the rule of an element that holds nothing."""
    return Rule("", attributes=attributes)


class _Compiled:
    """A rule, ready for use: names with their namespace, the rules of the children at hand."""

    def __init__(self, rule: Rule, namespace: str) -> None:
        model = content_model.read(rule.model or "").renamed(lambda name: f"{{{namespace}}}{name}")
        self.model: ContentModel = model
        self.has_text_only = rule.model is None
        self.mixed = rule.mixed
        self.datatype = rule.datatype
        self.attributes = rule.attributes
        self.required = [name for name, each in rule.attributes.items() if each.required]
        self.children: dict[str, _Compiled] = {}


class Schema:
    """The rules of one kind of document.

    ``tag``: that of its root, with the namespace. ``beyond``: checks a tree that is right so
    far by the rules that a table cannot say; it raises Invalid.
    """

    def __init__(
        self,
        namespace: str,
        root: str,
        rules: Mapping[str, Rule],
        beyond: Callable[[Element], None] | None = None,
    ) -> None:
        self.namespace = namespace
        self._beyond = beyond
        self.tag = f"{{{namespace}}}{root}"
        self._name = root
        self._rules = rules
        self._compiled: dict[int, _Compiled] = {}

    @cached_property
    def _root(self) -> _Compiled:
        """The rules, compiled when they are first needed, since most are never."""
        return self._compile(self._rules[self._name])

    def _compile(self, rule: Rule) -> _Compiled:
        """Compile a rule and all that can lie in it; elements may lie in their own kind."""
        known = self._compiled.get(id(rule))
        if known is not None:
            return known
        compiled = self._compiled[id(rule)] = _Compiled(rule, self.namespace)
        for step in compiled.model.steps:
            for tag in step:
                name = tag.rpartition("}")[2]
                inner = rule.local.get(name) or self._rules[name]
                compiled.children[tag] = self._compile(inner)
        return compiled

    def check(self, root: Element) -> None:
        """Raise Invalid for the first thing that is wrong with a tree; its root is right."""
        _check(root, self._root, 0)
        if self._beyond is not None:
            self._beyond(root)


def _check(element: Element, rule: _Compiled, depth: int) -> None:
    if element.attrib or rule.required:
        _check_attributes(element, rule)
    if rule.has_text_only:
        _check_text(element, rule)
    elif depth > _DEEPEST:
        raise Invalid(element, f"elements may not lie more than {_DEEPEST} deep in each other.")
    else:
        _check_children(element, rule, depth)


def _check_children(element: Element, rule: _Compiled, depth: int) -> None:
    steps = rule.model.steps
    if not rule.children and len(element):
        raise _not_empty(element)
    state = content_model.START
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
            f"cvc-type.3.1.2: Element '{_name(element)}' is a simple type, so it must have no "
            "element information item [children].",
            f"<{_name(element)}> takes text only, and has the element <{_name(element[0])}> "
            "in it; text with markup is written as CDATA",
        )
    if rule.datatype is not None and (problem := rule.datatype.problem(element.text or "")):
        raise Invalid(element, problem, f"<{_name(element)}> must be {rule.datatype.wanted}")


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
                f"'{_name(element)}'.",
            )


# What is wrong ----------------------------------------------------------------------------


def _unexpected(parent: Element, child: Element, rule: _Compiled, state: int) -> Invalid:
    expected = rule.model.steps[state]
    begin = f"Invalid content was found starting with element '{_name(child)}'."
    if expected:
        details = f"cvc-complex-type.2.4.a: {begin} One of '{_listed(expected)}' is expected."
    else:
        details = f"cvc-complex-type.2.4.d: {begin} No child element is expected at this point."
    return Invalid(child, details, _explain(parent, child, rule, state))


def _explain(parent: Element, child: Element, rule: _Compiled, state: int) -> str:
    """Say why a child cannot stand where it is."""
    name = _name(child)
    namespace = next(iter(rule.children), "").rpartition("}")[0].lstrip("{")
    if f"{{{namespace}}}{name}" in rule.children and child.tag not in rule.children:
        return f"<{name}> must be in the namespace of the document, '{namespace}'"
    expected = [_local(tag) for tag in rule.model.steps[state]]
    if child.tag in rule.children:
        reason = f"<{name}> stands too early, too late or once too often"
    else:
        reason = f"<{_name(parent)}> has no child <{name}>"
    known = {_local(tag).lower(): _local(tag) for tag in rule.children}
    close = spelling.closest(name.lower(), known)
    if close and known[close] != name:
        reason += f" (did you mean <{known[close]}>?)"
    # A longer list says nothing new: the service's words have it before.
    return f"{reason}; what can stand here is {_any_of(expected)}" if len(expected) < 9 else reason


def _stray_text(element: Element, rule: _Compiled) -> Invalid:
    name = _name(element)
    if not rule.children:
        return _not_empty(element)
    return Invalid(
        element,
        f"cvc-complex-type.2.3: Element '{name}' cannot have character [children], because the "
        "type's content type is element-only.",
        f"text cannot stand in <{name}> itself, only in elements in it",
    )


def _not_empty(element: Element) -> Invalid:
    return Invalid(
        element,
        f"cvc-complex-type.2.1: Element '{_name(element)}' must have no character or element "
        "information item [children], because the type's content type is empty.",
    )


def _incomplete(element: Element, rule: _Compiled, state: int) -> Invalid:
    expected = rule.model.steps[state]
    return Invalid(
        element,
        f"cvc-complex-type.2.4.b: The content of element '{_name(element)}' is not complete. "
        f"One of '{_listed(expected)}' is expected.",
        f"<{_name(element)}> ends too early; what must come is {_any_of(map(_local, expected))}",
    )


def _unknown_attribute(element: Element, name: str, rule: _Compiled) -> Invalid:
    local = _local(name)
    if rule.has_text_only and not rule.attributes:
        details = (
            f"cvc-type.3.1.1: Element '{_name(element)}' is a simple type, so it cannot have "
            "attributes, excepting those whose namespace name is identical to "
            "'http://www.w3.org/2001/XMLSchema-instance' and whose [local name] is one of 'type', "
            "'nil', 'schemaLocation' or 'noNamespaceSchemaLocation'. However, the attribute, "
            f"'{local}' was found."
        )
    else:
        details = (
            f"cvc-complex-type.3.2.2: Attribute '{local}' is not allowed to appear in element "
            f"'{_name(element)}'."
        )
    allowed = f"its attributes are {_any_of(rule.attributes)}"
    return Invalid(element, details, allowed if rule.attributes else "it has no attributes")


def _any_of(names: Iterable[str]) -> str:
    return " or ".join(names) or "nothing"


def _listed(tags: Mapping[str, int]) -> str:
    """Return the names as Xerces lists them: ``{"namespace":name, "namespace":name}``."""
    parts = (tag[1:].rpartition("}") for tag in tags)
    return "{" + ", ".join(f'"{namespace}":{name}' for namespace, _, name in parts) + "}"


def _name(element: Element) -> str:
    return _local(element.tag)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
