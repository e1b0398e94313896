"""The script of the crowd-* elements, which task pages get in place of Amazon's.

It is one classic script: pages use the elements in scripts of their own directly after it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

#: The files of the script, in order: a file uses only those before it.
FILES: Final = (
    "base.js",
    "form.js",
    "icons.js",
    "button.js",
    "text_fields.js",
    "switches.js",
    "slider.js",
    "dialogs.js",
    "classifier.js",
    "notices.js",
    "annotation.js",
    "drawing.js",
    "bounding_box.js",
    "polygon.js",
    "keypoint.js",
    "entity_annotation.js",
    "unsupported.js",
    "shortcuts.js",
)


@cache
def crowd_script() -> bytes:
    """Return the script."""
    folder = resources.files("mturk_mock.server.tasks") / "static" / "crowd"
    return b"\n".join((folder / name).read_bytes() for name in FILES)
