"""The backend over HTTP, for programs that cannot be mocked inside their process."""

from __future__ import annotations

try:
    import jinja2  # noqa: F401
    import python_multipart  # noqa: F401
    import starlette  # noqa: F401
    import uvicorn  # noqa: F401
except ImportError as missing:
    raise ImportError(
        f"mturk_mock.server needs jinja2, python_multipart, starlette and uvicorn, and "
        f"{missing.name} is not installed: pip install 'mturk-mock[server]'"
    ) from missing

from mturk_mock.server.mturk_server import MTurkServer

__all__ = ["MTurkServer"]
