"""Qualification types: creating and updating them."""

from __future__ import annotations

import pytest

from mturk_mock.questions import (
    FileUploadAnswer,
    FreeTextAnswer,
    Question,
    QuestionForm,
    SelectionAnswer,
)
from tests.helpers import (
    NOW,
    SCHEMAS,
    XML_ERROR,
    create_hit,
    error_of,
    external_question,
    html_question,
    invalid_value,
    out_of_range,
    question_form,
    value_error,
    without_place,
)
from tests.qualify import (
    EXAMINED,
    KEY,
    TAKEN,
    TEST,
    create_type,
    requirement,
    type_id_of,
    wrong_type_state,
    xml_error,
)

pytestmark = pytest.mark.mock_mturk(seed=1, now=NOW)


def missing(parameter):
    """Return the refusal of a request that lacks a parameter. [observed, legacy]"""
    return value_error(
        f"Your request is missing required parameters. Required parameters include {parameter}."
    )


# CreateQualificationType ------------------------------------------------------------------


def test_create_qualification_type_shows_what_is_set(mturk_client):
    """Values that were not given have no key; IsRequestable is true. [observed]"""
    created = create_type(mturk_client)

    assert created == {
        "QualificationTypeId": created["QualificationTypeId"],
        "CreationTime": NOW,
        "Name": "Speaks French",
        "Description": "Reads and writes it",
        "QualificationTypeStatus": "Active",
        "IsRequestable": True,
        "AutoGranted": False,
    }
    assert len(created["QualificationTypeId"]) == 30


def test_create_qualification_type_shows_everything(mturk_client, get):
    """All given values are shown, by GetQualificationType as well. [observed]"""
    given = {
        "Keywords": "french, language",
        "QualificationTypeStatus": "Inactive",
        "RetryDelayInSeconds": 0,
        "AnswerKey": KEY,
        **EXAMINED,
    }

    created = create_type(mturk_client, **given)

    assert given.items() <= created.items()
    assert "AutoGrantedValue" not in created
    assert get(created["QualificationTypeId"]) == created


@pytest.mark.parametrize(("value", "shown"), [({}, 1), ({"AutoGrantedValue": 7}, 7)])
def test_create_qualification_type_granted_automatically(mturk_client, value, shown):
    """AutoGranted grants 1 by default. [doc]"""
    created = create_type(mturk_client, AutoGranted=True, **value)

    assert created["AutoGranted"] is True
    assert created["AutoGrantedValue"] == shown


def test_create_qualification_type_with_a_value_that_is_not_used(mturk_client):
    """Without AutoGranted, AutoGrantedValue has no effect [doc] and is ignored. [assumed]"""
    assert "AutoGrantedValue" not in create_type(mturk_client, AutoGrantedValue=7)


def test_create_qualification_type_with_a_duration_alone(mturk_client):
    """TestDurationInSeconds without Test is ignored. [assumed]"""
    assert "TestDurationInSeconds" not in create_type(mturk_client, TestDurationInSeconds=60)


def test_create_qualification_type_of_a_chosen_id(mturk, mturk_client):
    """next_id() sets the ID of one type, and no other object can have it."""
    mturk.next_id("QualificationType", "3MINE")

    assert type_id_of(mturk_client) == "3MINE"
    with pytest.raises(ValueError, match="the ID 3MINE is already taken"):
        mturk.next_id("HIT", "3MINE")


def test_create_qualification_type_of_a_name_that_is_taken(mturk_client):
    """Names are unique among the caller's types, Inactive ones too. [observed] [doc]"""
    create_type(mturk_client, QualificationTypeStatus="Inactive")

    assert error_of(lambda: create_type(mturk_client)) == TAKEN


def test_create_qualification_type_of_a_name_that_others_have(
    mturk, mturk_client, mturk_sandbox_client
):
    """Other requesters, and the caller in the sandbox, can use the same name. [doc]"""
    ids = {
        type_id_of(client)
        for client in (mturk_client, mturk_sandbox_client, mturk.requester("other").client())
    }

    assert len(ids) == 3


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"Name": ""}, value_error("Your request parameter Name  has a minimum length of 1.")),
        ({"Name": "n" * 81}, invalid_value("n" * 81, "Name")),
        (
            {"Description": ""},
            value_error("Your request parameter Description  has a minimum length of 1."),
        ),
        ({"Description": "d" * 2001}, invalid_value("d" * 2001, "Description")),
        ({"Keywords": "k" * 1001}, invalid_value("k" * 1001, "Keywords")),
        ({"RetryDelayInSeconds": -1}, invalid_value(-1, "RetryDelayInSeconds")),
        ({"RetryDelayInSeconds": 2**31}, invalid_value(2**31, "RetryDelayInSeconds")),
        ({"Test": TEST}, missing("TestDurationInSeconds")),
        (
            {**EXAMINED, "TestDurationInSeconds": 2**31},
            invalid_value(2**31, "TestDurationInSeconds"),
        ),
        ({**EXAMINED, "TestDurationInSeconds": 0}, invalid_value(0, "TestDurationInSeconds")),
        ({"AnswerKey": KEY}, missing("Test")),
        ({**EXAMINED, "AutoGranted": True}, invalid_value(TEST, "Test")),
    ],
)
def test_create_qualification_type_with_wrong_values(mturk_client, found, given, told):
    """Texts that are too long [doc] [observed], and wrong combinations, are refused.

    [doc] rules, [assumed] texts
    """
    assert error_of(lambda: create_type(mturk_client, **given)) == told
    assert found(MustBeOwnedByCaller=True) == []


def test_create_qualification_type_with_the_longest_texts(mturk_client):
    """Texts of the maximum length are accepted. [doc] [observed]"""
    texts = {"Name": "n" * 80, "Description": "d" * 2000, "Keywords": "k" * 1000}

    assert texts.items() <= create_type(mturk_client, **texts).items()


@pytest.mark.parametrize("document", [html_question(), external_question()])
def test_create_qualification_type_with_a_test_that_is_no_form(mturk_client, document):
    """Test must be a QuestionForm. [doc] rule, [assumed] error"""
    wrong = {**EXAMINED, "Test": document}
    name = document[1:].partition(" ")[0]

    assert error_of(lambda: create_type(mturk_client, **wrong)) == value_error(
        f"{XML_ERROR}cvc-elt.1: Cannot find the declaration of element '{name}'. At line 1, "
        f'column 1: the document must begin with <QuestionForm xmlns="{SCHEMAS}2017-11-06/'
        f'QuestionForm.xsd"> or <QuestionForm xmlns="{SCHEMAS}2005-10-01/QuestionForm.xsd">.'
    )


def asking(answer):
    """Return a test of two questions: a selection, and one with this answer specification."""
    return str(
        QuestionForm(
            Question("choice", "?", SelectionAnswer(["a", "b"])), Question("q", "?", answer)
        )
    )


WITH_TEXT = SelectionAnswer(["a"], other=FreeTextAnswer())


@pytest.mark.parametrize(
    ("answer", "key", "reason"),
    [
        (FileUploadAnswer(1, 2), None, "Question 'q' asks for a file; a test cannot."),
        (FileUploadAnswer(1, 2), KEY, "Question 'q' asks for a file; a test cannot."),
        (FreeTextAnswer(), KEY, "Question 'q' asks for text, which a key cannot grade."),
        (WITH_TEXT, KEY, "Question 'q' allows text, which a key cannot grade."),
    ],
)
@pytest.mark.parametrize("operation", ["create", "update"])
def test_qualification_type_test_with_a_forbidden_answer(
    mturk_client, operation, answer, key, reason
):
    """No test can have file uploads, and none with an AnswerKey free text. [doc] [assumed] error"""
    test = asking(answer)
    wrong = {"Test": test, "TestDurationInSeconds": 60, **({"AnswerKey": key} if key else {})}
    if operation == "update":
        wrong["QualificationTypeId"] = type_id_of(mturk_client)
        refusal = error_of(lambda: mturk_client.update_qualification_type(**wrong))
    else:
        refusal = error_of(lambda: create_type(mturk_client, **wrong))

    assert refusal == value_error(
        f'The value "{test}" is not valid for the parameter Test. {reason}'
    )


@pytest.mark.parametrize("answer", [FreeTextAnswer(), WITH_TEXT])
def test_test_that_asks_for_text(mturk_client, answer):
    """A test without an AnswerKey can ask for free text. [doc]"""
    test = asking(answer)

    assert create_type(mturk_client, Test=test, TestDurationInSeconds=60)["Test"] == test


@pytest.mark.parametrize("parameter", ["Test", "AnswerKey"])
def test_create_qualification_type_with_documents_that_are_none(mturk_client, parameter):
    """Documents must be well-formed, of a known kind, and within 65,535 bytes. [doc]"""

    def told(document):
        wrong = {**EXAMINED, parameter: document}
        return error_of(lambda: create_type(mturk_client, **wrong))

    assert without_place(told("<a")) == xml_error("unclosed token.")
    assert without_place(told("<a/>")) == xml_error(
        "cvc-elt.1: Cannot find the declaration of element 'a'."
    )
    assert told("") == value_error(
        f"Your request parameter {parameter}  has a minimum length of 1."
    )
    assert told("x" * 65536) == out_of_range("of 65536 bytes", parameter, 1, 65535)


def test_create_qualification_type_with_the_largest_key(mturk_client):
    """An AnswerKey of 65,535 bytes is accepted. [doc]"""
    largest = KEY + " " * (65535 - len(KEY))

    assert create_type(mturk_client, **EXAMINED, AnswerKey=largest)["AnswerKey"] == largest


# UpdateQualificationType ------------------------------------------------------------------


def test_update_qualification_type_leaves_out_what_is_unchanged(mturk_client, update, get):
    """Parameters that are not given leave their values unchanged. [doc]"""
    created = create_type(mturk_client, Keywords="k", RetryDelayInSeconds=5, **EXAMINED)

    updated = update(created["QualificationTypeId"])

    assert updated == created == get(created["QualificationTypeId"])


def test_update_qualification_type_changes(mturk_client, update, get):
    """Description, status and retry delay can be changed. [doc]"""
    type_id = type_id_of(mturk_client)
    changes = {
        "Description": "Other",
        "QualificationTypeStatus": "Inactive",
        "RetryDelayInSeconds": 0,
    }

    assert changes.items() <= update(type_id, **changes).items()
    assert changes.items() <= get(type_id).items()


def test_update_qualification_type_replaces_the_whole_test(mturk_client, update):
    """A new Test requires its duration; without a new AnswerKey the old key is removed. [doc]"""
    type_id = type_id_of(mturk_client, **EXAMINED, AnswerKey=KEY)
    other = question_form(q9=None)

    updated = update(type_id, Test=other, TestDurationInSeconds=90)

    assert (updated["Test"], updated["TestDurationInSeconds"]) == (other, 90)
    assert "AnswerKey" not in updated


def test_update_qualification_type_adds_a_test(mturk_client, update):
    """A type without a test can get one, with a key. [doc]"""
    test = {**EXAMINED, "AnswerKey": KEY}

    assert test.items() <= update(type_id_of(mturk_client), **test).items()


def test_update_qualification_type_duration_alone_changes_no_test(mturk_client, update):
    """TestDurationInSeconds without Test does not change the test. [doc]"""
    type_id = type_id_of(mturk_client, **EXAMINED)

    assert update(type_id, TestDurationInSeconds=90)["TestDurationInSeconds"] == 60


def test_update_qualification_type_to_be_granted_automatically(mturk_client, update):
    """AutoGranted can be switched on and off, and AutoGrantedValue changed. [doc]"""
    type_id = type_id_of(mturk_client)

    assert update(type_id, AutoGranted=True)["AutoGrantedValue"] == 1
    assert update(type_id, AutoGrantedValue=4)["AutoGrantedValue"] == 4
    assert update(type_id, AutoGranted=True)["AutoGrantedValue"] == 4
    assert "AutoGrantedValue" not in update(type_id, AutoGranted=False)


def test_update_qualification_type_from_automatic_to_tested(mturk_client, update):
    """AutoGranted=False can be sent together with a test. [assumed]"""
    type_id = type_id_of(mturk_client, AutoGranted=True)

    updated = update(type_id, AutoGranted=False, **EXAMINED)

    assert updated["AutoGranted"] is False
    assert updated["Test"] == TEST


def test_update_qualification_type_test_of_an_automatic_type(mturk_client, update, get):
    """A type with AutoGranted cannot get a test. [observed]"""
    created = create_type(mturk_client, AutoGranted=True)
    type_id = created["QualificationTypeId"]

    assert error_of(lambda: update(type_id, **EXAMINED)) == invalid_value(TEST, "Test")
    assert get(type_id) == created


def test_update_qualification_type_with_a_test_to_automatic(mturk_client, update):
    """A type with a test cannot get AutoGranted. [doc] rule, [assumed] error"""
    type_id = type_id_of(mturk_client, **EXAMINED)

    assert error_of(lambda: update(type_id, AutoGranted=True)) == invalid_value(
        "true", "AutoGranted"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"Description": ""},
            value_error("Your request parameter Description  has a minimum length of 1."),
        ),
        ({"RetryDelayInSeconds": -1}, invalid_value(-1, "RetryDelayInSeconds")),
        ({"Test": TEST}, missing("TestDurationInSeconds")),
        ({"AnswerKey": KEY}, missing("Test")),
    ],
)
def test_update_qualification_type_with_wrong_values(mturk_client, update, get, given, told):
    """The rules are those of CreateQualificationType; a refusal changes nothing. [doc]"""
    created = create_type(mturk_client)
    type_id = created["QualificationTypeId"]

    assert error_of(lambda: update(type_id, QualificationTypeStatus="Inactive", **given)) == told
    assert get(type_id) == created


def test_update_qualification_type_while_it_is_deleted(mturk_client, update, delete):
    """A Disposing type cannot be updated. [assumed]"""
    type_id = type_id_of(mturk_client)
    create_hit(mturk_client, QualificationRequirements=[requirement(type_id)])
    delete(type_id)

    assert error_of(lambda: update(type_id, Description="Other")) == wrong_type_state()
