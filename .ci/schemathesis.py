"""Run schemathesis against a server that has some HITs and a worker; see .ci/schemathesis."""

import subprocess
import sys

from mturk_mock import HTMLQuestion
from mturk_mock.server import MTurkServer

PAGE = "<!DOCTYPE html><html><head><title>?</title></head><body><form></form></body></html>"
OPTIONS = ["--seed", "1", "--max-examples", "20", "--suppress-health-check", "all"]
OPTIONS += ["--request-timeout", "20", "--generation-database", "none"]
#: Everything; then what workers do, in the state that everything has not emptied.
RUNS = (["--exclude-path", "/_mturk/events"], ["--include-path-regex", "worker_id"])


def run(program: str, choice: list[str]) -> int:
    """Start a server and run schemathesis; return its exit status."""
    with MTurkServer(seed=1) as server:
        server.mturk.worker("A2SCHEMATHESIS")
        for _ in range(3):
            server.mturk.add_hit(question=HTMLQuestion(PAGE), max_assignments=9)
        url = f"{server.url}/_mturk/openapi.json"
        config = ["--config-file", ".ci/schemathesis.toml"]
        return subprocess.run([program, *config, "run", url, *OPTIONS, *choice]).returncode


sys.exit(max(run(sys.argv[1], choice) for choice in RUNS))
