"""FormattedContent: the subset of XHTML in a QuestionForm. [doc]

The text is checked as a document whose root is `FormattedContent`, in the namespace of
XHTML. If the documentation and the schema differ, whatever either allows is accepted: s,
strike, dt, iframe, and a map without an id. [assumed]
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Final
from xml.etree.ElementTree import Element

from mturk_mock.core import errors
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import (
    ANY_URI,
    DATE_TIME,
    Datatype,
    enumeration,
    integer,
    pattern,
)
from mturk_mock.questions.xml.schema import Attribute, Invalid, Rule, Schema

XHTML: Final = "http://www.w3.org/1999/xhtml"

_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot"})
_ENTITY: Final = re.compile("&([A-Za-z][A-Za-z0-9]*);")

# Types ------------------------------------------------------------------------------------

_LINK: Final = pattern(
    "((http|https|ftp|news|nntp|gopher|telnet)://|mailto:).*",
    "link",
    "a link that begins with http://, https://, ftp://, news://, nntp://, gopher://, telnet:// "
    "or mailto:",
)
_NUMBER: Final = integer("a whole number from 0", low=0, name="Number")
_TAB_INDEX: Final = integer("a whole number from 0 to 32767", 0, 32767, "tabindexNumber")
_LENGTH: Final = pattern("[0-9]+%?", "Length", "pixels or a percentage, such as 100 or 50%")
_MULTI_LENGTH: Final = pattern(
    r"[0-9]+%?|[1-9]?[0-9]*\*",
    "MultiLength",
    "pixels, a percentage or a share, such as 100, 50% or 2*",
)
_COLOR: Final = pattern(
    "[A-Za-z]+|#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}",
    "Color",
    "a color name or number, such as red or #ff0000",
)
_LANGUAGE: Final = pattern(
    "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", "language", "a language such as en or en-US"
)
_CHARACTER: Final = pattern(".", "Character", "one character")
_TOKEN: Final = pattern(r"[\w.:-]+", "NMTOKEN", "one word")
_TOKENS: Final = pattern(r"[\w.:-]+(\s+[\w.:-]+)*", "NMTOKENS", "words")
_TARGET: Final = pattern(
    "_(blank|self|parent|top)|[A-Za-z].*", "FrameTarget", "_blank, _self, _parent, _top or a name"
)


def _one_of(*allowed: str) -> Attribute:
    return Attribute(enumeration(*allowed))


def _typed(names: str, datatype: Datatype | None = None) -> dict[str, Attribute]:
    return dict.fromkeys(names.split(), Attribute(datatype))


_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_SIDES: Final = ("left", "center", "right")
_AROUND_IMAGE: Final = _one_of("top", "middle", "bottom", "left", "right")

#: The usual type of each attribute; elements can override it.
_ATTRIBUTES: Final[dict[str, Attribute]] = {
    **_typed("title coords charset type abbr axis face summary"),
    **_typed("lang hreflang", _LANGUAGE),
    **_typed("accesskey char", _CHARACTER),
    **_typed("tabindex", _TAB_INDEX),
    **_typed("rowspan colspan span start value size hspace vspace", _NUMBER),
    **_typed("marginwidth marginheight", _NUMBER),
    **_typed("charoff width height border cellspacing cellpadding", _LENGTH),
    **_typed("bgcolor color", _COLOR),
    **_typed("id name", _TOKEN),
    **_typed("headers rel rev", _TOKENS),
    **_typed("href src", _LINK),
    **_typed("cite longdesc usemap", ANY_URI),
    **_typed("target", _TARGET),
    **{name: _one_of(name) for name in ("compact", "ismap", "nohref", "noshade", "nowrap")},
    "align": _one_of(*_SIDES),
    "alt": Attribute(required=True),
    "clear": _one_of("left", "all", "right", "none"),
    "dir": _one_of("ltr", "rtl"),
    "frame": _one_of("void", "above", "below", "hsides", "lhs", "rhs", "vsides", "box", "border"),
    "frameborder": _one_of("1", "0"),
    "rules": _one_of("none", "groups", "rows", "cols", "all"),
    "scope": _one_of("row", "col", "rowgroup", "colgroup"),
    "scrolling": _one_of("yes", "no", "auto"),
    "shape": _one_of("rect", "circle", "poly", "default"),
    "valign": _one_of("top", "middle", "bottom", "baseline"),
    _SPACE: _one_of("preserve"),
}


def _attributes(names: str, **own: Attribute) -> dict[str, Attribute]:
    """Return the attributes of these names; `own` overrides the usual types."""
    return {name: own.get(name) or _ATTRIBUTES[name] for name in names.split()}


# Elements ---------------------------------------------------------------------------------

_FONTS: Final = "i b u s strike big small em strong code q cite sub sup font"
_IN_LINK: Final = f"img map iframe br {_FONTS} ins del"
_BLOCK: Final = "p h1 h2 h3 h4 h5 h6 ul ol dl pre hr blockquote center table"
_IN_PRE: Final = "a br i b u s strike em strong code q cite ins del"


def _any_of(names: str) -> str:
    return f"({' | '.join(names.split())})*"


_INLINE: Final = _any_of(f"a {_IN_LINK}")
_FLOW: Final = _any_of(f"{_BLOCK} a {_IN_LINK}")


def _element(model: str, names: str = "", *, text: bool = False, **own: Attribute) -> Rule:
    """Return the rule of an element with the common attributes and those of these names."""
    return Rule(model, mixed=text, attributes=_attributes(f"title lang dir {names}", **own))


def _cells(model: str, names: str = "", *, text: bool = False, **own: Attribute) -> Rule:
    """Return the rule of a part of a table, with the attributes of cells and of these names."""
    align = _one_of(*_SIDES, "justify", "char")
    return _element(model, f"align char charoff valign {names}", text=text, align=align, **own)


def _alike(names: str, rule: Rule) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), rule)


#: The elements and their attributes, by name.
RULES: Final[dict[str, Rule]] = {
    "FormattedContent": Rule(_FLOW, mixed=True),
    **_alike(
        "p h1 h2 h3 h4 h5 h6",
        _element(_INLINE, "align", text=True, align=_one_of(*_SIDES, "justify")),
    ),
    **_alike(
        "em strong code cite sub sup i b big small u s strike dt", _element(_INLINE, text=True)
    ),
    "q": _element(_INLINE, "cite", text=True),
    "font": _element(_INLINE, "size face color", text=True, size=Attribute()),
    **_alike("ins del", _element(_FLOW, "cite datetime", text=True, datetime=Attribute(DATE_TIME))),
    "blockquote": _element(_FLOW, "cite", text=True),
    **_alike("center dd", _element(_FLOW, text=True)),
    "pre": _element(_any_of(_IN_PRE), f"width {_SPACE}", text=True, width=Attribute(_NUMBER)),
    "ul": _element("li+", "type compact", type=_one_of("disc", "square", "circle")),
    "ol": _element("li+", "type compact start"),
    "li": _element(_FLOW, "type value", text=True),
    "dl": _element("(dt | dd)+", "compact"),
    "hr": _element("", "align noshade size width"),
    "br": Rule("", attributes=_attributes("title clear")),
    "a": _element(
        _any_of(_IN_LINK),
        "accesskey tabindex shape coords charset type name href hreflang rel rev target",
        text=True,
    ),
    "img": _element(
        "",
        "src alt name longdesc height width usemap ismap align border hspace vspace",
        src=Attribute(_LINK, required=True),
        align=_AROUND_IMAGE,
    ),
    "map": _element("area+", "id name", name=Attribute(_TOKEN, required=True)),
    "area": _element("", "accesskey tabindex shape coords alt href nohref target"),
    "table": _element(
        "(col* | colgroup*), thead?, tfoot?, (tbody+ | tr+)",
        "summary width border frame rules cellspacing cellpadding align bgcolor",
        border=Attribute(_NUMBER),
    ),
    **_alike("thead tfoot tbody", _cells("tr+")),
    "colgroup": _cells("col*", "span width", width=Attribute(_MULTI_LENGTH)),
    "col": _cells("", "span width", width=Attribute(_MULTI_LENGTH)),
    "tr": _cells("(th | td)+", "bgcolor"),
    **_alike(
        "th td",
        _cells(
            _FLOW,
            "abbr axis headers scope rowspan colspan nowrap bgcolor width height",
            text=True,
        ),
    ),
    "iframe": Rule(
        None,
        datatype=pattern(r".*\S.*", "NonBlankString", "some text"),
        attributes=_attributes(
            "title longdesc name src frameborder marginwidth marginheight scrolling align height "
            "width",
            align=_AROUND_IMAGE,
        ),
    ),
}


def _check_ids(root: Element) -> None:
    """Check that IDs are unique, and that the `headers` of cells are such IDs. [doc]"""
    known: set[str | None] = set()
    for area in xml.descendants(root, "map"):
        id_ = area.get("id")
        if id_ is not None and id_ in known:
            raise Invalid(area, f"cvc-id.2: There are multiple occurrences of ID value '{id_}'.")
        known.add(id_)
    for cell in (*xml.descendants(root, "th"), *xml.descendants(root, "td")):
        for name in cell.get("headers", "").split():
            if name not in known:
                raise Invalid(cell, f"cvc-id.1: There is no ID/IDREF binding for IDREF '{name}'.")


SCHEMA: Final = Schema(XHTML, "FormattedContent", RULES, _check_ids)

# Checking ---------------------------------------------------------------------------------


def parse_formatted_content(text: str) -> Element:
    """Return the root of a text's document. The tag of a comment is not a str.

    Raises NotWellFormed, with a place in that document.
    """
    return xml.parse_own_xml(_document(text))


def check_formatted_content(element: Element) -> None:
    """Check the text of a FormattedContent element.

    Raises Invalid, which becomes an XHTMLParseError, with the place in the text.
    """
    document = _document(element.text or "")
    try:
        root = xml.parse_own_xml(document)
    except xml.NotWellFormed as problem:
        raise _refusal(element, f"{problem.problem}.", problem.place, problem.hint) from None
    try:
        _refuse_comments(root)
        SCHEMA.check(root)
    except Invalid as problem:
        place = xml.place_of(document, root, problem.element)
        raise _refusal(element, problem.details, place, problem.hint) from None


def _document(text: str) -> str:
    """Return the text in a document whose first line declares the XHTML entities in it."""
    named = sorted((set(_ENTITY.findall(text)) & name2codepoint.keys()) - _XML_ENTITIES)
    entities = "".join(f'<!ENTITY {name} "&#{name2codepoint[name]};">' for name in named)
    return (
        f"<!DOCTYPE FormattedContent [{entities}]>"
        f'<FormattedContent xmlns="{XHTML}">\n{text}</FormattedContent>'
    )


def _refuse_comments(root: Element) -> None:
    for parent in root.iter():
        for child in parent:
            if not isinstance(child.tag, str):
                raise Invalid(parent, "Comments are not allowed in FormattedContent.")


def _refusal(element: Element, details: str, place: xml.Place, hint: str) -> Invalid:
    # The root is on the first line of the document; its place is the start of the text.
    inner = xml.Place(1, 1) if place.line == 1 else place._replace(line=place.line - 1)
    hint = f": {hint}" if hint else ""
    return Invalid(
        element, f"{details} At {inner} of its text{hint}.", row=errors.XHTML_PARSE_ERROR
    )
