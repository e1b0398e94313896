"""Clients created inside a mock ask no metadata service for credentials."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import CredentialRetrievalError, NoCredentialsError

from mturk_mock import mock_mturk
from tests.clients import KEYS, Sent, balance_of

#: What sets up each metadata service, and the host that would be asked.
SERVICES = {
    "instance": ({}, "http://169.254.169.254/"),
    "container": (
        {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/keys"},
        "http://169.254.170.2/",
    ),
    "container by URL": (
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost:9/keys"},
        "http://localhost:9/",
    ),
    "defaults of the region": ({"AWS_DEFAULTS_MODE": "auto"}, "http://169.254.169.254/"),
}


@pytest.fixture(params=SERVICES)
def asked(request, monkeypatch, wire):
    """Set up a metadata service; return the list of requests to it, and its address."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    environment, host = SERVICES[request.param]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return wire, host


def client_of(service="mturk", **kwargs):
    return boto3.client(service, region_name="us-east-1", **kwargs)


def test_client_without_credentials_asks_no_metadata_service(asked):
    """A client without credentials is created without asking the network."""
    addresses, _ = asked
    with mock_mturk(balance="12.34"):
        assert balance_of(client_of()) == "12.34"
    assert addresses == []


def test_client_without_credentials_asks_no_metadata_service_with_accounts(asked):
    """With accounts=, botocore raises NoCredentialsError without asking the network."""
    addresses, _ = asked
    with mock_mturk(accounts={"AKIAIOSFODNN7EXAMPLE": "lab"}), pytest.raises(NoCredentialsError):
        balance_of(client_of())
    assert addresses == []


@pytest.mark.parametrize("service", ["sns", "mturk"])
def test_client_of_another_service_or_after_the_mock_asks_as_always(asked, service):
    """Clients of other services, and clients after the mock, ask the metadata service."""
    addresses, host = asked
    with mock_mturk():
        client_of()
        if service == "sns":
            ask(service)
    if service == "mturk":
        ask(service)
    assert addresses
    assert addresses[0].startswith(host)


def ask(service):
    with pytest.raises(Sent):
        client_of(service)


def test_client_takes_the_keys_of_the_environment(monkeypatch):
    """With accounts=, the keys in the environment identify the requester."""
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for name, value in KEYS.items():
        monkeypatch.setenv(name.upper(), value)
    with mock_mturk(accounts={KEYS["aws_access_key_id"]: "lab"}) as mturk:
        balance_of(client_of())
        assert [call.requester for call in mturk.calls] == ["lab"]


ROLE = """
[default]
role_arn = arn:aws:iam::123456789012:role/x
credential_source = Ec2InstanceMetadata
"""


def test_client_of_a_profile_with_keys_from_the_metadata_service_is_answered(
    monkeypatch, tmp_path, wire
):
    """Outside a mock, botocore finds no credentials."""
    (tmp_path / "config").write_text(ROLE)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    with mock_mturk(balance="12.34"):
        assert balance_of(client_of()) == "12.34"
        with pytest.raises(CredentialRetrievalError):
            client_of("sns")
    assert wire == []
