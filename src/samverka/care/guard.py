"""Short texts about a case: none that could say who the person is. Reasons are chosen from lists; a text only adds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from avtal.book.question import Question
from avtal.language.facts import FactConflict
from samverka.core.errors import Refused

LONGEST = 160
NO_PERSON = (
    "{what} kan innehålla {found}. Skriv aldrig något som pekar ut en person: varken personnummer, telefonnummer, "
    "e-postadress eller namn."
)
_EMAIL = re.compile(r"[^\s@]+\s*(?:@|\(at\)|\[at\]|snabel-?a)\s*[^\s@]+", re.IGNORECASE)
#: Digits, however they are set apart: dots, dashes of every sort, blanks, slashes.
_DIGITS = re.compile(r"\d(?:[\s.,:/+()·\u2010-\u2015\u2212_-]*\d)*")
#: Four characters after a day of birth are the number's last, also where they are letters: 19121212-TF12.
_LETTERED = re.compile(r"\d{6,8}\s*[-+\u2010-\u2015\u2212]?\s*[A-Z]{1,2}\d{2,3}\b", re.IGNORECASE)
#: A document's number in a register: RS/489/2025, 489/2025, dnr 2025/489, KS 2025-00489. No day of birth is written so.
_DIARY = re.compile(
    r"(?<![\w/-])(?:[A-ZÅÄÖ]{1,6}[ /-]?)?(?:\d{1,5}/20\d\d|20\d\d/\d{1,5})(?![\d/-])"
    r"|(?<![\w/-])[A-ZÅÄÖ]{2,6}[ -]20\d\d[-:]\d{5}(?![\d/-])"
)
_NUMBER, _DAY = 7, re.compile(r"(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|[6-8]\d|9[01])")


def short_text(text: str, *, what: str = "Texten", longest: int = LONGEST, cites: bool = False) -> str:
    """A text as it may be kept: one line, trimmed, at most so long.

    Args:
        text: What was written.
        what: What it is called.
        longest: How many characters it may have.
        cites: Whether it names a document, whose number in a register is then no number of a person's.

    Raises:
        Refused: It is too long, or holds what could be a personal identity number, a phone number or an e-mail address.
    """
    # full-width digits and other look-alikes are read as what they look like
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(plain) > longest or any(unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn"} for char in plain):
        raise Refused(f"{what} är för lång eller har tecken som inte får vara med: tillåtet är högst {longest} tecken.")
    found = person_in(_DIARY.sub("dnr", plain) if cites else plain)
    if found:
        raise Refused(NO_PERSON.format(what=what, found=found))
    return plain


def person_in(text: str) -> str:
    """What in a text could say who somebody is, in words; empty where nothing does."""
    # letters alone, as most names of places, are neither a number nor an address, unless one is spelt out
    if text.replace(" ", "").isalpha() and "snabel" not in text.lower():
        return ""
    text = unicodedata.normalize("NFKC", text)  # full-width digits and other look-alikes are what they look like
    if _EMAIL.search(text):
        return "en e-postadress"
    if _LETTERED.search(text):
        return "ett personnummer"
    for run in _DIGITS.finditer(text):
        digits = "".join(str(unicodedata.digit(char)) for char in run.group() if char.isdigit())
        if len(digits) in {6, 8} and _DAY.fullmatch(digits):
            return "ett födelsedatum eller personnummer"
        if len(digits) in {10, 12} and _DAY.match(digits):
            return "ett personnummer"
        if len(digits) >= _NUMBER:
            return "ett telefonnummer eller annat långt nummer"
    return ""


def persons_in(question: Question, stated: Mapping[str, Any]) -> list[FactConflict]:
    """The facts in the user's own words that could say who somebody is: a health centre's name never does."""
    texts = {name: stated[name] for name in question.own_words if isinstance(stated.get(name), str)}
    found = {name: person_in(text) for name, text in texts.items()}
    return [FactConflict(name, NO_PERSON.format(what="Namnet", found=one)) for name, one in found.items() if one]
