"""Small documents around a piece of XML that a test is about."""

from __future__ import annotations

from tests.helpers import SCHEMAS

TEXT = "<Text>?</Text>"
FREE_TEXT = "<FreeTextAnswer/>"
SELECTION = "<Selection><SelectionIdentifier>{}</SelectionIdentifier><Text>?</Text></Selection>"
SELECTIONS = f"<Selections>{''.join(SELECTION.format(name) for name in 'abc')}</Selections>"

#: Parts of the formats, each valid.
URL = "<ExternalURL>https://example.com/</ExternalURL>"
PAGE = "<HTMLContent>&lt;!DOCTYPE html>&lt;title>?&lt;/title>&lt;p>?&lt;/p></HTMLContent>"
HEIGHT = "<FrameHeight>0</FrameHeight>"
NAME = "<QuestionIdentifier>q</QuestionIdentifier>"
ASKED = f"<QuestionContent>{TEXT}</QuestionContent>"
ANSWER = f"<AnswerSpecification>{FREE_TEXT}</AnswerSpecification>"
MIME = "<MimeType><Type>image</Type></MimeType>"
DATA = "<DataURL>https://example.com/a.png</DataURL>"
ALT = "<AltText>a</AltText>"
EMBEDDED = "<EmbeddedMimeType><Type>any</Type><SubType>b</SubType></EmbeddedMimeType>"
SIZE = "<Width>1</Width><Height>1</Height>"
PARAMETER = "<ApplicationParameter><Name>a</Name><Value>b</Value></ApplicationParameter>"
MOVIE = "<FlashMovieURL>https://example.com/a</FlashMovieURL>"
PATH = "<AppletPath>https://example.com/</AppletPath>"
APPLET = "<AppletFilename>a</AppletFilename>"
CHOICE = "<SelectionIdentifier>a</SelectionIdentifier>"
SELECT = f"<SelectionAnswer><Selections>{SELECTION.format('a')}</Selections></SelectionAnswer>"
LARGE = "<MaxFileSizeInBytes>2000000000</MaxFileSizeInBytes>"
SMALL = "<MinFileSizeInBytes>1</MinFileSizeInBytes>"
UPLOAD = f"<FileUploadAnswer>{LARGE}{SMALL}</FileUploadAnswer>"


def _root(name: str, version: str, content: str) -> str:
    return f'<{name} xmlns="{SCHEMAS}{version}/{name}.xsd">{content}</{name}>'


def external(piece: str) -> str:
    """Wrap the piece in an ExternalQuestion."""
    return _root("ExternalQuestion", "2006-07-14", piece)


def html(piece: str) -> str:
    """Wrap the piece in an HTMLQuestion."""
    return _root("HTMLQuestion", "2011-11-11", piece)


def form(piece: str) -> str:
    """Wrap the piece in a QuestionForm."""
    return _root("QuestionForm", "2005-10-01", piece)


def form_2017(piece: str) -> str:
    """Wrap the piece in a QuestionForm of the later version."""
    return _root("QuestionForm", "2017-11-06", piece)


def question(piece: str) -> str:
    """Wrap the piece in a form's Question."""
    return form(f"<Question>{piece}</Question>")


def asked(answer: str, content: str = TEXT, name: str = "q") -> str:
    """Return a Question with this answer specification and content."""
    return (
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent>{content}"
        f"</QuestionContent><AnswerSpecification>{answer}</AnswerSpecification></Question>"
    )


def content(piece: str) -> str:
    """Wrap the piece in a QuestionContent."""
    return form(asked(FREE_TEXT, piece))


def content_2017(piece: str) -> str:
    """Wrap the piece in a QuestionContent of the later version."""
    return form_2017(asked(FREE_TEXT, piece))


def overview(piece: str) -> str:
    """Wrap the piece in an Overview."""
    return form(f"<Overview>{piece}</Overview>{asked(FREE_TEXT)}")


def answer(piece: str) -> str:
    """Wrap the piece in an AnswerSpecification."""
    return form(asked(piece))


def answer_2017(piece: str) -> str:
    """Wrap the piece in an AnswerSpecification of the later version."""
    return form_2017(asked(piece))


def free_text(piece: str) -> str:
    """Wrap the piece in a FreeTextAnswer."""
    return answer(f"<FreeTextAnswer>{piece}</FreeTextAnswer>")


def constraints(piece: str) -> str:
    """Wrap the piece in the Constraints of a FreeTextAnswer."""
    return free_text(f"<Constraints>{piece}</Constraints>")


def selection_answer(piece: str) -> str:
    """Put the piece into a SelectionAnswer, before its three Selections."""
    return answer(f"<SelectionAnswer>{piece}{SELECTIONS}</SelectionAnswer>")


def selections(piece: str) -> str:
    """Wrap the piece in the Selections of a SelectionAnswer."""
    return answer(f"<SelectionAnswer><Selections>{piece}</Selections></SelectionAnswer>")


def selection(piece: str) -> str:
    """Wrap the piece in a Selection."""
    return selections(f"<Selection>{piece}</Selection>")


def upload(piece: str) -> str:
    """Wrap the piece in a FileUploadAnswer."""
    return answer(f"<FileUploadAnswer>{piece}</FileUploadAnswer>")


def binary(piece: str) -> str:
    """Wrap the piece in a Binary."""
    return content(f"<Binary>{piece}</Binary>")


def embedded(piece: str) -> str:
    """Wrap the piece in an EmbeddedBinary."""
    return content(f"<EmbeddedBinary>{piece}</EmbeddedBinary>")


def application(piece: str) -> str:
    """Wrap the piece in an Application."""
    return content(f"<Application>{piece}</Application>")


def answers(piece: str) -> str:
    """Wrap the piece in a QuestionFormAnswers."""
    return _root("QuestionFormAnswers", "2005-10-01", piece)


def answered(piece: str) -> str:
    """Wrap the piece in an Answer."""
    return answers(f"<Answer><QuestionIdentifier>q</QuestionIdentifier>{piece}</Answer>")


def key(piece: str) -> str:
    """Wrap the piece in an AnswerKey."""
    return _root("AnswerKey", "2005-10-01", piece)


def key_question(piece: str) -> str:
    """Wrap the piece in a Question of an AnswerKey."""
    return key(f"<Question><QuestionIdentifier>x</QuestionIdentifier>{piece}</Question>")


def option(piece: str) -> str:
    """Wrap the piece in an AnswerOption."""
    return key_question(f"<AnswerOption>{piece}</AnswerOption>")


def mapping(piece: str) -> str:
    """Wrap the piece in the QualificationValueMapping of an AnswerKey."""
    whole = (
        "<Question><QuestionIdentifier>x</QuestionIdentifier><AnswerOption><SelectionIdentifier>x"
        "</SelectionIdentifier><AnswerScore>1</AnswerScore></AnswerOption></Question>"
    )
    return key(f"{whole}<QualificationValueMapping>{piece}</QualificationValueMapping>")


def ranges(piece: str) -> str:
    """Wrap the piece in the RangeMapping of an AnswerKey."""
    return mapping(f"<RangeMapping>{piece}</RangeMapping>")
