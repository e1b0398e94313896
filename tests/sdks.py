"""The same calls by boto3, the AWS CLI and the AWS SDK for JavaScript.

The other two are not installed by pip: `.ci/clients` installs them, sets `MTURK_MOCK_TEST_AWS` (the
program) and `MTURK_MOCK_TEST_NODE` (the folder of Node's packages), and runs the tests that use
them. Without the variables those tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from tests.clients import make_client

AWS = "MTURK_MOCK_TEST_AWS"
NODE = "MTURK_MOCK_TEST_NODE"

_PROGRAM = Path(__file__).parent / "server" / "sdk_client.mjs"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_CLI_ERROR = re.compile(r"An error occurred \((\w+)\) when calling the \w+ operation: (.*)")


class Refused(Exception):
    """An error as an SDK shows it: its code and its message."""

    @property
    def code(self) -> str:
        code: str = self.args[0]
        return code

    @property
    def message(self) -> str:
        message: str = self.args[1]
        return message


class Boto3:
    """A client of boto3."""

    def __init__(self, url: str, access_key: str, secret: str) -> None:
        self._client = make_client(
            endpoint_url=url, aws_access_key_id=access_key, aws_secret_access_key=secret
        )

    def call(self, operation: str, **params: Any) -> Any:
        """Call an operation; return its response, or raise Refused."""
        try:
            response = getattr(self._client, xform_name(operation))(**params)
        except ClientError as refusal:
            error = refusal.response["Error"]
            raise Refused(error["Code"], error["Message"]) from None
        del response["ResponseMetadata"]
        return response


class CLI:
    """The AWS CLI, a process for each call."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def call(self, operation: str, **params: Any) -> Any:
        """Call an operation; return its response, or raise Refused."""
        command = [os.environ[AWS], "mturk", xform_name(operation, "-"), "--no-paginate"]
        done = subprocess.run(
            [*command, "--output=json", "--cli-input-json", json.dumps(params)],
            env=self._environment,
            capture_output=True,
            encoding="utf-8",
        )
        if done.returncode:
            found = _CLI_ERROR.search(done.stderr)
            assert found, done.stderr
            raise Refused(*found.groups())
        return _with_times(json.loads(done.stdout or "{}"))


class Node:
    """The AWS SDK for JavaScript, in a process of Node."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._input, self._output = process.stdin, process.stdout

    def call(self, operation: str, **params: Any) -> Any:
        """Call an operation; return its response, or raise Refused."""
        self._input.write(json.dumps({"operation": operation, "params": params}) + "\n")
        self._input.flush()
        answer = json.loads(self._output.readline())
        if "error" in answer:
            raise Refused(answer["error"]["code"], answer["error"]["message"])
        return _with_times(answer["response"])


def _with_times(content: Any) -> Any:
    """Return JSON with its times as boto3 returns them."""
    if isinstance(content, dict):
        return {name: _with_times(value) for name, value in content.items()}
    if isinstance(content, list):
        return [_with_times(value) for value in content]
    if isinstance(content, str) and _TIME.fullmatch(content):
        return datetime.fromisoformat(content.replace("Z", "+00:00")).astimezone(timezone.utc)
    return content


def _environment(url: str, access_key: str, secret: str, **further: str) -> dict[str, str]:
    return {
        **os.environ,
        "AWS_ENDPOINT_URL_MTURK": url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret,
        **further,
    }


def _installed(variable: str, what: str) -> str:
    """Return the value of a variable of `.ci/clients`; skip the test without it."""
    if variable not in os.environ:
        pytest.skip(f"{variable} is not set: .ci/clients installs {what} and runs this test")
    return os.environ[variable]


@contextmanager
def boto3_sdk(folder: Path, *endpoint: str) -> Iterator[Boto3]:
    """Give a client of boto3."""
    yield Boto3(*endpoint)


@contextmanager
def cli_sdk(folder: Path, *endpoint: str) -> Iterator[CLI]:
    """Give the AWS CLI; its configuration is in a folder."""
    _installed(AWS, "the AWS CLI")
    config = folder / "config"
    config.write_text("[default]\ncli_timestamp_format = iso8601\ncli_pager =\n")
    yield CLI(_environment(*endpoint, AWS_CONFIG_FILE=str(config)))


@contextmanager
def node_sdk(folder: Path, *endpoint: str) -> Iterator[Node]:
    """Give the AWS SDK for JavaScript, and end its process."""
    packages = _installed(NODE, "@aws-sdk/client-mturk")
    with subprocess.Popen(
        ["node", str(_PROGRAM)],
        env=_environment(*endpoint, NODE_PATH=packages),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield Node(process)


#: Each gives a client by a folder, a URL, an access key and its secret.
SDKS = {"boto3": boto3_sdk, "aws": cli_sdk, "node": node_sdk}
