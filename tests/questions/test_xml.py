"""Objects that a refusal of a document keeps alive."""

from __future__ import annotations

from xml.etree.ElementTree import XMLParser

import pytest

from mturk_mock.questions.xml import tree as xml
from mturk_mock.questions.xml.tree import NotWellFormed


def kept_by(error):
    """Return all objects that an exception keeps alive through its traceback and causes."""
    while error is not None:
        traceback = error.__traceback__
        while traceback is not None:
            yield from traceback.tb_frame.f_locals.values()
            traceback = traceback.tb_next
        error = error.__context__


@pytest.mark.parametrize("document", ["<a", "nonsense", "<!DOCTYPE a><a/>", "<a>\ud800</a>"])
def test_refusal_keeps_no_parser(document):
    """An error keeps no parser alive, because Python 3.12 crashes at exit if it does."""
    with pytest.raises(NotWellFormed) as refusal:
        xml.parse_xml(document)

    assert not any(isinstance(kept, XMLParser) for kept in kept_by(refusal.value))
