"""Generate docs/reference/operations.md and errors.md from the code.

`followed_code` finds the code that an operation uses. The rules of the operation are the sentences
with an evidence mark in the docstrings and comments of that code; its errors are the rows of
`mturk_mock.core.errors.TABLE` that the code names.

python scripts/describe_operations.py            writes the pages
python scripts/describe_operations.py --check    fails if a page is not up to date
"""

from __future__ import annotations

import ast
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from botocore.model import Shape
from followed_code import Code

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from mturk_mock.backend import service_model  # noqa: E402
from mturk_mock.core import errors  # noqa: E402
from mturk_mock.operations.registry import operations  # noqa: E402

REFERENCE: Final = ROOT / "docs" / "reference"

#: Code that an operation refers to, but does not reach.
NOT_REACHED: Final = {
    # More time alone is not more assignments.
    "UpdateExpirationForHIT": "mturk_mock.model.hit_life.require_extensible",
    # A HIT type that needs a deleted qualification type is itself unknown.
    "CreateHITWithHITType": "mturk_mock.model.qualification.Register.type",
}
#: Errors that the backend raises after the operation's function has returned.
AFTERWARDS: Final = {"SendTestEventNotification": {"TEST_EVENT_NOT_DELIVERED"}}

#: Rules of more operations than this are listed once, and operations give their numbers.
FEW: Final = 5

_ERRORS: Final = f"{errors.__name__}."
_PREFIX: Final = "AWS.MechanicalTurk."
_KINDS: Final = ("doc", "observed", "assumed")
_MARK: Final = re.compile(r"\[(doc|observed|assumed)\b[^]]*\]")
_ADJACENT: Final = re.compile(r"\] \[")
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.\]])\s+(?=[A-Z`\"])")

HEAD: Final = """\
<!-- Generated from the code by scripts/describe_operations.py. -->

# Operations

All {count} operations of the API (2017-01-17) work. The table counts the rules of each operation
by their evidence: documented `[doc]`, recorded from the real service `[observed]`, or assumed
`[assumed]`. A rule can have more than one mark. Below the table each operation has its rules, in
the words of the code's docstrings and comments, and the errors it can return, by their
TurkErrorCode without `AWS.MechanicalTurk.`. [Errors](errors.md) has their messages,
[Evidence](../fidelity/evidence.md) all assumptions.

| operation | what it does | doc | observed | assumed |
|---|---|---|---|---|
"""
SHARED_HEAD: Final = f"""\
## Rules of many operations

Each is a rule of more than {FEW} operations, which name it by its number.
"""
ERRORS_HEAD: Final = """\
<!-- Generated from the code by scripts/describe_operations.py. -->

# Errors

Every error that an operation can return. boto3 raises it as `client.exceptions.RequestError`,
`ServiceFault` or `ClientError`; the headings are its `error.response["TurkErrorCode"]`, without
`AWS.MechanicalTurk.`. Members of a message are in braces. The evidence is of the type, the code
and the message. `mturk_mock.ERRORS` has the same table in Python.

Nearly every operation can return two errors without a TurkErrorCode: `ValidationException` for a
request that breaks a constraint of the service model, and `SerializationException` for a body
with wrong types.
"""


@dataclass(frozen=True)
class Description:
    """An operation: its summary, its marked sentences, and the names of its errors in the table."""

    name: str
    summary: str
    rules: list[str]
    errors: list[str]

    def count(self, kind: str) -> int:
        """Return the number of rules with this kind of evidence."""
        return sum(kind in _MARK.findall(rule) for rule in self.rules)


def code_of(name: str) -> str:
    """Return the code of an error as the page shows it, or its type if it has no code."""
    row = errors.TABLE[name]
    return (row.code or row.wire_type).removeprefix(_PREFIX)


# Reading the code -------------------------------------------------------------------------


def describe(code: Code, name: str) -> Description:
    """Describe an operation by the code that its function uses."""
    function = operations()[name]
    followed = code.follow(f"{function.__module__}.{function.__name__}", NOT_REACHED.get(name))
    used = code.defaults(followed[0]).union(*map(code.uses, followed))
    rows = {each.removeprefix(_ERRORS) for each in used if each.startswith(_ERRORS)}
    rows &= errors.TABLE.keys()
    rows |= AFTERWARDS.get(name, set()) | _of_the_framework(name)
    summary = _sentences(ast.get_docstring(code.functions[followed[0]]) or "")[0]
    rules = dict.fromkeys(marked(_texts(code, followed, used)))
    return Description(name, without_marks(summary), list(rules), sorted(rows))


def _of_the_framework(name: str) -> set[str]:
    shape = service_model.load().operation_model(name).input_shape
    return {"SERIALIZATION", "VALIDATION"} if _is_constrained(shape) else {"SERIALIZATION"}


def _is_constrained(shape: Shape) -> bool:
    """Tell whether the service model constrains a shape or its members beyond their types."""
    facts = service_model.facts(shape)
    if any(facts.get(each) for each in ("required", "min", "max", "pattern", "enum")):
        return True
    inner = [*getattr(shape, "members", {}).values(), getattr(shape, "member", None)]
    return any(_is_constrained(each) for each in inner if each is not None)


def _texts(code: Code, followed: list[str], used: Iterable[str]) -> Iterator[str]:
    """Yield the docstrings and comments of functions, their classes, constants and modules."""
    modules = dict.fromkeys(code.modules[name] for name in followed)
    owners = dict.fromkeys(name.rpartition(".")[0] for name in followed)
    for name in dict.fromkeys([*followed, *(name for name in owners if name in code.classes)]):
        yield ast.get_docstring(code.functions.get(name) or code.classes[name]) or ""
        if name in code.functions:
            yield from code.comments(name)
    for name in sorted(set(used) & code.constants.keys()):
        said = marked([code.constants[name]])
        yield from (f"`{name.rpartition('.')[2]}`: {sentence}" for sentence in said)
    for module in modules:
        yield ast.get_docstring(code.trees[module]) or ""


def marked(texts: Iterable[str]) -> Iterator[str]:
    """Yield the sentences with an evidence mark."""
    for text in texts:
        yield from (sentence for sentence in _sentences(text) if _MARK.search(sentence))


def _sentences(text: str) -> list[str]:
    """Return the sentences of a docstring, each with the marks that follow it."""
    paragraphs = (" ".join(each.split()) for each in re.split(r"\n\s*\n", text))
    return [each for paragraph in paragraphs for each in _SENTENCE_ENDS.split(paragraph)]


def without_marks(sentence: str) -> str:
    """Return a sentence without its marks, up to its full stop."""
    text, stop, _ = _MARK.sub("", sentence).rpartition(".")
    return re.sub(r"\s+(?=[,;.]|$)", "", text) + stop


# Writing the page -------------------------------------------------------------------------


def pages() -> dict[Path, str]:
    """Return the text of each page by its path."""
    code = Code(ROOT / "mturk_mock")
    described = [describe(code, name) for name in sorted(service_model.operation_names())]
    if code.lost:
        raise LookupError(f"these calls cannot be followed: {sorted(code.lost)}")
    uses = Counter(rule for each in described for rule in each.rules)
    shared = [rule for rule, count in uses.items() if count > FEW]
    operations_page = (
        HEAD.format(count=len(described)) + "\n".join(map(_row, described)),
        "",
        *(_section(each, shared) for each in described),
        SHARED_HEAD,
        *(_item(f"{number}.", rule) for number, rule in enumerate(shared, 1)),
        "",
    )
    return {
        REFERENCE / "operations.md": "\n".join(operations_page),
        REFERENCE / "errors.md": ERRORS_HEAD + "\n".join(_error_sections(described)) + "\n",
    }


def _row(described: Description) -> str:
    cells = (
        f"[{described.name}](#{described.name.lower()})",
        described.summary,
        *(str(described.count(kind)) for kind in _KINDS),
    )
    return f"| {' | '.join(cells)} |"


def _section(described: Description, shared: list[str]) -> str:
    own = [rule for rule in described.rules if rule not in shared]
    numbers = sorted(shared.index(rule) + 1 for rule in described.rules if rule in shared)
    lines = [f"## {described.name}", "", *(_item("-", rule) for rule in own)]
    if numbers:
        listed = ", ".join(map(str, numbers))
        lines.append(f"- [Rules of many operations](#rules-of-many-operations): {listed}")
    return "\n".join([*lines, "", "Errors:", "", *_errors_by_type(described), ""])


def _item(bullet: str, text: str) -> str:
    indent = " " * (len(bullet) + 1)
    apart = _ADJACENT.sub("], [", text)  # Markdown would make it a link
    return textwrap.fill(f"{bullet} {apart}", 118, subsequent_indent=indent, break_on_hyphens=False)


def _errors_by_type(described: Description) -> Iterator[str]:
    types: dict[str, set[str]] = {}
    for name in described.errors:
        types.setdefault(errors.TABLE[name].wire_type, set()).add(code_of(name))
    for type_, codes in sorted(types.items()):
        named = "" if codes == {type_} else f": {', '.join(sorted(codes))}"
        yield _item("-", f"`{type_}`{named}")


def _error_sections(described: list[Description]) -> Iterator[str]:
    """Yield a heading for each code, and below it each of its messages."""
    names = {name for each in described for name in each.errors}
    for code, group in groupby(sorted(names, key=_by_code), key=code_of):
        yield f"\n## {code}\n"
        for row in (errors.TABLE[name] for name in group):
            yield _item("-", f"`{row.message}` ({row.wire_type}; {row.evidence})")


def _by_code(name: str) -> tuple[str, str]:
    return code_of(name), name


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; return the number of outdated pages."""
    old = {path: text for path, text in pages().items() if not _says(path, text)}
    if arguments != ["--check"]:
        for path, text in old.items():
            path.write_text(text)
        return 0
    for path in old:
        print(f"{path.name} is not up to date: run python scripts/{Path(__file__).name}")
    return len(old)


def _says(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
