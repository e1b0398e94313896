"""Crowds with skills: kinds of workers by models of the literature, and difficult items."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from math import comb, sqrt
from typing import Any

import pytest

from mturk_mock import Skill, mock_mturk, parse_answers
from tests.crowds import CLASSIFIER, FORM, RADIO, cat, publish_hits
from tests.helpers import answers, free_text, html_question

NO_CHOICE = "a wrong answer needs a field with other choices, and answer= returned none for HIT"
CAT = answers(free_text("label", "cat"))
CONFUSION = {
    "cat": {"cat": 0.7, "dog": 0.2, "fox": 0.1},
    "dog": {"dog": 1.0},
    "fox": {"cat": 0.5, "fox": 0.5},
}
NO_CHOICES = html_question("<form><input name='label'></form>")
GROUP = html_question(
    "<crowd-form><crowd-radio-group><crowd-radio-button name=cat></crowd-radio-button>"
    "<crowd-radio-button name=dog></crowd-radio-button></crowd-radio-group></crowd-form>"
)
COIN = html_question(
    '<form><input type="radio" name="label" value="cat">'
    '<input type="radio" name="label" value="dog"></form>'
)


def labels(mturk: Any, name: str = "label") -> list[str]:
    """Return the label of each submitted assignment."""
    return [parse_answers(each.answer)[name] for each in mturk.assignments if each.submit_time]


def shares(given: list[str]) -> dict[str, float]:
    """Return the share of each label."""
    return {label: count / len(given) for label, count in Counter(given).items()}


def work(skills: Any, size: int = 40, hits: int = 400, **habits: Any) -> Any:
    """Return the shares of labels that a crowd with these skills gives to pictures of cats."""
    with mock_mturk(seed=5) as mturk:
        publish_hits(mturk.client(), hits, 3, LifetimeInSeconds=86400 * 30)
        arguments = {"answer": cat, "seed": 1, **habits}
        crowd = mturk.crowd(size, skills=skills, **arguments).finish()
        return shares(labels(mturk)), crowd


# Models -----------------------------------------------------------------------------------


def test_one_coin_is_right_with_its_accuracy():
    """Of 1,200 answers with an accuracy of 0.7, 70 % are right; the others are spread evenly."""
    found, _ = work([Skill.one_coin(0.7)])
    assert found == {
        "cat": pytest.approx(0.7, abs=0.04),
        "dog": pytest.approx(0.15, abs=0.03),
        "fox": pytest.approx(0.15, abs=0.03),
    }


def test_accuracies_of_one_coin_lie_between_two_bounds():
    """With a pair, workers have accuracies between the bounds, evenly."""
    _, crowd = work([Skill.one_coin((0.5, 0.9))], size=20, hits=1000)
    found = [row.right / row.submitted for row in crowd.by_worker]
    assert min(found) == pytest.approx(0.5, abs=0.1)
    assert max(found) == pytest.approx(0.9, abs=0.1)
    assert sum(found) / 20 == pytest.approx(0.7, abs=0.05)


def test_confusion_matrix_is_the_distribution_of_answers():
    """Answers to a cat follow the row of the confusion matrix for "cat"."""
    found, _ = work([Skill.confusion_matrix(CONFUSION)])
    assert found == {
        "cat": pytest.approx(0.7, abs=0.04),
        "dog": pytest.approx(0.2, abs=0.04),
        "fox": pytest.approx(0.1, abs=0.03),
    }


def test_confusion_matrix_is_a_copy():
    """A matrix that the program changes later does not change the skill."""
    matrix = {"cat": {"cat": 1.0}}
    skill = Skill.confusion_matrix(matrix)
    matrix["cat"]["cat"] = 0.0
    assert skill.confusion == {"cat": {"cat": 1.0}}


def test_spammer_answers_at_random():
    """A spammer gives each valid value as often."""
    found, _ = work([Skill.spammer()])
    third = pytest.approx(1 / 3, abs=0.04)
    assert found == {"cat": third, "dog": third, "fox": third}


def test_spammer_with_a_label_always_gives_it():
    """A spammer with a label gives no other one, whatever the difficulty."""
    found, _ = work([Skill.spammer("dog")], difficulty=lambda hit: 1, hits=20)
    assert found == {"dog": 1}


def test_hammer_is_always_right():
    """A hammer gives the right answer only."""
    found, crowd = work([Skill.hammer()], hits=20)
    assert found == {"cat": 1}
    assert all(result.right for result in crowd.results)


def test_hammer_needs_no_choices():
    """A hammer also fills a form without choices, in the right way."""
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 1, Question=NO_CHOICES)
        crowd = mturk.crowd(1, answer=cat, skills=[Skill.hammer()]).finish()
        assert (labels(mturk), crowd.results[0].right) == (["cat"], True)


def test_difficulty_is_the_probability_of_a_guess():
    """A hammer at a difficulty of 0.6 is right in 0.4, and in a third of the guesses."""
    found, _ = work([Skill.hammer()], difficulty=lambda hit: 0.6)
    assert found == {
        "cat": pytest.approx(0.6, abs=0.04),
        "dog": pytest.approx(0.2, abs=0.03),
        "fox": pytest.approx(0.2, abs=0.03),
    }


def test_difficulty_may_differ_by_hit():
    """Workers guess only at the HITs that are difficult."""
    with mock_mturk(seed=5) as mturk:
        client = mturk.client()
        publish_hits(client, 100, 3, RequesterAnnotation="easy")
        publish_hits(client, 100, 3, RequesterAnnotation="hard")
        crowd = mturk.crowd(
            30,
            answer=cat,
            skills=[Skill.hammer()],
            difficulty=lambda hit: float(hit.requester_annotation == "hard"),
        ).finish()
        kinds = {hit.hit_id: hit.requester_annotation for hit in mturk.hits}
        right = defaultdict(list)
        for result in crowd.results:
            right[kinds[result.hit_id]].append(result.right)
    assert all(right["easy"])
    assert sum(right["hard"]) / 300 == pytest.approx(1 / 3, abs=0.08)


# The mixture ------------------------------------------------------------------------------


def test_shares_of_the_crowd_are_as_close_as_possible():
    """Of ten workers, shares of 2, 1 and 1 have five, three and two, the first rest first."""
    skills = [Skill.hammer(share=2), Skill.spammer(share=1), Skill.one_coin(0.5, share=1)]
    with mock_mturk(seed=1) as mturk:
        rows = mturk.crowd(10, answer=cat, skills=skills).by_worker
        assert Counter(row.skill for row in rows) == {
            "hammer": 5,
            "spammer": 3,
            "one-coin 0.5": 2,
        }


def test_numbers_of_other_libraries_are_numbers():
    """Skills take any real number, and a list as a pair."""
    skill = Skill.one_coin([Fraction(1, 2), 1], share=Fraction(2), speed=Fraction(3, 2))
    assert (skill.accuracy, skill.share, skill.speed) == ((0.5, 1), 2, 1.5)
    found, _ = work([skill], hits=10, difficulty=lambda hit: Fraction(0), work_time=Fraction(30))
    assert found.keys() <= {"cat", "dog", "fox"}


def test_workers_of_a_skill_are_not_next_to_each_other():
    """The skills are shuffled among the workers, by the seed of the crowd."""
    skills = [Skill.hammer(), Skill.spammer()]
    with mock_mturk(seed=1) as mturk:
        one, two, again = (
            [row.skill for row in mturk.crowd(20, answer=cat, skills=skills, seed=seed).by_worker]
            for seed in (1, 2, 1)
        )
    assert one == again != two
    assert sorted(one) not in (one, one[::-1])


def test_names_of_skills_say_their_accuracy():
    """by_worker names a skill, with its accuracy."""
    assert [
        each.name
        for each in (
            Skill.one_coin(0.8),
            Skill.one_coin((0.5, 0.9)),
            Skill.confusion_matrix(CONFUSION),
            Skill.spammer("cat"),
            Skill.hammer(),
        )
    ] == ["one-coin 0.8", "one-coin 0.5 to 0.9", "confusion matrix", "spammer", "hammer"]


def test_crowd_without_skills_has_none_in_its_table():
    """In a crowd without skills, the column is None."""
    with mock_mturk(seed=1) as mturk:
        assert [row.skill for row in mturk.crowd(2).by_worker] == [None, None]


def test_speed_divides_the_work_time():
    """A skill with a speed of 4 needs a quarter of the time."""
    _, crowd = work([Skill.hammer(speed=4)], hits=10, work_time=80)
    assert {result.seconds for result in crowd.results} == {20}


def test_speed_divides_the_time_of_a_function():
    """The speed also divides what the function work_time returns."""
    _, crowd = work([Skill.hammer(speed=0.5)], hits=10, work_time=lambda random, hit: 30)
    assert {result.seconds for result in crowd.results} == {60}


def test_same_seed_gives_the_same_answers():
    """A crowd with skills repeats its answers for one seed."""
    skills = [Skill.one_coin((0.4, 0.9)), Skill.spammer()]
    assert work(skills, hits=30)[0] == work(skills, hits=30)[0]


# Majority votes ---------------------------------------------------------------------------


def chance_of_majority(n: int, accuracy: float) -> float:
    """Return the probability that most of n answers are right."""
    return sum(
        comb(n, k) * accuracy**k * (1 - accuracy) ** (n - k) for k in range(n // 2 + 1, n + 1)
    )


@pytest.mark.parametrize("n", [1, 3, 5])
def test_majority_of_one_coin_workers_is_right_as_often_as_the_binomial_formula(n):
    """The mean over seeds of the share of right majorities lies in the formula's 95 % interval."""
    accuracy, items, found = 0.7, 60, []
    for seed in range(10):
        with mock_mturk(seed=seed) as mturk:
            publish_hits(mturk.client(), items, n, Question=COIN)
            mturk.crowd(30, answer=cat, skills=[Skill.one_coin(accuracy)]).finish()
            votes = defaultdict(list)
            for each in mturk.assignments:
                votes[each.hit_id].append(parse_answers(each.answer)["label"])
        found.append(sum(given.count("cat") > n / 2 for given in votes.values()) / items)

    expected = chance_of_majority(n, accuracy)
    half = 1.96 * sqrt(expected * (1 - expected) / (items * len(found)))
    assert sum(found) / len(found) == pytest.approx(expected, abs=half)


# State ------------------------------------------------------------------------------------


def test_skills_are_kept_by_snapshots_and_isolated():
    """A snapshot and a copy of the state have the skills of the workers."""
    skills = [Skill.hammer(), Skill.spammer("dog")]
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 10, 2)
        crowd = mturk.crowd(4, answer=cat, skills=skills)
        before = [row.skill for row in crowd.by_worker]
        snapshot = mturk.snapshot()
        with mturk.isolated():
            assert [row.skill for row in crowd.by_worker] == before
            crowd.finish()
            first = labels(mturk)
        mturk.restore(snapshot)
        assert [row.skill for row in crowd.by_worker] == before
        crowd.finish()
        assert labels(mturk) == first


# Fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "skill", [Skill.confusion_matrix({"cat": {"dog": 1.0}}), Skill.spammer("dog")]
)
def test_classifier_takes_the_label_of_its_value(skill):
    """The right value of a crowd-classifier is a dict with its label, and so is the answer."""
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 1, Question=CLASSIFIER)
        right = {"animal": {"label": "cat"}}
        crowd = mturk.crowd(2, answer=lambda hit, worker: right, skills=[skill]).finish()
        assert labels(mturk, "animal") == [{"label": "dog"}]
        assert crowd.results[0].right is False


def test_selection_of_one_choice_is_its_label():
    """The right value of a QuestionForm may be a list of one choice."""
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 1, Question=FORM)
        skill = Skill.confusion_matrix({"cat": {"dog": 1.0}})
        right = {"label": ["cat"], "why": "small"}
        mturk.crowd(2, answer=lambda hit, worker: right, skills=[skill]).finish()
        assert labels(mturk) == [["dog"]]


def test_fields_without_choices_are_as_answer_returns_them():
    """Only fields with choices are answered by the skill."""
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 1)
        answer = {"label": "cat", "comment": "small"}
        mturk.crowd(1, answer=lambda hit, worker: answer, skills=[Skill.spammer("fox")]).finish()
        (assignment,) = mturk.assignments
        assert parse_answers(assignment.answer) == {"label": "fox", "comment": "small"}


def test_spammer_may_leave_a_box_unchecked():
    """A random value of a checkbox may be none at all."""
    page = html_question('<form><input type="checkbox" name="label" value="yes"></form>')
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 20, Question=page)
        crowd = mturk.crowd(
            9, answer=lambda hit, worker: {"label": "yes"}, skills=[Skill.spammer()]
        ).finish()
        assert Counter(result.right for result in crowd.results).keys() == {True, False}
        answers = [parse_answers(each.answer) for each in mturk.assignments]
        assert {} in answers
        assert {"label": "yes"} in answers


@pytest.mark.parametrize(
    ("question", "answer", "skill", "reason"),
    [
        (
            NO_CHOICES,
            {"label": "cat"},
            Skill.one_coin(0.5),
            NO_CHOICE,
        ),
        (RADIO, "yes", Skill.spammer(), "an answer is a dict of the form's fields or a"),
        (RADIO, {"labl": "cat"}, Skill.spammer(), r"no field 'labl' \(did you mean 'label'\?\)"),
        (
            RADIO,
            CAT,
            Skill.spammer(),
            NO_CHOICE,
        ),
        (
            html_question('<form><input type="radio" name="label" value="cat" required></form>'),
            {"label": "cat"},
            Skill.one_coin(0),
            NO_CHOICE,
        ),
        (
            GROUP,
            {"cat": "on"},
            Skill.spammer("cat"),
            r"a skill with labels needs a field for them, and HIT \w+ has a crowd-radio-group with "
            r"the fields cat, dog: use Skill\.one_coin\(\) or Skill\.spammer\(\)",
        ),
        (
            RADIO,
            {"label": "owl"},
            Skill.confusion_matrix(CONFUSION),
            "the confusion matrix of a skill has no row for the right value 'owl'",
        ),
    ],
)
def test_skill_that_cannot_answer_is_an_error_of_the_crowd(question, answer, skill, reason):
    """Without choices, or without a row of the matrix, the call that moves the clock raises."""
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 1, Question=question)
        crowd = mturk.crowd(1, answer=lambda hit, worker: answer, skills=[skill])
        with pytest.raises(ValueError, match=reason) as refusal:
            crowd.finish()
        assert str(refusal.value).startswith("crowd 1, made by mturk.crowd(1), has failed: ")


# Arguments --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: Skill.one_coin(1.5),
            ValueError,
            "a skill takes an accuracy from 0 to 1, or a pair of the lowest and the highest, not "
            "1.5",
        ),
        (
            lambda: Skill.one_coin((0.9, 0.5)),
            ValueError,
            "a skill takes an accuracy from 0 to 1, or a pair of the lowest and the highest, not "
            "(0.9, 0.5)",
        ),
        (
            lambda: Skill.one_coin((0.9,)),
            ValueError,
            "a skill takes an accuracy from 0 to 1, or a pair of the lowest and the highest, not "
            "(0.9,)",
        ),
        (
            lambda: Skill.one_coin([0.9, "high"]),
            ValueError,
            "a skill takes an accuracy from 0 to 1, or a pair of the lowest and the highest, not "
            "(0.9, 'high')",
        ),
        (
            lambda: Skill(name="x", accuracy="high"),
            ValueError,
            "a skill takes an accuracy from 0 to 1, or a pair of the lowest and the highest, not "
            "'high'",
        ),
        (
            lambda: Skill.hammer(share=0),
            ValueError,
            "a skill takes share= as a number above 0, not 0",
        ),
        (
            lambda: Skill.hammer(speed="fast"),
            ValueError,
            "a skill takes speed= as a number above 0, not 'fast'",
        ),
        (
            lambda: Skill.spammer(3),
            TypeError,
            "a skill takes label= as a str, not 3",
        ),
        (
            lambda: Skill(name=1),
            TypeError,
            "a skill takes name= as a str, not 1",
        ),
        (
            lambda: Skill(name="x", spams="often"),
            TypeError,
            "a skill takes spams= as True or False, not 'often'",
        ),
        (
            lambda: Skill.confusion_matrix({"1": {1: 1.0}}),
            TypeError,
            "a confusion matrix takes the values of a field as str, not 1",
        ),
        (
            lambda: Skill.confusion_matrix([]),
            TypeError,
            "a skill takes a confusion matrix as a dict of probabilities by right value, not []",
        ),
        (
            lambda: Skill.confusion_matrix({"cat": {"cat": 0.5}}),
            ValueError,
            "a confusion matrix takes probabilities that add up to 1 for the right value 'cat', "
            "not {'cat': 0.5}",
        ),
        (
            lambda: Skill.confusion_matrix({"cat": {"cat": 0.9, "dog": 0.099}}),
            ValueError,
            "a confusion matrix takes probabilities that add up to 1 for the right value 'cat', "
            "not {'cat': 0.9, 'dog': 0.099}",
        ),
        (
            lambda: Skill.confusion_matrix({"cat": 1}),
            ValueError,
            "a confusion matrix takes probabilities that add up to 1 for the right value 'cat', "
            "not 1",
        ),
    ],
)
def test_wrong_argument_of_a_skill_is_refused(make, kind, message):
    """A skill raises an error that says what was given and what is allowed."""
    with pytest.raises(kind) as refusal:
        make()
    assert str(refusal.value) == message


def test_probabilities_may_differ_from_one_by_rounding():
    """Three probabilities of 0.3333333, which add up to 0.9999999, are a row of a matrix."""
    row = dict.fromkeys("abc", 0.3333333)
    assert Skill.confusion_matrix({"a": row}).confusion == {"a": row}


@pytest.mark.parametrize(
    ("habits", "kind", "message"),
    [
        (
            {"skills": Skill.hammer()},
            TypeError,
            "crowd() takes skills= as a list of Skill, such as [Skill.one_coin(0.8)], not "
            "Skill(name='hammer', share=1, speed=1, accuracy=(1, 1), confusion=None, spams=False, "
            "label=None)",
        ),
        (
            {"skills": []},
            TypeError,
            "crowd() takes skills= as a list of Skill, such as [Skill.one_coin(0.8)], not []",
        ),
        (
            {"skills": [0.8]},
            TypeError,
            "crowd() takes skills= as a list of Skill, such as [Skill.one_coin(0.8)]; it has 0.8",
        ),
        (
            {"skills": [Skill.hammer()], "answer": None},
            ValueError,
            "crowd() takes skills= only with answer=, which returns the right answer",
        ),
        (
            {"skills": [Skill.hammer()], "accuracy": 0.5},
            ValueError,
            "crowd() takes skills= or accuracy=, not both",
        ),
        (
            {"difficulty": 0.5},
            TypeError,
            "crowd() takes difficulty= as a function of a HIT, not 0.5",
        ),
        (
            {"difficulty": len},
            ValueError,
            "crowd() takes difficulty= only with skills=",
        ),
    ],
)
def test_wrong_argument_of_a_crowd_is_refused(habits, kind, message):
    """crowd() checks skills= and difficulty=, and what they go with."""
    with mock_mturk() as mturk, pytest.raises(kind) as refusal:
        mturk.crowd(3, **{"answer": cat, **habits})
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2, "must return a share from 0 to 1, 1 at most, not 2"),
        ("x", "must return a share from 0 to 1, not 'x'"),
    ],
)
def test_wrong_difficulty_is_an_error_of_the_crowd(value, message):
    """A function difficulty= that returns no share raises in the call that moves the clock."""
    with mock_mturk(seed=1) as mturk:
        publish_hits(mturk.client(), 1)
        crowd = mturk.crowd(1, answer=cat, skills=[Skill.hammer()], difficulty=lambda hit: value)
        with pytest.raises((TypeError, ValueError)) as refusal:
            crowd.finish()
    assert str(refusal.value) == (
        "crowd 1, made by mturk.crowd(1), has failed: the function difficulty= of crowd() "
        f"{message}. To go on without it, call its stop()"
    )
