"""Crowd elements of SageMaker and Mechanical Turk whose values are objects or numbers.

The values have the form that Amazon's documentation of the elements shows [doc]; random values
are [assumed]. A crowd-form sends one answer: a JSON array with one object, with a member for
each element's name. [doc]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
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

#: The attribute that stands for the region worker-comment of a crowd-image-classifier.
WORKER_COMMENT: Final = "worker-comment"

#: The assumed size of images, in pixels.
_WIDTH: Final = 640
_HEIGHT: Final = 480

#: The label for elements without labels.
_LABEL: Final = "label"
_COLOR: Final = "#2ca02c"

#: The probability that a random answer is the exclusion-category.
_EXCLUDED: Final = 0.2

#: A PNG image of one transparent pixel.
_PNG: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII="
)

#: A text in single or double quotes, and a list of such texts, which need not be JSON.
_QUOTED: Final = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_LIST: Final = re.compile(
    rf"\[\s*(?:(?:{_QUOTED.pattern})\s*,\s*)*(?:(?:{_QUOTED.pattern})\s*)?\]", re.DOTALL
)
_EXCLUSION: Final = re.compile(rf"""["']?\btext["']?\s*:\s*({_QUOTED.pattern})""", re.DOTALL)
_WORD: Final = re.compile(r"\S+")


def make_element_value(kind: str, attributes: Attributes, random: Random) -> Any:
    """Return a random value of an element."""
    return ELEMENTS[kind](attributes, random)


def find_element_error(kind: str, elements: Sequence[Attributes], value: Any) -> str | None:
    """Return what the elements of one name accept instead of this value; None if they accept it.

    Checks the members of an object, and the labels in it if the page tells them.
    """
    if kind == "crowd-slider":
        return _find_slider_error(elements[0], value)
    if not _has_shape(kind, elements, value):
        return f"an object such as {make_element_value(kind, elements[0], Random(0))}"
    return _find_label_error(elements, value)


def _find_slider_error(attributes: Attributes, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return "a number"
    return scales.find_scale_error("range", attributes, str(value))


def read_slider(attributes: Attributes, value: Any = None) -> int | float:
    """Return a slider's number: of a valid value, or else where it stands at first.

    That is its `value` [doc], or else its `min`, or else 0. [assumed]
    """
    texts = (value, attributes.get("value"), attributes.get("min"))
    numbers = (scales.SCALES["range"].read(str(each)) for each in texts)
    number = next((each for each in numbers if each is not None), Fraction(0))
    return int(number) if number.denominator == 1 else float(number)


def _has_shape(kind: str, elements: Sequence[Attributes], value: Any) -> bool:
    """Return whether a value is an object with the element's first member, and no unknown one."""
    members = _MEMBERS[kind]
    if not isinstance(value, Mapping) or next(iter(members)) not in value:
        return False
    known = {name: type_ for name, type_ in members.items() if name != "workerComment"}
    if any(WORKER_COMMENT in each for each in elements):
        known["workerComment"] = str
    return all(isinstance(value[name], known.get(name, ())) for name in value)


def _find_label_error(elements: Sequence[Attributes], value: Mapping[str, Any]) -> str | None:
    found = [read_labels(each) for each in elements]
    labels = [label for each in found for label in each or ()]
    given = list(_labels_in(value))
    if None not in found and not all(label in labels for label in given):
        return f"labels that are {list_names(map(repr, labels), ' or ')}"
    exclusions = [read_exclusion(each) for each in elements]
    alone = [label for label in given if label in exclusions]
    return f"{quote(alone[0])} alone, or other labels" if alone and len(given) > 1 else None


def _labels_in(value: Any) -> Iterator[Any]:
    """Yield all labels in a value."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "label":
                yield inner
            elif name in ("labels", "labelMappings") and isinstance(inner, (Mapping, list, tuple)):
                yield from inner
            else:
                yield from _labels_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _labels_in(inner)


def read_labels(attributes: Attributes) -> tuple[str, ...] | None:
    """Return the labels that an element offers; None if they cannot be read.

    They are its `categories` or `labels`, a JSON array of texts or of objects with a label, or a
    list in single quotes; and the text of its `exclusion-category`.
    """
    labels = _read_own_labels(attributes)
    exclusion = read_exclusion(attributes)
    if "exclusion-category" not in attributes or not labels:
        return labels
    return None if exclusion is None else (*labels, exclusion)


def read_exclusion(attributes: Attributes) -> str | None:
    """Return the label for "none of the others"; None without one, and if it cannot be read.

    The attribute is an object with a text, which need not be JSON. [doc]
    """
    found = _EXCLUSION.search(attributes.get("exclusion-category", ""))
    return (_read_list(f"[{found[1]}]") or [None])[0] if found else None


def _read_own_labels(attributes: Attributes) -> tuple[str, ...] | None:
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


# Values ---------------------------------------------------------------------------------------


def _label(attributes: Attributes, random: Random) -> str:
    return random.choice(_read_own_labels(attributes) or (_LABEL,))


def _slide(attributes: Attributes, random: Random) -> int | float:
    return read_slider({}, scales.make_scale_value("range", attributes, random))


def _classify(attributes: Attributes, random: Random) -> dict[str, str]:
    return {"label": _label(attributes, random)}


def _classify_as_several(attributes: Attributes, random: Random) -> dict[str, list[str]]:
    exclusion = read_exclusion(attributes)
    if exclusion is not None and random.random() < _EXCLUDED:
        return {"labels": [exclusion]}
    labels = _read_own_labels(attributes) or (_LABEL,)
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
    "crowd-semantic-segmentation": _segment,
    "crowd-slider": _slide,
}

_LABELS: Final[Mapping[str, Any]] = {"labels": (list, tuple)}
_ON_IMAGE: Final[Mapping[str, Any]] = {"inputImageProperties": Mapping}
_SEGMENTED: Final[Mapping[str, Any]] = {"labeledImage": Mapping, **_ON_IMAGE}

#: The members of each element's object, and their types. The first is always there.
_MEMBERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "crowd-bounding-box": {"boundingBoxes": (list, tuple), **_ON_IMAGE},
    "crowd-classifier": {"label": str},
    "crowd-classifier-multi-select": _LABELS,
    "crowd-entity-annotation": {"entities": (list, tuple)},
    "crowd-image-classifier": {"label": str, "workerComment": str},
    "crowd-image-classifier-multi-select": _LABELS,
    "crowd-instance-segmentation": {"instances": (list, tuple), **_SEGMENTED},
    "crowd-keypoint": {"keypoints": (list, tuple), **_ON_IMAGE},
    "crowd-line": {"lines": (list, tuple), **_ON_IMAGE},
    "crowd-polygon": {"polygons": (list, tuple), **_ON_IMAGE},
    "crowd-polyline": {"polylines": (list, tuple), **_ON_IMAGE},
    "crowd-semantic-segmentation": {
        "labelMappings": Mapping,
        "initialValueModified": bool,
        **_SEGMENTED,
    },
}
