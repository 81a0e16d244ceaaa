"""Swedish alphabetical order."""

from __future__ import annotations

import unicodedata

from samverka.core.sorting import swedish


def test_the_letters_come_in_order() -> None:
    """å, ä, ö last and in that order; w is a letter of its own; ü is sorted as y, æ as ä, ø as ö."""
    names = ["Östersund", "Åre", "Ängelholm", "Arvika", "Zon", "Ärla", "Wien", "Visby", "Örebro"]
    assert sorted(names, key=swedish) == [
        "Arvika", "Visby", "Wien", "Zon", "Åre", "Ängelholm", "Ärla", "Örebro", "Östersund",
    ]  # fmt: skip
    assert sorted(["Zon", "Über", "Yxa", "Ytterby"], key=swedish) == ["Über", "Ytterby", "Yxa", "Zon"]
    assert sorted(["Østfold", "Örebro", "Ål", "Ærø", "Ägg"], key=swedish) == ["Ål", "Ägg", "Ærø", "Örebro", "Østfold"]


def test_the_order_is_not_the_codes_order() -> None:
    """The broken twin: by code point Ä comes before Å."""
    assert sorted(["Åre", "Ängelholm"]) == ["Ängelholm", "Åre"]
    assert sorted(["Åre", "Ängelholm"], key=swedish) == ["Åre", "Ängelholm"]


def test_case_and_accents_matter_last() -> None:
    """And a letter written in two parts is the same letter."""
    assert sorted(["idé", "ide", "Ida", "ida"], key=swedish) == ["Ida", "ida", "ide", "idé"]
    assert swedish(unicodedata.normalize("NFD", "Åre"))[0] == swedish("åre")[0]
