"""Delivery of notifications to queues and topics: to those of moto, and to nobody else's.

Who goes there, `carrier`, is loaded for the first one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mturk_mock.backend.carrier import Carrier
    from mturk_mock.model.notification import Message


class Delivery:
    """Carries messages to where they are sent, each thread its own, in order."""

    def __init__(self) -> None:
        self._under_way = threading.local()
        self._carrier: Carrier | None = None

    def deliver(self, messages: Iterable[Message]) -> None:
        """Deliver the messages, and note what became of each; nothing is raised.

        Those of a call that a delivery itself has led to follow after the ones before.
        """
        waiting: deque[Message] | None = getattr(self._under_way, "messages", None)
        if waiting is not None:
            waiting.extend(messages)
            return
        self._under_way.messages = waiting = deque(messages)
        try:
            while waiting:
                self._find_carrier().carry(waiting.popleft())
        finally:
            self._under_way.messages = None

    def _find_carrier(self) -> Carrier:
        if self._carrier is None:
            from mturk_mock.backend.carrier import Carrier  # few programs ask for notifications

            self._carrier = Carrier()
        return self._carrier
