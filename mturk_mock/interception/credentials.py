"""Clients for Mechanical Turk that are made inside a mock look for credentials without network.

botocore looks for credentials when a client is made: in the environment, in files, and in the
end it asks the metadata services of EC2 and of containers. Inside a mock those two are not
asked for a client of Mechanical Turk, as with AWS_EC2_METADATA_DISABLED=true. All other
sources count as always, because the client may be used after the mock, or the mock may know
access keys. Clients of other services find their credentials as always.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any, Final

from botocore.exceptions import CredentialRetrievalError

from mturk_mock.backend.service_model import SERVICE
from mturk_mock.interception.active import innermost
from mturk_mock.interception.ownership import setting
from mturk_mock.interception.patches import Patches

_making: Final[ContextVar[bool]] = ContextVar("mturk_mock_making_client", default=False)


def patch_credentials(patches: Patches) -> None:
    """Wrap what makes clients, and what asks for credentials, in botocore and aiobotocore."""
    patches.wrap("botocore.session", "Session.create_client", _making_client)
    patches.wrap("botocore.session", "Session.get_credentials", _forgiving)
    patches.wrap("botocore.utils", "IMDSFetcher._assert_enabled", _without_instance)
    patches.wrap("botocore.credentials", "ContainerProvider.load", _without_container)
    patches.wrap("aiobotocore.session", "AioSession._create_client", _making_client_async)
    patches.wrap("aiobotocore.session", "AioSession.get_credentials", _forgiving_async)
    patches.wrap("aiobotocore.credentials", "AioContainerProvider.load", _without_container_async)


def _making_client(original: Any) -> Any:
    @functools.wraps(original)
    def create_client(session: Any, service_name: str, *args: Any, **kwargs: Any) -> Any:
        with setting(_making, service_name == SERVICE and innermost() is not None):
            return original(session, service_name, *args, **kwargs)

    return create_client


def _making_client_async(original: Any) -> Any:
    @functools.wraps(original)
    async def create_client(session: Any, service_name: str, *args: Any, **kwargs: Any) -> Any:
        with setting(_making, service_name == SERVICE and innermost() is not None):
            return await original(session, service_name, *args, **kwargs)

    return create_client


def _forgiving(original: Any) -> Any:
    """Find no credentials where a profile takes them from a metadata service."""

    @functools.wraps(original)
    def get_credentials(session: Any) -> Any:
        try:
            return original(session)
        except CredentialRetrievalError:
            if _making.get():
                return None
            raise

    return get_credentials


def _forgiving_async(original: Any) -> Any:
    @functools.wraps(original)
    async def get_credentials(session: Any) -> Any:
        try:
            return await original(session)
        except CredentialRetrievalError:
            if _making.get():
                return None
            raise

    return get_credentials


def _without_instance(original: Any) -> Any:
    @functools.wraps(original)
    def assert_enabled(fetcher: Any) -> None:
        if _making.get():
            raise fetcher._RETRIES_EXCEEDED_ERROR_CLS()
        original(fetcher)

    return assert_enabled


def _without_container(original: Any) -> Any:
    @functools.wraps(original)
    def load(provider: Any) -> Any:
        return None if _making.get() else original(provider)

    return load


def _without_container_async(original: Any) -> Any:
    @functools.wraps(original)
    async def load(provider: Any) -> Any:
        return None if _making.get() else await original(provider)

    return load
