"""What a settlement leaves in its folder: ``lines.csv`` for machines, ``explanations.html`` for people."""

from __future__ import annotations

import csv
import io
from errno import EISDIR
from os import strerror
from pathlib import Path
from tempfile import TemporaryDirectory

from avtal import money
from avtal.settlement import Line
from samverka.settle.folder import KNOWN_FILES, Settled
from samverka.settle.page import explanations_page

COLUMNS = (
    "payer", "payee", "charge", "month", "events", "quantity", "unit", "amount",
    "clauses", "parameters", "readings", "flags", "edition", "fingerprint", "example",
)  # fmt: skip


def write_settlement(settled: Settled, out: Path) -> list[Path]:
    """Write both files, and put them in place only when both are whole.

    Raises:
        OSError: The folder cannot be written to; what stood in it before is left as it was.
        ValueError: It is a folder to settle, which could not be settled again with these files in it.
    """
    if any((out / name).exists() for name in KNOWN_FILES):
        raise ValueError(f"--out {out}: är en mapp att avräkna; ange en annan mapp för det som skrivs")
    texts = {"lines.csv": lines_csv(settled), "explanations.html": explanations_page(settled)}
    out.mkdir(parents=True, exist_ok=True)
    for name in texts:
        if (out / name).is_dir():
            raise IsADirectoryError(EISDIR, strerror(EISDIR), str(out / name))
    with TemporaryDirectory(prefix=".samverka-", dir=out) as folder:
        for name, text in texts.items():
            Path(folder, name).write_text(text, encoding="utf-8", newline="")
        for name in texts:
            Path(folder, name).replace(out / name)
    return [out / name for name in texts]


def lines_csv(settled: Settled) -> str:
    """One line for each payer, payee, charge and month: comma, dot, UTF-8; amounts in kronor with two decimals."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    mark = (settled.edition.code, settled.edition.fingerprint)
    for line in settled.settlement.lines:
        writer.writerow([*_sums(line), *_grounds(line), " ".join(line.flags), *mark, "ja" if line.example else "nej"])
    return stream.getvalue()


def _sums(line: Line) -> tuple[str, ...]:
    names = (line.payer, line.payee, line.charge, line.month, str(line.events))
    return (*names, f"{line.quantity.normalize():f}", line.unit, money.kronor(line.amount))


def _grounds(line: Line) -> tuple[str, str, str]:
    step = line.explanation
    return " ".join(step.all_clauses()), " ".join(step.parameters()), " ".join(step.readings())
