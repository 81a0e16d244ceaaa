"""Strike at every point of a play, in a process and databases of its own: ``tests.faults.__main__`` starts it.

It forks for every point, so that a child can be killed and the next one begins as warm as the first. As many lanes as
there are cores, each with its own database.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from django.core.management import call_command
from django.db import connection

from tests.faults import sealing, settling
from tests.faults.cutting import Cut, proxied
from tests.faults.fault import MODES, Fault, without_transactions
from tests.faults.plays import Play, Registering, attested_work
from tests.faults.racing import raced
from tests.faults.scratch import Scratch, scratch

#: Each from the one before.
STAGES: Mapping[str, Callable[[], None]] = {
    "attested": attested_work,
    "approved": settling.approved,
    "issued": settling.issued,
    "unsealed": sealing.unsealed,
}
PLAYS: Mapping[str, Play] = {
    play.name: play
    for play in (
        Registering(), settling.Proposing(), settling.Issuing(), settling.Crediting(), sealing.Sealing(),
        sealing.SealingBackwards(),
    )
}  # fmt: skip
LANES = os.cpu_count() or 1
#: A child's exit code where the run went well with fewer points.
UNREACHED = 3


class Unstruck(RuntimeError):
    """Something else than the fault stopped a run."""


class Strike(Protocol):
    """A fault at a point, which may not have been reached."""

    point: int
    seen: int

    def striking(self) -> AbstractContextManager[Any]:
        """Be in force."""


Make = Callable[[int, str, int], Strike]
"""From lane, mode and point."""


def told(what: str, names: Sequence[str], *, broken: bool) -> dict[str, Any]:
    """What became of every point of the plays: ``statements``, ``after`` in sealing, ``messages``; or of a ``race``."""
    with scratch(f"faults{os.getpid()}") as made:
        if what == "race":
            return raced(made, build, in_lanes, broken=broken)
        plays = [PLAYS[name] for name in names]
        build(made, STAGES, {play.stage for play in plays})
        if what in {"statements", "after"}:
            make = _fault if what == "statements" else _fault_after
            return {play.name: struck(made, play, make, MODES, broken=broken) for play in plays}
        with proxied(LANES) as proxies:
            found = {
                play.name: struck(
                    made, play, lambda lane, mode, point: Cut(proxies[lane], point, mode), CUTS, broken=broken
                )
                for play in plays
            }
            return found | {"lost_commits": sum(proxy.lost_commits for proxy in proxies)}


CUTS = ("before", "after")


def _fault(_: int, mode: str, point: int) -> Strike:
    return Fault(point, mode)  # type: ignore[arg-type]  # one of MODES


def _fault_after(_: int, mode: str, point: int) -> Strike:
    return Fault(point, mode, after=True)  # type: ignore[arg-type]  # as above


def build(made: Scratch, stages: Mapping[str, Callable[[], None]], needed: Collection[str]) -> None:
    """Every stage in a database of its own, each from the one before, as far as they are needed."""
    before = ""
    for name, act in list(stages.items())[: 1 + max(list(stages).index(one) for one in needed)]:
        if before:
            made.copy(before, name)
            made.use(name)
        else:
            made.make(name)
            made.use(name)
            call_command("migrate", verbosity=0)
        act()
        connection.close()
        before = name


def struck(made: Scratch, play: Play, make: Make, modes: Sequence[str], *, broken: bool) -> dict[str, Any]:
    """What became of every point of a play."""
    started = perf_counter()
    lanes = [f"{play.name}{lane}" for lane in range(LANES)]
    for lane in lanes:
        made.spare(play.stage, lane)
    made.use(lanes[0])
    play.run()  # warms what a process remembers, and is the truth to compare with
    truth, faults = play.digest(), play.faults(done=True)
    connection.close()
    made.restore(play.stage, lanes[0])
    points = count(made, lanes[0], play, make)
    work = [(mode, point) for mode in modes for point in range(1, points + 1)]

    def lane(number: int) -> Callable[[], dict[str, Any]]:
        return lambda: strike_all(made, number, lanes[number], play, make, work[number::LANES], truth, broken=broken)

    found = in_lanes([lane(number) for number in range(LANES)])
    made.drop(*lanes)
    sums = {key: sum(one[key] for one in found) for key in ("begun", "unreached")}
    violations = [*faults, *(one for lane in found for one in lane["violations"])]
    seconds = round(perf_counter() - started, 1)
    return {"points": points, "struck": len(work), **sums, "violations": violations, "seconds": seconds}


def count(made: Scratch, lane: str, play: Play, make: Make) -> int:
    """How many points a play has, seen in a child as every point is."""

    def counted() -> int:
        made.use(lane)
        with (strike := make(0, "", 0)).striking():
            play.run()
        seen = strike.seen
        connection.close()
        return seen

    [found] = in_lanes([counted])
    return int(found)


def strike_all(
    made: Scratch, number: int, lane: str, play: Play, make: Make, work: Sequence[tuple[str, int]], truth: str, *,
    broken: bool,
) -> dict[str, Any]:  # fmt: skip
    """Strike at each point, start again, and see that all is as if nothing had happened."""
    violations, begun, unreached = [], 0, 0
    for mode, point in work:
        made.restore(play.stage, lane)
        status = strike(made, lane, play, make(number, mode, point), broken=broken)
        made.use(lane)
        faults = play.faults(done=False)
        begun += play.begun()
        unreached += status == UNREACHED
        if status not in {-9 if mode == "kill" else 0, UNREACHED}:
            faults.append(f"ended with {status}")
        try:
            play.run()
            faults += play.faults(done=True)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
            faults.append(f"{type(error).__name__}: {error}")
        if not faults and play.digest() != truth:
            faults.append("not what an undisturbed run gives")
        connection.close()
        violations += [f"{play.name} {mode} at {point}: {fault}" for fault in faults]
        if broken and violations:
            break
    return {"violations": violations, "begun": begun, "unreached": unreached}


def strike(made: Scratch, lane: str, play: Play, fault: Strike, *, broken: bool) -> int:
    """How a child ended that was struck; after an error or a cut the same process tries again, as a worker would."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 0
    try:
        made.use(lane)
        with without_transactions() if broken else nullcontext(), fault.striking():
            try:
                play.run()
            except Exception as error:  # once struck, what it leaves is of interest, not what it says
                connection.in_atomic_block = False
                if fault.seen < fault.point:
                    raise Unstruck from error
            if fault.seen < fault.point:
                code = UNREACHED
        connection.close_if_unusable_or_obsolete()
        play.run()
        connection.close()
    except Exception as error:  # noqa: BLE001  # told by the exit code, and on the terminal
        sys.stderr.write(f"{play.name}, again: {type(error).__name__}: {error}\n")
        code = 4
    finally:
        os._exit(code)


def in_lanes(runs: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each gives, each run in a child of its own at the same time."""
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        children = []
        for number, run in enumerate(runs):
            child = os.fork()
            if not child:
                try:
                    Path(folder, str(number)).write_text(json.dumps(run()))
                    os._exit(0)
                except BaseException as error:  # noqa: BLE001  # a child must end here
                    sys.stderr.write(f"{type(error).__name__}: {error}\n")
                    sys.stderr.flush()
                    os._exit(1)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        if any(codes):
            raise RuntimeError(f"a lane ended with {codes}")
        return [json.loads(Path(folder, str(number)).read_text()) for number in range(len(runs))]
