"""What workers fill in: forms and tests, read and answered when somebody first does.

What reads pages, and JavaScript's regular expressions with it, takes 25 ms to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from mturk_mock.questions.answering import Work
    from mturk_mock.questions.question import Page


def read_work(
    page: Page, answer: Mapping[str, Any] | str, owner_id: str = "", *, check: bool = True
) -> Work:
    """Return what is handed in, as `questions.answering` reads it."""
    from mturk_mock.questions import answering

    return answering.read_work(page, answer, owner_id, check=check)


def fill(page: Page, random: Random) -> dict[str, Any]:
    """Return valid fields for a page, as `questions.answering` finds them."""
    from mturk_mock.questions import answering

    return answering.fill(page, random)
