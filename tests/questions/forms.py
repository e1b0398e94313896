"""Helpers for tests of HTML forms: pages filled with many seeds, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from mturk_mock.questions.html.form import read_html_form


def fillings(html: str, seeds: int = 60) -> list[dict[str, Any]]:
    """Return the values that a page is filled with by many seeds; it accepts each of them."""
    form = read_html_form(html)
    made = [form.fill(Random(seed)) for seed in range(seeds)]
    for values in made:
        form.check(values)
    return made


def values_of(html: str, seeds: int = 60) -> set[Any]:
    """Return the values that field "it" is filled with, None if it sends nothing."""
    return {values.get("it") for values in fillings(html, seeds)}


def refusal(html: str, values: Mapping[str, Any]) -> str:
    """Return the message with which a page refuses values."""
    with pytest.raises(ValueError, match=r"\w") as caught:
        read_html_form(html).check(values)
    return str(caught.value)
