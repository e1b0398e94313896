"""FormattedContent as HTML, written from the parsed tree: no markup passes through."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from markupsafe import Markup

from mturk_mock.questions.xml.formatted_content import RULES, parse_formatted_content
from mturk_mock.questions.xml.tree import local_name

#: The addresses that links can have on the site; others, such as ftp, become plain text.
_LINK: Final = re.compile("(https?://|mailto:)")
_PICTURE: Final = re.compile("https?://")

#: Attributes that would act on the whole page: on its keys, its order of focus, its names.
_LEFT_OUT: Final = frozenset(
    {"accesskey", "headers", "id", "longdesc", "name", "rel", "rev", "tabindex", "target"}
)


def write_formatted_content(text: str) -> Markup:
    """Return the HTML of a FormattedContent's text.

    It has the elements and attributes of the subset alone. Links open in a new tab.
    """
    root = parse_formatted_content(text)
    around = Element("div")
    _copy_content(root, around)
    return Markup(ElementTree.tostring(around, encoding="unicode", method="html"))


def read_plain_text(text: str) -> str:
    """Return the words of a FormattedContent's text, in one line."""
    return " ".join("".join(parse_formatted_content(text).itertext()).split())


def _copy_content(source: Element, target: Element) -> None:
    target.text = source.text
    for child in source:
        if isinstance(child.tag, str):  # the tag of a comment is a function
            copy = _copy(child)
            copy.tail = child.tail
            target.append(copy)


def _copy(source: Element) -> Element:
    """Return a copy of an element; unknown elements become spans, and frames become links."""
    name = local_name(source)
    known = name in RULES
    attributes = {
        key: value
        for key, value in source.attrib.items()
        if known and key in RULES[name].attributes and key not in _LEFT_OUT and "{" not in key
    }
    if name == "iframe":
        attributes = {"href": source.get("src", "")}
    copy = Element("a" if name == "iframe" else name if known else "span")
    copy.attrib.update(_write_addresses(source, attributes))
    _copy_content(source, copy)
    return copy


def _write_addresses(source: Element, attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes with safe addresses; maps have names of their own on the page."""
    if not _LINK.match(attributes.get("href", "")):
        attributes.pop("href", None)
    else:
        attributes.update(target="_blank", rel="noopener noreferrer")
    if not _PICTURE.match(attributes.get("src", "")):
        attributes.pop("src", None)
    if "usemap" in attributes:
        attributes["usemap"] = f"#content-{attributes['usemap'].removeprefix('#')}"
    if local_name(source) == "map":
        attributes["name"] = f"content-{source.get('name', '')}"
    return attributes
