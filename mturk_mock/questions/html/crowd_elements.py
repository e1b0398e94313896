"""Crowd elements of SageMaker and Mechanical Turk whose values are objects.

The values follow Amazon's documentation of the elements. None was recorded from the service,
so all of them are [assumed]. A crowd-form sends one answer: a JSON array with one object, with
a member for each element's name. [doc]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any, Final

from mturk_mock.core.json_text import read_json
from mturk_mock.core.quoting import list_names, quote
from mturk_mock.questions.html import scales

Attributes = Mapping[str, str]

_WITHOUT_VALUE: Final = (
    "alert badge button card fab form icon-button instructions modal radio-group tab tabs toast"
)
#: Elements without a value.
WITHOUT_VALUE: Final = frozenset(f"crowd-{name}" for name in _WITHOUT_VALUE.split())

#: Elements that are on or off; each is one member of the object sent under its name.
SWITCHES: Final = frozenset({"crowd-checkbox", "crowd-radio-button", "crowd-toggle-button"})

#: The assumed size of images, in pixels.
_WIDTH: Final = 640
_HEIGHT: Final = 480

#: The label for elements without labels.
_LABEL: Final = "label"
_COLOR: Final = "#2ca02c"

#: A PNG image of one transparent pixel.
_PNG: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII="
)

#: A text in single or double quotes, and a list of such texts, which need not be JSON.
_QUOTED: Final = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_LIST: Final = re.compile(
    rf"\[\s*(?:(?:{_QUOTED.pattern})\s*,\s*)*(?:(?:{_QUOTED.pattern})\s*)?\]", re.DOTALL
)
_WORD: Final = re.compile(r"\S+")


def make_element_value(
    kind: str, attributes: Attributes, random: Random, is_chosen: bool = False
) -> Any:
    """Return a random value of an element; a radio button is on if it `is_chosen`."""
    if kind == "crowd-radio-button":
        return {switch_value(attributes): is_chosen}
    return ELEMENTS[kind](attributes, random)


def find_element_error(kind: str, elements: Sequence[Attributes], value: Any) -> str | None:
    """Return what the elements of one name accept instead of this value; None if they accept it.

    Checks the type of the value, the state of switches, and the labels unless an
    exclusion-category adds one.
    """
    if kind == "crowd-slider":
        return _find_slider_error(elements[0], value)
    if not isinstance(value, Mapping):
        return f"an object such as {make_element_value(kind, elements[0], Random(0))}"
    if kind in SWITCHES:
        return _find_switch_error(elements, value)
    labels = _all_labels(elements)
    if labels is None or all(label in labels for label in _labels_in(value)):
        return None
    return f"labels that are {list_names(map(repr, labels), ' or ')}"


def _find_slider_error(attributes: Attributes, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return "a number"
    return scales.find_scale_error("range", attributes, str(value))


def _find_switch_error(elements: Sequence[Attributes], value: Mapping[str, Any]) -> str | None:
    names = [switch_value(each) for each in elements]
    if not all(name in names and isinstance(is_on, bool) for name, is_on in value.items()):
        return f"True or False for {list_names(map(repr, names), ' and ')}"
    for each in elements:
        if "required" in each and not value.get(switch_value(each)):
            return f"True for {quote(switch_value(each))}, which is required"
    return None


def _all_labels(elements: Sequence[Attributes]) -> list[str] | None:
    """Return the labels of all elements; None if an element can have others."""
    found = [read_labels(each) or () for each in elements]
    if not all(found) or any("exclusion-category" in each for each in elements):
        return None
    return [label for labels in found for label in labels]


def _labels_in(value: Any) -> Iterator[Any]:
    """Yield all labels in a value."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "label":
                yield inner
            elif name in ("labels", "labelMappings"):
                yield from inner
            else:
                yield from _labels_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _labels_in(inner)


def read_labels(attributes: Attributes) -> tuple[str, ...] | None:
    """Return an element's `categories` or `labels`; None if they cannot be read.

    They are a JSON array of texts or of objects with a label, or a list in single quotes.
    """
    text = attributes.get("categories", attributes.get("labels", "")).strip()
    items = _read_list(text) if _LIST.fullmatch(text) else _read_json(text)
    labels = (item.get("label") if isinstance(item, dict) else item for item in items)
    return tuple(label for label in labels if isinstance(label, str)) or None


def _read_json(text: str) -> list[Any]:
    """Return the items of a JSON array; an empty list for any other text."""
    try:
        items = read_json(text)
    except ValueError:
        return []
    return items if isinstance(items, list) else []


def _read_list(text: str) -> list[Any]:
    """Return the texts in a list. Escapes in single quotes are not resolved."""
    return _read_json(text) or [single or double for single, double in _QUOTED.findall(text)]


def switch_value(attributes: Attributes) -> str:
    """Return the name of a switch's member in the object sent under its name."""
    return attributes.get("value", "on")


# Values ---------------------------------------------------------------------------------------


def _label(attributes: Attributes, random: Random) -> str:
    return random.choice(read_labels(attributes) or (_LABEL,))


def _switch(attributes: Attributes, random: Random) -> dict[str, bool]:
    return {switch_value(attributes): random.random() < 0.5 or "required" in attributes}


def _slide(attributes: Attributes, random: Random) -> int | float:
    number = float(scales.make_scale_value("range", attributes, random) or 0)
    return int(number) if number.is_integer() else number


def _classify(attributes: Attributes, random: Random) -> dict[str, str]:
    return {"label": _label(attributes, random)}


def _classify_as_several(attributes: Attributes, random: Random) -> dict[str, list[str]]:
    labels = read_labels(attributes) or (_LABEL,)
    chosen = random.sample(range(len(labels)), random.randint(1, len(labels)))
    return {"labels": [labels[index] for index in sorted(chosen)]}


def _image(**parts: Any) -> dict[str, Any]:
    """Return the value of an element that shows an image, with members sorted by name."""
    size = {"height": _HEIGHT, "width": _WIDTH}
    return dict(sorted({"inputImageProperties": size, **parts}.items()))


def _bound(attributes: Attributes, random: Random) -> dict[str, Any]:
    left, top = random.randrange(_WIDTH), random.randrange(_HEIGHT)
    box = {
        "height": random.randint(1, _HEIGHT - top),
        "label": _label(attributes, random),
        "left": left,
        "top": top,
        "width": random.randint(1, _WIDTH - left),
    }
    return _image(boundingBoxes=[box])


def _draw(figures: str, points: int, attributes: Attributes, random: Random) -> dict[str, Any]:
    """Return one figure with this number of points."""
    vertices = [_point(random) for _ in range(points)]
    return _image(**{figures: [{"label": _label(attributes, random), "vertices": vertices}]})


def _point(random: Random) -> dict[str, int]:
    return {"x": random.randrange(_WIDTH), "y": random.randrange(_HEIGHT)}


def _mark(attributes: Attributes, random: Random) -> dict[str, Any]:
    return _image(keypoints=[{"label": _label(attributes, random), **_point(random)}])


def _segment_instances(attributes: Attributes, random: Random) -> dict[str, Any]:
    instances = [{"color": _COLOR, "label": _label(attributes, random)}]
    return _image(instances=instances, labeledImage={"pngImageData": _PNG})


def _segment(attributes: Attributes, random: Random) -> dict[str, Any]:
    mappings = {_label(attributes, random): {"color": _COLOR}}
    return _image(labelMappings=mappings, labeledImage={"pngImageData": _PNG})


def _annotate(attributes: Attributes, random: Random) -> dict[str, Any]:
    """Label one word of the text, if it has any. Offsets are in characters."""
    words = list(_WORD.finditer(attributes.get("text", "")))
    if not words:
        return {"entities": []}
    start, end = random.choice(words).span()
    entity = {"endOffset": end, "label": _label(attributes, random), "startOffset": start}
    return {"entities": [entity]}


ELEMENTS: Final[Mapping[str, Callable[[Attributes, Random], Any]]] = {
    "crowd-bounding-box": _bound,
    "crowd-checkbox": _switch,
    "crowd-classifier": _classify,
    "crowd-classifier-multi-select": _classify_as_several,
    "crowd-entity-annotation": _annotate,
    "crowd-image-classifier": _classify,
    "crowd-image-classifier-multi-select": _classify_as_several,
    "crowd-instance-segmentation": _segment_instances,
    "crowd-keypoint": _mark,
    "crowd-line": partial(_draw, "lines", 2),
    "crowd-polygon": partial(_draw, "polygons", 3),
    "crowd-polyline": partial(_draw, "polylines", 3),
    "crowd-radio-button": _switch,
    "crowd-semantic-segmentation": _segment,
    "crowd-slider": _slide,
    "crowd-toggle-button": _switch,
}
