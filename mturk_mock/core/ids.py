"""IDs in the service's formats.

Each kind of object has its own random stream, so a seed gives the same HIT IDs regardless of
the program's other requests. `Ids.choose` sets the next ID, for programs with hard-coded IDs.
"""

from __future__ import annotations

import hashlib
import random
import re
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Final

from mturk_mock.core.quoting import quote

#: The kinds of object whose next ID can be chosen.
KINDS: Final = (
    "HIT",
    "HITType",
    "Assignment",
    "QualificationType",
    "QualificationRequest",
    "HITLayout",
)
#: The kinds that have a random stream.
STREAMS: Final = (*KINDS, "Worker", "EventDocument", "Request")
ENTITY_ID: Final = re.compile(r"[A-Z0-9]{1,64}")
WORKER_ID: Final = re.compile(r"A[A-Z0-9]{1,63}")

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ENTITY_LENGTH: Final = 30
_WORKER_LENGTHS: Final = (13, 14)


class Ids:
    """The generator of one mock's IDs; the same seed gives the same IDs."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, random.Random] = {}
        self._chosen: defaultdict[str, deque[str]] = defaultdict(deque)
        self._drawn: Counter[str] = Counter()

    def draw_anew(self, seed: int) -> None:
        """Draw all further IDs as another seed gives them; chosen IDs stay chosen."""
        self.seed = seed
        self._streams.clear()
        self._drawn.clear()

    def choose(self, kind: str, id_: str) -> None:
        """Use `id_` for the next object of `kind`."""
        self._chosen[kind].append(id_)

    def is_chosen(self, id_: str) -> bool:
        """Return whether `id_` is chosen for a future object of any kind."""
        return any(id_ in ids for ids in self._chosen.values())

    def entity(self, kind: str) -> str:
        """Return a new ID: 30 characters, of which the first is 3. [observed]"""
        if chosen := self._chosen[kind]:
            return chosen.popleft()
        return self._draw_entity(kind)

    def _draw_entity(self, kind: str) -> str:
        return "3" + "".join(self._stream(kind).choices(_LETTERS, k=_ENTITY_LENGTH - 1))

    def worker(self) -> str:
        """Return a new worker ID: A, followed by 12 or 13 characters. [observed]"""
        return _worker_id(self._stream("Worker"))

    def customer(self, requester: str) -> str:
        """Return a requester's CustomerId in notifications, in the form of a worker ID. [observed]

        It depends on the name and the seed, and is the same in both environments. [assumed]
        """
        return _worker_id(random.Random(f"{self.seed}/Customer/{requester}"))

    def aws_account(self, requester: str) -> str:
        """Return a requester's AWS account ID: 12 digits that depend on the name and the seed."""
        stream = random.Random(f"{self.seed}/AWSAccount/{requester}")
        return f"{stream.randrange(10**12):012}"

    def event_document(self) -> str:
        """Return the EventDocId of one notification: 40 hexadecimal digits. [observed]"""
        return f"{self._stream('EventDocument').getrandbits(160):040x}"

    def request(self) -> str:
        """Return the ID of one HTTP request: a UUID. [observed]"""
        return str(uuid.UUID(int=self._stream("Request").getrandbits(128)))

    @property
    def drawn(self) -> dict[str, int]:
        """The number of IDs drawn from each stream; with the seed, it is the stream's state."""
        return dict(sorted(self._drawn.items()))

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The chosen IDs that are still unused, by kind, in order of use."""
        return {kind: list(ids) for kind, ids in sorted(self._chosen.items()) if ids}

    def skip(self, kind: str, count: int) -> None:
        """Advance the stream of `kind` by `count` IDs."""
        draws: dict[str, Callable[[], str]] = {
            "Worker": self.worker,
            "EventDocument": self.event_document,
            "Request": self.request,
        }
        draw = draws.get(kind, lambda: self._draw_entity(kind))
        for _ in range(count):
            draw()

    def _stream(self, kind: str) -> random.Random:
        self._drawn[kind] += 1
        if kind not in self._streams:
            self._streams[kind] = random.Random(f"{self.seed}/{kind}")
        return self._streams[kind]


def check_choice(kind: str, id_: str) -> None:
    """Raise ValueError for a kind or an ID that `Ids.choose` does not take."""
    if kind not in KINDS:
        raise ValueError(f"next_id() takes one of {', '.join(KINDS)}, not {quote(kind)}")
    if not isinstance(id_, str) or not ENTITY_ID.fullmatch(id_):
        raise ValueError(
            f"next_id() takes an ID of at most 64 capital letters and digits, not {quote(id_)}"
        )


def _worker_id(stream: random.Random) -> str:
    length = stream.choice(_WORKER_LENGTHS)
    return "A" + "".join(stream.choices(_LETTERS, k=length - 1))


def group_of(hit_type_id: str) -> str:
    """Return the HITGroupId of a HIT type; each type is one group. [assumed]"""
    return entity_of(hit_type_id)


def entity_of(text: str) -> str:
    """Return an ID that depends only on `text`."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(_ENTITY_LENGTH - 1):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "3" + "".join(letters)
