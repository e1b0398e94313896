"""Executors for tests of rehearsals, without threads or processes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any


class Serial(Executor):
    """Calls each function at once, and counts the calls."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        try:
            future.set_result(function(*args, **kwargs))
        except Exception as problem:
            future.set_exception(problem)
        return future


class Here(ThreadPoolExecutor):
    """Calls each function at once. As threads do, it needs nothing that can be pickled."""

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Serial().submit(function, *args, **kwargs)


class Backwards(Serial):
    """Calls the functions when all are submitted, the last one first."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.waiting: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, function, args))
        if len(self.waiting) == self.count:
            for each, call, given in reversed(self.waiting):
                each.set_result(call(*given))
        return future
