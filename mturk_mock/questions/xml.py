"""Reading XML that comes from outside, safely, and saying what is wrong with it."""

from __future__ import annotations

import re
from typing import Final, NoReturn
from urllib.parse import SplitResult, urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from mturk_mock import errors

#: Where the schemas of all documents live; a document's namespace is its schema's URL.
SCHEMAS: Final = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"

#: The largest document that a request may carry, in bytes. [doc]
LARGEST_DOCUMENT: Final = 65_535

_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)


class _NoDoctype(ElementTree.TreeBuilder):
    """Builds a tree and refuses document type declarations, and so all entities."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise refused(f"a document type declaration ('{name}') is not allowed.")


def parse(parameter: str, text: str) -> Element:
    """Return the root of the document that `parameter` carries.

    Raises the service's errors: too short, more than 65,535 bytes, not well-formed.
    """
    if not text:
        raise errors.PARAMETER_TOO_SHORT(parameter=parameter)
    # Bytes, because a text with an encoding in its declaration cannot be parsed as text;
    # half a letter, which JSON can carry, is left for the parser to refuse.
    content = text.encode(errors="surrogatepass")
    if len(content) > LARGEST_DOCUMENT:
        raise errors.PARAMETER_OUT_OF_RANGE(
            value=f"of {len(content)} bytes", parameter=parameter, low=1, high=LARGEST_DOCUMENT
        )
    parser = ElementTree.XMLParser(target=_NoDoctype(), encoding="utf-8")
    try:
        parser.feed(content)
        return parser.close()
    except ElementTree.ParseError as problem:
        raise refused(f"{problem}.") from None
    finally:
        del parser  # a traceback that lives to the program's end must not: Python 3.12 crashes


def split_tag(element: Element) -> tuple[str, str]:
    """Return the namespace and the name of an element."""
    namespace, _, name = element.tag.rpartition("}")
    return namespace.removeprefix("{"), name


def child_texts(element: Element, *names: str) -> list[str]:
    """Return the texts of the children, which must be exactly `names`, in that order."""
    namespace, parent = split_tag(element)
    children = list(element)
    for index, name in enumerate(names):
        expected = f'{{"{namespace}":{name}}}'
        if index == len(children):
            raise refused(
                f"cvc-complex-type.2.4.b: The content of element '{parent}' is not complete. "
                f"One of '{expected}' is expected."
            )
        if split_tag(children[index]) != (namespace, name):
            raise refused(
                "cvc-complex-type.2.4.a: Invalid content was found starting with element "
                f"'{split_tag(children[index])[1]}'. One of '{expected}' is expected."
            )
    if len(children) > len(names):
        raise refused(
            "cvc-complex-type.2.4.d: Invalid content was found starting with element "
            f"'{split_tag(children[len(names)])[1]}'. No child element is expected at this point."
        )
    return [child.text or "" for child in children]


def require_integer(text: str) -> None:
    """Refuse what is no xs:integer."""
    if not _INTEGER.fullmatch(text):
        raise _not_valid(text, "integer")


def split_url(text: str) -> SplitResult:
    """Return the parts of an address, an xs:anyURI."""
    try:
        return urlsplit(text)
    except ValueError:
        raise _not_valid(text, "anyURI") from None


def _not_valid(text: str, kind: str) -> errors.MTurkError:
    return refused(f"cvc-datatype-valid.1.2.1: '{text}' is not a valid value for '{kind}'.")


def unknown_root(element: Element) -> errors.MTurkError:
    """Return the error for a document that is none of those the service knows."""
    return refused(f"cvc-elt.1: Cannot find the declaration of element '{split_tag(element)[1]}'.")


def refused(details: str) -> errors.MTurkError:
    """Return the service's error for a document that it cannot read."""
    return errors.XML_PARSE_ERROR(details=details)
