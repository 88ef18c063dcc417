"""Fuzzes for as long as you like: `python -m tests.fuzz.long --seconds 600 [--target coco]`.

It prints how many inputs each target read, and stops at no failure: each is kept under `--found` with its seed, to be
repeated by `--seed SEED --inputs 1`, mended as a kind, and added to the corpus.
"""

import argparse
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from random import Random

from .inputs import TARGETS

SLOWEST = 10
"""Seconds after which an input counts as a hang."""


def _hangs(*_: object) -> None:
    raise TimeoutError(f"took more than {SLOWEST} seconds")


def fuzz(name: str, seed: int, inputs: int, seconds: float, found: Path) -> tuple[int, int]:
    """Try inputs of one target, by seeds that count up; return how many there were, and how many failed."""
    ends, tried, failed = time.monotonic() + seconds, 0, 0
    kinds: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        while tried < inputs and time.monotonic() < ends:
            signal.setitimer(signal.ITIMER_REAL, SLOWEST)
            try:
                TARGETS[name](Random(f"{name} {seed + tried}"), Path(folder))
            except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
                failed += 1
                kind = f"{type(error).__name__} in {traceback.extract_tb(error.__traceback__)[-1]}: {error}"
                if kind[:200] not in kinds:  # each kind is told once
                    kinds.add(kind[:200])
                    with (found / f"{name}.txt").open("a", encoding="utf-8", errors="backslashreplace") as file:
                        file.write(f"{name}, seed {seed + tried}\n{traceback.format_exc()}\n")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            tried += 1
    return tried, failed


def main() -> int:
    """Fuzz what is wanted, in turn; return 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this one; may be repeated")
    parser.add_argument("--inputs", type=int, default=10**9, help="at most so many inputs for each target")
    parser.add_argument("--seconds", type=float, default=60, help="at most so long for each target")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--found", type=Path, default=Path("fuzz_found"), help="the folder for what failed")
    wanted = parser.parse_args()
    wanted.found.mkdir(exist_ok=True)
    signal.signal(signal.SIGALRM, _hangs)
    warnings.simplefilter("error")  # one that reaches the terminal is a failure, too
    total = failures = 0
    for name in wanted.target or TARGETS:
        started = time.monotonic()
        tried, failed = fuzz(name, wanted.seed, wanted.inputs, wanted.seconds, wanted.found)
        each = (time.monotonic() - started) / max(tried, 1) * 1000
        print(f"{name:>16} {tried:>9,} inputs, {failed} failed, {each:.2f} ms each", flush=True)
        total, failures = total + tried, failures + failed
    print(f"{'all':>16} {total:>9,} inputs, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
