"""JSON lines from outside: good cases, or faults that name their line; never an exception."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samverka.cli.jsonlines import LONGEST_LINE, Bad, Good, read_cases

TEXTS = {
    b"[1, 2]": "inte ett JSON-objekt",
    b'"text"': "inte ett JSON-objekt",
    b"null": "inte ett JSON-objekt",
    b"{": "inte JSON (tecken 2); ett objekt per rad",
    b'{"a": 1} {"b": 2}': "inte JSON (tecken 10); ett objekt per rad",
    b'{"a": 01}': "inte JSON (tecken 8); ett objekt per rad",
    b'{"a": 1, "a": 2}': "a: nyckeln står flera gånger",
    b'{"x": {"a": 1, "b": 2, "b": 3}}': "b: nyckeln står flera gånger",
    b'{"\xe5": 1}': "inte UTF-8",
    b'{"a": "\\ud800"}': "ett halvt tecken, som \\ud800 utan sin andra hälft",
    b'{"\\uDFFF": 1}': "ett halvt tecken, som \\ud800 utan sin andra hälft",
    b"[" * 100_000: "för djupt nästlad; ett objekt per rad",
    b'{"a":' * 100_000: "för djupt nästlad; ett objekt per rad",
    b'{"' + b"k" * 201 + b'": 1}': "en nyckel är längre än 200 tecken",
    b"{" + b" " * LONGEST_LINE + b"}": f"raden är längre än {LONGEST_LINE} tecken; läsningen slutar här",
}


def read(content: bytes) -> list[Good | Bad]:
    """Everything that is read."""
    return list(read_cases(io.BytesIO(content)))


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_line_that_is_no_case_says_why(text: bytes) -> None:
    """The line's number and the reason; the lines around it are read all the same, but for one that never ends."""
    after = [] if len(text) > LONGEST_LINE else [Good(5, {"b": 2})]
    found = read(b'{"a": 1}\n\n \n' + text + b'\n{"b": 2}')
    assert found == [Good(1, {"a": 1}), Bad(4, TEXTS[text]), *after]


def test_numbers_are_exact_and_never_floats() -> None:
    """Decimals stay as written; what has an exponent, is endless or not a number is text for a fact to refuse."""
    [good] = read(b'{"a": 0.10, "b": 12, "c": 1e5, "d": NaN, "e": -Infinity, "f": 1E99999999999999999999}')
    assert isinstance(good, Good)
    assert good.case == {"a": Decimal("0.10"), "b": 12, "c": "1e5", "d": "NaN", "e": "-Infinity",
                         "f": "1E99999999999999999999"}  # fmt: skip
    long = "9" * 5_000
    assert read(f'{{"a": {long}, "b": 0.{long}}}'.encode()) == [Good(1, {"a": long, "b": f"0.{long}"})]


def test_a_byte_order_mark_and_whole_characters_are_read() -> None:
    """A mark on the first line, and a character of two halves, are nothing to refuse."""
    assert read('\ufeff{"a": "\\ud83d\\ude00 å"}'.encode()) == [Good(1, {"a": "😀 å"})]
    assert read(b"") == []


PIECES = st.sampled_from(
    [b"{", b"}", b"[", b'"a"', b":", b",", b"1e5", b"NaN", b"\n", b'"\\ud800"', b"\xff", b" ", b"-1.5"]
)
WHOLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(PIECES).map(b"".join) | st.binary() | WHOLE.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_cases_or_faults(content: bytes) -> None:
    """Whatever comes in, each line that is not blank gives one case or one fault, in order."""
    found = read(content)
    filled = [number for number, line in enumerate(content.split(b"\n"), 1) if line.strip()]
    assert [one.line for one in found] == filled
    assert all(one.message if isinstance(one, Bad) else isinstance(one.case, dict) for one in found)
