"""FormattedContent: a grammar of the subset of XHTML, and valid texts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tests.questions import document_values as v
from tests.questions.document_trees import (
    Grammar,
    Node,
    Part,
    Rule,
    Value,
    change,
    parts,
    trees,
    walk,
)
from tests.questions.document_values import values
from tests.questions.document_writing import INNER_LOOKS, written_inside

NAMESPACE = "http://www.w3.org/1999/xhtml"

STYLES = "i b u s strike big small em strong code cite sub sup"
INLINE = f"br a img map iframe {STYLES} font q ins del".split()
BLOCK = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "pre",
    "hr",
    "blockquote",
    "center",
    "table",
]
IN_PRE = [
    "br",
    "a",
    "i",
    "b",
    "u",
    "s",
    "strike",
    "em",
    "strong",
    "code",
    "q",
    "cite",
    "ins",
    "del",
]

TITLE = {"title": v.STRING}
COMMON = {**TITLE, "lang": v.LANGUAGE, "dir": v.DIRECTION}
COMPACT = {"compact": values("compact", "true COMPACT")}
CELLS = {
    "align": values("left center right justify char", "middle Left"),
    "char": v.CHARACTER,
    "charoff": values("3 10"),
    "valign": values("top middle bottom baseline", "center"),
}
PARAGRAPH = {"align": values("left center right justify", "middle Left char")}


def _element(
    content: list[str] | str = "", *, mixed: bool = False, required: str = "", **attributes: Value
) -> Rule:
    """Return a rule; the content is parts in order, or a mixture that can be empty.

    An attribute whose name is a Python keyword has an underscore at the end.
    """
    own = {name.rstrip("_").replace("xml_", "xml:"): value for name, value in attributes.items()}
    places = (Part(tuple(content), 0, None),) if isinstance(content, list) else parts(content)
    return Rule(places, None, {**COMMON, **own}, tuple(required.split()), mixed)


def _inline(**attributes: Value) -> Rule:
    return _element(INLINE, mixed=True, **attributes)


def _flow(**attributes: Value) -> Rule:
    return _element([*INLINE, *BLOCK], mixed=True, **attributes)


RULES = {
    "FormattedContent": Rule((Part((*INLINE, *BLOCK), 0, None),), mixed=True),
    **dict.fromkeys(["p", "h1", "h2", "h3", "h4", "h5", "h6"], _inline(**PARAGRAPH)),
    "ul": _element("li+", type=values("disc square circle", "dot Disc"), **COMPACT),
    "ol": _element("li+", type=values("1 a A i I"), start=v.NUMBER, **COMPACT),
    "li": _flow(type=v.STRING, value=v.NUMBER),
    "dl": _element("dt|dd+", **COMPACT),
    "dt": _inline(),
    "dd": _flow(),
    "hr": _element(
        align=values("left center right", "justify"),
        noshade=values("noshade", "true"),
        size=values("2", "x"),
        width=v.LENGTH,
    ),
    "pre": _element(IN_PRE, mixed=True, width=v.NUMBER, xml_space=values("preserve")),
    "blockquote": _flow(cite=v.URI),
    "center": _flow(),
    "ins": _flow(cite=v.URI, datetime=v.MOMENT),
    "del": _flow(cite=v.URI, datetime=v.MOMENT),
    "a": _element(
        [name for name in INLINE if name != "a"],
        mixed=True,
        charset=values("utf-8"),
        type=values("text/html"),
        name=v.NAME,
        href=v.LINK,
        hreflang=v.LANGUAGE,
        rel=v.NAMES,
        rev=v.NAMES,
        shape=v.SHAPE,
        coords=values("0,0,10,10"),
        target=v.TARGET,
        accesskey=v.CHARACTER,
        tabindex=v.TAB_INDEX,
    ),
    "br": Rule(attributes={**TITLE, "clear": values("left all right none", "both")}),
    **dict.fromkeys(STYLES.split(), _inline()),
    "q": _inline(cite=v.URI),
    "font": _inline(size=values("+1 3"), face=values("Arial serif"), color=v.COLOUR),
    "img": _element(
        required="src alt",
        src=v.LINK,
        alt=v.STRING,
        name=values("picture"),
        longdesc=v.URI,
        height=values("10"),
        width=values("10"),
        usemap=values("#m"),
        ismap=values("ismap", "true"),
        align=values("top middle bottom left right", "center justify"),
        border=values("1"),
        hspace=values("1"),
        vspace=values("1"),
    ),
    "map": _element("area+", required="name", id=values("m"), name=v.NAME),
    "area": _element(
        required="alt",
        alt=v.STRING,
        shape=v.SHAPE,
        coords=values("0,0,10,10"),
        href=v.LINK,
        nohref=values("nohref", "true"),
        target=v.TARGET,
        accesskey=v.CHARACTER,
        tabindex=v.TAB_INDEX,
    ),
    "table": _element(
        "col/colgroup* thead? tfoot? tr/tbody+",
        summary=v.STRING,
        width=values("100 50%"),
        border=values("1", "x"),
        frame=values("void above below hsides lhs rhs vsides box border", "all"),
        rules=values("none groups rows cols all", "box"),
        cellspacing=values("1"),
        cellpadding=values("1"),
        align=values("left center right", "justify"),
        bgcolor=v.COLOUR,
    ),
    **dict.fromkeys(["thead", "tfoot", "tbody"], _element("tr+", **CELLS)),
    "colgroup": _element("col*", span=values("1 2", "x"), width=v.MULTI_LENGTH, **CELLS),
    "col": _element(span=values("1 2", "x"), width=v.MULTI_LENGTH, **CELLS),
    "tr": _element("td|th+", bgcolor=v.COLOUR, **CELLS),
    **dict.fromkeys(
        ["th", "td"],
        _flow(
            abbr=v.STRING,
            axis=values("a"),
            headers=values("m"),
            scope=values("row col rowgroup colgroup", "cell"),
            rowspan=v.NUMBER,
            colspan=v.NUMBER,
            nowrap=values("nowrap", "true"),
            bgcolor=v.COLOUR,
            width=values("10"),
            height=values("10"),
            **CELLS,
        ),
    ),
    "iframe": Rule(
        text=values(["Your browser shows no frames", " é & <a> "]),
        attributes={
            **TITLE,
            "longdesc": v.URI,
            "name": v.NAME,
            "src": v.LINK,
            "frameborder": values("1 0", "2 yes"),
            "marginwidth": values("1"),
            "marginheight": values("1"),
            "scrolling": values("yes no auto", "scroll"),
            "align": values("top middle bottom left right", "justify"),
            "height": values("10"),
            "width": values("10"),
        },
    ),
}


def finish(tree: Node) -> Node:
    """Give maps their own IDs, let cells name them as headers, and remove links in links."""
    count = sum(node.tag == "map" and "id" in dict(node.attributes) for _, node in walk(tree))
    names = [f"m{number}" for number in range(count)]
    ids = iter(names)

    def adapt(node: Node) -> Node:
        own = {"id": lambda: next(ids), "headers": lambda: " ".join(names)}
        attributes = ((name, own.get(name, lambda v=value: v)()) for name, value in node.attributes)
        return replace(
            node, attributes=tuple(each for each in attributes if each != ("headers", ""))
        )

    return _without_links(change(tree, adapt), inside=False)


def _without_links(node: Node, *, inside: bool) -> Node:
    inside = inside or node.tag == "a"
    return replace(
        node,
        content=tuple(
            each if isinstance(each, str) else _without_links(each, inside=inside)
            for each in node.content
            if isinstance(each, str) or not (inside and each.tag == "a")
        ),
    )


GRAMMAR = Grammar("FormattedContent", NAMESPACE, RULES, finish)

#: Valid FormattedContent, small enough for several in a document.
CONTENTS = st.builds(written_inside, trees(GRAMMAR, 3), INNER_LOOKS)
