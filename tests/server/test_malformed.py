"""Malformed requests: refused, and never the end of a server."""

from __future__ import annotations

import json
from itertools import islice

from mturk_mock.__main__ import main
from mturk_mock.server import MTurkServer
from tests.helpers import HIT_TYPE
from tests.malformed import Malformed, exchange, known_values
from tests.servers import call


def test_malformed_requests(tmp_path, capsys):
    """2,000 malformed requests are all answered, none with a 5xx, and the state can be read."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path) as server:
        values = known_values(server.client(), server.mturk.worker())
        failed = [
            request
            for request in islice(Malformed(1, values), 2000)
            if exchange(server.url, request) >= 500
        ]
        balance = call(server, "GetAccountBalance").json

    assert failed == []
    with MTurkServer(state=path) as server:
        assert call(server, "GetAccountBalance").json == balance
    assert main(["replay", str(path)]) == 0
    assert capsys.readouterr().err == ""


def test_replay_prints_a_line_for_each_change(tmp_path, capsys):
    """Line breaks and surrogates of a request are escaped, and UTF-16 is read."""
    path = tmp_path / "state.db"
    with MTurkServer(state=path) as server:
        call(server, "CreateHITType", {**HIT_TYPE, "Keywords": "\ud800"})
        call(server, "CreateHITType", json.dumps(HIT_TYPE).encode("utf-16"))
        call(server, "CreateHITType", HIT_TYPE, X_Mturk_Mock_Requester="lab%0Atwo")
    main(["replay", str(path)])
    first, *calls, last = capsys.readouterr().out.splitlines()

    assert first.endswith("starts")
    assert r" default calls CreateHITType(" in calls[0]
    assert r"Keywords='\ud800'" in calls[0]
    assert " default calls CreateHITType(Title='Label a picture'" in calls[1]
    assert r" lab\ntwo calls CreateHITType(Title='Label a picture'" in calls[2]
    assert last == "4 changes, made again with the outcomes that were recorded"


def test_refused_calls_keep_no_frames(tmp_path):
    """The errors of the calls that a server remembers hold nothing else in memory."""
    with MTurkServer() as server:
        call(server, "GetHIT", b"[" * 1000)
        (refused,) = server.mturk.calls

    assert refused.error.__traceback__ is refused.error.__context__ is None
