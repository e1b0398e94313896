"""What a mock offers for whole campaigns: a crowd that works, and the site's results file."""

from __future__ import annotations

import os
from pathlib import Path

from mturk_mock import results_file
from mturk_mock.backend import Backend
from mturk_mock.workforce.crowd import Crowd, Progress
from mturk_mock.workforce.crowd_habits import (
    Answer,
    Arrivals,
    WorkTime,
    check_progress,
    check_seed,
    read_habits,
)


class Campaigns:
    """The part of `MTurk` that is about whole campaigns."""

    _backend: Backend

    def crowd(
        self,
        size: int,
        *,
        seed: int | None = None,
        answer: Answer | None = None,
        arrivals: Arrivals | None = None,
        work_time: WorkTime | None = None,
        accuracy: float | None = None,
        wrong: Answer | None = None,
        returns: float = 0,
        abandons: float = 0,
        check: bool = True,
        progress: Progress = False,
    ) -> Crowd:
        """Return so many new people, who work on whatever they may take as time passes.

        `seed` (int): makes them do the same things again; from the mock's seed unless said.
        `answer`: a function of a HIT and a worker that returns the form's fields, called when
        the work is submitted; without it people fill in something that the form takes.
        `arrivals`: people who come in an hour, on average, or a function of the time (an aware
        datetime) that returns it; a third of the people unless said. `work_time`: seconds for
        a HIT, a pair of the least and the most, or a function of a `random.Random` and the HIT;
        20 to 120 unless said, and no more than nine tenths of the HIT's time. Who needs more
        than a HIT's time has abandoned it. `accuracy`: how often what `answer` says is right
        is answered, from 0 to 1: for each field with choices, which otherwise has another
        choice; or for the whole, where `wrong`, a function as `answer`, says what is wrong.
        `returns`, `abandons`: shares of what is taken that is given back, or left behind until
        its time is up. `check`: as for the submit of an assignment. `progress`: a function of
        a text, called once an hour of the mock's time; True prints it to stderr.

        Raises TypeError or ValueError for what is none of these.
        """
        habits = read_habits(
            size,
            answer=answer,
            arrivals=arrivals,
            work_time=work_time,
            accuracy=accuracy,
            wrong=wrong,
            returns=returns,
            abandons=abandons,
            check=check,
        )
        check_seed(seed)
        check_progress(progress)
        return Crowd(self._backend, size, habits, seed, progress)

    def results_csv(self, hit_type_id: str, *, path: str | os.PathLike[str] | None = None) -> str:
        """Return the results file of a HIT type, as the requester site gave it.

        One row for each assignment that was submitted, reviewed or not. `path`: where to
        write it, too. ValueError for a HIT type that nobody has made.
        """
        with self._backend.turn() as (marketplace, now):
            text = results_file.write(marketplace, hit_type_id, now)
        if path is not None:
            Path(path).write_bytes(text.encode())
        return text
