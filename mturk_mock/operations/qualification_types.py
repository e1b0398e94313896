"""Qualification types: creating, changing, finding and deleting them."""

from __future__ import annotations

from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.model import qualification as qualifications
from mturk_mock.model import qualification_request as requests
from mturk_mock.model.marketplace import Scope
from mturk_mock.model.qualification import Examination, QualificationType, TypeStatus
from mturk_mock.operations import limits, views
from mturk_mock.operations.registry import NOTHING, Call, Result, operation
from mturk_mock.questions import answer_key, question_form

#: AutoGranted without AutoGrantedValue grants the value 1. [doc]
_AUTO_GRANTED_VALUE: Final = 1
_MOST_SECONDS: Final = 2**31 - 1


@operation("CreateQualificationType")
def create_qualification_type(call: Call, **params: Any) -> Result:
    """Create a qualification type, with a name that is unique among its owner's types. [doc]"""
    type_ = read_type(call, **params)
    type_.id = call.ids.entity("QualificationType")
    call.account.qualifications.add_type(type_)
    return _shown(call, type_)


def read_type(
    scope: Scope,
    *,
    name: str,
    description: str,
    qualification_type_status: TypeStatus,
    keywords: str = "",
    retry_delay_in_seconds: int | None = None,
    auto_granted: bool = False,
    auto_granted_value: int | None = None,
    **test: Any,
) -> QualificationType:
    """Check a request and return the new type, which has no ID yet.

    AutoGrantedValue is ignored without AutoGranted. [doc]
    """
    limits.check_required_text("Name", name, limits.QUALIFICATION_TYPE_NAME)
    limits.check_text("Keywords", keywords, limits.KEYWORDS)
    _check_values(description, retry_delay_in_seconds)
    examination = read_examination(auto_granted=auto_granted, **test)
    if auto_granted_value is None:
        auto_granted_value = _AUTO_GRANTED_VALUE
    register = scope.account.qualifications
    register.check_name(scope.account.key, name)
    return QualificationType(
        "",
        len(register.types),
        scope.account.key,
        scope.now,
        name,
        description,
        keywords,
        qualification_type_status,
        retry_delay_in_seconds,
        examination,
        auto_granted_value if auto_granted else None,
    )


def _shown(call: Call, type_: QualificationType) -> Result:
    return {"QualificationType": views.qualification_type(type_, call.account.key)}


def _check_values(description: str | None, retry_delay: int | None) -> None:
    if description is not None:
        limits.check_required_text("Description", description, limits.DESCRIPTION)
    _check_seconds("RetryDelayInSeconds", retry_delay, 0)


def _check_seconds(parameter: str, value: int | None, least: int) -> None:
    """Raise InvalidParameterValue for a time below `least` seconds, or over 68 years. [assumed]"""
    if value is not None and not least <= value <= _MOST_SECONDS:
        raise errors.INVALID_PARAMETER_VALUE(value=value, parameter=parameter)


def read_examination(
    *,
    auto_granted: bool = False,
    test: str | None = None,
    answer_key: str | None = None,
    test_duration_in_seconds: int | None = None,
) -> Examination | None:
    """Check and return the test in a request, or None if there is none.

    AnswerKey requires Test, and Test requires TestDurationInSeconds [doc]; a duration alone is
    ignored. [assumed] A type that is granted automatically cannot have a test. [observed] A test
    cannot ask for a file or, if it has an AnswerKey, for free text. [doc]
    """
    _check_seconds("TestDurationInSeconds", test_duration_in_seconds, 1)
    if test is None:
        if answer_key is not None:
            raise errors.MISSING_PARAMETERS(parameter="Test")
        return None
    _check_test(test, answer_key, auto_granted)
    if test_duration_in_seconds is None:
        raise errors.MISSING_PARAMETERS(parameter="TestDurationInSeconds")
    return Examination(test, test_duration_in_seconds, answer_key)


def _check_test(test: str, key: str | None, auto_granted: bool) -> None:
    """Raise the error of a document that cannot be a test; see `read_examination`."""
    form = question_form.check_test(test)
    if auto_granted:
        raise errors.INVALID_PARAMETER_VALUE(value=test, parameter="Test")
    if reason := question_form.find_test_error(form, graded=key is not None):
        raise errors.TEST_NOT_VALID(value=test, reason=reason)
    if key is not None:
        answer_key.read_answer_key(key)


@operation("UpdateQualificationType")
def update_qualification_type(
    call: Call,
    *,
    qualification_type_id: str,
    description: str | None = None,
    qualification_type_status: TypeStatus | None = None,
    retry_delay_in_seconds: int | None = None,
    auto_granted: bool | None = None,
    auto_granted_value: int | None = None,
    **test: Any,
) -> Result:
    """Change the given properties of a qualification type; the others stay unchanged. [doc]

    A new Test also replaces its duration and AnswerKey. A test cannot be removed, and a type
    with a test cannot be granted automatically. [doc]
    """
    type_ = call.account.qualifications.own_type(call.account.key, qualification_type_id)
    _check_values(description, retry_delay_in_seconds)
    automatic = type_.auto_granted_value is not None if auto_granted is None else auto_granted
    if automatic and type_.examination is not None:
        raise errors.INVALID_PARAMETER_VALUE(value="true", parameter="AutoGranted")
    new_examination = read_examination(auto_granted=automatic, **test)
    qualifications.require_not_deleted(type_)
    type_.description = description or type_.description
    call.account.qualifications.set_status(type_, qualification_type_status or type_.status)
    if retry_delay_in_seconds is not None:
        type_.retry_delay = retry_delay_in_seconds
    type_.examination = new_examination or type_.examination
    values = (auto_granted_value, type_.auto_granted_value, _AUTO_GRANTED_VALUE)
    given = (value for value in values if value is not None)
    type_.auto_granted_value = next(given) if automatic else None
    return _shown(call, type_)


@operation("GetQualificationType")
def get_qualification_type(call: Call, *, qualification_type_id: str) -> Result:
    """Return a qualification type of any requester, or of the system. [doc]"""
    return _shown(call, call.account.qualifications.type(qualification_type_id))


@operation("ListQualificationTypes")
def list_qualification_types(
    call: Call,
    *,
    must_be_requestable: bool,
    query: str = "",
    must_be_owned_by_caller: bool = False,
    **page: Any,
) -> Result:
    """Return the matching qualification types, newest first, the system's last. [assumed] order

    Query has words in any order [doc]; each must be part of the name [observed], the keywords or
    the description [doc], in any case. [observed] MustBeRequestable leaves out the system's
    types; false filters nothing. [doc] Deleted types, and Inactive types of other requesters, do
    not match. [assumed]

    New types are missing for the lag `search` with a Query, and for the lag `lists` without one.
    [observed] the search, [assumed] the lists
    """
    owner = call.account.key
    others = not must_be_owned_by_caller
    lag = call.lags.search if query else call.lags.lists
    return call.list_page(
        "QualificationTypes",
        call.account.qualifications.listed(
            owner, others=others, systems=others and not must_be_requestable
        ),
        lambda type_: views.qualification_type(type_, owner),
        *(must_be_requestable, must_be_owned_by_caller, query),
        wanted=lambda type_: call.is_listed(type_, lag) and _matches(type_, query),
        newest_first=True,
        **page,
    )


def _matches(type_: QualificationType, query: str) -> bool:
    text = "\n".join((type_.name, type_.keywords, type_.description))
    return all(word in text.lower() for word in query.lower().split())


@operation("DeleteQualificationType")
def delete_qualification_type(call: Call, *, qualification_type_id: str) -> Result:
    """Delete a qualification type; it is gone when no HIT uses it any more. [doc]"""
    register = call.account.qualifications
    type_ = register.own_type(call.account.key, qualification_type_id)
    requests.delete_type(register, type_, call.now)
    return NOTHING
