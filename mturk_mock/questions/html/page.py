"""The named controls of a page, and scripts that may add others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import takewhile
from typing import Final, NamedTuple

from mturk_mock.questions.html import crowd_elements, switches
from mturk_mock.questions.html.controls import EDITABLE, Control
from mturk_mock.questions.html.scales import SCALES
from mturk_mock.questions.html.scanner import Tag, read_attributes
from mturk_mock.questions.html.texts import TEXTS

#: Fields that identify the assignment and are not answers. [doc]
RESERVED_FIELDS: Final = frozenset({"assignmentId", "hitId", "turkSubmitTo", "workerId"})

#: The path to which workers' forms are posted. [doc]
_SUBMIT: Final = "externalSubmit"

#: Amazon's scripts, which add no fields [doc], and a call of the first one's function.
_HARMLESS_SCRIPTS: Final = ("externalHIT_v1.js", "crowd-html-elements.js")
_HARMLESS_CALL: Final = "turkSetAssignmentID()"

#: Inputs that send no value.
_WITHOUT_VALUE: Final = frozenset({"button", "reset", "image"})

#: Supported type attributes of an input and a crowd-input; an unknown type means text. [doc]
_KNOWN: Final = TEXTS | SCALES.keys() | {"file"}

#: The HTML names of a crowd-input's attributes.
_IN_HTML: Final = {"min-length": "minlength", "max-length": "maxlength"}


def is_static(html: str, tags: Sequence[Tag]) -> bool:
    """Return whether no script can add fields: only Amazon's scripts, and no event handlers."""
    return not any(_may_add(html, tags, index) for index in range(len(tags)))


def _may_add(html: str, tags: Sequence[Tag], index: int) -> bool:
    tag = tags[index]
    if tag.closing:
        return False
    found = read_attributes(tag.source)
    if any(name.startswith("on") for name in found):
        return True
    if tag.name != "script":
        return False
    if "src" in found:
        return not found["src"].endswith(_HARMLESS_SCRIPTS)
    return _text_after(html, tags, index).strip().rstrip(";") not in ("", _HARMLESS_CALL)


def _text_after(html: str, tags: Sequence[Tag], index: int) -> str:
    """Return the text between a tag and the next one."""
    end = tags[index + 1].start if index + 1 < len(tags) else len(html)
    return html[tags[index].end : end]


# The form -------------------------------------------------------------------------------------


def _form_of(tags: Sequence[Tag]) -> Sequence[Tag]:
    """Return the tags of the form that is sent, or all tags if there is no form.

    It is the crowd-form, or else one that posts to externalSubmit, or else the first. [assumed]
    """
    starts = [index for index, tag in enumerate(tags) if _opens(tag, "form", "crowd-form")]
    if not starts:
        return tags
    start = max(starts, key=lambda index: _rank(tags[index]))
    form = tags[start].name
    return list(takewhile(lambda tag: not tag.closing or tag.name != form, tags[start:]))


def _rank(tag: Tag) -> int:
    if tag.name == "crowd-form":
        return 2
    return int(_SUBMIT in read_attributes(tag.source).get("action", ""))


def _opens(tag: Tag, *names: str) -> bool:
    return not tag.closing and tag.name in names


def _without_inert(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Yield the tags outside templates, noscript and disabled fieldsets, which send nothing."""
    inert, depth = "", 0
    for tag in tags:
        if depth:
            depth += (-1 if tag.closing else 1) if tag.name == inert else 0
        elif _is_inert(tag):
            inert, depth = tag.name, 1
        else:
            yield tag


def _is_inert(tag: Tag) -> bool:
    if _opens(tag, "fieldset"):
        return "disabled" in read_attributes(tag.source)
    return _opens(tag, "template", "noscript")


# Controls -------------------------------------------------------------------------------------


def read_controls(html: str, tags: Sequence[Tag]) -> Iterator[Control]:
    """Yield the form's named controls, except disabled ones and RESERVED_FIELDS. [doc]"""
    tags = list(_without_inert(_form_of(tags)))
    options = _read_options(html, tags)
    sender = _read_sender(tags)
    radio_group = ""
    for index, tag in enumerate(tags):
        if tag.name == "crowd-radio-group":
            radio_group = "" if tag.closing else f"{tag.name} {tag.start}"
        if not _is_control(tag):
            continue
        found = read_attributes(tag.source)
        name = found.get("name", "")
        if not name or name in RESERVED_FIELDS or "disabled" in found:
            continue
        if tag.name == "crowd-image-classifier" and _has_comment(tags[index:]):
            found[crowd_elements.WORKER_COMMENT] = ""
        if tag.name.startswith("crowd-"):
            yield _read_crowd_element(tag.name, name, found, radio_group)
        elif tag.name == "select":
            yield _read_select(name, found, options[tag.start], sender)
        elif tag.name == "textarea":
            yield _read_textarea(name, found, _text_after(html, tags, index))
        else:
            yield from _read_input(tag.name, name, found, sender)


def _is_control(tag: Tag) -> bool:
    if tag.closing or tag.name in crowd_elements.WITHOUT_VALUE:
        return False
    return tag.name in ("input", "button", "select", "textarea") or tag.name.startswith("crowd-")


def _has_comment(tags: Sequence[Tag]) -> bool:
    """Return whether the element that begins here has the region for a worker's comment."""
    within = takewhile(lambda tag: not tag.closing or tag.name != tags[0].name, tags)
    return any(_opens(tag, crowd_elements.WORKER_COMMENT) for tag in within)


class _Sender(NamedTuple):
    """How a form sends its inputs. ``uploads``: whether it sends files, and not their names."""

    is_crowd_form: bool = False
    uploads: bool = False


def _read_sender(tags: Sequence[Tag]) -> _Sender:
    """Read the tag of a form, which is the first one; a page can be without a form."""
    if not tags or not _opens(tags[0], "form"):
        return _Sender(is_crowd_form=bool(tags) and _opens(tags[0], "crowd-form"))
    found = read_attributes(tags[0].source)
    values = [found.get(name, "").strip().lower() for name in ("method", "enctype")]
    return _Sender(uploads=values == ["post", "multipart/form-data"])


def _read_input(
    tag: str, name: str, found: Mapping[str, str], sender: _Sender
) -> Iterator[Control]:
    kind = found.get("type", "submit" if tag == "button" else "text").strip().lower()
    if kind in _WITHOUT_VALUE or (tag == "button" and kind == "menu"):
        return
    if tag == "button" or kind == "submit":
        value = found.get("value", "" if tag == "button" else "Submit")
        yield Control(name, "submit", found, (value,), "submit")
    elif kind in switches.HTML_SWITCHES:
        group = "" if sender.is_crowd_form and kind == "checkbox" else f"{kind} {name}"
        value = switches.switch_value(found)
        yield Control(name, kind, found, (value,), group, is_switch=sender.is_crowd_form)
    elif kind == "file":
        yield Control(name, kind, found, uploads=sender.uploads)
    elif kind in EDITABLE and "readonly" in found:
        yield Control(name, "hidden", found)
    else:
        yield Control(name, kind if kind in _KNOWN or kind == "hidden" else "text", found)


def _read_select(name: str, found: dict[str, str], options: _Options, sender: _Sender) -> Control:
    """Read a select, whose value is the option that is sent if the worker does nothing. [doc]

    Of several selected options, the last one counts. In a crowd-form, a select with `multiple`
    sends a list. [assumed]
    """
    is_multiple = "multiple" in found
    is_list = is_multiple or found.get("size", "").strip() not in ("", "0", "1")
    value = options.selected if options.is_selected or is_list else next(iter(options.values), None)
    kept = {key: each for key, each in found.items() if key != "value"}
    if value is not None:
        kept["value"] = value
    kind = "select-multiple" if is_multiple and sender.is_crowd_form else "select"
    return Control(name, kind, kept, tuple(options.values))


def _read_textarea(name: str, found: Mapping[str, str], text: str) -> Control:
    """Read a textarea. It ignores `pattern`; a read-only textarea sends its text."""
    kept = {key: value for key, value in found.items() if key != "pattern"}
    kept["value"] = unescape(text).removeprefix("\n")
    if "readonly" in kept:
        return Control(name, "hidden", kept)
    return Control(name, "textarea", kept)


def _read_crowd_element(kind: str, name: str, found: Mapping[str, str], group: str) -> Control:
    if kind in switches.SWITCHES:
        group = (group or f"{kind} {name}") if kind == "crowd-radio-button" else ""
        value = switches.switch_value(found)
        return Control(name, kind, found, (value,), group, is_switch=True)
    if kind in crowd_elements.ELEMENTS:
        return Control(name, kind, found, crowd_elements.read_labels(found))
    return _read_crowd_input(kind, name, found)


def _read_crowd_input(element: str, name: str, found: Mapping[str, str]) -> Control:
    """Read a crowd-input as the HTML input in it, and other elements as text. [assumed]

    With auto-validate, each character must match the allowed-pattern. They are left out of the
    answer if they are empty. [doc]
    """
    renamed = {_IN_HTML.get(key, key): value for key, value in found.items() if key != "pattern"}
    if "auto-validate" in found and found.get("allowed-pattern"):
        renamed["pattern"] = f"(?:{found['allowed-pattern']})*"
    if element == "crowd-text-area":
        return Control(name, "textarea", renamed, omits_empty=True)
    kind = found.get("type", "").strip().lower() if element == "crowd-input" else "text"
    return Control(name, kind if kind in _KNOWN else "text", renamed, omits_empty=True)


@dataclass
class _Options:
    """The enabled options of a select.

    ``selected``: the last one that is selected; None if that one is disabled.
    """

    values: list[str] = field(default_factory=list)
    is_selected: bool = False
    selected: str | None = None


def _read_options(html: str, tags: Sequence[Tag]) -> dict[int, _Options]:
    """Return the options of each select, by the offset of its start tag."""
    selects: dict[int, _Options] = {}
    options = _Options()
    is_disabled = False
    for index, tag in enumerate(tags):
        if tag.name == "select":  # after an end tag, options belong to no control
            options, is_disabled = _Options(), False
            selects[tag.start] = options
        elif tag.name == "optgroup":
            is_disabled = not tag.closing and "disabled" in read_attributes(tag.source)
        elif _opens(tag, "option"):
            found = read_attributes(tag.source)
            text = " ".join(unescape(_text_after(html, tags, index)).split())
            value = None if is_disabled or "disabled" in found else found.get("value", text)
            if value is not None:
                options.values.append(value)
            if "selected" in found:
                options.is_selected, options.selected = True, value
    return selects
