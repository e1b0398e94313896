"""Invalid options of mturk.worker() are refused."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"country": "Germany"}, "takes a country code of ISO 3166, such as 'DE', not 'Germany'"),
        ({"country": "XX"}, "takes a country code of ISO 3166, such as 'DE', not 'XX'"),
        (
            {"subdivision": "New York"},
            "takes a subdivision code of ISO 3166-2, such as 'NY', not 'New York'",
        ),
        ({"approved": -1}, "takes a number of approved assignments, not -1"),
        ({"rejected": "5"}, "takes a number of rejected assignments, not '5'"),
    ],
)
def test_worker_with_an_invalid_option_is_refused(mturk, said, message):
    """The error says what was given and what is allowed."""
    with pytest.raises(ValueError, match=message):
        mturk.worker("A1B2C3D4E5F6G7", **said)


def test_worker_with_an_invalid_option_is_not_changed(mturk, mturk_client):
    """If an option is invalid, the worker is neither created nor changed."""
    worker = mturk.worker("A1B2C3D4E5F6G7", country="DE", approved=5)

    with pytest.raises(ValueError, match="subdivision"):
        mturk.worker("A1B2C3D4E5F6G7", country="FR", subdivision="?")

    assert "from DE" in repr(worker)
