"""The fixture mturk_server."""

from __future__ import annotations

import subprocess
import sys

from tests.inner import run_pytest

SERVER = """
import urllib.request

def test_server(mturk_server):
    publish_to(mturk_server.client())
    assert [hit.status for hit in mturk_server.mturk.hits] == ["Assignable"]

def test_another_server(mturk_server):
    assert mturk_server.mturk.hits == []
    with urllib.request.urlopen(f"{mturk_server.url}/livez") as response:
        assert response.status == 200

@pytest.mark.mock_mturk(balance=5)
def test_server_and_mock(mturk_server, mturk_client):
    assert balance_of(mturk_server.client()) == "10000.00"
    assert balance_of(mturk_client) == "5.00"

def publish_to(client):
    create_hit(client)
"""


def test_fixture_is_a_server(pytester):
    """Each test has its own, beside the mock of the marker and the other fixtures."""
    assert run_pytest(pytester, SERVER).parseoutcomes() == {"passed": 3}


def test_fixture_without_the_extra(pytester):
    """The test that takes it is an error that says what to install; others are not concerned."""
    pytester.makeconftest("import sys\nsys.modules['uvicorn'] = None\n")
    pytester.makepyfile(
        """
        def test_server(mturk_server):
            pass

        def test_client(mturk_client):
            assert mturk_client.get_account_balance()["AvailableBalance"] == "10000.00"
        """
    )
    result = pytester.runpytest_subprocess("-pno:randomly", "-pno:cacheprovider")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "E*ImportError: mturk_mock.server needs jinja2, python_multipart, starlette and "
            "uvicorn, and uvicorn is not installed: pip install 'mturk-mock?server?'"
        ]
    )


def test_import_without_the_extra():
    """The import of the package says what to install."""
    program = "import sys; sys.modules['starlette'] = None; import mturk_mock.server"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr.endswith(
        "ImportError: mturk_mock.server needs jinja2, python_multipart, starlette and uvicorn, "
        "and starlette is not installed: pip install 'mturk-mock[server]'\n"
    )
