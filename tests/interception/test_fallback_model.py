"""Without botocore's description of Mechanical Turk, the package lends it its own.

Each program runs in a process whose botocore has lost its `data/mturk` folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import botocore
import botocore.loaders
import pytest

from tests.inner import OPTIONS, STRICT

ROOT = Path(__file__).parents[2]

USE = """
assert client.meta.service_model.service_name == "mturk"
with mturk_mock.mock_mturk(balance="12.34"):
    assert client.get_account_balance()["AvailableBalance"] == "12.34"
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Make a copy of botocore without the service model of Mechanical Turk."""
    site = tmp_path_factory.mktemp("site")
    installed, copy = Path(botocore.__file__).parent, site / "botocore"
    (copy / "data").mkdir(parents=True)
    for folder in (".", "data"):
        for path in (installed / folder).iterdir():
            if path.name not in {"data", "mturk", "__pycache__"}:
                (copy / folder / path.name).symlink_to(path)
    return site


@pytest.fixture
def run(site, tmp_path):
    """Run a command with that botocore, and return its output."""

    def call(*command):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(site), str(ROOT)])}
        result = subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return call


PROGRAMS = {
    "control": """
import boto3, botocore.exceptions
try:
    boto3.client("mturk", region_name="us-east-1")
except botocore.exceptions.UnknownServiceError:
    import mturk_mock
    client = boto3.client("mturk", region_name="us-east-1")
else:
    raise SystemExit("botocore still knows the service")
""",
    "early session": """
import boto3
session = boto3.session.Session(region_name="us-east-1")
import mturk_mock
client = session.client("mturk")
""",
    "early session that was used": """
import boto3, botocore.exceptions
session = boto3.session.Session(region_name="us-east-1")
session.client("sqs")
assert "mturk" not in session.get_available_services()
try:
    session.client("mturk")
except botocore.exceptions.UnknownServiceError:
    pass
import mturk_mock
assert "mturk" in session.get_available_services()
client = session.client("mturk")
""",
    "default session, early": """
import boto3
boto3.setup_default_session(region_name="us-east-1")
boto3.client("sqs")
import mturk_mock
client = boto3.client("mturk")
""",
    "default session, late": """
import mturk_mock
import boto3
client = boto3.client("mturk", region_name="us-east-1")
""",
    "late session": """
import mturk_mock
import boto3
client = boto3.session.Session(region_name="us-east-1").client("mturk")
""",
    "botocore's own session": """
import mturk_mock
import botocore.session
session = botocore.session.get_session()
assert "mturk" in session.get_available_services()
client = session.create_client("mturk", region_name="us-east-1")
""",
    "version of the API named": """
import mturk_mock
import boto3
client = boto3.client("mturk", region_name="us-east-1", api_version="2017-01-17")
""",
    "handle": """
import mturk_mock
client = mturk_mock.mock_mturk(balance="12.34").start().client()
""",
    "only the loader imported before": """
import botocore.loaders
import mturk_mock
import boto3
client = boto3.client("mturk", region_name="us-east-1")
""",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_client_is_made_and_answered(run, program):
    """After the import of the package, every session finds the service."""
    run(*STRICT, "-c", PROGRAMS[program] + USE)


def test_plugin_alone_is_enough(run, tmp_path):
    """The pytest plugin provides the model if no test imports the package."""
    tests = tmp_path / "test_project.py"
    tests.write_text(
        "import boto3, pytest\n"
        "mturk = boto3.client('mturk', region_name='us-east-1')\n"
        "@pytest.mark.mock_mturk(balance='12.34')\n"
        "def test_a():\n"
        "    assert mturk.get_account_balance()['AvailableBalance'] == '12.34'\n"
    )

    assert "1 passed" in run("-m", "pytest", *OPTIONS, str(tests))


def test_paginators_of_the_model_work(run):
    """Every list operation can be paginated."""
    run(
        *STRICT,
        "-c",
        """
import json
from pathlib import Path
import mturk_mock
from botocore import xform_name
from tests.helpers import create_hit

data = Path(mturk_mock.__file__).parent / "data" / "mturk" / "2017-01-17"
names = json.loads((data / "paginators-1.json").read_text())["pagination"]
with mturk_mock.mock_mturk() as mturk:
    client = mturk.client()
    assert all(client.can_paginate(xform_name(name)) for name in names)
    assert not client.can_paginate("get_hit")
    made = {create_hit(client)["HITId"] for _ in range(3)}
    pages = client.get_paginator("list_hits").paginate(PaginationConfig={"PageSize": 2})
    assert {hit["HITId"] for page in pages for hit in page["HITs"]} == made
    hit_id = made.pop()
    for name, params in {
        "list_assignments_for_hit": {"HITId": hit_id},
        "list_bonus_payments": {"HITId": hit_id},
        "list_reviewable_hits": {},
        "list_worker_blocks": {},
    }.items():
        assert [page["NumResults"] for page in client.get_paginator(name).paginate(**params)] == [0]
    assert client.waiter_names == []
""",
    )


def test_places_are_as_ever(run):
    """Production, sandbox, other regions and custom endpoints have their usual addresses."""
    places = {
        "region_name='us-east-1'": "https://mturk-requester.us-east-1.amazonaws.com",
        "region_name='sandbox'": "https://mturk-requester-sandbox.us-east-1.amazonaws.com",
        "region_name='eu-west-1'": "https://mturk-requester.eu-west-1.amazonaws.com",
        "region_name='us-east-1', endpoint_url='http://localhost:5000'": "http://localhost:5000",
    }
    program = "import mturk_mock, boto3\n" + "".join(
        f"print(boto3.client('mturk', {where}).meta.endpoint_url)\n" for where in places
    )

    assert run(*STRICT, "-c", program).split() == list(places.values())


def test_whole_life_of_a_hit(run):
    """A HIT is created, worked on, reviewed, paid and deleted, with modeled errors."""
    run(
        *STRICT,
        "-c",
        """
import boto3, mturk_mock
from tests.helpers import create_hit

client = boto3.client("mturk", region_name="us-east-1")
with mturk_mock.mock_mturk() as mturk:
    hit_id = create_hit(client, UniqueRequestToken="token")["HITId"]
    try:
        create_hit(client, UniqueRequestToken="token")
    except client.exceptions.RequestError as refusal:
        assert refusal.response["TurkErrorCode"] == "AWS.MechanicalTurk.HitAlreadyExists"
    else:
        raise SystemExit("published twice")
    mturk.worker().accept(hit_id).submit({"x": "1"})
    (work,) = client.list_assignments_for_hit(HITId=hit_id)["Assignments"]
    client.approve_assignment(AssignmentId=work["AssignmentId"])
    client.send_bonus(
        WorkerId=work["WorkerId"],
        AssignmentId=work["AssignmentId"],
        BonusAmount="1.00",
        Reason="Thanks",
    )
    client.delete_hit(HITId=hit_id)
    assert client.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Disposed"
    assert mturk.calls[-1].result["HIT"]["HITId"] == hit_id
""",
    )


def test_other_services_stay_unknown(run):
    """Only files of Mechanical Turk that exist in the package are provided."""
    run(
        *STRICT,
        "-c",
        """
import boto3, mturk_mock
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader

for service, kind, error in [
    ("nothing", "service-2", UnknownServiceError),
    ("mturk", "waiters-2", DataNotFoundError),
    ("mturk", "examples-1", DataNotFoundError),
    ("sqs", "nothing-1", DataNotFoundError),
]:
    try:
        Loader().load_service_model(service, kind)
    except error:
        continue
    raise SystemExit(f"{service} {kind} was found")
assert "mturk" not in Loader().list_available_services("waiters-2")
assert "nothing" not in boto3.session.Session().get_available_services()
try:
    boto3.client("nothing", region_name="us-east-1")
except UnknownServiceError as error:
    assert "Unknown service: 'nothing'" in str(error)
""",
    )


# With botocore's own description ------------------------------------------------------------


def test_botocore_s_own_description_comes_first():
    """If botocore has the service model, it is used."""
    try:
        own = botocore.loaders.Loader().load_data("mturk/2017-01-17/service-2")
    except botocore.exceptions.DataNotFoundError:
        pytest.skip(f"botocore {botocore.__version__} has no description of mturk")

    assert botocore.loaders.Loader().load_service_model("mturk", "service-2") == own
    services = botocore.loaders.Loader().list_available_services("service-2")
    assert services.count("mturk") == 1


def test_botocore_that_finds_nothing_is_lent_ours():
    """The service is listed and its model is loaded; other services stay unknown."""
    nowhere = botocore.loaders.Loader(include_default_search_paths=False)

    assert nowhere.list_available_services("service-2") == ["mturk"]
    assert nowhere.list_available_services("waiters-2") == []
    assert nowhere.load_service_model("mturk", "service-2")["metadata"]["serviceId"] == "MTurk"
    with pytest.raises(botocore.exceptions.UnknownServiceError):
        nowhere.load_service_model("s3", "service-2")


OURS = "[finder for finder in sys.meta_path if type(finder).__module__.startswith('mturk_mock')]"


def test_import_leaves_nothing_in_the_import_system():
    """The import hook is removed after botocore was imported."""
    program = (
        f"import sys, mturk_mock\nassert len({OURS}) == 1\n"
        f"import botocore.loaders\nassert {OURS} == []\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True)


def test_import_without_botocore_says_what_python_says(tmp_path):
    """Without botocore, the import error is Python's own."""
    (tmp_path / "mturk_mock").symlink_to(ROOT / "mturk_mock")
    program = (
        f"import sys, mturk_mock\nassert len({OURS}) == 1\n"
        "try:\n    import botocore.loaders\nexcept ModuleNotFoundError as error:\n"
        "    assert error.name == 'botocore'\nelse:\n    raise SystemExit('found')\n"
    )

    subprocess.run([sys.executable, "-S", "-c", program], check=True, cwd=tmp_path)
