"""`Rehearsal`: summaries, CSV, tables of notebooks, figures; the progress of `rehearse`."""

from __future__ import annotations

import csv
import io
import sys
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from mturk_mock import Rehearsal, Skill, grid, rehearse
from mturk_mock.rehearsals import progress, statistics
from tests.rehearsals import campaigns
from tests.rehearsals.executors import Here


def made_of(values: dict[str, list[Any]], **more: Any) -> Rehearsal:
    """Return a rehearsal of a design for each name, whose runs have these outcomes x."""

    def campaign(mturk: Any, name: str, **others: Any) -> dict[str, Any]:
        value = values[name][mturk.seed]
        if isinstance(value, Exception):
            raise value
        return {"x": value, "note": name}

    designs = [{"name": name, **more} for name in values]
    runs = len(next(iter(values.values())))
    return rehearse(campaign, designs, range(runs), executor=Here(), progress=False)


def summary_of(values: list[Any]) -> dict[str, Any]:
    """Return the summary of x in runs with these outcomes."""
    (found,) = (each for each in made_of({"a": values}).summary() if each["outcome"] == "x")
    return found


# Summaries --------------------------------------------------------------------------------


def test_summary_has_the_interval_of_student_s_t():
    """Of 1, 2, 3, 4 the mean is 2.5, the sd 1.2910, and the half interval 3.1824 * sd / 2."""
    found = summary_of([1, 2, 3, 4])
    assert list(found) == ["name", "outcome", "runs", "mean", "sd", "low", "high"]
    assert found["runs"] == 4
    assert found["mean"] == 2.5
    assert found["sd"] == pytest.approx(1.290994)
    assert found["low"] == pytest.approx(2.5 - 2.054240, abs=1e-4)
    assert found["high"] == pytest.approx(2.5 + 2.054240, abs=1e-4)


def test_summary_of_one_run_has_no_interval():
    """One run has a mean, and neither sd nor interval."""
    found = summary_of([3])
    assert (found["runs"], found["mean"], found["sd"], found["low"], found["high"]) == (
        1,
        3,
        None,
        None,
        None,
    )


def test_summary_counts_true_as_one():
    """The mean of True, False, False, True is 0.5."""
    assert summary_of([True, False, False, True])["mean"] == 0.5


def test_summary_leaves_out_errors_and_values_that_are_not_finite():
    """A run with an error, NaN, infinity and None do not count."""
    values = [1, 3, LookupError(), float("nan"), float("inf"), None]
    found = summary_of(values)
    assert (found["runs"], found["mean"]) == (2, 2)


@pytest.mark.parametrize("value", [10**400, -1.7e308])
def test_summary_leaves_out_numbers_whose_squares_are_too_large(value):
    """A number beyond 1e150 is left out, instead of an error for the whole summary."""
    found = summary_of([1, value, 3, value])
    assert (found["runs"], found["mean"]) == (2, 2)


def test_summary_has_each_number_of_each_design():
    """There is a line for each design and number, also for cost, fees and virtual_seconds."""
    found = made_of({"a": [1, 2], "b": [3, 4]}).summary()
    assert [(each["name"], each["outcome"], each["mean"]) for each in found] == [
        ("a", "x", 1.5),
        ("a", "cost", 0),
        ("a", "fees", 0),
        ("a", "virtual_seconds", 0),
        ("b", "x", 3.5),
        ("b", "cost", 0),
        ("b", "fees", 0),
        ("b", "virtual_seconds", 0),
    ]


def test_summary_of_failed_runs_is_empty():
    """A design whose runs all fail has no line."""
    assert made_of({"a": [LookupError(), LookupError()]}).summary() == []


@pytest.mark.parametrize(
    ("freedom", "value"),
    [(1, 12.7062), (19, 2.0930), (30, 2.0423), (31, 2.0395), (40, 2.0211), (120, 1.9799)],
)
def test_quantile_of_student_s_t_is_that_of_tables(freedom, value):
    """The 97.5 % quantile is that of printed tables, within 0.0001."""
    assert statistics.quantile(freedom) == pytest.approx(value, abs=1e-4)


# Shown ------------------------------------------------------------------------------------


def test_csv_has_the_rows(tmp_path):
    """to_csv() writes a line of names, then the rows; None is empty, a Decimal its text."""
    rehearsal = made_of({"a": [1.5, LookupError("no")]}, reward=Decimal("0.05"))
    rehearsal.to_csv(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open(newline="") as file:
        names, first, second = csv.reader(file)
    assert names == list(rehearsal.rows[0])
    assert first == ["a", "0.05", "0", "1.5", "a", "0.0", "0.0", "0.0", ""]
    assert second[:5] == ["a", "0.05", "1", "", ""]
    assert second[-1].startswith("LookupError: no (test_rehearsal.py, line ")


def test_csv_escapes_what_utf_8_does_not_have(tmp_path):
    """A lone surrogate in a text, as in names of files, is written as an escape."""
    rehearsal = made_of({"a\udcff": [1]})
    rehearsal.to_csv(tmp_path / "rows.csv")
    assert (
        (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()[1].startswith("a\\udcff,")
    )


def test_repr_tells_designs_runs_and_failures():
    """repr() has the number of designs, runs, and failed runs."""
    rehearsal = made_of({"a": [1, 2], "b": [3, LookupError()]})
    assert repr(rehearsal) == "<Rehearsal: 2 designs, 4 runs, 1 failed>"
    assert len(rehearsal) == 4
    assert repr(made_of({"a": [1]})) == "<Rehearsal: 1 design, 1 run>"


def test_notebook_shows_means_with_intervals():
    """A notebook shows a line for each design, with a mean and an interval for each number."""
    shown = made_of({"<a>": [1, 2], "b": [3, LookupError()]})._repr_html_()
    assert shown == (
        "<p>2 designs, 4 runs, 1 failed; means with 95 % intervals</p>"
        '<table class="tex2jax_ignore mathjax_ignore"><tr><th>name</th><th>x</th><th>cost</th>'
        "<th>fees</th><th>virtual_seconds</th></tr>"
        "<tr><td>&lt;a&gt;</td><td>1.5 (-4.853 to 7.853)</td><td>0 (0 to 0)</td>"
        "<td>0 (0 to 0)</td><td>0 (0 to 0)</td></tr>"
        "<tr><td>b</td><td>3</td><td>0</td><td>0</td><td>0</td></tr></table>"
    )


def test_notebook_shows_twenty_designs():
    """Of more than 20 designs, a notebook shows the first 20, and their number."""
    shown = made_of({str(number): [1] for number in range(21)})._repr_html_()
    assert shown.count("<tr>") == 21
    assert shown.endswith("<p>21 designs in all</p>")


# Figures ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    """Return a rehearsal with two names that vary, and one that does not."""

    def campaign(mturk: Any, redundancy: int, reward: str, pilot: bool) -> dict[str, Any]:
        return {"accuracy": redundancy / 10 + float(reward) + mturk.seed / 100, "note": "x"}

    designs = grid(redundancy=[1, 3, 5], reward=["0.05", "0.10"], pilot=[True])
    return rehearse(campaign, designs, [1, 2, 3], executor=Here(), progress=False)


def test_plot_has_a_line_for_each_combination_of_other_values(rehearsal):
    """By default x is the first name that varies, and y the first outcome."""
    (axes,) = rehearsal.plot().axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("redundancy", "accuracy")
    assert [text.get_text() for text in axes.get_xticklabels()] == ["1", "3", "5"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [
        "reward 0.05",
        "reward 0.10",
    ]
    first, second = (container.lines[0] for container in axes.containers)
    assert list(first.get_ydata()) == pytest.approx([0.17, 0.37, 0.57])
    assert list(second.get_ydata()) == pytest.approx([0.22, 0.42, 0.62])
    assert all(low < high for low, high in zip(first.get_xdata(), second.get_xdata(), strict=True))


def test_plot_shows_the_intervals(rehearsal):
    """The bars are the 95 % intervals of the summary."""
    (axes,) = rehearsal.plot(x="reward", y="accuracy").axes
    _, _, (bars,) = axes.containers[0].lines
    low, high = bars.get_segments()[0][:, 1]
    found = rehearsal.summary()[0]
    assert (low, high) == pytest.approx((found["low"], found["high"]))


def test_plot_of_one_line_has_no_legend(rehearsal):
    """One line of single runs has neither legend nor intervals."""
    single = rehearse(campaigns.count, grid(number=[1, 2]), [1], executor=Here(), progress=False)
    (axes,) = single.plot().axes
    assert axes.get_legend() is None
    _, _, (bars,) = axes.containers[0].lines
    assert all(low == high for low, high in (each[:, 1] for each in bars.get_segments()))


def test_plot_draws_no_two_lines_alike():
    """Each of twenty lines has another color or another marker."""
    many = rehearse(
        lambda mturk, number, group: {"x": number},
        grid(number=[1, 2], group=range(20)),
        [1],
        executor=Here(),
        progress=False,
    )
    (axes,) = many.plot().axes
    lines = [container.lines[0] for container in axes.containers]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 20


def axes_of(**values: Any) -> Any:
    """Return the axes of a plot of these values of designs, by the first name."""

    def campaign(mturk: Any, **design: Any) -> dict[str, Any]:
        return {"x": mturk.seed}

    made = rehearse(campaign, grid(**values), [1], executor=Here(), progress=False)
    (axes,) = made.plot(x=next(iter(values))).axes
    axes.figure.draw_without_rendering()
    return axes


def texts_of(labels: Any) -> list[str]:
    """Return the texts of labels."""
    return [label.get_text() for label in labels]


def test_plot_shortens_long_values():
    """A value is one line of at most 40 characters; lines whose labels are alike get numbers."""
    crowds = [[Skill.one_coin(accuracy)] for accuracy in (0.7, 0.8)]
    axes = axes_of(number=[1, "a\nb"], skills=crowds, other=["a" * 41 + each for each in "bc"])
    assert texts_of(axes.get_xticklabels()) == ["1", "a b"]
    assert texts_of(axes.get_legend().get_texts())[:2] == [
        f"1: skills [Skill(name='one-coin 0.7', share=1, spe…, other {'a' * 40}…",
        f"2: skills [Skill(name='one-coin 0.7', share=1, spe…, other {'a' * 40}…",
    ]


def test_plot_numbers_values_whose_texts_begin_alike():
    """Long values of x that begin with the same 40 characters get numbers."""
    axes = axes_of(text=["a" * 40 + each for each in "bc"])
    assert texts_of(axes.get_xticklabels()) == [f"1: {'a' * 40}…", f"2: {'a' * 40}…"]


@pytest.mark.parametrize(("lines", "is_outside"), [(8, False), (9, True), (40, True)])
def test_plot_has_the_legend_of_many_lines_beside_the_axes(lines, is_outside):
    """The legend of more than eight lines hides no line, and is within the figure."""
    axes = axes_of(number=[1, 2], group=range(lines))
    legend = axes.get_legend().get_window_extent()
    assert (legend.x0 >= axes.get_window_extent().x1) == is_outside
    assert legend.y0 >= 0
    assert legend.x1 <= axes.figure.bbox.x1


def test_plot_turns_long_labels():
    """Values of x that would overlap are turned."""
    axes = axes_of(skill=[f"a skill of kind {number}" for number in range(6)])
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {30}
    assert {label.get_rotation() for label in axes_of(n=[1, 2]).get_xticklabels()} == {0}


def test_plot_labels_some_of_many_values():
    """Of 100 values, every fifth has a label, so that there are at most 20."""
    axes = axes_of(number=range(100))
    assert list(axes.get_xticks()) == list(range(0, 100, 5))
    assert texts_of(axes.get_xticklabels())[:2] == ["0", "5"]


def test_plot_shows_dollars():
    """Dollar signs in names and values are no formulas."""
    axes = axes_of(**{"pay $a$": ["$1 to $2", "$3"], "tip": ["$1 and $2", "$0"]})
    texts = [*axes.get_xticklabels(), *axes.get_legend().get_texts(), axes.xaxis.label]
    assert not any(text.get_parse_math() for text in (*texts, axes.yaxis.label))


def test_plot_of_one_seed_has_no_interval_in_its_title(rehearsal):
    """The title tells of intervals only if there are some."""
    assert axes_of(number=[1, 2]).get_title(loc="left") == "one run of each design"
    assert rehearsal.plot().axes[0].get_title(loc="left") == "mean and 95 % interval"


def test_plot_without_values_that_vary_takes_the_first_name():
    """A rehearsal of one design is plotted by its first name."""
    single = rehearse(campaigns.count, [{"number": 4}], [1], executor=Here(), progress=False)
    (axes,) = single.plot(y="cost").axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("number", "cost")


def test_plot_takes_the_first_name_that_varies():
    """By default x is not a name with one value, even if it is the first."""
    designs = grid(accuracy=[0.5], redundancy=[1, 3])
    varied = rehearse(
        lambda mturk, accuracy, redundancy: {"x": redundancy},
        designs,
        [1],
        executor=Here(),
        progress=False,
    )
    assert varied.plot().axes[0].get_xlabel() == "redundancy"


def test_plot_writes_a_file(rehearsal, tmp_path):
    """plot() writes a PNG if the path ends so."""
    rehearsal.plot(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"x": "pay"}, "plot() takes x= as redundancy or reward or pilot, not 'pay'"),
        (
            {"y": "note"},
            "plot() takes y= as accuracy or cost or fees or virtual_seconds, not 'note'",
        ),
    ],
)
def test_plot_names_what_it_takes(rehearsal, names, message):
    """plot() rejects a name that the designs or the numbers do not have."""
    with pytest.raises(ValueError, match="plot") as refusal:
        rehearsal.plot(**names)
    assert str(refusal.value) == message


def test_plot_needs_a_name_and_a_number():
    """A design without names, and runs that all fail, cannot be plotted."""
    bare = rehearse(campaigns.count, [{}], [1], executor=Here(), progress=False)
    with pytest.raises(ValueError, match="needs") as refusal:
        bare.plot()
    assert str(refusal.value) == "plot() needs a design with a name, to plot its values"
    failed = made_of({"a": [LookupError()]})
    with pytest.raises(ValueError, match="no numbers") as refusal:
        failed.plot()
    assert str(refusal.value) == "plot() has no numbers to plot: no run is done without an error"


# Progress ---------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def ten_seconds_a_look(monkeypatch):
    """Advance the stopwatch by ten seconds at each reading."""
    monkeypatch.setattr(progress, "read_stopwatch", count(0, 10).__next__)


def test_progress_on_a_terminal_is_a_bar(monkeypatch, ten_seconds_a_look):
    """A terminal shows a bar, the runs done, the time left and the failures, in one line."""
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    rehearse(campaigns.fail_for_two, grid(number=[1, 2, 3]), [1], executor=Here())
    assert terminal.getvalue() == (
        "\r[##########....................] 1 of 3 runs, 20 s left"
        "\r[####################..........] 2 of 3 runs, 10 s left, 1 failed"
        "\r[##############################] 3 of 3 runs, 0 s left, 1 failed "
        "\n"
    )


def test_progress_in_a_log_is_a_line_for_each_tenth(capsys, ten_seconds_a_look):
    """A log has ten lines at most."""
    rehearse(campaigns.count, [{}], range(40), executor=Here())
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "4 of 40 runs, 1 min 30 s left"
    assert lines[-1] == "40 of 40 runs, 0 s left"
    assert len(lines) == 10


def test_progress_needs_no_stderr(monkeypatch, capsys):
    """A program without stderr, as with pythonw, rehearses without progress."""
    monkeypatch.setattr(sys, "stderr", None)
    assert len(rehearse(campaigns.count, [{}], [1], executor=Here())) == 1
    assert capsys.readouterr().out == ""


def test_progress_can_be_off(capsys):
    """progress=False shows nothing."""
    rehearse(campaigns.count, [{}], [1], executor=Here(), progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.4, "0 s"), (59, "59 s"), (65, "1 min 05 s"), (7800, "2 h 10 min")]
)
def test_progress_shows_spans(seconds, shown):
    """The time left is in seconds, minutes or hours."""
    assert progress.show_span(seconds) == shown
