"""What a mock offers for whole campaigns: a crowd that works, and the site's results file.

Each is loaded when it is first asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from mturk_mock.backend.backend import Backend
    from mturk_mock.workforce.crowd import Crowd
    from mturk_mock.workforce.crowd_habits import Answer, Arrivals, Progress, WorkTime


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

        `answer`: a function of a HIT and a worker that returns the form's fields; without it
        people fill in something valid. `accuracy`: how often they do answer so. `arrivals`:
        people an hour. `work_time`: seconds for a HIT. `returns`, `abandons`: shares of what
        they take. `seed`: makes them do the same again; from the mock's unless said.
        `progress`: True, or a function of a text, to see it. All of them: see `Crowd`.

        Raises TypeError or ValueError for what is none of these.
        """
        from mturk_mock.workforce.crowd import Crowd
        from mturk_mock.workforce.crowd_habits import check_progress, check_seed, read_habits

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
        return Crowd(self._backend, size, habits, check_seed(seed), check_progress(progress))

    def results_csv(self, hit_type_id: str, *, path: str | os.PathLike[str] | None = None) -> str:
        """Return the results file of a HIT type, as the requester site gave it.

        One row for each assignment that was submitted, reviewed or not. `path`: where to
        write it, too. ValueError for a HIT type that nobody has made.
        """
        from mturk_mock.web import results_file

        with self._backend.transaction() as (marketplace, now):
            text = results_file.write(marketplace, hit_type_id, now)
        if path is not None:
            Path(path).write_bytes(text.encode())
        return text
