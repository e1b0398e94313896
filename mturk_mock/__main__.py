"""The command line: `mturk-mock`, or `python -m mturk_mock`."""

from __future__ import annotations

import argparse
import http.client
import os
import re
import sys
import urllib.request
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import mturk_mock
from mturk_mock import demo

#: The default port of `mturk-mock serve`.
PORT: Final = 5780

_YES: Final = ("1", "true", "yes")
_NO: Final = ("", "0", "false", "no")
_LOG_FORMATS: Final = ("text", "json")
_HEALTH_TIMEOUT: Final = 5  # seconds


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong: in one line, or after the usage."""

    in_one_line = False

    def error(self, message: str) -> NoReturn:
        """Print the message, and exit with status 2."""
        if self.in_one_line:
            self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")
        super().error(message)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = Parser(
        prog="mturk-mock", description="Test boto3 code that uses Mechanical Turk, without Amazon."
    )
    parser.add_argument("--version", action="version", version=f"mturk_mock {version()}")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_demo(commands)
    _add_serve(commands)
    _add_exec(commands)
    _add_preview(commands)
    _add_health(commands)
    _add_replay(commands)
    _add_erase_worker(commands)
    return parser


def _add_demo(commands: Any) -> None:
    command = commands.add_parser(
        "demo",
        help="run a labeling campaign of two simulated days, in a second or two",
        description="Run a requester's program that labels 84 species, with 12 simulated workers. "
        "Nothing is written unless you name a file with --results.",
    )
    command.add_argument(
        "--seed", type=int, default=1, help="the same seed gives the same campaign (default: 1)"
    )
    command.add_argument(
        "--results",
        type=new_file,
        metavar="PATH",
        help="write the labels to this CSV file, which must not exist yet",
    )
    command.set_defaults(run=run_demo, parser=command)


def _add_serve(commands: Any) -> None:
    command = commands.add_parser(
        "serve",
        help="answer the API over HTTP, for programs in any language",
        description="Answer the API of Mechanical Turk over HTTP until Ctrl-C. Each option can "
        "also be an environment variable: --public-url is MTURK_MOCK_PUBLIC_URL.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    _add_option(command, "--host", str, "127.0.0.1", "address to listen on")
    _add_option(command, "--port", read_port, str(PORT), "port to listen on; 0 picks a free one")
    _add_option(command, "--state", str, None, "file that keeps the state; without it, nothing is")
    _add_option(command, "--seed-data", str, None, "snapshot file (JSON) for a new state")
    _add_flag(command, "--forget", "drop the records of changes before each checkpoint")
    _add_option(
        command, "--credentials", str, None, "JSON file of access keys; calls must be signed"
    )
    _add_option(command, "--public-url", str, None, "URL by which programs reach the server")
    _add_option(command, "--content-url", str, None, "URL, of another host, for pages of HITs")
    _add_flag(command, "--open", "open the worker site in the browser")
    _add_option(command, "--label", str, None, "name to print before the URLs")
    _add_option(command, "--log-format", read_log_format, "text", "text or json")
    _add_flag(
        command, "--insecure", "answer everybody who reaches the port, also from other machines"
    )
    # A default of the parser, not of the argument, is not printed by --help.
    command.set_defaults(control_token=os.environ.get("MTURK_MOCK_CONTROL_TOKEN") or None)
    command.add_argument(
        "--control-token",
        default=argparse.SUPPRESS,
        metavar="TOKEN",
        help="secret of 16 characters or more, which requests to the control API must have",
    )
    command.in_one_line = True
    command.set_defaults(run=run_server, parser=command)


def _add_exec(commands: Any) -> None:
    command = commands.add_parser(
        "exec",
        help="run a program with a server of its own",
        usage="mturk-mock exec [--seed-data FILE] -- PROGRAM [ARGUMENT ...]",
        description="Start a server, run a program whose calls of Mechanical Turk reach it, and "
        "exit with the program's status. In Python programs that have mturk_mock, requests to "
        "the service's own addresses reach it too.",
    )
    _add_option(command, "--seed-data", str, None, "snapshot file (JSON) to start from")
    command.add_argument("program", nargs=argparse.REMAINDER, help="the program and its arguments")
    command.in_one_line = True
    settings = {"host": "127.0.0.1", "port": 0, "credentials": None, "public_url": None}
    settings |= {"state": None, "forget": False, "insecure": False, "control_token": None}
    settings |= {"content_url": None}
    command.set_defaults(run=run_exec, parser=command, **settings)


def _add_preview(commands: Any) -> None:
    command = commands.add_parser(
        "preview",
        help="show a page as a worker sees it, while you write it",
        description="Show a page as a worker sees it, again each time when it is saved, and print "
        "what is submitted as boto3 returns it. PAGE is a page of HTML or a Question document "
        "(XML). ROWS.csv has the values of the placeholders ${name} in it.",
    )
    command.add_argument("page", type=Path, metavar="PAGE", help="file with HTML or XML")
    command.add_argument(
        "rows", type=Path, nargs="?", metavar="ROWS.csv", help="file with a column for each name"
    )
    command.add_argument(
        "--port", type=read_port, default=0, help="port to listen on; by default a free one"
    )
    command.add_argument("--no-open", action="store_true", help="open no browser")
    command.in_one_line = True
    command.set_defaults(run=run_server, parser=command)


def _add_option(
    command: argparse.ArgumentParser,
    flag: str,
    read: Callable[[str], Any],
    default: str | None,
    help_text: str,
) -> None:
    """Add an option whose default is in the environment, if it is there."""
    metavar = flag.rpartition("-")[2].upper()
    value = os.environ.get(_variable(flag)) or default  # an empty variable is none
    command.add_argument(flag, type=read, default=value, metavar=metavar, help=help_text)


def _add_flag(command: argparse.ArgumentParser, flag: str, help_text: str) -> None:
    """Add a flag that is off by default, unless the environment turns it on."""
    command.add_argument(
        flag,
        nargs="?",
        type=read_flag,
        const=True,
        default=os.environ.get(_variable(flag), "no"),
        metavar="YES_OR_NO",
        help=help_text,
    )


def _variable(flag: str) -> str:
    return f"MTURK_MOCK_{flag.strip('-').replace('-', '_').upper()}"


def _add_replay(commands: Any) -> None:
    command = commands.add_parser(
        "replay",
        help="print the campaign that a state file has recorded",
        description="Make the changes that a state file has recorded again, compare their "
        "outcomes, and print one line for each. The file is not changed.",
    )
    command.add_argument("file", metavar="FILE", help="that of mturk-mock serve --state FILE")
    command.add_argument(
        "--until", type=read_time, metavar="TIME", help="stop there; as 2026-01-31T12:00:00Z"
    )
    command.add_argument(
        "--snapshot", metavar="PATH", help="write the state at the end, or at TIME, to this file"
    )
    command.in_one_line = True
    command.set_defaults(run=run_server, parser=command)


def _add_erase_worker(commands: Any) -> None:
    command = commands.add_parser(
        "erase-worker",
        help="erase the data of a worker from a state file",
        description="Replace a worker's ID, answers and files, and what requesters wrote about "
        "the worker, in the state and in the records of a state file. No server may be using it.",
    )
    command.add_argument("file", metavar="FILE", help="that of mturk-mock serve --state FILE")
    command.add_argument("worker", metavar="WORKER_ID", help="as A1B2C3D4E5F6G7")
    command.in_one_line = True
    command.set_defaults(run=run_server, parser=command)


def _add_health(commands: Any) -> None:
    command = commands.add_parser(
        "health",
        help="exit with status 0 if a server is ready",
        description="Ask a server whether it is ready; exit with status 0 if it is, or else 1.",
    )
    command.add_argument("url", type=read_url, metavar="URL", help="as http://127.0.0.1:5780")
    command.in_one_line = True
    command.set_defaults(run=run_health, parser=command)


def read_port(text: str) -> int:
    """Return a port from 0 to 65535."""
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def read_flag(text: str) -> bool:
    """Return whether a flag is on."""
    if text.lower() not in (*_YES, *_NO):
        raise argparse.ArgumentTypeError(f"a flag is 1 or 0, yes or no, not {text!r}")
    return text.lower() in _YES


def read_log_format(text: str) -> str:
    """Return the format of the access log."""
    if text not in _LOG_FORMATS:
        raise argparse.ArgumentTypeError(f"a log is {' or '.join(_LOG_FORMATS)}, not {text!r}")
    return text


def read_time(text: str) -> datetime:
    """Return a time with its zone."""
    try:
        time = datetime.fromisoformat(re.sub("Z$", "+00:00", text))
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"a time has a date, a time and a zone, such as 2026-01-31T12:00:00Z, not {text!r}"
        )
    return time


def read_url(text: str) -> str:
    """Return the URL of a server without a slash at its end."""
    if urlsplit(text).scheme not in ("http", "https"):
        raise argparse.ArgumentTypeError(f"a URL begins with http:// or https://, not {text!r}")
    return text.rstrip("/")


def version() -> str:
    """Return the version, or "(not installed)" in a checkout that is not installed."""
    try:
        return str(mturk_mock.__version__)
    except PackageNotFoundError:
        return "(not installed)"


def new_file(text: str) -> Path:
    """Return the path of a file that does not exist yet, in a folder that exists."""
    path = Path(text)
    if path.exists():
        raise argparse.ArgumentTypeError(f"{path} exists; name a file that does not exist yet")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder {path.parent} does not exist")
    return path


def run_demo(options: argparse.Namespace) -> int:
    """Run the demo."""
    try:
        demo.run(options.seed, options.results)
    except OSError as problem:
        print(f"mturk-mock: {problem}", file=sys.stderr)
        return 1
    return 0


def run_server(options: argparse.Namespace) -> int:
    """Run a server; return 2 if that is not possible."""
    try:
        from mturk_mock.server import command  # needs starlette and uvicorn

        return command.COMMANDS[options.command](options)
    except (ImportError, ValueError) as problem:
        print(f"{options.parser.prog}: {problem}", file=sys.stderr)
        return 2


def run_exec(options: argparse.Namespace) -> int:
    """Run a program with a server, and return its exit status."""
    options.program = options.program[options.program[:1] == ["--"] :]
    if not options.program:
        options.parser.error("name the program to run, after --")
    return run_server(options)


def run_health(options: argparse.Namespace) -> int:
    """Return 0 if a server is ready, or else 1."""
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with directly.open(f"{options.url}/readyz", timeout=_HEALTH_TIMEOUT) as response:
            is_ours = "x-mturk-mock" in response.headers
    except (OSError, http.client.HTTPException) as problem:
        reason = " ".join(str(getattr(problem, "reason", problem)).split())
        print(f"mturk-mock health: {options.url} is not ready: {reason}", file=sys.stderr)
        return 1
    if not is_ours:
        print(f"mturk-mock health: {options.url} is another server", file=sys.stderr)
    return 0 if is_ours else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, and return the exit status."""
    options, unknown = make_parser().parse_known_args(argv)
    if unknown:
        options.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
