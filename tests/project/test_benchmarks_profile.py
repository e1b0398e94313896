"""The profile of the calls: whose a moment is."""

from __future__ import annotations

import json
import sys
from collections import Counter

from benchmarks import profile


def test_the_innermost_function_that_has_a_part_counts():
    """What botocore calls of the standard library is botocore's, and ours is ours."""
    assert profile.part_in("botocore", "signers.py:sign") == PARTS["signing"]
    assert profile.part_in("botocore", "never_heard_of.py:any") == PARTS["rest"]
    assert profile.part_of(sys._getframe()) == profile.OTHERS


PARTS = {"signing": "credentials and signing", "rest": "client, context, the rest"}


def test_a_function_of_ours_counts_for_its_part():
    """Even where it calls something that has none."""
    seen = []
    call = "id_ = seen.append(part_of(frame()))"
    place = profile.FOLDERS["ours"] / "backend" / "validation.py"
    exec(
        compile(call, str(place), "exec"),
        {"seen": seen, "part_of": profile.part_of, "frame": sys._getframe},
    )
    assert seen == [("ours", "reading and checking the request")]


def test_shares_are_parts_of_the_floor():
    """So that the sum of a call is its ratio."""
    part = ("ours", "questions")
    found = {"get_hit, floor": Counter({profile.OTHERS: 50}), "get_hit": Counter({part: 40})}
    assert profile.shares(found)["get_hit"] == {part: 80}
    assert profile.table(found)[-1] == "| all | 100 | 80 |"
    assert "| ours: questions |  | 80.0 |" in profile.table(found)


def test_calls_are_profiled(capsys, tmp_path):
    """Both of them, beside their floors."""
    path = tmp_path / "profile.json"
    profile.main(["--rounds", "20", "--json", str(path)])
    found = json.loads(path.read_text())
    assert len(found) == 4
    assert all(map(sum, (counts.values() for counts in found.values())))
    assert capsys.readouterr().out.startswith("| | get_hit, floor | get_hit |")
