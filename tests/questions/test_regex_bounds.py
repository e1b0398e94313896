"""The bound on regular expressions: counted in steps, so that no test depends on time."""

from __future__ import annotations

import re
import warnings
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mturk_mock import MTurkWarning
from mturk_mock.questions import (
    AnswerFormatRegex,
    FreeTextAnswer,
    IsNumeric,
    Length,
    Question,
    QuestionForm,
    SelectionAnswer,
)
from mturk_mock.questions.answering import fill_page
from mturk_mock.questions.html.form import read_html_form
from mturk_mock.questions.javascript import automaton, backtracking
from mturk_mock.questions.javascript import characters as chars
from mturk_mock.questions.javascript.budget import MOST_STEPS, Budget, TooManySteps
from mturk_mock.questions.javascript.regex import LONGEST_PATTERN, Regex, compile_regex
from mturk_mock.questions.question import read_question
from tests.helpers import NOW, accepted, html_question, publish
from tests.questions.test_js_regex import MEANING, MEANING_WITHOUT_CASE

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)

#: As long as the longest document.
LONG = 65_536

#: A pattern and a text that take every implementation many steps.
ENDLESS = r"^(a+)+\1b$"
AS = "a" * 60

TAKES_TOO_LONG = (
    "the regular expression {!r} takes too long: all patterns of an answer together are limited to "
    "300,000 steps"
)


def compiled(pattern: str, ignore_case: bool = False) -> Regex:
    """Return a compiled regular expression, which must be valid."""
    found = compile_regex(pattern, ignore_case)
    assert found is not None
    return found


def steps(pattern: str, text: str) -> int:
    """Return the number of steps for a text that does not match."""
    budget = Budget()
    assert compiled(pattern).matches(text, budget) is False
    return MOST_STEPS - budget.left


def automaton_finds(pattern: str, text: str, ignore_case: bool = False) -> bool:
    """Return the result of the automaton, without backtracking first."""
    units = chars.to_units(text)
    units = "".join(map(chars.fold, units)) if ignore_case else units
    return automaton.contains_match(compiled(pattern, ignore_case)._tree, units, Budget())


# Matching -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 26 + "!"),
        ("^(a+)+$", "a" * 60 + "!"),
        ("(a|a)*b", "a" * 60),
        ("(a*)*b", "a" * 60),
        ("(x+x+)+y", "x" * 60),
        (r"^(\w+\s?)*$", "word " * 12 + "!"),
        (r"^(?=(a+)+b)", "a" * 60),
        (r"(?<=c(a+)+)b", "a" * 60 + "b"),
    ],
)
def test_nested_repetitions_are_judged(pattern, text):
    """A pattern for which backtracking takes exponential time takes a few steps per character."""
    assert steps(pattern, text) < 60 * len(text)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*b", "(a*)*b", ".*.*.*x", "(x+x+)+y", r"^(\w+\s?)*$", r"^(?=.*\d)(?=.*b).{8}"],
)
def test_steps_are_linear_in_the_text(pattern):
    """A text of 64 KB is judged; twice the text takes at most about twice the steps."""
    shorter, longer = (steps(pattern, "a" * length + "!") for length in (LONG // 2, LONG))

    assert longer <= 2 * shorter + 100


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (ENDLESS, AS),
        ("^(?:a?){300}a{300}$", "a" * LONG),
        ("a{10000}b", "a" * LONG),
        (r"(a*)\1\1\1b", "a" * LONG),
        ("()" * 3_000 + r"\1(?:a|b)*c", "ab" * LONG),
        ("(?:" + "(a)|" * 1_500 + r"b)*\1c", "ab" * LONG),
        (r"(x)?(?:" + "a|" * 4_900 + r"b)*\1c", "b" * LONG),
        ("^" + "(?=.*a)" * 40, "a" * LONG),
        ("(?=a" * 39 + ")" * 39 + "x", "ab" * LONG),
    ],
    ids=[
        "reference",
        "counts",
        "large count",
        "long references",
        "groups",
        "groups in a repetition",
        "options",
        "lookaheads",
        "nested lookaheads",
    ],
)
def test_pattern_over_the_bound(pattern, text):
    """A pattern is given up after the steps of the budget, by at most one pass over the text."""
    budget = Budget(MOST_STEPS // 4)
    with pytest.raises(TooManySteps) as raised:
        compiled(pattern).matches(text, budget)

    assert -LONG < budget.left < 0
    shown = repr(pattern) if len(pattern) < 199 else repr(pattern)[:200] + "…"
    assert str(raised.value) == TAKES_TOO_LONG.replace("{!r}", shown)


def test_same_steps_each_time():
    """The steps of a pattern and a text do not depend on what was matched before."""
    assert steps(r"(\w+ )+x", "some words " * 30) == steps(r"(\w+ )+x", "some words " * 30)


def test_short_answer_takes_few_steps():
    """An email address takes a small part of the steps."""
    budget = Budget()
    assert compiled(r"^[\w.+-]+@[\w-]+\.[\w.-]+$").matches("me@example.com", budget)
    assert MOST_STEPS - budget.left < 200


@pytest.mark.parametrize(
    "pattern",
    [
        "a{99999999}",
        "(?:(?:a{300}){300}){300}",
        "a" * (LONGEST_PATTERN + 1),
        "(" * LONG + ")" * LONG,
        "(" * 9_999,
        "a{" + "9" * 9_000,
    ],
    ids=["count", "counts of counts", "length", "depth", "open groups", "digits"],
)
def test_parsing_is_bounded(pattern):
    """A pattern whose tree or shortest match would be huge is unsupported, or matches itself."""
    assert compile_regex(pattern) is None or pattern.startswith("a{9999")


def test_sets_that_ignore_case_are_bounded():
    """A pattern with many wide sets is not supported if it ignores case."""
    sets = [f"[{chr(200 + number)}-\uffff]" for number in range(310)]

    assert compile_regex("".join(sets[:290]), ignore_case=True)
    assert compile_regex("".join(sets), ignore_case=True) is None
    assert compile_regex("".join(sets))


# The automaton ------------------------------------------------------------------------------


@pytest.mark.parametrize(("pattern", "text", "matches"), MEANING)
def test_automaton_means_the_same(pattern, text, matches):
    """The automaton finds what JavaScript finds, except for back references. [doc]"""
    if not compiled(pattern)._has_references:
        assert automaton_finds(pattern, text) is matches


@pytest.mark.parametrize(("pattern", "text", "matches"), MEANING_WITHOUT_CASE)
def test_automaton_means_the_same_without_case(pattern, text, matches):
    """The automaton ignores case as JavaScript does. [doc]"""
    if not compiled(pattern)._has_references:
        assert automaton_finds(pattern, text, ignore_case=True) is matches


ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\w", r"\W", "^", "$", r"\b", "", "(?=a)"])
PATTERNS = st.recursive(
    ATOMS.map(lambda atom: f"(?:{atom})"),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"])).map(
            lambda two: f"(?:{two[0]}){two[1]}"
        ),
        inner.map(lambda pattern: f"({pattern})"),
        inner.map(lambda pattern: f"(?={pattern})"),
        inner.map(lambda pattern: f"(?!{pattern})"),
    ),
    max_leaves=8,
)


@given(pattern=PATTERNS, text=st.text("ab c", max_size=7))
@settings(derandomize=True, database=None, deadline=None, max_examples=300)
def test_matchers_agree_with_python(pattern, text):
    """Backtracking and the automaton agree with Python's `re` on patterns of the same meaning."""
    expected = re.search(pattern.replace("$", r"\Z"), text) is not None

    assert backtracking.contains_match(compiled(pattern)._tree, text, Budget()) is expected
    assert automaton_finds(pattern, text) is expected


# Answers ------------------------------------------------------------------------------------


def asking(*patterns: str, **constraints: object) -> FreeTextAnswer:
    """Return an answer that has these patterns."""
    return FreeTextAnswer(formats=tuple(map(AnswerFormatRegex, patterns)), **constraints)


def form(*answers: FreeTextAnswer | SelectionAnswer) -> str:
    """Return a QuestionForm with the questions q0, q1 and so on."""
    return str(QuestionForm(*(Question(f"q{n}", "?", answer) for n, answer in enumerate(answers))))


def page(*patterns: str) -> str:
    """Return a page with the fields q0, q1 and so on."""
    inputs = [f"<input name=q{n} pattern='{each}'>" for n, each in enumerate(patterns)]
    return f"<form>{''.join(inputs)}</form>"


@pytest.fixture
def submit(mturk, mturk_client):
    """Return an assignment with these answers, submitted."""
    return lambda question, answer, **options: accepted(
        mturk_client, mturk.worker(), Question=question
    ).submit(answer, **options)


UNCHECKED = re.escape(TAKES_TOO_LONG.format(ENDLESS) + "; the answer is accepted unchecked")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (form(asking(ENDLESS)), {"q0": AS}),
        (
            form(SelectionAnswer(["a"], other=asking(ENDLESS))),
            {"q0": {"selections": [], "other": AS}},
        ),
        (html_question(page(ENDLESS)), {"q0": AS}),
    ],
    ids=["QuestionForm", "other text", "page"],
)
def test_answer_that_is_not_judged_is_accepted(submit, question, answer):
    """submit() warns of a pattern over the bound, and accepts the answer."""
    with pytest.warns(MTurkWarning, match=f"^{UNCHECKED}$") as shown:
        assert submit(question, answer).status == "Submitted"
    assert len(shown) == 1


def test_other_rules_hold_after_a_pattern_over_the_bound(submit):
    """Only what was not judged is accepted: other constraints of the answer still hold."""
    question = form(asking(ENDLESS), FreeTextAnswer(IsNumeric()))

    with pytest.warns(MTurkWarning), pytest.raises(ValueError, match=r"^question 'q1' takes a num"):
        submit(question, {"q0": AS, "q1": "one"})


def test_patterns_of_an_answer_share_the_bound(submit):
    """After a pattern over the bound the others of the answer are not matched at all."""
    with pytest.warns(MTurkWarning) as shown:
        submit(form(asking(ENDLESS), asking("^b$")), {"q0": AS, "q1": "a"})

    assert [str(each.message).split("'")[1] for each in shown] == [
        ENDLESS.replace("\\", "\\\\"),
        "^b$",
    ]


def test_each_answer_has_a_bound_of_its_own(submit):
    """A pattern over the bound does not weaken the next answer's check."""
    question = form(asking(ENDLESS), asking("^b$"))
    with pytest.warns(MTurkWarning):
        submit(question, {"q0": AS, "q1": "a"})

    with pytest.raises(ValueError, match=r"^question 'q1' takes a text that matches"):
        submit(question, {"q1": "a"})


def test_warning_is_shown_once_for_each_pattern(submit):
    """Python's default filter shows the warning once, however many answers there are."""
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        for _ in range(2):
            submit(form(asking(ENDLESS)), {"q0": AS})

    assert len(shown) == 1


@pytest.mark.parametrize(
    ("kind", "letters"),
    [
        ("email", "a" * 60_000 + "@b.c"),
        ("url", "a:" + "b" * 60_000),
        ("email multiple", "a@b," * 15_000),
    ],
)
def test_inputs_of_a_kind_share_the_bound(submit, kind, letters):
    """Many inputs of type=email or url together have the steps of one answer."""
    inputs = "".join(f"<input type={kind} name=q{n}>" for n in range(40))
    given = {f"q{n}": letters.rstrip(",") for n in range(40)}
    told = TAKES_TOO_LONG.format(f"type={kind.split()[0]}") + "; the answer is accepted unchecked"

    with pytest.warns(MTurkWarning, match=re.escape(told)) as shown:
        submit(html_question(f"<form>{inputs}</form>"), given)
    assert {str(each.message) for each in shown} == {told}
    assert 5 < len(shown) < 15


def test_a_thousand_short_inputs_of_a_kind_are_judged(submit):
    """A page of 1,500 email addresses is within the bound."""
    inputs = "".join(f"<input type=email name=q{n}>" for n in range(1_500))
    given = {f"q{n}": "worker@example.com" for n in range(1_499)}

    with pytest.raises(ValueError, match=r"^field 'q1499' takes an e-mail address, not 'nobody'"):
        submit(html_question(f"<form>{inputs}</form>"), {**given, "q1499": "nobody"})


@pytest.mark.parametrize("question", [form(asking(ENDLESS)), html_question(page(ENDLESS))])
def test_unchecked_answer_runs_no_pattern(submit, question, monkeypatch):
    """check=False matches no pattern."""
    monkeypatch.delattr(Regex, "matches")

    assert submit(question, {"q0": AS}, check=False).status == "Submitted"


# Examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["(?:a?){300}a{300}", r"(a+)+\1b(?!)", "a{60000}(?!)"])
def test_example_over_the_bound(mturk, mturk_client, pattern):
    """worker.answer() raises an error with the question and the pattern; nothing is accepted."""
    hit_id = publish(mturk_client, Question=form(asking(pattern)))

    with pytest.raises(ValueError, match=r"^question 'q0': ") as raised:
        mturk.worker().answer(hit_id)
    assert str(raised.value) == (
        f"question 'q0': {TAKES_TOO_LONG.format(pattern)}; submit a text for this question instead"
    )
    assert mturk_client.get_hit(HITId=hit_id)["HIT"]["NumberOfAssignmentsPending"] == 0


def test_example_of_a_page_over_the_bound():
    """The error names the page's field and its pattern."""
    with pytest.raises(ValueError, match=r"^field 'q1'") as raised:
        read_html_form(page("a", "a{60000}(?!)")).fill(Random(1))
    assert str(raised.value) == (
        f"field 'q1': {TAKES_TOO_LONG.format('a{60000}(?!)')}; pass the fields yourself"
    )


def test_examples_of_a_page_share_the_bound():
    """Many questions together have the steps of one answer."""
    question = read_question(form(*[asking("a{9000}", length=Length(9_000))] * 100))

    with pytest.raises(ValueError, match=r"^question 'q[1-9]\d?': the regular expression"):
        fill_page(question, Random(1))


THE_TEXT = TAKES_TOO_LONG.replace("the regular expression {!r}", "the text")


@pytest.mark.parametrize("kind", ["text", "url", "textarea"])
def test_long_examples_of_a_page_share_the_bound(kind):
    """Many long texts together have the steps of one answer."""
    field = "<textarea name=q{0} minlength=60000></textarea>"
    if kind != "textarea":
        field = f"<input type={kind} name=q{{0}} minlength=60000>"
    filled = read_html_form("<form>" + "".join(map(field.format, range(60))) + "</form>")

    with pytest.raises(
        ValueError, match=r"^field 'q[1-4]\d': the (text|regular expression) "
    ) as raised:
        filled.fill(Random(1))
    assert str(raised.value).endswith("limited to 300,000 steps; pass the fields yourself")


def test_long_examples_of_a_question_form_share_the_bound():
    """Many questions for long texts together have the steps of one answer."""
    asked = FreeTextAnswer(length=Length(60_000))
    question = read_question(form(*[asked] * 100))

    with pytest.raises(ValueError, match=r"^question 'q[34]\d': the text") as raised:
        fill_page(question, Random(1))
    assert str(raised.value).partition(": ")[2] == (
        f"{THE_TEXT}; submit a text for this question instead"
    )
