"""Read an edition's TOML files: numbers exact, every key known, every clause and reading that is named exists."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args

from avtal.book.clauses import Clause
from avtal.book.edition import Edition
from avtal.book.indices import IndexStatus, IndexValue, Series
from avtal.book.parameters import DatedValue, IndexClause, Number, Parameter, ParameterStatus
from avtal.book.readings import Chosen, Reading, fixed
from avtal.explain import Words
from avtal.money import Rounding, ore

T = TypeVar("T")
Table = Mapping[str, Any]


class BookError(ValueError):
    """An edition's data is wrong: names file, place and what is allowed."""


def load(package: str) -> Edition:
    """The edition whose TOML files lie in a package: numbers, texts and words, without rules.

    Raises:
        BookError: A key is unknown or absent, or a clause or a reading that is named does not exist.
    """
    folder = files(package)
    head = read_toml(folder, "edition.toml")
    check_keys("edition.toml", "", head, ("code", "title", "valid_from", "valid_to", "parties", "documents"))
    texts = read_toml(folder, "clauses.toml")
    check_keys("clauses.toml", "", texts, ("clause",))
    clauses = {id_: _clause(id_, table) for id_, table in texts["clause"].items()}
    readings = {id_: _reading(id_, table, clauses) for id_, table in read_toml(folder, "readings.toml").items()}
    indices = read_toml(folder, "indices.toml")
    check_keys("indices.toml", "", indices, ("series", "value"))
    series = {name: _series(name, table, readings) for name, table in indices["series"].items()}
    parameters = {
        name: _parameter(name, table, clauses, series, readings)
        for name, table in read_toml(folder, "parameters.toml").items()
    }
    words = read_toml(folder, "words.toml")
    check_keys("words.toml", "", words, ("hidden", "labels", "units", "codes"))
    labels = {**words["labels"], **{name: parameter.label for name, parameter in parameters.items()}}
    labels |= {id_: reading.title for id_, reading in readings.items()}
    units = {**words["units"], **{name: parameter.unit for name, parameter in parameters.items()}}
    return Edition(
        code=head["code"],
        title=head["title"],
        valid_from=head["valid_from"],
        valid_to=head["valid_to"],
        parties=tuple(head["parties"]),
        documents=head["documents"],
        clauses=clauses,
        parameters=parameters,
        series=series,
        indices=(),
        readings=readings,
        words=Words(labels, units, words["codes"], frozenset(words["hidden"])),
    ).with_indices(*(_index_value(table, series) for table in indices["value"]))


def read_toml(folder: Traversable, name: str) -> dict[str, Any]:
    """A TOML file with exact numbers.

    Raises:
        BookError: It is not TOML.
    """
    try:
        return tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BookError(f"{name}: {error}") from None


def check_keys(file: str, place: str, table: Table, required: Collection[str], optional: Collection[str] = ()) -> None:
    """Refuse a table with a key that is unknown or absent."""
    wrong = sorted(set(table) - {*required, *optional}) or sorted(set(required) - set(table))
    if wrong:
        allowed = ", ".join([*required, *optional])
        raise BookError(f"{file}: [{place}] {wrong[0]}: unknown or absent; the keys are {allowed}")


def check_known(file: str, place: str, names: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """The names, every one of which must exist."""
    for name in names:
        if name not in known:
            raise BookError(f"{file}: [{place}] {name}: does not exist")
    return tuple(names)


def _clause(id_: str, table: Table) -> Clause:
    check_keys("clauses.toml", id_, table, ("source", "summary"))
    return Clause(id_, table["summary"], table["source"])


def _reading(id_: str, table: Table, clauses: Collection[str]) -> Reading:
    required = ("title", "clauses", "problem", "decided_by", "why", "default", "options", "computed")
    check_keys("readings.toml", id_, table, required)
    check_known("readings.toml", id_, table["clauses"], clauses)
    check_known("readings.toml", id_, table["computed"], table["options"])
    check_known("readings.toml", id_, [table["default"]], table["computed"])
    known = {**table, "clauses": tuple(table["clauses"]), "computed": tuple(table["computed"])}
    return Reading(id=id_, **known)


def _chosen(file: str, place: str, stated: T | Table, readings: Mapping[str, Reading]) -> Chosen[T]:
    """A plain setting, or ``{A64 = {whole_krona = 100, ore = 1}}``: one for each option that can be computed."""
    if not isinstance(stated, Mapping):
        return fixed(_frozen(stated))
    if len(stated) != 1:
        raise BookError(f"{file}: [{place}] {', '.join(stated)}: a setting depends on one reading")
    [(reading, options)] = stated.items()
    check_known(file, place, [reading], readings)
    check_keys(file, f"{place}.{reading}", options, readings[reading].computed)
    return Chosen({option: _frozen(value) for option, value in options.items()}, reading)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _series(name: str, table: Table, readings: Mapping[str, Reading]) -> Series:
    check_keys("indices.toml", name, table, ("label", "publisher", "lag", "frozen", "preliminary"), ("reading",))
    check_known("indices.toml", name, [table["reading"]] if "reading" in table else [], readings)
    lag: Chosen[int] = _chosen("indices.toml", name, table["lag"], readings)
    preliminary: Chosen[bool] = _chosen("indices.toml", name, table["preliminary"], readings)
    return Series(name, table["label"], table["publisher"], lag, table["frozen"], preliminary, table.get("reading", ""))


def _index_value(table: Table, series: Collection[str]) -> IndexValue:
    place = f"{table.get('series')} {table.get('index_year')}"
    check_keys("indices.toml", place, table, ("series", "index_year", "percent", "status", "published", "source"))
    check_known("indices.toml", place, [table["series"]], series)
    check_known("indices.toml", place, [table["status"]], get_args(IndexStatus))
    return IndexValue(**table)


def _parameter(
    name: str,
    table: Table,
    clauses: Collection[str],
    series: Collection[str],
    readings: Mapping[str, Reading],
) -> Parameter:
    check_keys("parameters.toml", name, table, ("label", "unit", "clauses", "values"), ("index",))
    unit = table["unit"]
    values = tuple(_dated(name, unit, value) for value in table["values"])
    index = _index(name, table["index"], clauses, series, readings) if "index" in table else None
    named = check_known("parameters.toml", name, table["clauses"], clauses)
    return Parameter(name, table["label"], unit, named, values, index)


def _dated(name: str, unit: str, table: Table) -> DatedValue:
    check_keys("parameters.toml", name, table, ("since", "value", "status", "decided", "source", "checked"))
    check_known("parameters.toml", name, [table["status"]], get_args(ParameterStatus))
    value: Number = table["value"]
    if value < 0:
        raise BookError(f"parameters.toml: [{name}] {value}: a number of the agreement is never negative")
    if unit.startswith("öre"):
        value = ore(Decimal(value))
    since: date = table["since"]
    return DatedValue(since, value, table["status"], table["decided"], table["source"], table["checked"])


def _index(
    name: str, table: Table, clauses: Collection[str], series: Collection[str], readings: Mapping[str, Reading]
) -> IndexClause:
    check_keys(
        "parameters.toml",
        f"{name}.index",
        table,
        ("series", "clause", "skip", "round_to", "each_year", "first", "mode"),
    )
    check_known("parameters.toml", f"{name}.index", [table["series"]], series)
    check_known("parameters.toml", f"{name}.index", [table["clause"]], clauses)
    skip: Chosen[tuple[int, ...]] = _chosen("parameters.toml", name, table["skip"], readings)
    round_to: Chosen[int] = _chosen("parameters.toml", name, table["round_to"], readings)
    each_year: Chosen[bool] = _chosen("parameters.toml", name, table["each_year"], readings)
    check_known("parameters.toml", f"{name}.index", [table["mode"]], [mode.value for mode in Rounding])
    settings = (skip, round_to, each_year, table["first"], Rounding(table["mode"]))
    return IndexClause(table["series"], table["clause"], *settings)
