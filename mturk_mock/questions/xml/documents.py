"""Validation of the documents in requests, with the service's errors.

After the service's message, an error has the place of the problem and a hint, which the
service does not send. [assumed]
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element

from mturk_mock.core import errors
from mturk_mock.core.errors import MTurkError
from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.schema import Invalid, Schema

#: The maximum size of a document in a request, in bytes. [doc]
LARGEST_DOCUMENT: Final = 65_535


def read_document(parameter: str, text: str, schemas: Iterable[Schema]) -> Element:
    """Validate the document in `parameter` by its schema, and return its root.

    Raises the service's errors for an empty document, more than 65,535 bytes, malformed XML, a
    root that no schema has, and an invalid document.
    """
    _check_size(parameter, text)
    root = _parse(text)
    schema = next((schema for schema in schemas if schema.tag == root.tag), None)
    if schema is None:
        raise _unknown_root(text, root, schemas)
    try:
        schema.check(root)
    except Invalid as problem:
        place = xml.place_of(text, root, problem.element)
        path = xml.path_of(root, problem.element)
        hint = problem.hint and f": {problem.hint}"
        raise problem.row(details=f"{problem.details} At {place}, in {path}{hint}.") from None
    return root


def _check_size(parameter: str, text: str) -> None:
    """Reject an empty document, and one of more than 65,535 bytes. [doc]"""
    if not text:
        raise errors.PARAMETER_TOO_SHORT(parameter=parameter)
    size = len(text.encode(errors="surrogatepass"))
    if size > LARGEST_DOCUMENT:
        raise errors.PARAMETER_OUT_OF_RANGE(
            value=f"of {size} bytes", parameter=parameter, low=1, high=LARGEST_DOCUMENT
        )


def _parse(text: str) -> Element:
    try:
        return xml.parse_xml(text)
    except xml.NotWellFormed as problem:
        details = f"{problem.problem}. At {problem.place}: {problem.hint}."
        raise errors.XML_PARSE_ERROR(details=details) from None


def _unknown_root(text: str, root: Element, schemas: Iterable[Schema]) -> MTurkError:
    name = xml.local_name(root)
    known = " or ".join(f'<{schema.root} xmlns="{schema.namespace}">' for schema in schemas)
    return errors.XML_PARSE_ERROR(
        details=f"cvc-elt.1: Cannot find the declaration of element '{name}'. "
        f"At {xml.place_of(text, root, root)}: the document must begin with {known}."
    )
