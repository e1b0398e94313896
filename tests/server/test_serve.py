"""`mturk-mock serve` and `mturk-mock health`, each in a process of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from mturk_mock import mock_mturk
from mturk_mock.__main__ import main
from mturk_mock.server import MTurkServer
from tests.clients import make_client
from tests.helpers import NOTHING, NOW, publish
from tests.servers import call, send

COMMAND = [sys.executable, "-m", "mturk_mock"]
LAB = {"AKIAONE": {"secret": "s3cret", "requester": "lab"}}


@contextmanager
def serving(*options, **environment):
    """Run `mturk-mock serve`; yield its URL, its lines and the process, and kill it at the end."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *options],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = []
        while not lines or lines[-1] not in ("Ready.", ""):
            lines.append(process.stdout.readline().rstrip("\n"))
        url = re.search(r"https?://\S+", lines[0])[0]
        yield SimpleNamespace(url=url, lines=lines, process=process)
    finally:
        process.kill()
        process.communicate()


def end(served, number=signal.SIGTERM):
    """End a server by a signal; return its exit status and what it wrote to stderr."""
    served.process.send_signal(number)
    _, written = served.process.communicate(timeout=60)
    return served.process.returncode, written


def test_serve():
    """It prints its URLs and `Ready.`, answers, logs each request, and ends on Ctrl-C."""
    with serving() as served:
        client = make_client(endpoint_url=served.url)
        hit_id = publish(client)
        call(served, "GetHIT", {"HITId": NOTHING}, X_Mturk_Mock_Requester="lab%0Atwo")
        send(served, "GET", "/livez?secret=1")
        send(served, "PATCH", "/")
        lines = served.lines
        status, written = end(served, signal.SIGINT)

    assert lines == [
        f"mturk_mock requester API at {served.url}",
        f"mturk_mock sandbox at {served.url}/sandbox",
        f"mturk_mock worker site at {served.url}/projects",
        f"mturk_mock worker site of the sandbox at {served.url}/sandbox/projects",
        f"mturk_mock pages of HITs at {served.url.replace('127.0.0.1', 'localhost')}",
        "Ready.",
    ]
    assert hit_id.startswith("3")
    assert status == 0
    logged = [
        re.fullmatch(r"[-\d]+ [:\d,]+ (.*) \d+\.\d ms", line)[1] for line in written.splitlines()
    ]
    assert logged == [
        "CreateHIT default 200 -",
        r"GetHIT lab\ntwo 400 AWS.MechanicalTurk.HITDoesNotExist",
        "GET /livez - 200 -",
        "PATCH / - 404 UnknownOperationException",
    ]


def test_serve_with_options(tmp_path):
    """Credentials, seed data, a label, the public URL and a log in JSON; ends on SIGTERM."""
    (tmp_path / "keys.json").write_text(json.dumps(LAB))
    with mock_mturk(seed=1, now=NOW) as mturk:
        mturk.add_hit()
        mturk.snapshot().save(tmp_path / "seed.json")
    options = [
        *("--credentials", str(tmp_path / "keys.json")),
        *("--seed-data", str(tmp_path / "seed.json")),
        *("--log-format", "json"),
    ]
    keys = {"aws_access_key_id": "AKIAONE", "aws_secret_access_key": "s3cret"}
    with serving(*options, MTURK_MOCK_LABEL="ci") as served:
        client = make_client(endpoint_url=served.url, **keys)
        listed = client.list_hits()["HITs"]
        unsigned = call(served, "ListHITs")
        status, written = end(served)

    assert served.lines[0] == f"mturk_mock ci: requester API at {served.url}"
    assert unsigned.json["__type"] == "MissingAuthenticationTokenException"
    assert status == 0
    first, second = map(json.loads, written.splitlines())
    assert {**first, "time": "", "ms": 0} == {
        "time": "",
        "operation": "ListHITs",
        "requester": "lab",
        "status": 200,
        "error": "-",
        "ms": 0,
    }
    assert second["error"] == "MissingAuthenticationTokenException"
    assert listed == []  # the HIT is that of another requester
    assert client.meta.endpoint_url == served.url
    assert "s3cret" not in written


def test_seed_data_is_there(tmp_path):
    """The HITs of the snapshot are answered."""
    with mock_mturk(seed=1, now=NOW) as mturk:
        hit_id = publish(mturk.client())
        mturk.snapshot().save(tmp_path / "seed.json")
    with serving(MTURK_MOCK_SEED_DATA=str(tmp_path / "seed.json")) as served:
        answer = call(served, "GetHIT", {"HITId": hit_id})

    assert answer.json["HIT"]["HITId"] == hit_id


def test_insecure_says_so():
    """A server on another address answers for any name, and warns."""
    with serving(MTURK_MOCK_INSECURE="1", MTURK_MOCK_HOST="0.0.0.0") as served:
        status = send(served, "GET", "/livez", Host="example.com").status
        exit_status, _ = end(served)

    assert (status, exit_status) == (200, 0)
    assert served.lines[-2] == (
        "WARNING: --insecure: this server answers everybody who reaches the port, "
        "without a signature."
    )


def test_no_content_url_says_so():
    """Without a host of their own, pages of HITs come from the worker site's address."""
    with serving(MTURK_MOCK_INSECURE="1", MTURK_MOCK_HOST="0.0.0.0") as served:
        assert served.lines[4] == (
            "mturk_mock pages of HITs at the same address; give --content-url URL, with another "
            "host name, so that they can keep data in the browser"
        )


@pytest.mark.parametrize(
    ("environment", "end_of_line"),
    [
        ({}, "; it needs --control-token TOKEN"),
        ({"MTURK_MOCK_CONTROL_TOKEN": "0123456789abcdef"}, ""),
    ],
)
def test_public_site_needs_invitations(tmp_path, environment, end_of_line):
    """A server that others reach says where pages of HITs are, and how workers sign in."""
    (tmp_path / "keys.json").write_text(json.dumps(LAB))
    options = [
        *("--credentials", str(tmp_path / "keys.json")),
        *("--public-url", "https://mturk.example.com"),
        *("--content-url", "https://tasks.example.net"),
    ]
    with serving(*options, **environment) as served:
        assert served.lines[2:] == [
            "mturk_mock worker site at https://mturk.example.com/projects",
            "mturk_mock worker site of the sandbox at https://mturk.example.com/sandbox/projects",
            "mturk_mock pages of HITs at https://tasks.example.net",
            "mturk_mock workers sign in by invitation, which POST "
            f"/_mturk/workers/WORKER_ID/invitation returns{end_of_line}",
            "Ready.",
        ]


def test_open(tmp_path):
    """With --open, the browser of the machine shows the worker site."""
    page = tmp_path / "opened"
    browser = f"{sys.executable} -c \"open({str(page)!r}, 'w').write('%s')\""
    with serving("--open", BROWSER=browser) as served:
        status, written = end(served)

    assert (status, written) == (0, "")
    assert page.read_text() == f"{served.url}/projects"


def test_open_without_a_browser(tmp_path):
    """A machine without a browser is told the address."""
    with serving(MTURK_MOCK_OPEN="1", BROWSER="/bin/false %s", PATH="") as served:
        _, written = end(served)

    line = f"No browser can be opened here. Open {served.url}/projects in one."
    assert written.splitlines() == [line]


def refused(capsys, *arguments):
    """Run a command that fails; return its exit status and its one line of errors."""
    try:
        status = main(arguments)
    except SystemExit as problem:
        status = problem.code
    output = capsys.readouterr()
    assert output.out == ""
    (line,) = output.err.splitlines()
    return status, line


def test_port_in_use(capsys):
    """One line names the address."""
    with MTurkServer() as server:
        port = server.url.rpartition(":")[2]
        said = refused(capsys, "serve", "--port", port)

    message = f"mturk-mock serve: cannot listen on 127.0.0.1:{port}: Address already in use"
    assert said == (2, message)


HELP = "; see mturk-mock serve --help"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--prot", "1"], f"unrecognized arguments: --prot 1{HELP}"),
        (
            ["--port", "http"],
            f"argument --port: a port is a number from 0 to 65535, not 'http'{HELP}",
        ),
        (
            ["--port", "65536"],
            f"argument --port: a port is a number from 0 to 65535, not '65536'{HELP}",
        ),
        (
            ["--log-format", "xml"],
            f"argument --log-format: a log is text or json, not 'xml'{HELP}",
        ),
        (
            ["--insecure", "perhaps"],
            f"argument --insecure: a flag is 1 or 0, yes or no, not 'perhaps'{HELP}",
        ),
        (
            ["--credentials", "nowhere.json"],
            "cannot read nowhere.json: No such file or directory",
        ),
        (["--seed-data", "nowhere.json"], "cannot read nowhere.json: No such file or directory"),
        (["--content-url", "x"], "the content URL takes http:// or https:// and a host, not 'x'"),
        (
            ["--content-url", "http://127.0.0.1:5781"],
            "the content URL needs another host name than 127.0.0.1, that of the worker site, not "
            "'http://127.0.0.1:5781': browsers send cookies to every port of a host",
        ),
        (["--public-url", "x"], "the public URL takes http:// or https:// and a host, not 'x'"),
        (
            ["--public-url", "https://[2001:db8::1]:8443"],
            "--public-url https://[2001:db8::1]:8443 can be reached from other machines: give "
            "--credentials FILE, or --insecure to answer everybody who reaches the port",
        ),
        (
            ["--host", "0.0.0.0"],
            "--host 0.0.0.0 can be reached from other machines: give --credentials FILE, or "
            "--insecure to answer everybody who reaches the port",
        ),
    ],
)
def test_wrong_options(arguments, message, capsys):
    """Each is one line, and status 2."""
    assert refused(capsys, "serve", *arguments) == (2, f"mturk-mock serve: {message}")


@pytest.mark.parametrize("flag", ["--credentials", "--seed-data"])
def test_file_that_is_no_json(flag, capsys, tmp_path, monkeypatch):
    """The line names the file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.json").write_text("{")
    status, line = refused(capsys, "serve", flag, "file.json")

    assert status == 2
    assert line.startswith("mturk-mock serve: file.json: ")


def test_wrong_environment(capsys, monkeypatch):
    """A variable is checked as the option is."""
    monkeypatch.setenv("MTURK_MOCK_PORT", "http")

    message = f"argument --port: a port is a number from 0 to 65535, not 'http'{HELP}"
    assert refused(capsys, "serve") == (2, f"mturk-mock serve: {message}")


WITHOUT_EXTRA = """
import sys
sys.modules["{missing}"] = None
from mturk_mock.__main__ import main
sys.exit(main(["serve"]))
"""


@pytest.mark.parametrize("missing", ["jinja2", "python_multipart", "starlette", "uvicorn"])
def test_serve_without_the_extra(missing):
    """It says what to install, and exits with status 2."""
    program = WITHOUT_EXTRA.format(missing=missing)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"mturk-mock serve: mturk_mock.server needs jinja2, python_multipart, starlette and "
        f"uvicorn, and {missing} is not installed: pip install 'mturk-mock[server]'\n"
    )


def test_signal_handlers_are_restored(monkeypatch):
    """A program that calls `main` has its own handlers afterwards."""
    monkeypatch.setattr(
        "builtins.print", lambda *args, **kwargs: signal.raise_signal(signal.SIGINT)
    )
    monkeypatch.setattr("logging.basicConfig", lambda **kwargs: None)
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)

    assert main(["serve", "--port", "0"]) == 0
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


# Health -------------------------------------------------------------------------------------


def test_health_of_a_server(capsys):
    """It is quiet, and exits with status 0."""
    with MTurkServer() as server:
        assert main(["health", f"{server.url}/"]) == 0
    assert capsys.readouterr() == ("", "")


def test_health_without_a_server(capsys):
    """One line, and status 1."""
    with MTurkServer() as server:
        url = server.url
    said = refused(capsys, "health", url)

    assert said[0] == 1
    assert re.fullmatch(f"mturk-mock health: {url} is not ready: .*Connection refused", said[1])


def test_health_of_another_server(capsys, monkeypatch):
    """A server that is not ours is not healthy."""
    monkeypatch.setattr("mturk_mock.server.protocol.common_headers", list)
    with MTurkServer() as server:
        url = server.url
        said = refused(capsys, "health", url)

    assert said == (1, f"mturk-mock health: {url} is another server")


def test_health_of_what_is_no_url(capsys):
    """One line, and status 2."""
    message = (
        "mturk-mock health: argument URL: a URL begins with http:// or https://, not "
        "'localhost:5780'; see mturk-mock health --help"
    )
    assert refused(capsys, "health", "localhost:5780") == (2, message)


def test_health_of_what_is_no_http(capsys):
    """A port at which something else answers is not healthy."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            connection.sendall(b"SSH-2.0-x\r\n")
            connection.close()

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        status, line = refused(capsys, "health", url)
        thread.join()

    assert status == 1
    assert line.startswith(f"mturk-mock health: {url} is not ready: ")


def test_state_is_kept(tmp_path):
    """With --state, what a killed server has answered is there at the next start."""
    path = str(tmp_path / "state.sqlite")
    with serving("--state", path) as served:
        hit_id = publish(make_client(endpoint_url=served.url))
        assert f"mturk_mock state in {path}" in served.lines
        served.process.kill()
        served.process.wait()
    with serving(MTURK_MOCK_STATE=path) as served:
        client = make_client(endpoint_url=served.url)
        assert client.get_hit(HITId=hit_id)["HIT"]["HITId"] == hit_id
        assert end(served)[0] == 0


def test_second_server_with_a_state_file(tmp_path):
    """A file that another server uses is named, in one line, and the port is not taken."""
    path = str(tmp_path / "state.sqlite")
    with serving("--state", path):
        done = subprocess.run(
            [*COMMAND, "serve", "--port", "0", "--state", path],
            capture_output=True,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"mturk-mock serve: {path} is in use by another server or program: end it first, or name "
        "another state file\n"
    )


def test_forget(tmp_path):
    """With --forget, the file has no records after a clean end."""
    path = tmp_path / "state.sqlite"
    with serving("--state", str(path), "--forget") as served:
        publish(make_client(endpoint_url=served.url))
        assert end(served)[0] == 0
    done = subprocess.run(
        [*COMMAND, "replay", str(path)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "0 changes, made again with the outcomes that were recorded\n"


def test_empty_variable_is_none():
    """A variable that is empty counts as one that is not set."""
    with serving(MTURK_MOCK_STATE="", MTURK_MOCK_LABEL="") as served:
        assert not any("state in" in line for line in served.lines)
        assert served.lines[0].startswith("mturk_mock requester API at ")
