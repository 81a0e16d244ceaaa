"""Settings from the environment: a typed value, or a message that names the variable and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from samverka.core import environment

NAME = "SAMVERKA_TRIED"


@pytest.mark.parametrize(("given", "read"), [("1", True), ("Ja", True), ("true", True), ("0", False), ("nej", False)])
def test_a_flag_is_true_or_false(monkeypatch: pytest.MonkeyPatch, given: str, *, read: bool) -> None:
    """In Swedish or in English; unset is its default."""
    monkeypatch.setenv(NAME, given)
    assert environment.flag(NAME, default=not read) is read
    monkeypatch.delenv(NAME)
    assert environment.flag(NAME, default=True) is True


@pytest.mark.parametrize("given", ["", "yes please", "2"])
def test_a_flag_that_is_neither_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """A misspelt no does not become a yes."""
    monkeypatch.setenv(NAME, given)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}={given}: tillåtet är 1, true, on, ja, 0, false, off, nej"):
        environment.flag(NAME, default=False)


@pytest.mark.parametrize("given", ["", "-1", "0", "11", "1.5", "٣", "1e1"])
def test_a_number_outside_its_bounds_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Only ASCII digits within the bounds."""
    monkeypatch.setenv(NAME, given)
    with pytest.raises(ImproperlyConfigured, match="heltal från 1 till 10"):
        environment.whole(NAME, 5, 1, 10)


def test_a_number_within_its_bounds_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both bounds are inside; unset is its default."""
    monkeypatch.delenv(NAME, raising=False)
    assert environment.whole(NAME, 5, 1, 10) == 5
    for given in ("1", "10"):
        monkeypatch.setenv(NAME, given)
        assert environment.whole(NAME, 5, 1, 10) == int(given)


def test_a_text_that_must_be_there_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty is as good as missing, unless there is a default."""
    for given in (None, ""):
        monkeypatch.delenv(NAME, raising=False) if given is None else monkeypatch.setenv(NAME, given)
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} saknas"):
            environment.text(NAME)
    assert environment.text(NAME, "x") == ""


def test_a_list_and_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A list is parted by commas; a folder is made."""
    monkeypatch.setenv(NAME, " a.se, ,b.se ")
    assert environment.listed(NAME) == ["a.se", "b.se"]
    monkeypatch.setenv(NAME, str(tmp_path / "a" / "b"))
    assert environment.folder(NAME, tmp_path).is_dir()
    monkeypatch.delenv(NAME)
    assert environment.listed(NAME, ("x",)) == ["x"]
