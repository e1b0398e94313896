"""`mturk-mock preview` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

COMMAND = [sys.executable, "-m", "mturk_mock", "preview"]


class Previewed:
    """A preview that runs. ``lines``: what it has printed and a test has read."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self.wait_for("Ready.")
        self.url = re.search(r"http://\S+", self.lines[0])[0]

    @property
    def site(self):
        """The address of the server."""
        return self.url.removesuffix("/preview")

    def wait_for(self, text):
        """Read lines until one has a text in it; return the lines."""
        start = len(self.lines)
        while True:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            self.lines.append(line.rstrip("\n"))
            if text in line:
                return self.lines[start:]

    def end(self):
        """End it by Ctrl-C; return the exit status and what was written to stderr."""
        self.process.send_signal(signal.SIGINT)
        _, written = self.process.communicate(timeout=60)
        return self.process.returncode, written


@contextmanager
def previewing(*arguments, **environment):
    """Run a preview without a browser, unless the environment names one; kill it at the end."""
    options = [] if "BROWSER" in environment else ["--no-open"]
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments), *options],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield Previewed(process)
    finally:
        process.kill()
        process.communicate()
