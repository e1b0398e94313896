"""Check whether the policy of a queue or a topic gives Mechanical Turk access.

Policies are evaluated as SQS and SNS do it, as far as notifications need it: principals,
actions, resources with wildcards, Allow and Deny. The mock knows two conditions:
aws:SecureTransport, and StringEquals aws:SourceAccount [doc] with the account that owns the
queue or topic. [assumed] An Allow with any other condition gives no access, a Deny with any
other condition denies access. [assumed]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from mturk_mock.core.json_text import read_json

_SECURE_TRANSPORT: Final = "aws:securetransport"
_ON_BOOLEANS: Final = ("Bool", "BoolIfExists")
_SOURCE_ACCOUNT: Final = "aws:sourceaccount"
_ON_TEXTS: Final = ("StringEquals", "StringEqualsIfExists")


@dataclass(frozen=True)
class Access:
    """The access that Mechanical Turk needs: `action`, for any of `principals`."""

    action: str
    principals: tuple[tuple[str, str], ...]  # such as ("Service", "sns.amazonaws.com")

    @property
    def wanted(self) -> str:
        """The access in words, for error messages."""
        kind, name = self.principals[0]
        return f'{self.action} by the principal {{"{kind}": "{name}"}}'


#: The principals and actions that policies must allow, by the developer guide. [doc]
_SERVICE: Final = ("Service", "mturk-requester.amazonaws.com")
PUBLISH: Final = Access("SNS:Publish", (_SERVICE,))
SEND_MESSAGE: Final = Access("SQS:SendMessage", (_SERVICE, ("AWS", "AIDAIXO4EZE6RHVSXIN4E")))


def why_refused(policy: str | None, access: Access, resource: str) -> str | None:
    """Return why a policy, as JSON, does not give access to a resource; None if it does."""
    if not policy:
        return f"it has no policy, and needs one that allows {access.wanted}"
    statements = [each for each in _statements(policy) if _is_about(each, access, resource)]
    for statement in statements:
        if statement.get("Effect") == "Deny" and not _is_known_to_fail(statement, resource):
            return f"its policy denies {access.wanted}"
    allowing = [each for each in statements if each.get("Effect") == "Allow"]
    unmet = [_unmet_conditions(statement, resource) for statement in allowing]
    if not unmet:
        return f"its policy does not allow {access.wanted}"
    if all(unmet):
        return f"its policy allows {access.wanted} only under the condition {', '.join(unmet[0])}"
    return None


def _statements(policy: str) -> list[dict[str, Any]]:
    try:
        content = read_json(policy)
    except ValueError:
        return []
    statements = _listed(content.get("Statement", [])) if isinstance(content, dict) else []
    return [statement for statement in statements if isinstance(statement, dict)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_about(statement: dict[str, Any], access: Access, resource: str) -> bool:
    """Tell whether a statement allows or denies the access."""
    return (
        _covers(statement, "Principal", lambda value: _names(value, access))
        and _covers(statement, "Action", lambda value: _fits(value, access.action, re.IGNORECASE))
        and _covers(statement, "Resource", lambda value: _fits(value, resource))
    )


def _covers(statement: dict[str, Any], element: str, matches: Callable[[Any], bool]) -> bool:
    if f"Not{element}" in statement:
        return not matches(statement[f"Not{element}"])
    return matches(statement.get(element))


def _names(principal: Any, access: Access) -> bool:
    if not isinstance(principal, dict):
        return bool(principal == "*")
    principals = {(kind, name.lower()) for kind, name in access.principals}
    return any(
        name == "*" or (kind, str(name).lower()) in principals
        for kind, names in principal.items()
        for name in _listed(names)
    )


def _fits(patterns: Any, name: str, flags: int = 0) -> bool:
    """Tell whether one of the patterns, with their * and ?, matches the name."""
    escaped = (re.escape(str(each)) for each in _listed(patterns))
    regexes = (each.replace(r"\*", ".*").replace(r"\?", ".") for each in escaped)
    return any(re.fullmatch(regex, name, flags) for regex in regexes)


def _unmet_conditions(statement: dict[str, Any], resource: str) -> list[str]:
    """Return the conditions that do not hold or that the mock does not know."""
    found = _conditions(statement, resource)
    return [f"{operator} {key}" for operator, key, holds in found if not holds]


def _is_known_to_fail(statement: dict[str, Any], resource: str) -> bool:
    return any(holds is False for _, _, holds in _conditions(statement, resource))


def _conditions(statement: dict[str, Any], resource: str) -> Iterator[tuple[str, str, bool | None]]:
    """Yield each condition's operator and key, and whether it holds; None if unknown."""
    for operator, keys in statement.get("Condition", {}).items():
        for key, values in keys.items():
            yield operator, key, _holds(operator, key.lower(), _listed(values), resource)


def _holds(operator: str, key: str, values: list[Any], resource: str) -> bool | None:
    if key == _SECURE_TRANSPORT and operator in _ON_BOOLEANS:
        return "true" in [str(value).lower() for value in values]
    if key == _SOURCE_ACCOUNT and operator in _ON_TEXTS:
        account = resource.split(":")[4]  # of arn:partition:service:region:account:name
        return account in map(str, values)
    return None
