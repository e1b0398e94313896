"""HITs: creating, reading, changing and deleting them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from mturk_mock.core import errors
from mturk_mock.core.clock import SECOND, english_date, to_datetime
from mturk_mock.core.indexes import Listed
from mturk_mock.model import hit_life, requirement
from mturk_mock.model.hit import ALIVE, HIT, LISTED, REQUIRED, REVIEWABLE, HITType, Properties
from mturk_mock.model.policy_reading import read_policies
from mturk_mock.operations import hit_types, limits
from mturk_mock.operations.registry import NOTHING, Call, Result, operation
from mturk_mock.operations.views import View
from mturk_mock.questions import layouts
from mturk_mock.questions.question import check_question

#: The parameters of a request that belong to the HIT and not to its type.
_HIT_PARAMETERS: Final = frozenset(
    {
        "lifetime_in_seconds",
        "max_assignments",
        "requester_annotation",
        "question",
        "hit_layout_id",
        "hit_layout_parameters",
        "assignment_review_policy",
        "hit_review_policy",
    }
)

_LEGACY_INCREMENT: Final = (3600, limits.YEAR)  # seconds, in ExtendHIT of 2008 [doc]


@operation("CreateHIT")
def create_hit(call: Call, *, unique_request_token: str | None = None, **params: Any) -> Result:
    """Publish a HIT; create its HIT type if there is none with the same properties. [doc]"""
    _require_new(call, unique_request_token)
    of_the_hit = {name: params.pop(name) for name in _HIT_PARAMETERS & params.keys()}
    properties = hit_types.read_properties(call, **params)
    draft = _draft(call, properties, **of_the_hit)
    type_ = hit_types.find_or_make(call, properties)
    return _publish(call, type_, draft, unique_request_token)


@operation("CreateHITWithHITType")
def create_hit_with_hit_type(
    call: Call,
    *,
    hit_type_id: str,
    unique_request_token: str | None = None,
    **of_the_hit: Any,
) -> Result:
    """Publish a HIT of an existing HIT type. [doc]"""
    type_ = hit_types.find(call, hit_type_id)
    _require_new(call, unique_request_token)
    draft = _draft(call, type_.properties, **of_the_hit)
    return _publish(call, type_, draft, unique_request_token)


def _require_new(call: Call, token: str | None) -> None:
    if existing := call.account.tokens.result_of(call.operation, token, call.now):
        raise errors.HIT_ALREADY_EXISTS(id=existing)


def _draft(
    call: Call,
    properties: Properties,
    *,
    lifetime_in_seconds: int,
    max_assignments: int = 1,
    requester_annotation: str | None = None,
    assignment_review_policy: dict[str, Any] | None = None,
    hit_review_policy: dict[str, Any] | None = None,
    **content: Any,
) -> dict[str, Any]:
    """Check the parameters of a new HIT and return its fields, so that publishing cannot fail."""
    lifetimes = limits.end_by_9999(limits.LIFETIME, call.now)
    limits.check_range("LifetimeInSeconds", lifetime_in_seconds, lifetimes)
    limits.check_range("MaxAssignments", max_assignments, limits.ASSIGNMENTS)
    limits.check_text("RequesterAnnotation", requester_annotation, limits.ANNOTATION)
    asked = _read_content(call, **content)
    policies = read_policies(assignment_review_policy, hit_review_policy)
    requirement.require_active(call.account.qualifications, properties.requirements)
    hit_life.require_funds(call.account, properties, max_assignments)
    return {
        **asked,
        "annotation": requester_annotation,
        "creation_time": call.now,
        "expiration": call.now + lifetime_in_seconds * SECOND,
        "max_assignments": max_assignments,
        "available": max_assignments,
        "policies": policies,
        "past_counts": [] if call.lags.counters else None,
    }


def _read_content(
    call: Call,
    *,
    question: str | None = None,
    hit_layout_id: str | None = None,
    hit_layout_parameters: list[dict[str, str]] | None = None,
) -> dict[str, Any]:
    """Return a HIT's question; exactly one of Question and HITLayoutId is required. [doc]"""
    if question is not None and hit_layout_id is not None:
        raise errors.INVALID_PARAMETER_COMBINATION(parameters="Question, HITLayoutId")
    if hit_layout_id is not None:
        page = call.marketplace.layout(hit_layout_id)
        parameters = layouts.read_parameters(hit_layout_parameters)
        return {
            "question": layouts.make_question(page, parameters),
            "layout_id": hit_layout_id,
            "layout_parameters": parameters,
        }
    if question is None:
        raise errors.MISSING_PARAMETERS(parameter="Question or HITLayoutId")
    if hit_layout_parameters is not None:
        raise errors.INVALID_PARAMETER_COMBINATION(parameters="Question, HITLayoutParameters")
    check_question(question)
    return {"question": question}


def _publish(call: Call, type_: HITType, draft: dict[str, Any], token: str | None) -> Result:
    number = len(call.account.hits_by_number)
    hit = HIT(id=call.ids.entity("HIT"), number=number, type=type_, **draft)
    hit.generation = call.marketplace.generation
    hit_life.publish(call.account, hit)
    call.account.tokens.use(call.operation, token, call.now, hit.id)
    return {"HIT": call.view_hit(hit)}


@operation("GetHIT")
def get_hit(call: Call, *, hit_id: str) -> Result:
    """Return a HIT in any status; a deleted HIT is shown as Disposed. [observed]"""
    return {"HIT": call.view_hit(call.account.hit(hit_id))}


@operation("ListHITs")
def list_hits(call: Call, **page: Any) -> Result:
    """Return all HITs except deleted ones [doc], newest first. [assumed]"""
    found = call.account.hit_lists.of(LISTED)
    return _list_hits(call, found, call.view_hit, **page)


@operation("ListReviewableHITs")
def list_reviewable_hits(
    call: Call, *, hit_type_id: str | None = None, status: str = REVIEWABLE, **page: Any
) -> Result:
    """Return the IDs of HITs to review [doc] [observed], newest first. [assumed]"""
    found = call.account.hit_lists.of((status, hit_type_id))
    return _list_hits(call, found, lambda hit: {"HITId": hit.id}, hit_type_id, status, **page)


@operation("ListHITsForQualificationType")
def list_hits_for_qualification_type(
    call: Call, *, qualification_type_id: str, **page: Any
) -> Result:
    """Return the requester's HITs that require a qualification type, except deleted ones. [doc]

    The newest HIT comes first, and the type can have any owner. [assumed]
    """
    call.account.qualifications.type(qualification_type_id)
    found = call.account.hit_lists.of((REQUIRED, qualification_type_id))
    return _list_hits(call, found, call.view_hit, qualification_type_id, **page)


def _list_hits(
    call: Call, hits: Listed[HIT], view: Callable[[HIT], View], *filters: object, **page: Any
) -> Result:
    return call.list_page(
        "HITs",
        hits,
        view,
        *filters,
        wanted=lambda hit: call.is_listed(hit, call.lags.lists),
        newest_first=True,
        **page,
    )


@operation("CreateAdditionalAssignmentsForHIT")
def create_additional_assignments_for_hit(
    call: Call,
    *,
    hit_id: str,
    number_of_additional_assignments: int,
    unique_request_token: str | None = None,
) -> Result:
    """Add assignments to a HIT. [doc]"""
    hit = call.account.hit(hit_id)
    call.account.tokens.require_new(call.operation, unique_request_token, call.now)
    # Errors name the parameter of ExtendHIT, the predecessor of this operation. [assumed]
    count = limits.check_range(
        "MaxAssignmentsIncrement", number_of_additional_assignments, limits.ASSIGNMENTS
    )
    hit_life.require_changeable(call.lags, hit, call.now)
    hit_life.extend(call.account, hit, call.now, count=count)
    call.account.tokens.use(call.operation, unique_request_token, call.now, hit_id)
    return NOTHING


@operation("UpdateExpirationForHIT")
def update_expiration_for_hit(call: Call, *, hit_id: str, expire_at: float) -> Result:
    """Expire a HIT now, or change when it expires.

    A time that is not in the future expires the HIT. A time in the future extends the HIT from
    its expiration, or from now if it has expired; the service makes a request token of the
    time, so giving the same time twice raises DuplicateRequest. [observed]
    """
    hit = call.account.hit(hit_id)
    moment = math.floor(expire_at)
    _warn_of_machine_time(call, moment)
    if moment * SECOND <= call.now:
        hit_life.require_status(hit, *ALIVE)
        hit_life.expire(call.account, hit, call.now)
        return NOTHING
    token = _expiration_token(hit_id, moment)
    call.account.tokens.require_new(call.operation, token, call.now)
    base = call.now if hit.expired else hit.expiration
    increment = moment - base // SECOND
    increments = limits.end_by_9999(limits.EXPIRATION_INCREMENT, base)
    limits.check_range("ExpirationIncrementInSeconds", increment, increments)
    hit_life.require_changeable(call.lags, hit, call.now)
    hit_life.extend(call.account, hit, call.now, expiration=moment * SECOND)
    call.account.tokens.use(call.operation, token, call.now, hit_id)
    return NOTHING


def _warn_of_machine_time(call: Call, moment: int) -> None:
    """Warn if the program's "now" comes from a clock that is ahead of the mock's."""
    if call.marketplace.clock.is_behind_machine(moment * SECOND):
        call.warn(
            f"ExpireAt={to_datetime(moment * SECOND)} is now by the machine's clock, but the "
            f"mock's time is {to_datetime(call.now)}, so the HIT does not expire now. Set the "
            "program's clock to the mock's time with freezegun or time-machine, or leave out now= "
            "(or pass now=None), so that the mock follows the machine's clock"
        )


def _expiration_token(hit_id: str, moment: int) -> str:
    """Return the service's request token for an expiration.

    The token is the HITId and the time as Java writes it. [observed]
    """
    return f"{hit_id}{english_date(to_datetime(moment * SECOND), 'UTC')}"


@operation("ExtendHIT")
def extend_hit(
    call: Call,
    *,
    hit_id: str,
    max_assignments_increment: int | None = None,
    expiration_increment_in_seconds: int | None = None,
    validate: bool = False,
) -> Result:
    """Extend a HIT by assignments, time, or both at once. [doc]

    With `validate`, only check whether the extension is possible. [doc]
    """
    hit = call.account.hit(hit_id)
    seconds = expiration_increment_in_seconds
    base = call.now if hit.expired else hit.expiration  # [doc]
    _check_range("MaxAssignmentsIncrement", max_assignments_increment, limits.ASSIGNMENTS)
    increments = limits.end_by_9999(_LEGACY_INCREMENT, base)
    _check_range("ExpirationIncrementInSeconds", seconds, increments)
    count = max_assignments_increment or 0
    expiration = None if seconds is None else base + seconds * SECOND
    hit_life.require_changeable(call.lags, hit, call.now)
    if validate:
        hit_life.check_extension(call.account, hit, count, expiration)
    else:
        hit_life.extend(call.account, hit, call.now, count=count, expiration=expiration)
    return NOTHING


def _check_range(parameter: str, value: int | None, limits: tuple[int, int]) -> None:
    low, high = limits
    if value is not None and not low <= value <= high:
        raise errors.LEGACY_OUT_OF_RANGE(value=value, parameter=parameter, low=low, high=high)


@operation("UpdateHITReviewStatus")
def update_hit_review_status(call: Call, *, hit_id: str, revert: bool = False) -> Result:
    """Move a Reviewable HIT to Reviewing, or a Reviewing HIT back to Reviewable. [doc]"""
    hit_life.set_reviewing(call.account, call.account.hit(hit_id), not revert, call.now)
    return NOTHING


@operation("UpdateHITTypeOfHIT")
def update_hit_type_of_hit(call: Call, *, hit_id: str, hit_type_id: str) -> Result:
    """Give a HIT another HIT type, unless a worker has already accepted the HIT. [doc]"""
    hit = call.account.hit(hit_id)
    type_ = hit_types.find(call, hit_type_id)
    hit_life.require_changeable(call.lags, hit, call.now)
    hit_life.change_type(call.account, hit, type_, call.now)
    return NOTHING


@operation("DeleteHIT")
def delete_hit(call: Call, *, hit_id: str) -> Result:
    """Delete a HIT whose submitted work is all reviewed. [doc]"""
    hit_life.dispose(call.account, call.account.hit(hit_id), call.now)
    return NOTHING
