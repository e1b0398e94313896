"""Every list operation, compared with a plain filter over the whole state."""

from __future__ import annotations

import functools
from collections import Counter
from decimal import Decimal

import pytest

from mturk_mock import Snapshot, mock_mturk
from mturk_mock.model.policies import Action, Finding
from tests.helpers import NOW, create_hit, create_hit_type
from tests.worlds import LAST_STEPS, TEST, WORKERS, Step, World, random_steps

WORLDS = 2
#: Steps in between, so that every list has items.
MORE = ("retype", "switch", "make_type", "wish", "grant", "block", "review", "delete_type")
STATUSES = ("Submitted", "Approved", "Rejected")
TWO_LEVELS = ("Assignment", "HIT")


@functools.lru_cache(1)  # creating a client is slower than most steps
def clients(mturk):
    """Return clients of two requesters, and of the sandbox, by requester."""
    return {
        ("default", "production"): mturk.client(),
        ("other", "production"): mturk.requester("other").client(),
        ("default", "sandbox"): mturk.client(sandbox=True),
    }


class Lists(World):
    """The random steps of World, with steps that change HIT types and qualification types."""

    def do_retype(self, a, b, c):
        hit = self.hit(a)
        owner = self.owner(hit)
        required = {"QualificationTypeId": self.types(owner)[0], "Comparator": "Exists"}
        new = create_hit_type(
            owner,
            Title=f"Title {b % 2}",
            AutoApprovalDelayInSeconds=3600,
            QualificationRequirements=[required] if c % 2 else None,
        )
        owner.update_hit_type_of_hit(HITId=hit.id, HITTypeId=new)

    def do_switch(self, a, b, c):
        own = {"MustBeRequestable": True, "MustBeOwnedByCaller": True}
        for type_ in self.client(a).list_qualification_types(**own)["QualificationTypes"][-1:]:
            self.client(a).update_qualification_type(
                QualificationTypeId=type_["QualificationTypeId"],
                QualificationTypeStatus=("Active", "Inactive")[c % 2],
            )

    def do_wish(self, a, b, c):
        """Create a qualification type, require it, grant it, and let other workers request it."""
        type_id = self.client(a).create_qualification_type(
            Name=f"Wish {a} {b} {c}", Description="d", QualificationTypeStatus="Active"
        )["QualificationType"]["QualificationTypeId"]
        who = {"QualificationTypeId": type_id, "WorkerId": WORKERS[0]}
        self.client(a).associate_qualification_with_worker(**who)
        for worker_id in WORKERS[1:]:
            self.mturk.worker(worker_id).request_qualification(type_id)
        requirement = {"QualificationTypeId": type_id, "Comparator": "Exists"}
        create_hit(self.client(a), Question=TEST, QualificationRequirements=[requirement])


def lived(mturk, number):
    """Run many random steps in a mock; the same for the same number."""
    world = Lists(mturk, list(clients(mturk).values()))
    last = [Step("wish", who, 0, number) for who in range(3)]
    for step in [*random_steps(f"lists {number}", 100), *LAST_STEPS, *last]:
        world.do(step)
        world.do(step._replace(name=MORE[step.b % len(MORE)]))


def pages(client, operation, key, item, **parameters):
    """Return the items of all pages of a list, at most three per page.

    The actions of policies do not count.
    """
    found, token = [], {}
    while True:
        page = getattr(client, operation)(**parameters, **token, MaxResults=3)
        items = page[key] if isinstance(key, str) else key(page)
        found += map(item, items)
        if "NextToken" not in page:
            return found
        assert 0 < sum("ActionName" not in each for each in items) <= 3
        token = {"NextToken": page["NextToken"]}


def id_of(name):
    return lambda item: item[name]


# Expected by a plain filter ---------------------------------------------------------------


def hits_expected(account, wanted):
    return [hit.id for hit in reversed(account.hits_by_number) if wanted(hit)]


def of_hits(account):
    """Yield each list of HITs with its expected items."""
    hit_id = id_of("HITId")
    all_of_them = hits_expected(account, lambda hit: hit.status != "Disposed")
    yield ("list_hits", "HITs", hit_id, {}), all_of_them
    for status in ("Reviewable", "Reviewing"):
        for type_id in (None, *account.hit_types):
            filters = {"Status": status, **({"HITTypeId": type_id} if type_id else {})}
            expected = hits_expected(
                account,
                lambda hit, s=status, t=type_id: hit.status == s and t in (None, hit.type.id),
            )
            yield ("list_reviewable_hits", "HITs", hit_id, filters), expected
    for type_ in account.qualifications.types.values():
        if not type_.gone:
            filters = {"QualificationTypeId": type_.id}
            expected = hits_expected(
                account,
                lambda hit, id_=type_.id: (
                    hit.status != "Disposed"
                    and any(
                        r.qualification_type_id == id_ for r in hit.type.properties.requirements
                    )
                ),
            )
            yield ("list_hits_for_qualification_type", "HITs", hit_id, filters), expected


def of_work(account):
    """Yield each list of a HIT's or an assignment's items."""
    for hit in account.hits_by_number:
        works = [account.assignments[id_] for id_ in hit.submitted_ids]
        for statuses in ([], ["Submitted"], ["Rejected", "Approved"], list(STATUSES)):
            filters = {"HITId": hit.id, "AssignmentStatuses": statuses}
            expected = [work.id for work in works if work.status in (statuses or STATUSES)]
            call = ("list_assignments_for_hit", "Assignments", id_of("AssignmentId"), filters)
            yield call, expected
        for work in [None, *works]:
            yield from of_bonuses(account, hit, work)
        if log_of(hit) or hit.number == 0:
            yield from of_policies(hit)


def of_bonuses(account, hit, work):
    call = ("list_bonus_payments", "BonusPayments", facts_of)
    of_hit = [b for b in account.bonuses if account.assignments[b.assignment_id].hit_id == hit.id]
    if work is None:
        yield (*call, {"HITId": hit.id}), [facts(bonus) for bonus in of_hit]
        return
    expected = [facts(bonus) for bonus in of_hit if bonus.assignment_id == work.id]
    yield (*call, {"AssignmentId": work.id}), expected
    for other in account.hits_by_number[:2]:
        both = {"AssignmentId": work.id, "HITId": other.id}
        yield (*call, both), expected if other is hit else []


def facts_of(item):
    amount = Decimal(item["BonusAmount"])
    return item["AssignmentId"], amount, item["Reason"], item["GrantTime"].timestamp()


def facts(bonus):
    return bonus.assignment_id, bonus.amount, bonus.reason, bonus.time // 1_000_000


def entries(page):
    """Return the results and the actions of a page, those of the Assignment level first."""
    reports = [page.get(f"{level}ReviewReport", {}) for level in TWO_LEVELS]
    return [
        entry
        for report in reports
        for name in ("ReviewResults", "ReviewActions")
        for entry in report.get(name, [])
    ]


def log_of(hit):
    return [] if hit.policies is None else hit.policies.log


def of_policies(hit):
    for levels in ([], ["HIT"], ["Assignment"]):
        for actions, results in ((True, True), (False, True), (True, False), (False, False)):
            filters = {
                "HITId": hit.id,
                "PolicyLevels": levels,
                "RetrieveActions": actions,
                "RetrieveResults": results,
            }
            kinds = (Action,) * actions + (Finding,) * results
            log = [e for e in log_of(hit) if e.level in (levels or TWO_LEVELS)]
            names = [e.name if isinstance(e, Action) else e.key for e in log if type(e) in kinds]
            call = ("list_review_policy_results_for_hit", entries, name_of, filters)
            yield call, Counter(names)


def name_of(entry):
    return entry["ActionName"] if "ActionName" in entry else entry["Key"]


def of_people(account):
    """Yield the lists of blocked workers and of workers who have or request a qualification."""
    register, key = account.qualifications, account.key
    blocks = sorted(account.blocks.values(), key=lambda block: block.number)
    worker_id = id_of("WorkerId")
    call = ("list_worker_blocks", "WorkerBlocks", worker_id, {})
    yield call, [block.worker_id for block in blocks]
    own = [type_ for type_ in register.types.values() if type_.owner == key]
    for type_id in (None, *(type_.id for type_ in own if not type_.gone)):
        filters = {"QualificationTypeId": type_id} if type_id else {}
        expected = [
            request.id
            for request in register.submitted
            if request.status == "Submitted"
            and request.qualification_type_id in ([type_id] if type_id else [t.id for t in own])
        ]
        request_id = id_of("QualificationRequestId")
        call = ("list_qualification_requests", "QualificationRequests", request_id, filters)
        yield call, expected
    for type_ in own:
        if not type_.gone:
            for status in ("Granted", "Revoked"):
                filters = {"QualificationTypeId": type_.id, "Status": status}
                grants = sorted(type_.grants.values(), key=lambda grant: grant.number)
                name = "list_workers_with_qualification_type"
                expected = [grant.worker_id for grant in grants if grant.status == status]
                yield (name, "Qualifications", worker_id, filters), expected


def of_types(account):
    """Yield the lists of qualification types."""
    for requestable, owned, query in (
        (requestable, owned, query)
        for requestable in (True, False)
        for owned in (True, False)
        for query in (None, "TYPE 1", "e")
    ):
        filters = {"MustBeRequestable": requestable, "MustBeOwnedByCaller": owned}
        expected = [
            type_.id
            for type_ in sorted(account.qualifications.types.values(), key=lambda t: -t.number)
            if not type_.deleted
            and (type_.owner == account.key or (type_.status == "Active" and not owned))
            and not (type_.owner is None and requestable)
            and (query or "").lower()
            in f"{type_.name}\n{type_.keywords}\n{type_.description}".lower()
        ]
        type_id = id_of("QualificationTypeId")
        call = ("list_qualification_types", "QualificationTypes", type_id)
        yield (*call, {**filters, **({"Query": query} if query else {})}), expected


def compare(mturk):
    """Call every list operation; return how many non-empty lists each of them had."""
    mturk._backend.settle()
    asked = Counter()
    for key, account in mturk._backend._transactions.marketplace.accounts.items():
        for lists in (of_hits, of_work, of_people, of_types):
            for (operation, name, item, filters), expected in lists(account):
                found = pages(clients(mturk)[key], operation, name, item, **filters)
                same = Counter(found) if isinstance(expected, Counter) else found
                assert same == expected, (operation, filters)
                asked[operation] += bool(expected)
    return asked


# The tests --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(WORLDS))
def test_lists_have_what_a_filter_finds(tmp_path, number):
    """After random steps, in a copy, and after saving and loading a file."""
    path = tmp_path / "state.json"
    with mock_mturk(now=NOW, seed=number, balance="100.00") as mturk:
        lived(mturk, number)
        first = compare(mturk)
        with mturk.isolated():
            assert compare(mturk) == first
        mturk.snapshot().save(path)
        mturk.restore(Snapshot.load(path))

        assert compare(mturk) == first
        lived(mturk, number + 100)
        assert min(compare(mturk).values()) > 0
