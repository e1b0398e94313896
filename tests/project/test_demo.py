"""`mturk-mock demo`: its output, its file and its errors."""

from __future__ import annotations

import csv
import re
import runpy
import subprocess
import sys
from decimal import Decimal
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

import mturk_mock
from mturk_mock import __main__, demo
from mturk_mock.__main__ import main
from mturk_mock.demo import Share
from tests.inner import STRICT
from tests.project.test_loading import install

README = Path(__file__).parents[2] / "README.md"
SKILLS = ["expert", "average", "careless", "forgetful", "restless"]
HEADING = ["worker", "skill", "HITs", "accuracy", "approved", "rejected", "bonus", "earned"]


@pytest.fixture(autouse=True)
def _in_a_new_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """Run the demo once; return the lines that it printed, and the file that it wrote."""
    results = tmp_path_factory.mktemp("demo") / "labels.csv"
    output = subprocess.run(
        [sys.executable, *STRICT, "-m", "mturk_mock", "demo", "--results", results],
        capture_output=True,
        text=True,
        check=True,
        cwd=results.parent,
    )
    assert output.stderr == ""
    return output.stdout.splitlines(), results


@pytest.fixture
def lines(campaign):
    return campaign[0]


@pytest.fixture
def workers(lines):
    """Return the rows of the table as dicts."""
    start = next(number for number, line in enumerate(lines) if line.startswith("worker "))
    assert lines[start].split() == HEADING
    rows = lines[start + 2 : lines.index("", start)]
    return [dict(zip(HEADING, row.split(), strict=True)) for row in rows]


@pytest.fixture
def totals(lines):
    """Return the lines below the table, by name."""
    start = next(number for number, line in enumerate(lines) if line.startswith("One by one"))
    end = lines.index("", start)
    return {line[:12].strip(): line[12:].strip() for line in lines[start:end]}


def without_time(lines):
    """Remove the real time and the name of the file."""
    return [line for line in lines if not line.startswith(("Time ", "Results "))]


def cents(text):
    return Decimal(text.removeprefix("$"))


def test_demo_shows_progress_every_few_hours(lines):
    """Each line shows the time, the submitted assignments and the Reviewable HITs."""
    progress = [line for line in lines if "HITs reviewable" in line]
    assert len(progress) == 8
    assert progress[0].split()[:2] == ["Mon", "15:00"]
    counts = [int(re.search(r"(\d+) of 252 submitted", line)[1]) for line in progress]
    assert counts == sorted(counts)
    assert 0 < counts[0] < counts[-1] <= 252


def test_demo_tells_of_every_worker(workers):
    """The table has twelve workers with different skills, all of whom have worked."""
    assert len({worker["worker"] for worker in workers}) == 12
    assert {worker["skill"] for worker in workers} == {skill.name for skill in demo.TEAM}
    assert sum(int(worker["HITs"]) for worker in workers) == 252


def test_demo_rejects_the_answers_of_the_forgetful_only(workers):
    """Only forgetful workers are rejected, for empty labels; wrong answers are approved."""
    rejected = {worker["skill"] for worker in workers if worker["rejected"] != "0"}
    assert rejected == {"forgetful"}


def test_demo_workers_earn_rewards_and_bonuses(workers, totals):
    """The table and the totals agree on the amounts paid."""
    for worker in workers:
        rewards = int(worker["approved"]) * Decimal("0.05")
        assert cents(worker["earned"]) == rewards + cents(worker["bonus"])
    earned = sum(cents(worker["earned"]) for worker in workers)
    assert cents(totals["Workers got"]) == earned


def test_demo_balance_pays_the_cost(totals):
    """The cost is the sum of rewards, bonuses and fees, and is taken from the balance."""
    rewards, bonuses, fees, cost = map(cents, re.findall(r"\$\d+\.\d\d", totals["Cost"]))
    before, after = map(cents, re.findall(r"\$\d+\.\d\d", totals["Balance"]))
    assert fees >= (rewards + bonuses) / 5
    assert rewards + bonuses + fees == cost == before - after


def test_demo_majorities_are_better_than_single_answers(totals):
    """The majority of three assignments is better than single answers."""
    single = float(totals["One by one"].partition("%")[0])
    majority = float(totals["By majority"].partition("%")[0])
    assert 80 < single < majority


def test_demo_has_hits_returned_and_abandoned(totals):
    """HITs are returned and abandoned, and all work is still done."""
    returned, abandoned = map(int, re.findall(r"\d+", totals["Given up"]))
    assert returned > 0
    assert abandoned > 0


def test_demo_takes_two_virtual_days(totals):
    """The demo takes two simulated days, and a few real seconds."""
    virtual, real = re.fullmatch(r"(.+) simulated, (\S+) seconds real", totals["Time"]).groups()
    assert virtual == "2 days, 0:00:00"
    assert float(real) < 60


def test_demo_writes_the_results(campaign, totals):
    """The file has a row for each species, and the totals name the file."""
    _, path = campaign
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["item_id"] for row in rows] == list(demo.read_truth())
    assert totals["Results"] == str(path)


def test_demo_with_the_same_seed_prints_the_same(campaign, capsys, tmp_path):
    """With the same seed only the real time and the file's name differ."""
    lines, path = campaign
    assert main(["demo", "--seed", "1", "--results", "again.csv"]) == 0
    assert without_time(capsys.readouterr().out.splitlines()) == without_time(lines)
    assert (tmp_path / "again.csv").read_bytes() == path.read_bytes()


def test_demo_with_another_seed_has_other_people(workers, capsys):
    """The worker IDs depend on the seed."""
    assert main(["demo", "--seed", "2"]) == 0
    others = re.findall(r"^A[A-Z0-9]{12,13}(?= )", capsys.readouterr().out, re.MULTILINE)
    assert len(others) == 12
    assert set(others).isdisjoint(worker["worker"] for worker in workers)


def test_demo_without_results_writes_no_file(tmp_path):
    """Without --results no file is written."""
    assert main(["demo"]) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_demo_fits_80_columns(seed, capsys):
    """Lines fit the default width of a terminal."""
    assert main(["demo", "--seed", seed]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_demo_explains_each_skill(lines):
    """Each skill of the table is explained in a line."""
    explained = [line.split()[0] for line in lines if line[:10].strip() in SKILLS]
    assert explained == SKILLS


def test_demo_ends_with_what_to_do_next(lines):
    """The last lines name the quick start page, and rehearse() with its page."""
    assert lines[-6:] == [
        "Next: write a test of your own in five minutes, with the page Quick start of the",
        "documentation (docs/quickstart.md in the source).",
        "",
        "To compare designs of a campaign before it costs money, such as 3 or 5 answers",
        "for each item, run it many times with mturk_mock.rehearse(): page Rehearsals",
        "(docs/guides/rehearsals.md in the source).",
    ]


def test_readme_shows_the_output_of_the_demo(lines):
    """README's excerpt has lines of the output, in order; only the real time can differ."""
    block = re.search(r"^```text\n(A requester.*?)^```", README.read_text(), re.M | re.S)[1]
    shown = iter(lines)
    for line in block.splitlines():
        if line != "..." and not line.startswith("Time "):
            assert line in shown


def test_demo_does_not_overwrite_a_file(capsys, tmp_path):
    """An existing file is refused before the campaign starts."""
    (tmp_path / "labels.csv").write_text("mine")
    with pytest.raises(SystemExit) as end:
        main(["demo", "--results", "labels.csv"])
    assert end.value.code == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert "labels.csv exists; name a file that does not exist yet" in output.err
    assert (tmp_path / "labels.csv").read_text() == "mine"


def test_demo_needs_a_folder_that_exists(capsys):
    """A missing folder is refused before the campaign starts."""
    with pytest.raises(SystemExit):
        main(["demo", "--results", "nowhere/labels.csv"])
    assert "the folder nowhere does not exist" in capsys.readouterr().err


def test_demo_that_cannot_write_says_so(capsys, monkeypatch):
    """A write error, such as a read-only folder or a full disk, is reported."""

    def fail(seed, path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(demo, "run", fail)
    assert main(["demo", "--results", "labels.csv"]) == 1
    assert capsys.readouterr().err == "mturk-mock: [Errno 13] Permission denied: 'labels.csv'\n"


@pytest.mark.parametrize("arguments", [[], ["work"], ["demo", "--speed"], ["demo", "--seed", "x"]])
def test_wrong_arguments_print_the_usage(arguments, capsys):
    """Wrong or missing arguments print the usage."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: mturk-mock ")


def test_help_names_the_demo(capsys):
    """--help names the demo."""
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "run a labeling campaign" in capsys.readouterr().out


def test_accuracy_without_answers_is_a_dash():
    """A worker without usable answers has a dash as accuracy."""
    assert str(Share(0, 0)) == "-"


def test_version(monkeypatch, capsys):
    """--version prints the installed version, through the module's entry point."""
    monkeypatch.setattr(sys, "argv", ["mturk_mock", "--version"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(__main__.__file__, run_name="__main__")
    assert end.value.code == 0
    assert capsys.readouterr().out == f"mturk_mock {mturk_mock.__version__}\n"


def test_version_where_the_package_is_not_installed(monkeypatch, capsys):
    """Without an installed package there is no version, and the demo still runs."""

    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.delitem(vars(mturk_mock), "__version__", raising=False)
    monkeypatch.setattr("importlib.metadata.version", version)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == "mturk_mock (not installed)\n"


@pytest.mark.parametrize("archive", [False, True], ids=["folder", "zip archive"])
def test_demo_of_an_installed_package_has_its_examples(archive, campaign, tmp_path):
    """The examples are inside the installed package; in a checkout they are next to it."""
    place = install(tmp_path / "site", archive)
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1))\n"
        "from mturk_mock import __main__\n"
        "assert __main__.__file__.startswith(sys.path[0])\n"
        "sys.exit(__main__.main())"
    )
    command = [sys.executable, "-I", *STRICT, "-c", program, place, "demo"]

    output = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert output.stderr == ""
    assert without_time(output.stdout.splitlines()) == without_time(campaign[0])
