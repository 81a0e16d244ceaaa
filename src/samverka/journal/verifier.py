"""Hold a party's copy of the journal against signed checkpoints: one file, Python 3.11 or later, nothing else.

    python verifier.py journal.jsonl kontrollpunkt.txt [äldre.txt ...] --key NYCKEL

What it rests on, so that anyone can check it or write their own:

- leaf = SHA-256(0x00 + the entry's text in UTF-8). An entry that is somebody else's is there as its leaf only.
- chain = SHA-256(0x01 + the chain before it + leaf), from 32 zero bytes. Nothing before it can change unseen.
- A checkpoint is five lines (what it is, whose journal, how many entries, the chain there in hexadecimal, when), and
  the Ed25519 signature (RFC 8032) of exactly those. Its key is published; note it when you get your first checkpoint.

Exit code 0: everything agrees. 3: something does not. 2: a file that is not what it should be.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

EXPORT, CHECKPOINT = "samverka journal 1", "samverka checkpoint 1"

# Ed25519, from RFC 8032, section 5.1. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, x * y = T/Z.
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # a square root of -1
Point = tuple[int, int, int, int]


class Fault(Exception):
    """What does not agree, in Swedish."""


class BadFile(Fault):
    """A file that cannot be read as what it should be."""


def add(a: Point, b: Point) -> Point:
    """The sum of two points."""
    first, second = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    third, fourth = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = second - first, fourth - third, fourth + third, second + first
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def point_of(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for: y, with x's lowest bit on top; None if there is none."""
    y = int.from_bytes(encoded, "little")
    low, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and low):
        return None
    x = P - x if x & 1 != low else x
    return x, y, 1, x * y % P


BASE: Point = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


def signed(text: bytes, signature: bytes, key: bytes) -> bool:
    """Whether the key's owner signed the text."""
    if len(signature) != 64 or len(key) != 32:
        return False
    public, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if public is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def checkpoint_of(name: str, text: str, key: bytes) -> tuple[str, int, bytes, str]:
    """A checkpoint file's origin, count, chain and time, its signature checked."""
    lines = text.split("\n")
    if len(lines) < 6 or lines[0] != CHECKPOINT or not lines[5].startswith("signature "):
        raise BadFile(f"{name}: är ingen kontrollpunkt från Samverka.")
    try:
        count, chain = int(lines[2]), bytes.fromhex(lines[3])
        signature = bytes.fromhex(lines[5].removeprefix("signature "))
    except ValueError:
        raise BadFile(f"{name}: kontrollpunkten går inte att läsa.") from None
    if not signed("".join(f"{line}\n" for line in lines[:5]).encode(), signature, key):
        raise Fault(f"{name}: underskriften är inte gjord med nyckeln. Kontrollpunkten är förfalskad eller ändrad.")
    return lines[1], count, chain, lines[4]


def leaves(lines: Iterable[str]) -> Iterator[bytes]:
    """Each entry's leaf, its text checked against it and its number against its place."""
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            found, leaf, body = entry["n"], bytes.fromhex(entry["leaf"]), entry.get("body")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadFile(f"Post {number}: raden går inte att läsa. Filen är skadad.") from None
        if found != number:
            raise Fault(f"Post {number} saknas: där den skulle stå står post {found}. En post är borttagen.")
        if body is not None and hashlib.sha256(b"\0" + body.encode()).digest() != leaf:
            raise Fault(f"Post {number}: texten stämmer inte med sitt fingeravtryck. Posten är ändrad.")
        yield leaf


def verify(export: Iterable[str], checkpoints: Iterable[tuple[str, str]], key: bytes) -> str:
    """What was found right, in one sentence each; the first thing that is wrong is raised as a ``Fault``."""
    lines = iter(export)
    try:
        head = json.loads(next(lines, ""))
        form, origin, promised = head["format"], str(head["origin"]), int(head["count"])
    except (ValueError, KeyError, TypeError):
        form = ""
    if form != EXPORT:
        raise BadFile("Den första filen är ingen journal från Samverka.")
    marks = sorted(((checkpoint_of(*given, key), given[0]) for given in checkpoints), key=lambda mark: mark[0][1])
    for (whose, *_), name in marks:
        if whose != origin:
            raise Fault(f"{name}: gäller journalen {whose}, inte {origin}.")
    count, chain = 0, bytes(32)
    said: list[tuple[int, str]] = []
    waiting = list(marks)

    def hold() -> None:
        while waiting and waiting[0][0][1] == count:
            (_, _, expected, at), name = waiting.pop(0)
            if chain != expected:
                since = f" efter post {said[-1][0]}" if said else ""
                raise Fault(
                    f"{name}: kedjan vid post {count} är en annan än den som undertecknades {at}. "
                    f"Någon av posterna{since} till och med {count} är ändrad eller utbytt."
                )
            said.append((count, f"{name}: stämmer, {count} poster undertecknade {at}."))

    hold()
    for leaf in leaves(lines):
        count, chain = count + 1, hashlib.sha256(b"\1" + chain + leaf).digest()
        hold()
    if waiting:
        (_, expected_count, _, at), name = waiting[0]
        raise Fault(f"{name}: {expected_count} poster undertecknades {at}, men journalen slutar vid post {count}.")
    if count != promised:
        raise Fault(f"Journalen säger sig ha {promised} poster men slutar vid post {count}. Slutet är avkapat.")
    after = count - (said[-1][0] if said else 0)
    told = [sentence for _, sentence in said]
    if after:
        told.append(f"De {after} sista posterna är ännu inte undertecknade av någon av kontrollpunkterna.")
    return "\n".join([f"Journalen stämmer: {count} poster i obruten kedja.", *told])


def say(text: object) -> None:
    """One line or more on standard error."""
    sys.stderr.write(f"{text}\n")


def main(argv: list[str]) -> int:
    """Read the files that the command line names and say what was found."""
    if len(argv) < 4 or argv[-2] != "--key":
        say("Så här: python verifier.py journal.jsonl kontrollpunkt.txt [äldre.txt ...] --key NYCKEL")
        return 2
    key = bytes.fromhex(argv[-1]) if re.fullmatch("[0-9a-fA-F]{64}", argv[-1]) else b""
    if not key:
        say("--key: nyckeln är 64 hexadecimala tecken.")
        return 2
    if point_of(key) is None:
        say("--key: det är ingen nyckel. Något tecken är fel: skriv av den en gång till.")
        return 2
    export, *names = argv[:-2]
    try:
        checkpoints = [(name, Path(name).read_text(encoding="utf-8")) for name in names]
        with Path(export).open(encoding="utf-8") as file:
            sys.stdout.write(verify(file, checkpoints, key) + "\n")
    except OSError as fault:
        say(f"{fault.filename}: filen finns inte eller går inte att läsa.")
        return 2
    except UnicodeDecodeError:
        say("En av filerna är inte text i UTF-8, och kommer då inte så från Samverka.")
        return 2
    except Fault as fault:
        say(fault)
        return 2 if isinstance(fault, BadFile) else 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
