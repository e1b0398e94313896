"""Documents of each format as text: valid ones, and the operations that take them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from itertools import count
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from mturk_mock import MTurkError
from tests.clients import make_client
from tests.helpers import hit_params, publish, question_form
from tests.questions import document_grammars as grammars
from tests.questions.document_trees import Grammar, Node, put, smallest, trees, walk
from tests.questions.document_writing import LOOKS, PLAIN, Look, written, written_inside
from tests.questions.xhtml_documents import GRAMMAR as XHTML

XHTML_ERROR = "There was an error parsing the XHTML data in your request."

#: The formats by their names.
FORMATS = {
    "ExternalQuestion": grammars.EXTERNAL_QUESTION,
    "HTMLQuestion": grammars.HTML_QUESTION,
    "QuestionForm-2005": grammars.FORM_2005,
    "QuestionForm-2017": grammars.FORM_2017,
    "AnswerKey": grammars.ANSWER_KEY,
    "QuestionFormAnswers": grammars.ANSWERS,
    "FormattedContent": XHTML,
}

#: Many examples in one mock; slowness on a busy machine is no failure. A failing example is
#: not shrunk: that takes minutes, and the tests of single elements have small documents.
SETTINGS = settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def formatted(content: str, place: str = "QuestionContent", look: Look = PLAIN) -> str:
    """Return a QuestionForm that has a FormattedContent with this text in an element."""
    grammar = grammars.FORM_2005
    inside = smallest(grammar, place, Node("FormattedContent", (content,)))
    if place == "Selection":
        for around in ("Selections", "SelectionAnswer", "AnswerSpecification"):
            inside = smallest(grammar, around, inside)
    if place != "Overview":
        inside = smallest(grammar, "Question", inside)
    form = Node("QuestionForm", (smallest(grammar, "Question"), inside))
    return written(grammar, grammars.unique(form), look)


def document(grammar: Grammar, tree: Node, look: Look = PLAIN) -> str:
    """Return the document of a tree; XHTML is wrapped in a form."""
    if grammar is not XHTML:
        return written(grammar, tree, look)
    inner = Look(quote=look.quote, references=look.references, entities=not look.references)
    return formatted(written_inside(tree, inner), look=look)


def valid_trees(grammar: Grammar) -> st.SearchStrategy[Node]:
    """Return the strategy of a format's valid trees, small enough for many examples."""
    return trees(grammar, 4 if grammar is XHTML else 6)


def valid_documents(grammar: Grammar) -> st.SearchStrategy[str]:
    """Return the strategy of a format's valid documents, in all looks."""
    return st.builds(document, st.just(grammar), valid_trees(grammar), LOOKS)


def at(tree: Node, path: tuple[int, ...]) -> Node:
    """Return the element of a tree at a path."""
    return next(node for where, node in walk(tree) if where == path)


def with_text(tree: Node, rule: str, text: str) -> Node:
    """Return the tree with the text replaced in the first element of a rule."""
    path = next(path for path, node in walk(tree) if node.rule == rule)
    return put(tree, path, Node(rule, (text,)))


@functools.cache  # creating a client is slower than sending most documents
def program_client() -> Any:
    """Return a client that the active mock answers."""
    return make_client()


class Desk:
    """Sends documents: as a HIT's question, a test's key, a worker's answers."""

    def __init__(self, mturk: Any) -> None:
        self.mturk = mturk
        self.client = program_client()
        self.numbers = count()
        self.assignment: Any = None

    def hand_in(self, grammar: Grammar, text: str) -> str | None:
        """Send a document; return the message of the refusal, or None if it is accepted."""
        doors: dict[str, Callable[[str], Any]] = {
            "AnswerKey": self._as_key,
            "QuestionFormAnswers": self._as_answers,
        }
        return self.refusal(doors.get(grammar.root, self._as_question), text)

    def refusal(self, door: Callable[[str], Any], text: str) -> str | None:
        """Return the message of the refusal, or None if there is none.

        An error code other than ParameterValidationError is put before the message.
        """
        try:
            door(text)
        except ClientError as error:
            code, message = (error.response["Error"][key] for key in ("Code", "Message"))
        except MTurkError as error:
            code, message = error.row.wire_type, error.message
        else:
            return None
        return str(message if code == "ParameterValidationError" else f"{code}: {message}")

    def _as_question(self, text: str) -> None:
        self.client.create_hit(**hit_params(Question=text, Reward="0.01"))

    def as_test(self, text: str, key: str | None = None) -> None:
        """Create a qualification type with this test."""
        self.client.create_qualification_type(
            Name=f"Type {next(self.numbers)}",
            Description="A test",
            QualificationTypeStatus="Active",
            Test=text,
            TestDurationInSeconds=60,
            **({} if key is None else {"AnswerKey": key}),
        )

    def _as_key(self, text: str) -> None:
        self.as_test(question_form(x=["x", "y"]), text)

    def _as_answers(self, text: str) -> None:
        if self.assignment is None:
            self.assignment = self.mturk.worker().accept(publish(self.client))
        self.assignment.submit(text)
        self.assignment = None

    @property
    def created(self) -> list[Any]:
        """Everything that the documents created: HITs, qualification types, submitted work."""
        types = self.client.list_qualification_types(
            MustBeRequestable=False, MustBeOwnedByCaller=True
        )
        hits = self.client.list_hits()["HITs"]
        waiting = [] if self.assignment is None else [self.assignment.hit_id]
        return types["QualificationTypes"] + [hit for hit in hits if hit["HITId"] not in waiting]
