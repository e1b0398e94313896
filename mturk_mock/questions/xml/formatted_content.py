"""FormattedContent: the subset of XHTML in a QuestionForm. [doc]

The text is checked as a document whose root is `FormattedContent`, in the namespace of
XHTML. If documentation and schema differ, anything that either allows is accepted: s,
strike, dt, iframe, and a map without an id. [assumed]
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Final
from xml.etree.ElementTree import Element

from mturk_mock.core import errors
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.datatypes import ANY_URI, DATE_TIME, enumeration, integer, pattern
from mturk_mock.questions.xml.schema import Attribute, Invalid, Rule, Schema, mixed

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
_LENGTH: Final = pattern("[0-9]+%?", "Length", "pixels or percents, as 100 or 50%")
_MULTI_LENGTH: Final = pattern(
    r"[0-9]+%?|[1-9]?[0-9]*\*", "MultiLength", "pixels, percents or a share, as 100, 50% or 2*"
)
_COLOUR: Final = pattern(
    "[A-Za-z]+|#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}", "Color", "a name or a number, as red or #ff0000"
)
_LANGUAGE: Final = pattern(
    "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", "language", "a language, as en or en-US"
)
_CHARACTER: Final = pattern(".", "Character", "one character")
_TOKEN: Final = pattern(r"[\w.:-]+", "NMTOKEN", "one word")
_TOKENS: Final = pattern(r"[\w.:-]+(\s+[\w.:-]+)*", "NMTOKENS", "words")
_TARGET: Final = pattern(
    "_(blank|self|parent|top)|[A-Za-z].*", "FrameTarget", "_blank, _self, _parent, _top or a name"
)


def _one_of(*allowed: str) -> Attribute:
    return Attribute(enumeration(*allowed))


_ANY: Final = Attribute()
_LEFT_RIGHT: Final = ("left", "center", "right")

_TITLE: Final = {"title": _ANY}
_COMMON: Final = {**_TITLE, "lang": Attribute(_LANGUAGE), "dir": _one_of("ltr", "rtl")}
_FOCUS: Final = {"accesskey": Attribute(_CHARACTER), "tabindex": Attribute(_TAB_INDEX)}
_SHAPE: Final = {"shape": _one_of("rect", "circle", "poly", "default"), "coords": _ANY}
_CITE: Final = {"cite": Attribute(ANY_URI)}
_CELLS: Final = {
    "align": _one_of(*_LEFT_RIGHT, "justify", "char"),
    "char": Attribute(_CHARACTER),
    "charoff": Attribute(_LENGTH),
    "valign": _one_of("top", "middle", "bottom", "baseline"),
}

# Elements ---------------------------------------------------------------------------------


def _names(text: str) -> list[str]:
    return text.split()


_FONTS: Final = _names("i b u s strike big small em strong code q cite sub sup font")
_INLINE: Final = ["a", "img", "map", "iframe", "br", *_FONTS, "ins", "del"]
_BLOCK: Final = _names("p h1 h2 h3 h4 h5 h6 ul ol dl pre hr blockquote center table")
_IN_PRE: Final = _names("a br i b u s strike em strong code q cite ins del")


def _any_of(names: list[str]) -> str:
    return f"({' | '.join(names)})*"


_FLOW: Final = _any_of(_BLOCK + _INLINE)
_INLINE_ONLY: Final = _any_of(_INLINE)


def _element(
    model: str, attributes: dict[str, Attribute] | None = None, *, text: bool = False
) -> Rule:
    """Return the rule of an element with the common attributes and its own ones."""
    return Rule(model, mixed=text, attributes={**_COMMON, **(attributes or {})})


def _flow(**attributes: Attribute) -> Rule:
    return _element(_FLOW, attributes, text=True)


def _inline(**attributes: Attribute) -> Rule:
    return _element(_INLINE_ONLY, attributes, text=True)


_COMPACT: Final = _one_of("compact")
_PARAGRAPH: Final = _inline(align=_one_of(*_LEFT_RIGHT, "justify"))
_LINK_INSIDE: Final = _element(
    _any_of([name for name in _INLINE if name != "a"]),
    {
        **_FOCUS,
        **_SHAPE,
        "charset": _ANY,
        "type": _ANY,
        "name": Attribute(_TOKEN),
        "href": Attribute(_LINK),
        "hreflang": Attribute(_LANGUAGE),
        "rel": Attribute(_TOKENS),
        "rev": Attribute(_TOKENS),
        "target": Attribute(_TARGET),
    },
    text=True,
)
_CELL: Final = _flow(
    **_CELLS,
    abbr=_ANY,
    axis=_ANY,
    headers=Attribute(_TOKENS),
    scope=_one_of("row", "col", "rowgroup", "colgroup"),
    rowspan=Attribute(_NUMBER),
    colspan=Attribute(_NUMBER),
    nowrap=_one_of("nowrap"),
    bgcolor=Attribute(_COLOUR),
    width=Attribute(_LENGTH),
    height=Attribute(_LENGTH),
)
_ROWS: Final = _element("tr+", _CELLS)
_COLUMNS: Final = {**_CELLS, "span": Attribute(_NUMBER), "width": Attribute(_MULTI_LENGTH)}
_CHANGE: Final = _flow(**_CITE, datetime=Attribute(DATE_TIME))

_RULES: Final[dict[str, Rule]] = {
    "FormattedContent": mixed(_FLOW),
    **dict.fromkeys(_names("p h1 h2 h3 h4 h5 h6"), _PARAGRAPH),
    **dict.fromkeys(_names("em strong code cite sub sup i b big small u s strike"), _inline()),
    "q": _inline(**_CITE),
    "font": _inline(size=_ANY, face=_ANY, color=Attribute(_COLOUR)),
    "ins": _CHANGE,
    "del": _CHANGE,
    "blockquote": _flow(**_CITE),
    "center": _flow(),
    "pre": Rule(
        _any_of(_IN_PRE),
        mixed=True,
        attributes={
            **_COMMON,
            "width": Attribute(_NUMBER),
            "{http://www.w3.org/XML/1998/namespace}space": _one_of("preserve"),
        },
    ),
    "ul": _element("li+", {"type": _one_of("disc", "square", "circle"), "compact": _COMPACT}),
    "ol": _element("li+", {"type": _ANY, "compact": _COMPACT, "start": Attribute(_NUMBER)}),
    "li": _flow(type=_ANY, value=Attribute(_NUMBER)),
    "dl": _element("(dt | dd)+", {"compact": _COMPACT}),
    "dt": _inline(),
    "dd": _flow(),
    "hr": _element(
        "",
        {
            "align": _one_of(*_LEFT_RIGHT),
            "noshade": _one_of("noshade"),
            "size": Attribute(_NUMBER),
            "width": Attribute(_LENGTH),
        },
    ),
    "br": Rule("", attributes={**_TITLE, "clear": _one_of("left", "all", "right", "none")}),
    "a": _LINK_INSIDE,
    "img": _element(
        "",
        {
            "src": Attribute(_LINK, required=True),
            "alt": Attribute(required=True),
            "name": Attribute(_TOKEN),
            "longdesc": Attribute(ANY_URI),
            "height": Attribute(_LENGTH),
            "width": Attribute(_LENGTH),
            "usemap": Attribute(ANY_URI),
            "ismap": _one_of("ismap"),
            "align": _one_of("top", "middle", "bottom", "left", "right"),
            "border": Attribute(_LENGTH),
            "hspace": Attribute(_NUMBER),
            "vspace": Attribute(_NUMBER),
        },
    ),
    "map": _element("area+", {"id": Attribute(_TOKEN), "name": Attribute(_TOKEN, required=True)}),
    "area": _element(
        "",
        {
            **_FOCUS,
            **_SHAPE,
            "alt": Attribute(required=True),
            "href": Attribute(_LINK),
            "nohref": _one_of("nohref"),
            "target": Attribute(_TARGET),
        },
    ),
    "table": _element(
        "(col* | colgroup*), thead?, tfoot?, (tbody+ | tr+)",
        {
            "summary": _ANY,
            "width": Attribute(_LENGTH),
            "border": Attribute(_NUMBER),
            "frame": _one_of(
                "void", "above", "below", "hsides", "lhs", "rhs", "vsides", "box", "border"
            ),
            "rules": _one_of("none", "groups", "rows", "cols", "all"),
            "cellspacing": Attribute(_LENGTH),
            "cellpadding": Attribute(_LENGTH),
            "align": _one_of(*_LEFT_RIGHT),
            "bgcolor": Attribute(_COLOUR),
        },
    ),
    **dict.fromkeys(("thead", "tfoot", "tbody"), _ROWS),
    "colgroup": _element("col*", _COLUMNS),
    "col": _element("", _COLUMNS),
    "tr": _element("(th | td)+", {**_CELLS, "bgcolor": Attribute(_COLOUR)}),
    "th": _CELL,
    "td": _CELL,
    "iframe": Rule(
        None,
        datatype=pattern(r".*\S.*", "NonBlankString", "some text"),
        attributes={
            **_TITLE,
            "longdesc": Attribute(ANY_URI),
            "name": Attribute(_TOKEN),
            "src": Attribute(_LINK),
            "frameborder": _one_of("1", "0"),
            "marginwidth": Attribute(_NUMBER),
            "marginheight": Attribute(_NUMBER),
            "scrolling": _one_of("yes", "no", "auto"),
            "align": _one_of("top", "middle", "bottom", "left", "right"),
            "height": Attribute(_LENGTH),
            "width": Attribute(_LENGTH),
        },
    ),
}


def _check_ids(root: Element) -> None:
    """Check that ids are unique, and that the headers of cells are ids. [doc]"""
    known: set[str] = set()
    for area_map in xml.descendants(root, "map"):
        id_ = area_map.get("id")
        if id_ in known:
            raise Invalid(
                area_map, f"cvc-id.2: There are multiple occurrences of ID value '{id_}'."
            )
        if id_ is not None:
            known.add(id_)
    for cell in (*xml.descendants(root, "th"), *xml.descendants(root, "td")):
        for name in cell.get("headers", "").split():
            if name not in known:
                raise Invalid(cell, f"cvc-id.1: There is no ID/IDREF binding for IDREF '{name}'.")


SCHEMA: Final = Schema(XHTML, "FormattedContent", _RULES, _check_ids)

# Checking ---------------------------------------------------------------------------------


def check_formatted_content(element: Element) -> None:
    """Check the text of a FormattedContent element.

    Raises Invalid, for an XHTMLParseError with the place in the text.
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
    """Return the document to check. The text begins on its second line.

    The first line declares the entities of XHTML that the text refers to.
    """
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
