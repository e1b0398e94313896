"""Beginnings of Xerces' messages for XML that breaks a schema. [observed]

And the check of a table of rules, each with documents that keep and break it.
"""

from __future__ import annotations

import pytest

from tests.helpers import XML_ERROR


def starting(name):
    return f"cvc-complex-type.2.4.a: Invalid content was found starting with element '{name}'."


def unexpected(name):
    return (
        f"cvc-complex-type.2.4.d: Invalid content was found starting with element '{name}'. "
        "No child element"
    )


def incomplete(name):
    return f"cvc-complex-type.2.4.b: The content of element '{name}' is not complete. One of '"


def not_valid(value, kind=None):
    end = f" '{kind}'." if kind else ""
    return f"cvc-datatype-valid.1.2.1: '{value}' is not a valid value for{end}"


def too_small(value, least):
    return (
        f"cvc-minInclusive-valid: Value '{value}' is not facet-valid with respect to "
        f"minInclusive '{least}'"
    )


def too_large(value, most):
    return (
        f"cvc-maxInclusive-valid: Value '{value}' is not facet-valid with respect to "
        f"maxInclusive '{most}'"
    )


def not_listed(value):
    return f"cvc-enumeration-valid: Value '{value}' is not facet-valid with respect to enumeration"


def no_match(value):
    return f"cvc-pattern-valid: Value '{value}' is not facet-valid with respect to pattern"


def no_attribute(name, element):
    return (
        f"cvc-complex-type.3.2.2: Attribute '{name}' is not allowed to appear in element "
        f"'{element}'."
    )


def must_appear(name, element):
    return f"cvc-complex-type.4: Attribute '{name}' must appear on element '{element}'."


def elements_only(name):
    return f"cvc-complex-type.2.3: Element '{name}' cannot have character [children]"


def empty(name):
    return f"cvc-complex-type.2.1: Element '{name}' must have no character or element"


def simple(name):
    return f"cvc-type.3.1.2: Element '{name}' is a simple type, so it must have no element"


def at_first(inside, name, first, second, order):
    """Return the rows for two required elements, each once, in order."""
    first_tag, second_tag = (each[1:].partition(">")[0] for each in (first, second))
    return [
        (f"{name} has {first_tag}", inside, order, second, starting(second_tag)),
        (f"{name} has {first_tag} once", inside, order, first + order, starting(first_tag)),
        (f"{name} has {first_tag} first", inside, order, second + first, starting(second_tag)),
    ]


def rules(rows):
    """Return the mark that parametrizes a test by rules.

    A row: the rule, where it applies, a piece that keeps it, a piece that breaks it, the message.
    """
    return pytest.mark.parametrize(
        ("inside", "kept", "broken", "details"), [row[1:] for row in rows], ids=[r[0] for r in rows]
    )


def check_rule(desk, grammar, kept, broken, details):
    """Check that the broken document is refused, nothing is created, and the other is accepted."""
    assert (desk.hand_in(grammar, broken) or "").startswith(XML_ERROR + details)
    assert desk.created == []
    assert desk.hand_in(grammar, kept) is None
