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


def test_a_folder_is_for_us_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The database in it holds what a backup holds, and a backup is for its owner."""
    monkeypatch.setenv(NAME, str(tmp_path / "a" / "b"))
    assert environment.folder(NAME, tmp_path).stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The variable, the folder and why."""
    (tmp_path / "file").touch()
    monkeypatch.setenv(NAME, str(tmp_path / "file" / "b"))
    with pytest.raises(ImproperlyConfigured) as told:
        environment.folder(NAME, tmp_path)
    assert str(told.value) == f"{NAME}={tmp_path}/file/b: mappen kan inte göras: ligger inte i en mapp"


@pytest.mark.parametrize("given", ["", ",", "*", "https://a.se", "a.se:8000", "a_b.se", "a.se,*"])
def test_what_is_no_name_of_a_site_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """A site that has no name would answer nobody; a star would answer under any name."""
    monkeypatch.setenv(NAME, given)
    with pytest.raises(ImproperlyConfigured, match=r"tillåtet är namn som .*, minst ett"):
        environment.hosts(NAME, ("x",))


def test_names_of_a_site_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, subdomains, addresses of both kinds; unset is the default."""
    monkeypatch.delenv(NAME, raising=False)
    assert environment.hosts(NAME, ("x",)) == ["x"]
    monkeypatch.setenv(NAME, "a.se,.b.se,10.0.0.1,[::1]")
    assert environment.hosts(NAME, ("x",)) == ["a.se", ".b.se", "10.0.0.1", "[::1]"]


@pytest.mark.parametrize("given", ["a.se", "https://", "https://a.se/x", "ftp://a.se", "https://a.se,b.se"])
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """Without its scheme it would never match, and every form would be refused."""
    monkeypatch.setenv(NAME, given)
    with pytest.raises(ImproperlyConfigured, match="tillåtet är adresser som https://"):
        environment.origins(NAME)


def test_keys_are_read_and_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """64 hexadecimal digits, in small letters; a fault shows none of them."""
    monkeypatch.setenv(NAME, f"{'AB' * 32}, {'0f' * 32}")
    assert environment.keys(NAME) == ["ab" * 32, "0f" * 32]
    with pytest.raises(ImproperlyConfigured, match="tillåtet är en nyckel"):
        environment.key(NAME)
    monkeypatch.setenv(NAME, "ab" * 31)
    with pytest.raises(ImproperlyConfigured) as told:
        environment.key(NAME)
    assert str(told.value) == f"{NAME}: tillåtet är 64 hexadecimala tecken för varje nyckel"
    monkeypatch.setenv(NAME, "")
    assert environment.key(NAME) == ""


def test_a_line_break_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would add lines to a checkpoint, whose text is signed line by line; what was said may be a secret."""
    monkeypatch.setenv(NAME, "hemlig\nrad")
    with pytest.raises(ImproperlyConfigured) as told:
        environment.text(NAME)
    assert str(told.value) == f"{NAME}: ett tecken som inte syns, som en radbrytning, är inte tillåtet"
