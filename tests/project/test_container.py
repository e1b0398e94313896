"""The Dockerfile: what the image runs is what this package has. No image is built here."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from string import Template

import pytest

from mturk_mock.__main__ import PORT, main
from tests.server.test_serve import refused, serving

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mturk_mock"


def instructions():
    """Return the instructions of the Dockerfile in order: name and arguments."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(re.split(r"\s+", line, maxsplit=1)) for line in lines]


INSTRUCTIONS = dict(instructions())
VARIABLES = dict(pair.split("=", 1) for pair in shlex.split(INSTRUCTIONS["ENV"]))
OPTIONS = {name: value for name, value in VARIABLES.items() if name.startswith("MTURK_MOCK_")}
COMMAND = [*json.loads(INSTRUCTIONS["ENTRYPOINT"]), *json.loads(INSTRUCTIONS["CMD"])]


def test_command_serves(tmp_path):
    """The command and the variables of the image start a server with a state file."""
    assert COMMAND == ["mturk-mock", "serve"]
    state = tmp_path / Path(OPTIONS["MTURK_MOCK_STATE"]).name
    local = {"MTURK_MOCK_HOST": "127.0.0.1", "MTURK_MOCK_STATE": str(state)}
    with serving(**{**OPTIONS, **local}) as served:
        assert served.lines[-1] == "Ready."
        assert state.exists()


def test_variables_are_options(capsys):
    """The variables of the image are options of the command."""
    with pytest.raises(SystemExit):
        main([*COMMAND[1:], "--help"])
    known = re.findall(r"--([a-z-]+)", capsys.readouterr().out)
    names = {f"MTURK_MOCK_{flag.replace('-', '_').upper()}" for flag in known}

    assert OPTIONS.keys() <= names


def test_image_is_not_open_by_itself(capsys, monkeypatch):
    """Without credentials, the user of the image must ask for an open server."""
    for name, value in OPTIONS.items():
        monkeypatch.setenv(name, value)
    status, line = refused(capsys, *COMMAND[1:])

    assert (status, line) == (
        2,
        "mturk-mock serve: --host 0.0.0.0 can be reached from other machines: give --credentials "
        "FILE, or --insecure to answer everybody who reaches the port",
    )


def test_health_check_asks_the_server():
    """Its command succeeds if the server answers on the port of the image."""
    command = re.search(r"CMD (.*)", INSTRUCTIONS["HEALTHCHECK"])[1]
    with serving() as served:
        port = served.url.rpartition(":")[2]
        words = shlex.split(Template(command).substitute(MTURK_MOCK_PORT=port))

        assert main(words[1:]) == 0
    assert words[0] == "mturk-mock"


def test_port_is_the_default_one():
    """The image has the port of `mturk-mock serve`."""
    assert (INSTRUCTIONS["EXPOSE"], OPTIONS["MTURK_MOCK_PORT"]) == (str(PORT), str(PORT))


def test_state_is_on_the_volume_of_a_user_without_rights():
    """The image does not run as root, and its state is where the volume is."""
    assert Path(OPTIONS["MTURK_MOCK_STATE"]).parent.as_posix() == INSTRUCTIONS["VOLUME"]
    assert int(INSTRUCTIONS["USER"]) > 0


def test_context_has_what_the_package_is_built_from(tmp_path):
    """The files that .dockerignore lets through give the whole package."""
    context = tmp_path / "context"
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in lines
    for name in [line[1:] for line in lines if line.startswith("!")]:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        context.mkdir(exist_ok=True)
        copy(ROOT / name, context / name)
    build = f"from setuptools import build_meta; build_meta.build_sdist({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], check=True, cwd=context, capture_output=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        found = {name.partition("/")[2] for name in packed.getnames()}

    code = {path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".json", ".typed"}}
    assert {path.relative_to(ROOT).as_posix() for path in code} <= found
    assert {"README.md", "LICENSE", "examples/label_species.py", "examples/species.csv"} <= found
