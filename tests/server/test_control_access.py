"""The control API: access with and without a token."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from mturk_mock.__main__ import main
from mturk_mock.server import MTurkServer
from tests.server.test_serve import end, refused, serving
from tests.servers import control_client, refusal, send

TOKEN = "a-long-random-secret"
LAB = {"AKIAONE": {"secret": "s3cret", "requester": "lab"}}
CROSS_SITE = (403, "CrossSite", "The control API answers no web pages of other origins.")
NO_TOKEN = (
    403,
    "TokenRequired",
    "This server has credentials, or other machines can reach it, so its control API needs a "
    "token. Start it with --control-token or MTURK_MOCK_CONTROL_TOKEN, or "
    "MTurkServer(control_token=...), and send the header Authorization: Bearer TOKEN.",
)
WRONG_TOKEN = (
    401,
    "Unauthorized",
    "The control API of this server needs the header Authorization: Bearer TOKEN, with the token "
    "that the server was started with.",
)


@pytest.fixture(scope="module")
def guarded():
    """A server with credentials and a token."""
    with MTurkServer(credentials=LAB, control_token=TOKEN) as server:
        yield server


def test_open_on_loopback(control):
    """A server on loopback without credentials answers without a token."""
    assert control.get("/health").status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {"credentials": LAB},
        {"host": "0.0.0.0", "insecure": True},
        {"public_url": "https://mturk.example.com", "insecure": True},
    ],
    ids=str,
)
def test_closed_without_a_token(options):
    """A server that others can reach, or with credentials, says how to configure a token."""
    with MTurkServer(**options) as server:
        host = server._local_url.removeprefix("http://")
        response = httpx.get(f"http://{host}/_mturk/health", trust_env=False)

    assert refusal(response) == NO_TOKEN


def test_public_url_of_loopback_is_open():
    """A public URL that only this machine can reach needs no token."""
    with MTurkServer(public_url="http://mturk.localhost:1") as server:
        response = httpx.get(f"{server._local_url}/_mturk/health", trust_env=False)

    assert response.status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER  "])
def test_right_token(scheme, guarded):
    """The token is sent as a bearer token."""
    with control_client(guarded, Authorization=f"{scheme} {TOKEN}") as client:
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": f"Bearer {TOKEN.upper()}"},
        {"Authorization": "Bearer é"},
    ],
    ids=str,
)
def test_wrong_token(headers, guarded):
    """Without the token, or with another one, nothing is answered."""
    encoded = {name: value.encode() for name, value in headers.items()}
    response = httpx.get(f"{guarded.url}/_mturk/health", headers=encoded, trust_env=False)

    assert refusal(response) == WRONG_TOKEN
    assert response.headers["www-authenticate"] == "Bearer"


def test_token_before_the_address(guarded):
    """Without the token, nobody learns which addresses there are."""
    with control_client(guarded) as client:
        assert refusal(client.get("/nowhere")) == WRONG_TOKEN


def test_token_on_loopback():
    """A token that is given is required on loopback, too."""
    with MTurkServer(control_token=TOKEN) as server, control_client(server) as client:
        response = client.post("/reset")

    assert refusal(response) == WRONG_TOKEN


def test_token_does_not_open_the_api(guarded):
    """The token is not a signature of the API."""
    answer = send(
        guarded,
        "POST",
        "/",
        b"{}",
        Authorization=f"Bearer {TOKEN}",
        X_Amz_Target="MTurkRequesterServiceV20170117.ListHITs",
        Content_Type="application/x-amz-json-1.1",
    )

    assert answer.json["__type"] == "IncompleteSignatureException"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_pages_of_other_origins(headers, control):
    """A web page of another origin cannot use the control API, even on loopback."""
    assert refusal(control.post("/reset", headers=headers)) == CROSS_SITE


def test_pages_of_other_origins_with_the_token(guarded):
    """The token does not allow pages of other origins."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": "https://example.com"}
    with control_client(guarded, **headers) as client:
        assert refusal(client.get("/health")) == CROSS_SITE


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_pages_of_the_server(site, server, control):
    """A page that the server itself has sent can use the control API."""
    headers = {"Origin": server.url, "Sec-Fetch-Site": site}

    assert control.post("/reset", headers=headers).status_code == 200


# The token ----------------------------------------------------------------------------------

INVALID_TOKEN = (
    "the control token takes 16 or more letters, digits and any of . _ ~ + / - without spaces; it "
    "is not shown here"
)


@pytest.mark.parametrize("token", ["", "short", "fifteen-letters", "a long random secret", 5, b""])
def test_invalid_token(token):
    """A token is long and plain; the message does not show it."""
    with pytest.raises(ValueError, match=f"^{re.escape(INVALID_TOKEN)}$"):
        MTurkServer(control_token=token)


def test_serve_with_a_token(tmp_path):
    """`mturk-mock serve` takes the token from the environment, and never shows it."""
    (tmp_path / "keys.json").write_text(json.dumps(LAB))
    options = ("--credentials", str(tmp_path / "keys.json"))
    with serving(*options, MTURK_MOCK_CONTROL_TOKEN=TOKEN) as served:
        with control_client(served, Authorization=f"Bearer {TOKEN}") as client:
            status = client.get("/health").status_code
        with control_client(served) as client:
            client.get("/health")
        exit_status, written = end(served)

    assert (status, exit_status) == (200, 0)
    assert [line.split()[2:7] for line in written.splitlines()] == [
        ["GET", "/_mturk/health", "-", "200", "-"],
        ["GET", "/_mturk/health", "-", "401", "Unauthorized"],
    ]
    assert TOKEN not in written + "".join(served.lines)


def test_serve_with_an_invalid_token(capsys):
    """One line says what a token must be, and the exit status is 2."""
    said = refused(capsys, "serve", "--port", "0", "--control-token", "short")

    assert said == (2, f"mturk-mock serve: {INVALID_TOKEN}")


def test_help_does_not_show_the_token(capsys, monkeypatch):
    """`--help` shows defaults, but not the token of the environment."""
    monkeypatch.setenv("MTURK_MOCK_CONTROL_TOKEN", TOKEN)
    with pytest.raises(SystemExit):
        main(["serve", "--help"])

    shown = capsys.readouterr().out
    assert "--control-token TOKEN" in shown
    assert TOKEN not in shown
