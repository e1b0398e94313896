"""Create clients for Mechanical Turk inside a mock without asking the network for credentials.

botocore looks for credentials when a client is created: in the environment, in files, and last in
the metadata services of EC2 and of containers. For a client of Mechanical Turk that is created
inside a mock, botocore skips these two services, as with AWS_EC2_METADATA_DISABLED=true. It still
uses all other sources, because the client may be used after the mock, or the mock may identify
requesters by access keys. Clients of other services are not changed.
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
    """Wrap the methods of botocore and aiobotocore that create clients or load credentials."""
    patches.wrap("botocore.session", "Session.create_client", _making_client)
    patches.wrap("botocore.session", "Session.get_credentials", _getting_credentials)
    patches.wrap("botocore.utils", "IMDSFetcher._assert_enabled", _without_instance)
    patches.wrap("botocore.credentials", "ContainerProvider.load", _without_container)
    patches.wrap("aiobotocore.session", "AioSession._create_client", _making_client_async)
    patches.wrap("aiobotocore.session", "AioSession.get_credentials", _getting_credentials_async)
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


def _getting_credentials(original: Any) -> Any:
    """Return no credentials if the profile takes them from a metadata service."""

    @functools.wraps(original)
    def get_credentials(session: Any) -> Any:
        try:
            return original(session)
        except CredentialRetrievalError:
            if _making.get():
                return None
            raise

    return get_credentials


def _getting_credentials_async(original: Any) -> Any:
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
