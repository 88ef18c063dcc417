"""The command line as tests use it: in this process, as a process of its own, and at a real terminal."""

import fcntl
import io
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
import traceback
import warnings
from typing import NamedTuple

import pytest

from annostrat.__main__ import main


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _plain_world(monkeypatch, tmp_path):
    """Start every test in an empty folder, 80 columns wide, outside CI."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "ANNOSTRAT_RULES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def annostrat(monkeypatch, capsys):
    """Run the command line in this process."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr("sys.argv", ["annostrat", *arguments])
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Result(ended.value.code, captured.out, captured.err)

    return run


@pytest.fixture
def command():
    """Return the words that start the command line as a process of its own."""
    return [sys.executable, "-m", "annostrat"]


@pytest.fixture
def save(tmp_path):
    """Write a file of the test's own folder and return its name."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return name

    return write


class Terminal:
    """A command that believes a person sits before it; standard output goes to a file where `piped`.

    It runs in a copy of this process, which has imported already what the command needs.
    """

    def __init__(self, arguments, *, columns=80, piped=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with warnings.catch_warnings(
            action="ignore", category=DeprecationWarning
        ):  # of threads, which it has no use for
            self.process = os.fork()
        if not self.process:
            os.environ.pop("COLUMNS", None)
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            _run_in_this_process(arguments, (slave, piped.fileno() if piped else slave, slave))
        os.close(slave)
        self.seen, self.position, self._code = "", 0, None

    def code(self, seconds=0):
        """Return the exit code; None while the command runs, for so long."""
        end = time.monotonic() + seconds
        while self._code is None:
            done, status = os.waitpid(self.process, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if done else None
            if time.monotonic() >= end:
                break
            time.sleep(0.002)
        return self._code

    def wait_for(self, text, seconds=20):
        """Read on until the screen shows a text, below the one that was waited for before."""
        end = time.monotonic() + seconds
        while text not in self.seen[self.position :]:
            assert self._read(end - time.monotonic()), f"{text!r} never came; the screen: {self.seen}"
        self.position = self.seen.index(text, self.position) + len(text)

    def type(self, text):
        """Type a line."""
        os.write(self.master, text.encode() + b"\n")

    def press(self, key):
        """Press a key, for example Ctrl-C."""
        os.write(self.master, key)

    def answer(self, *lines):
        """Wait for a prompt and type a line, for each line."""
        for line in lines:
            self.wait_for("\n> ")
            self.type(line)

    def end(self):
        """Return the exit code, with everything read; Enter skips what may be skipped."""
        more = "all"
        while more:
            asked = self.seen[self.position :]
            if asked.endswith("\n> ") and any(word in asked for word in ("Enter.", "Enter skips", "[no]")):
                self.position = len(self.seen)
                self.type("")
            more = self._read(20)
        return self.code(20)

    def _read(self, seconds):
        if not select.select([self.master], [], [], max(0, seconds))[0]:
            return ""
        try:
            piece = os.read(self.master, 65536).decode("utf-8", "replace").replace("\r\n", "\n")
        except OSError:
            return ""
        self.seen += piece
        return piece


def _run_in_this_process(arguments, streams):
    """Run the command line on other streams, and end this process with its exit code."""
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        sys.stdin, sys.stdout, sys.stderr = (open(number, mode, encoding="utf-8") for number, mode in enumerate("rww"))  # noqa: SIM115
        sys.argv = ["annostrat", *arguments]
        main()
    except SystemExit as ended:
        code = ended.code
    except Exception:  # noqa: BLE001
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


@pytest.fixture
def terminal():
    """Start the command line at a terminal of its own."""
    started = []

    def start(*arguments, **options):
        started.append(Terminal(arguments, **options))
        return started[-1]

    yield start
    for one in started:
        if one.code() is None:
            os.kill(one.process, signal.SIGKILL)
            one.code(20)
        os.close(one.master)
