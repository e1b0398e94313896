"""What is left of a document that was refused."""

from __future__ import annotations

from xml.etree.ElementTree import XMLParser

import pytest

from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.tree import NotWellFormed


def kept_by(error):
    """Return everything that an exception keeps alive by its traceback and its causes."""
    while error is not None:
        traceback = error.__traceback__
        while traceback is not None:
            yield from traceback.tb_frame.f_locals.values()
            traceback = traceback.tb_next
        error = error.__context__


@pytest.mark.parametrize("document", ["<a", "nonsense", "<!DOCTYPE a><a/>", "<a>\ud800</a>"])
def test_refusal_keeps_no_parser(document):
    """A program may keep an error to its end: Python 3.12 crashes there over a parser."""
    with pytest.raises(NotWellFormed) as refusal:
        xml.parse_xml(document)

    assert not any(isinstance(kept, XMLParser) for kept in kept_by(refusal.value))
