"""What is loaded when: little by the import, what every mock needs when the first one starts.

Each program runs in a process of its own, where nothing else has loaded anything.
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from mturk_mock.operations import registry

ROOT = Path(__file__).parent.parent

#: All that `from mturk_mock import mock_mturk` loads of the package.
BY_THE_IMPORT = {
    "mturk_mock",
    "mturk_mock.active",
    "mturk_mock.clock",
    "mturk_mock.decorated_functions",
    "mturk_mock.decoration",
    "mturk_mock.fallback_model",
    "mturk_mock.late_import",
    "mturk_mock.mock",
    "mturk_mock.one_copy",
    "mturk_mock.options",
}

#: All that pytest loads of it, where tests do not use it.
BY_PYTEST = {
    "mturk_mock",
    "mturk_mock.client_type",
    "mturk_mock.decorated_functions",
    "mturk_mock.decoration",
    "mturk_mock.fallback_model",
    "mturk_mock.late_import",
    "mturk_mock.marker",
    "mturk_mock.one_copy",
    "mturk_mock.pytest_plugin",
}

#: What a mock does without until it is used: modules, and packages with all that is in them.
LEFT_OUT = (
    "access_policy",
    "blocking",
    "call_matching",
    "carrier",
    "consistency",
    "decorated_classes",
    "demo",
    "fault_errors",
    "fault_reading",
    "faults",
    "file_links",
    "marker",
    "model.placement",
    "model.policy_contents",
    "model.policy_parameters",
    "model.policy_run",
    "model.policy_scores",
    "notifications",
    "operation_names",
    "putting",
    "questions.answer_key",
    "questions.answering",
    "questions.answers",
    "questions.builders",
    "questions.file_upload",
    "questions.form_parts",
    "questions.form_writer",
    "questions.formatted_content",
    "questions.free_text",
    "questions.free_text_examples",
    "questions.javascript",
    "questions.question_form",
    "questions.selection",
    "requests_adapter",
    "results_file",
    "sleeping",
    "snapshots",
    "strictness",
    "web",
    "workforce.crowd",
    "workforce.crowd_answers",
    "workforce.crowd_choice",
    "workforce.crowd_habits",
    "workforce.crowd_life",
    "workforce.crowd_picture",
    "workforce.crowd_table",
)

#: What a program says of itself at its end.
SAY_WHAT_IS_LOADED = "\nimport sys\nprint(*sorted(sys.modules))"

START = """
from mturk_mock import mock_mturk
from mturk_mock.questions.question import EXTERNAL_QUESTION
mturk = mock_mturk().start()
client = mturk.client()
"""
EXTERNAL = (
    """f'<ExternalQuestion xmlns="{EXTERNAL_QUESTION}"><ExternalURL>https://example.com/"""
    """</ExternalURL><FrameHeight>0</FrameHeight></ExternalQuestion>\'"""
)
CREATE_AND_LIST = f"""
hit = client.create_hit(
    Title="t", Description="d", Reward="0.10", LifetimeInSeconds=60,
    AssignmentDurationInSeconds=60, Question={EXTERNAL},
)["HIT"]
client.get_hit(HITId=hit["HITId"])
client.list_hits()
"""


def run(*arguments):
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def loaded_by(program):
    """Return what a program has loaded at its end."""
    return set(run("-c", program + SAY_WHAT_IS_LOADED).split())


def ours(modules):
    return {name for name in modules if name.partition(".")[0] == "mturk_mock"}


# The import -----------------------------------------------------------------------------------


def test_import_loads_these():
    """The list is exact: who adds to it makes every program that uses the mock pay."""
    loaded = loaded_by("from mturk_mock import mock_mturk")

    assert ours(loaded) == BY_THE_IMPORT
    assert not {"responses", "requests", "pytest"} & loaded


@pytest.mark.parametrize(
    "use",
    [
        "@mock_mturk\ndef test_a(): pass",
        "@mock_mturk(seed=1, sleep='advance', only='sandbox', accounts={'A': 'a'})\ndef a(): pass",
        "from datetime import datetime, timezone\n"
        "mock_mturk(now=datetime(2026, 1, 1, tzinfo=timezone.utc))",
        "@mock_mturk\nasync def test_a(): pass",
        "from mturk_mock import current\ntry: current()\nexcept RuntimeError: pass",
        "try: mock_mturk(sed=1)\nexcept TypeError: pass",
        "try: mock_mturk(seed='1')\nexcept TypeError: pass",
        "repr(mock_mturk(seed=1))",
    ],
)
def test_decorating_loads_no_more(use):
    """Functions are decorated and options are read, right ones and wrong ones, without a mock."""
    assert ours(loaded_by(f"from mturk_mock import mock_mturk\n{use}")) == BY_THE_IMPORT


def test_decorating_a_class_loads_what_wraps_it():
    """Test classes take one module more."""
    program = "from mturk_mock import mock_mturk\n@mock_mturk\nclass TestA:\n def test(self): pass"

    assert ours(loaded_by(program)) == BY_THE_IMPORT | {"mturk_mock.decorated_classes"}


@pytest.mark.parametrize("use", ["balance='12.50'", "consistency={'lists': 5}"])
def test_options_of_few_load_no_backend(use):
    """What an option needs of the model is loaded with it, and is no mock."""
    loaded = loaded_by(f"from mturk_mock import mock_mturk\nmock_mturk({use})")

    assert not {"mturk_mock.backend", "mturk_mock.model.marketplace"} & loaded


def test_pytest_loads_these(pytester):
    """The plugin is loaded in every project where the package is installed."""
    path = pytester.makepyfile(
        f"""
        import sys
        def test_what_is_loaded():
            ours = {{name for name in sys.modules if name.partition(".")[0] == "mturk_mock"}}
            assert ours == {BY_PYTEST!r}
        """
    )
    run("-m", "pytest", path)


# A mock that is on ----------------------------------------------------------------------------


@pytest.mark.parametrize("program", [START, START + CREATE_AND_LIST], ids=["started", "used"])
def test_mock_leaves_out_what_few_need(program):
    """Neither starting a mock nor creating, reading and listing HITs loads any of these."""
    left_out = tuple(f"mturk_mock.{name}." for name in LEFT_OUT)
    loaded = loaded_by(program)

    assert {name for name in loaded if f"{name}.".startswith(left_out)} == set()
    besides = loaded - loaded_by("import boto3")
    assert not {"difflib", "xml.sax", "fractions", "responses"} & besides


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_exists(name):
    """A module that is called otherwise today would be left out by itself."""
    import_module(f"mturk_mock.{name}")


def test_start_loads_no_operation():
    """The modules of operations are loaded by the first call of one of theirs."""
    loaded = ours(loaded_by(START))
    called = ours(loaded_by(START + "client.get_account_balance()"))

    modules = {f"mturk_mock.operations.{module}" for module in registry._MODULES}
    assert modules & loaded == set()
    assert modules & called == {"mturk_mock.operations.payments"}


@pytest.mark.parametrize("name", registry._HOMES)
def test_operation_is_in_the_module_that_the_table_says(name):
    """Where the table is wrong, the first call of the operation would fail."""
    home = registry.operations()[name].__module__

    assert home == f"mturk_mock.operations.{registry._HOMES[name]}"


def test_html_question_loads_what_checks_pages():
    """A page is checked, and its form is not read until somebody fills it in."""
    program = START + (
        "from mturk_mock.questions.question import write_html_question, check_question\n"
        "check_question(write_html_question('<!DOCTYPE html><form><input name=\"a\"></form>'))"
    )
    loaded = ours(loaded_by(program))

    assert "mturk_mock.questions.html.check" in loaded
    assert not {"mturk_mock.questions.html.form", "mturk_mock.questions.answering"} & loaded


# At another time ------------------------------------------------------------------------------


def test_first_mock_in_frozen_time_gives_real_datetimes():
    """What is loaded while freezegun replaces `datetime` is none of its stand-ins later."""
    program = """
from datetime import datetime, timezone
import freezegun
from mturk_mock import mock_mturk
with freezegun.freeze_time("2031-05-06"):
    mturk = mock_mturk().start()
    client = mturk.client()
    assert mturk.clock.now == datetime(2031, 5, 6, tzinfo=timezone.utc)
assert type(mturk.clock.now) is datetime
client.list_hits()
assert type(mturk.calls[0].time) is datetime
"""
    run("-c", program)


def test_first_mock_in_another_thread():
    """Two threads that start the first mocks at once each get theirs."""
    program = """
import threading
from mturk_mock import mock_mturk
barrier = threading.Barrier(2)
handles = []
def use():
    barrier.wait()
    with mock_mturk(seed=1) as mturk:
        handles.append(mturk)
threads = [threading.Thread(target=use) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len({id(handle) for handle in handles}) == 2
"""
    run("-c", program)
