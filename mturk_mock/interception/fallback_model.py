"""Mechanical Turk's service model for botocore versions that no longer include it.

Amazon announced that the service closes on 2026-09-30, and botocore removes the models of closed
services some months later. This package includes its own service model and paginators. Once the
package is imported, every session uses them if botocore has none, including the default session
and sessions created earlier.

botocore's loader is wrapped when the program imports it, so that importing this package does
not import botocore.
"""

from __future__ import annotations

import functools
import os
from typing import Any, Final

from mturk_mock.interception.patches import when_imported

_LOADERS: Final = "botocore.loaders"
_SERVICE: Final = "mturk"
_DATA: Final = os.path.join(
    os.path.dirname(os.path.dirname(__file__)), "data", "mturk", "2017-01-17"
)


def install() -> None:
    """Let botocore find the model, now or when it is imported."""
    when_imported(_LOADERS, _extend)


def _extend(loaders: Any) -> None:
    """Wrap the two methods by which botocore finds models."""
    loader = loaders.Loader
    load, list_services = loader.load_service_model, loader.list_available_services
    none_found = (loaders.UnknownServiceError, loaders.DataNotFoundError)

    @functools.wraps(load)
    def load_service_model(
        self: Any, service_name: str, type_name: str, *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return load(self, service_name, type_name, *args, **kwargs)
        except none_found:
            if service_name != _SERVICE or not _has(type_name):
                raise
            return loaders.json.loads(_read(type_name))

    @functools.wraps(list_services)
    def list_available_services(self: Any, type_name: str) -> list[str]:
        services = list_services(self, type_name)
        if _SERVICE in services or not _has(type_name):
            return list(services)
        return sorted([*services, _SERVICE])

    loader.load_service_model = load_service_model
    loader.list_available_services = list_available_services


def _has(type_name: str) -> bool:
    try:
        return bool(_read(type_name))
    except OSError:
        return False


def _read(type_name: str) -> bytes:
    """Return a file of the model; Python's loader reads from a zip archive, too."""
    loader: Any = __spec__.loader
    content: bytes = loader.get_data(os.path.join(_DATA, f"{type_name}.json"))
    return content
