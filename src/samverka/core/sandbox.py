"""A function run on a file from outside, in a process of its own: limits on memory, processor, time and answer.

The process is started anew (never forked from a server with threads), without the server's environment and secrets.
Whatever the file does to it, the server gets an answer or a reason, and keeps its memory.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from samverka.core.errors import Refused

MEGABYTE = 1024 * 1024
OUT_OF_MEMORY, OUT_OF_ROOM = 70, 71

Limit = Literal["memory", "cpu", "time", "output", "crash"]

_TOLD: dict[Limit, str] = {
    "memory": "Filen kräver mer minne än vad en fil får ta.",
    "cpu": "Filen tar för lång tid att läsa.",
    "time": "Filen tar för lång tid att läsa.",
    "output": "Filens innehåll är för stort.",
    "crash": "Filen är skadad och kan inte läsas.",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take: bytes of memory, seconds of processor and of time, bytes of answer."""

    memory: int = 512 * MEGABYTE
    cpu: int = 15
    seconds: float = 20
    output: int = 32 * MEGABYTE


class Exceeded(Refused):
    """A file took more than it may; ``limit`` says of what."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(f"{_TOLD[limit]} Inget är inläst.")
        self.limit = limit


DEFAULT = Limits()


def run_limited(name: str, path: Path, limits: Limits = DEFAULT, **arguments: Any) -> Any:
    """What ``module:function`` gives for a path, as JSON, within limits.

    Args:
        name: A function of ours, never anything that came from outside.
        path: The file; the function may write beside it.
        limits: What it may take.
        arguments: More of the function's arguments, as JSON.

    Raises:
        Exceeded: It took more, or broke the process.
        Refused: The function refused the file, with its own message.
    """
    command = [sys.executable, "-I", "-m", __name__, name, str(path), json.dumps([asdict(limits), arguments])]
    with tempfile.TemporaryFile() as answer:
        child = subprocess.Popen(  # noqa: S603  # our own interpreter and function; the file's name is ours too
            command, cwd=path.parent, env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENPYXL_LXML": "False"},
            stdin=subprocess.DEVNULL, stdout=answer, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            code = child.wait(limits.seconds)
        except subprocess.TimeoutExpired:
            raise Exceeded("time") from None
        finally:
            child.kill()
            child.wait()
        if code:
            raise Exceeded(_CODES.get(code, "crash"))
        answer.seek(0)
        return _said(answer.read(limits.output))


_CODES: dict[int, Limit] = {
    OUT_OF_MEMORY: "memory",
    OUT_OF_ROOM: "output",
    -signal.SIGXCPU: "cpu",
    -signal.SIGXFSZ: "output",
}


def _said(answer: bytes) -> Any:
    """The value, or the function's refusal."""
    said = json.loads(answer)
    if "refused" in said:
        raise Refused(said["refused"])
    return said["value"]


def main(name: str, path: str, options: str) -> int:
    """The process's side: limit itself, then load and run the function."""
    limits, arguments = json.loads(options)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"],) * 2)
    try:
        module, _, function = name.partition(":")
        value = getattr(import_module(module), function)(Path(path), **arguments)
        said = {"value": value}
    except Refused as refused:
        said = {"refused": str(refused)}
    except MemoryError:
        return OUT_OF_MEMORY
    try:
        sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False, allow_nan=False).encode())
        sys.stdout.buffer.flush()
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError:  # the answer is a file, and may be no longer
        return OUT_OF_ROOM
    return 0


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    os._exit(code)  # nothing is left to tidy, and little memory to do it with
