"""Identifiers in the forms that the service gave them.

Each kind draws from a stream of its own, so one seed gives the same HIT ids however
often a program polls in between. A program that has ids written into it can have
them handed out in their turn by `choose`.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import Final

#: The kinds of thing whose next id can be chosen.
KINDS: Final = (
    "HIT",
    "HITType",
    "Assignment",
    "QualificationType",
    "QualificationRequest",
    "HITLayout",
)
#: What has a stream of its own: those, people, and what nobody chooses.
STREAMS: Final = (*KINDS, "Worker", "EventDocument", "Request")
ENTITY_ID: Final = re.compile(r"[A-Z0-9]{1,64}")
WORKER_ID: Final = re.compile(r"A[A-Z0-9]{1,63}")

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ENTITY_LENGTH: Final = 30
_WORKER_LENGTHS: Final = (13, 14)


class Ids:
    """Makes the ids of one mock, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._streams: dict[str, random.Random] = {}
        self._chosen: defaultdict[str, deque[str]] = defaultdict(deque)
        self._drawn: Counter[str] = Counter()

    def choose(self, kind: str, id_: str) -> None:
        """Hand out `id_` when the next id of `kind` is asked for."""
        self._chosen[kind].append(id_)

    def is_chosen(self, id_: str) -> bool:
        """Tell whether `id_` waits to be handed out, as whatever kind of thing."""
        return any(id_ in ids for ids in self._chosen.values())

    def entity(self, kind: str) -> str:
        """Return a new entity id: 30 characters, the first one 3. [observed]"""
        if chosen := self._chosen[kind]:
            return chosen.popleft()
        return self._draw_entity(kind)

    def _draw_entity(self, kind: str) -> str:
        return "3" + "".join(self._stream(kind).choices(_LETTERS, k=_ENTITY_LENGTH - 1))

    def worker(self) -> str:
        """Return a new worker id: A and 12 or 13 characters. [observed]"""
        return _worker_id(self._stream("Worker"))

    def customer(self, requester: str) -> str:
        """Return who a requester is in notifications: in the form of a worker id. [observed]

        The same one for the same name and seed, and in both environments. [assumed]
        """
        return _worker_id(self._derived("Customer", requester))

    def aws_account(self, requester: str) -> str:
        """Return the requester's AWS account: 12 digits, the same ones for the same name."""
        return f"{self._derived('AWSAccount', requester).randrange(10**12):012}"

    def event_document(self) -> str:
        """Return the EventDocId of one notification: 40 hexadecimal digits. [observed]"""
        return f"{self._stream('EventDocument').getrandbits(160):040x}"

    def request(self) -> str:
        """Return the id of one HTTP request: a UUID. [observed]"""
        digits = f"{self._stream('Request').getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    @property
    def drawn(self) -> dict[str, int]:
        """How many ids each stream has given, which with the seed says how it goes on."""
        return dict(sorted(self._drawn.items()))

    @property
    def chosen(self) -> dict[str, list[str]]:
        """The ids that wait to be handed out, by their kinds, in their order."""
        return {kind: list(ids) for kind, ids in sorted(self._chosen.items()) if ids}

    def skip(self, kind: str, count: int) -> None:
        """Go on as if the stream had given `count` ids."""
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
        stream = self._streams.get(kind)
        if stream is None:
            stream = self._streams[kind] = random.Random(f"{self.seed}/{kind}")
        return stream

    def _derived(self, kind: str, name: str) -> random.Random:
        """Return what makes one thing of a name; it is not remembered."""
        return random.Random(f"{self.seed}/{kind}/{name}")


def check_choice(kind: str, id_: str) -> None:
    """Refuse what cannot be the next id of a kind, by ValueError."""
    if kind not in KINDS:
        raise ValueError(f"next_id() takes one of {', '.join(KINDS)}, not {kind!r}")
    if not isinstance(id_, str) or not ENTITY_ID.fullmatch(id_):
        raise ValueError(
            f"next_id() takes an id of capitals and digits, 64 characters at most, not {id_!r}"
        )


def _worker_id(stream: random.Random) -> str:
    length = stream.choice(_WORKER_LENGTHS)
    return "A" + "".join(stream.choices(_LETTERS, k=length - 1))


def group_of(hit_type_id: str) -> str:
    """Return the HITGroupId of a HIT type, one for each type. [assumed]"""
    return entity_of(hit_type_id)


def entity_of(text: str) -> str:
    """Return the entity id of something that is told by `text`, always the same one."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
    letters = []
    for _ in range(_ENTITY_LENGTH - 1):
        number, letter = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[letter])
    return "3" + "".join(letters)
