"""Figures of matplotlib, which notebooks show without pyplot."""

from __future__ import annotations

import importlib
import os
from functools import partial
from io import BytesIO
from typing import Any, Final

_MISSING: Final = "{} needs matplotlib, which is not installed: pip install 'mturk-mock[plot]'"
_DOTS: Final = 150  # per inch, in files
_DOTS_SHOWN: Final = 90  # per inch, in notebooks


def load_matplotlib(taker: str, module: str) -> Any:
    """Return a module of matplotlib; ImportError, which names the taker, if it is missing."""
    try:
        return importlib.import_module(f"matplotlib.{module}")
    except ImportError as missing:
        raise ImportError(_MISSING.format(taker)) from missing


def new_figure(taker: str, size: tuple[float, float]) -> Any:
    """Return an empty `matplotlib.figure.Figure` of this size in inches."""
    figure = load_matplotlib(taker, "figure").Figure(figsize=size, layout="constrained")
    figure._repr_png_ = partial(_write_png, figure)
    return figure


def save_figure(figure: Any, path: str | os.PathLike[str] | None) -> None:
    """Write a figure to a file, if there is a path."""
    if path is not None:
        figure.savefig(path, dpi=_DOTS)


def _write_png(figure: Any) -> bytes:
    """Return the figure as PNG for a notebook, which shows figures only with pyplot by itself."""
    written = BytesIO()
    figure.savefig(written, format="png", dpi=_DOTS_SHOWN)
    return written.getvalue()
