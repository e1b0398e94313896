"""A server with a state file, killed at random moments under load, and what must be true after it.

`Life` is the life of one state file: rounds of load and SIGKILL. Requesters call the API from this
process, in several threads; workers accept and submit in the process of the server, which is
``python -m tests.crashes FILE``. It notes what was acknowledged to them in ``FILE.facts``, and lets
them begin when it gets a line.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from mturk_mock import MTurkError
from mturk_mock.server import MTurkServer, journal
from tests.helpers import hit_params
from tests.servers import JSON, TARGET, call

ROOT = Path(__file__).parents[1]
BALANCE = Decimal("9000.00")
COST = Decimal("0.06")  # of an assignment, and of a bonus: five cents, and one for the fee
REQUESTERS = ("lab", "lab", "shop")  # one thread each
WORKER_THREADS = 3
CHECKPOINT_EVERY = 40  # so that servers are killed while they write one
MOST_ANSWERS = 80  # to the requesters, before the end of a server


class Broken(AssertionError):
    """Something that was acknowledged is lost, or was done in part."""


def require(holds: bool, what: str, *facts: object) -> None:
    if not holds:
        raise Broken(f"{what}: {', '.join(map(repr, facts))}")


# The process of the server ----------------------------------------------------------------


def serve(path: str, *options: str) -> None:
    """Serve a state file, with workers, until this process is killed."""
    journal.CHECKPOINT_EVERY = CHECKPOINT_EVERY
    facts = os.open(f"{path}.facts", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with MTurkServer(state=path, balance=str(BALANCE), forget="forget" in options) as server:
        print(server.url, flush=True)
        sys.stdin.readline()
        for _ in range(WORKER_THREADS):
            threading.Thread(target=work, args=(server.mturk, facts), daemon=True).start()
        threading.Event().wait()


def work(mturk: Any, facts: int) -> None:
    """Accept and submit HITs without end, and note what was acknowledged."""

    def note(*fact: str) -> None:
        os.write(facts, json.dumps(fact).encode() + b"\n")

    rng = Random()
    while True:
        worker = mturk.worker()
        note("worker", worker.id)
        for hit in rng.sample(found := worker.find_hits(), min(3, len(found))):
            try:
                assignment = worker.accept(hit)
                note("accept", assignment.id, hit.id)
                if rng.random() < 0.9:
                    assignment.submit({"label": "cat"})
                    note("submit", assignment.id, hit.id)
            except MTurkError:  # the HIT has expired, or others have taken it
                pass


# Requesters -------------------------------------------------------------------------------


class Requester:
    """Makes random calls on a connection of its own, and remembers what was acknowledged."""

    def __init__(self, name: str, rng: Random, numbers: Iterator[int]) -> None:
        self.name, self._rng, self._numbers = name, rng, numbers
        self.hits: dict[str, str] = {}  # titles by ID
        self.reviews: dict[str, str] = {}  # statuses by AssignmentId
        self.hit_of: dict[str, str] = {}  # HITs by AssignmentId
        self.bonuses: dict[str, str] = {}  # AssignmentIds by reason
        self.types: dict[str, str] = {}  # names by ID
        self.scores: dict[tuple[str, str], int] = {}  # by type and worker
        self.deleted: set[str] = set()
        self.deleting: set[str] = set()  # perhaps
        self.new_ids: list[str] = []

    def run(self, url: str, answered: threading.Semaphore) -> None:
        """Call until the server is gone."""
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        actions = (self._create, self._create, self._review, self._review, self._qualify)

        def ask(operation: str, **members: Any) -> Any:
            headers = {
                "X-Amz-Target": TARGET + operation,
                "Content-Type": JSON,
                "X-Mturk-Mock-Requester": self.name,
            }
            connection.request("POST", "/", json.dumps(members), headers)
            response = connection.getresponse()
            content = json.loads(response.read())
            require(response.status < 500, "a call was not answered", operation, content)
            answered.release()
            return content

        try:
            while True:
                self._rng.choice((*actions, self._delete))(ask)
        except (OSError, http.client.HTTPException):
            connection.close()

    def _create(self, ask: Any) -> None:
        title = f"HIT {next(self._numbers)}"
        number = self._rng.randint(1, 3)
        hit = ask("CreateHIT", **hit_params(Title=title, Reward="0.05", MaxAssignments=number))
        self.hits[hit["HIT"]["HITId"]] = title
        self.new_ids.append(hit["HIT"]["HITId"])

    def _some_hit(self) -> str | None:
        alive = [hit for hit in self.hits if hit not in self.deleted | self.deleting]
        return self._rng.choice(alive[-20:]) if alive else None

    def _review(self, ask: Any) -> None:
        if (hit_id := self._some_hit()) is None:
            return
        listed = ask("ListAssignmentsForHIT", HITId=hit_id, AssignmentStatuses=["Submitted"])
        for assignment in listed["Assignments"]:
            id_, worker_id = assignment["AssignmentId"], assignment["WorkerId"]
            self.hit_of[id_] = hit_id
            if self._rng.random() < 0.7:
                ask("ApproveAssignment", AssignmentId=id_)
                self.reviews[id_] = "Approved"
            else:
                ask("RejectAssignment", AssignmentId=id_, RequesterFeedback="No")
                self.reviews[id_] = "Rejected"
            reason = f"Thanks {next(self._numbers)}"
            ask(
                "SendBonus",
                WorkerId=worker_id,
                AssignmentId=id_,
                BonusAmount="0.05",
                Reason=reason,
                UniqueRequestToken=reason,
            )
            self.bonuses[reason] = id_

    def _qualify(self, ask: Any) -> None:
        name = f"type {next(self._numbers)}"
        created = ask(
            "CreateQualificationType",
            Name=name,
            Description="?",
            QualificationTypeStatus="Active",
        )
        type_id = created["QualificationType"]["QualificationTypeId"]
        self.types[type_id] = name
        self.new_ids.append(type_id)
        score = next(self._numbers)
        names = {"QualificationTypeId": type_id, "WorkerId": f"A{score}WORKER"}
        ask("AssociateQualificationWithWorker", **names, IntegerValue=score)
        self.scores[type_id, f"A{score}WORKER"] = score

    def _delete(self, ask: Any) -> None:
        if (hit_id := self._some_hit()) is None:
            return
        ask("UpdateExpirationForHIT", HITId=hit_id, ExpireAt=0)
        self.deleting.add(hit_id)
        if "__type" not in ask("DeleteHIT", HITId=hit_id):
            self.deleted.add(hit_id)
        self.deleting.discard(hit_id)


# What must be true ------------------------------------------------------------------------


class Facts:
    """What was acknowledged to the workers, by HITId."""

    def __init__(self, path: Path) -> None:
        self.new_ids: list[str] = []
        self.accepted: dict[str, set[str]] = defaultdict(set)
        self.submitted: dict[str, set[str]] = defaultdict(set)
        for line in path.read_bytes().splitlines() if path.exists() else ():
            kind, id_, *hit = json.loads(line)
            if kind == "submit":
                self.submitted[hit[0]].add(id_)
                continue
            self.new_ids.append(id_)
            if kind == "accept":
                self.accepted[hit[0]].add(id_)


class Check:
    """Compares what a server answers with what was acknowledged before."""

    def __init__(self, url: str, name: str, requesters: list[Requester], facts: Facts) -> None:
        self._server, self._name = SimpleNamespace(url=url), name
        self._requesters, self._facts = requesters, facts
        self._spent = Decimal(0)

    def ask(self, operation: str, **members: Any) -> Any:
        answer = call(self._server, operation, members, X_Mturk_Mock_Requester=self._name)
        require(answer.status == 200, "a call was refused", operation, members, answer.body)
        return answer.json

    def list_all(self, operation: str, member: str, **members: Any) -> list[Any]:
        found, token = [], {}
        while True:
            page = self.ask(operation, MaxResults=100, **members, **token)
            found += page[member]
            if "NextToken" not in page:
                return found
            token = {"NextToken": page["NextToken"]}

    def run(self) -> None:
        """Raise Broken at the first difference."""
        listed = {hit["HITId"]: hit for hit in self.list_all("ListHITs", "HITs")}
        for requester in self._requesters:
            self._check_hits(requester, listed)
        for hit in listed.values():
            self._check_hit(hit)
        for requester in self._requesters:
            self._check_bonuses(requester)
            self._check_qualifications(requester)
        self._count_deleted(listed)
        balance = Decimal(self.ask("GetAccountBalance")["AvailableBalance"])
        require(balance == BALANCE - self._spent, "the balance", balance, BALANCE - self._spent)

    def _check_hits(self, requester: Requester, listed: dict[str, Any]) -> None:
        for hit_id, title in requester.hits.items():
            if hit_id in requester.deleted:
                require(hit_id not in listed, "a deleted HIT is back", hit_id)
            elif hit_id in requester.deleting and hit_id not in listed:
                requester.deleted.add(hit_id)
            else:
                require(hit_id in listed, "a HIT is lost", hit_id)
                require(listed[hit_id]["Title"] == title, "a HIT is another one", hit_id)
        requester.deleting.clear()

    def _check_hit(self, hit: dict[str, Any]) -> None:
        hit_id, most = hit["HITId"], hit["MaxAssignments"]
        found = self.list_all("ListAssignmentsForHIT", "Assignments", HITId=hit_id)
        statuses = {each["AssignmentId"]: each["AssignmentStatus"] for each in found}
        require(len(statuses) == len(found), "an assignment is listed twice", hit_id)
        lost = self._facts.submitted[hit_id] - statuses.keys()
        require(not lost, "submissions are lost", hit_id, lost)
        kinds = list(statuses.values())
        completed = kinds.count("Approved") + kinds.count("Rejected")
        pending, available = (
            hit[f"NumberOfAssignments{kind}"] for kind in ("Pending", "Available")
        )
        require(hit["NumberOfAssignmentsCompleted"] == completed, "the completed ones", hit, kinds)
        require(available + pending + len(found) == most, "the numbers of a HIT", hit, kinds)
        open_ = len(self._facts.accepted[hit_id] - statuses.keys())
        require(pending >= open_, "accepted assignments are lost", hit, open_)
        held = pending + len(found) - kinds.count("Rejected")
        self._spent += COST * (held + available * (hit["Expiration"] > time.time()))
        for requester in self._requesters:
            for id_ in statuses.keys() & requester.reviews.keys():
                require(statuses[id_] == requester.reviews[id_], "a review is lost", id_)
            if hit_id in requester.hits:  # a review that was not acknowledged may have been made
                requester.hit_of |= dict.fromkeys(statuses, hit_id)
                requester.reviews |= {
                    id_: status for id_, status in statuses.items() if status != "Submitted"
                }

    def _count_deleted(self, listed: dict[str, Any]) -> None:
        """Add what was paid for the HITs that were deleted."""
        for requester in self._requesters:
            for id_, status in requester.reviews.items():
                if status == "Approved" and requester.hit_of[id_] not in listed:
                    self._spent += COST

    def _check_bonuses(self, requester: Requester) -> None:
        for id_ in requester.reviews:
            paid = self.list_all("ListBonusPayments", "BonusPayments", AssignmentId=id_)
            reasons = [each["Reason"] for each in paid]
            self._spent += COST * len(reasons)
            require(len(set(reasons)) == len(reasons), "a bonus was paid twice", id_, reasons)
            owed = {reason for reason, to in requester.bonuses.items() if to == id_}
            require(owed <= set(reasons), "a bonus is lost", id_, reasons, owed)

    def _check_qualifications(self, requester: Requester) -> None:
        found = self.list_all(
            "ListQualificationTypes",
            "QualificationTypes",
            MustBeRequestable=False,
            MustBeOwnedByCaller=True,
        )
        names = [each["Name"] for each in found]
        require(len(set(names)) == len(names), "a qualification type is there twice", names)
        missing = set(requester.types.values()) - set(names)
        require(not missing, "qualification types are lost", missing)
        for (type_id, worker_id), score in requester.scores.items():
            got = self.ask("GetQualificationScore", QualificationTypeId=type_id, WorkerId=worker_id)
            require(got["Qualification"]["IntegerValue"] == score, "a score", type_id, worker_id)


# Lives ------------------------------------------------------------------------------------


class Life:
    """The life of one state file: a number of rounds, each of them ended by SIGKILL."""

    def __init__(self, path: Path, seed: int, *, forgets: bool = False) -> None:
        self._path, self._rng = path, Random(seed)
        self._options = ["forget"] if forgets else []
        numbers = itertools.count(1)
        self.requesters = [
            Requester(name, Random(self._rng.random()), numbers) for name in REQUESTERS
        ]
        self.answers = 0

    def run(self, rounds: int) -> None:
        """Run rounds, check after each, and replay the file at the end."""
        for _ in range(rounds):
            self._with_server(self._load_and_kill)
        self._with_server(lambda url, process: None)
        self._replay()

    def _with_server(self, act: Callable[[str, subprocess.Popen[str]], None]) -> None:
        """Start the server, check what it has, and act; it is killed at the latest then."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crashes", str(self._path), *self._options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            require(bool(url), "the server has not started")
            self._check(url)
            act(url, process)
        finally:
            process.kill()
            process.communicate()

    def _load_and_kill(self, url: str, process: subprocess.Popen[str]) -> None:
        if process.stdin:
            process.stdin.write("begin\n")
            process.stdin.flush()
        answered = threading.Semaphore(0)
        with ThreadPoolExecutor() as threads:
            running = [threads.submit(each.run, url, answered) for each in self.requesters]
            number = self._rng.randint(1, MOST_ANSWERS)
            try:
                for _ in range(number):
                    require(answered.acquire(timeout=60), "the server does not answer any more")
            finally:
                process.kill()
        for each in running:
            each.result()
        self.answers += number

    def _check(self, url: str) -> None:
        facts = Facts(Path(f"{self._path}.facts"))
        for name in set(REQUESTERS):
            own = [each for each in self.requesters if each.name == name]
            Check(url, name, own, facts).run()
        ids = facts.new_ids + [id_ for each in self.requesters for id_ in each.new_ids]
        require(len(set(ids)) == len(ids), "an ID was used twice")

    def _replay(self) -> None:
        command = [sys.executable, "-m", "mturk_mock", "replay", str(self._path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        require(done.returncode == 0, "the file cannot be replayed", done.stderr)


if __name__ == "__main__":
    serve(*sys.argv[1:])
