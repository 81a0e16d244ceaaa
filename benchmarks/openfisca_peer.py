"""The four criteria in OpenFisca, on numpy arrays that are set beforehand: run by ``.venv/bench``, asked line by line.

The smallest country there can be: one entity, the same seven facts, limits and five formulas as ``four_criteria``. Each
line on standard input is one computation from scratch; the answer is its seconds from the arrays to the count, its
seconds without setting the arrays, and how many are true.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.persons import DAY, LEAST, MADE, PERSONS

PERIOD = DAY[:7]
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)


class safe_at_home_and_not_alone(Variable):  # noqa: N801  # a variable's class has the variable's name
    value_type, entity, definition_period = bool, Person, DateUnit.MONTH

    def formula(person: Any, period: Any) -> Any:  # noqa: N805  # as OpenFisca calls it
        return person("safe_at_home", period) * np.logical_not(person("self_care_possible", period))


class often_and_long(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, Person, DateUnit.MONTH

    def formula(person: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        return person("frequent", period) * (person("days", period) > parameters(period).guideline_days)


class frail_enough(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, Person, DateUnit.MONTH

    def formula(person: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        cfs, limits = person("cfs", period), parameters(period)
        return (cfs >= limits.cfs_moderate) + ((cfs == limits.cfs_mild) * person("cognitive_impairment", period))


class cannot_travel(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, Person, DateUnit.MONTH

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        return np.logical_not(person("can_reach_health_centre", period))


class municipality_responsible(Variable):  # noqa: N801
    value_type, entity, definition_period = bool, Person, DateUnit.MONTH

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        return (
            person("safe_at_home_and_not_alone", period)
            * person("often_and_long", period)
            * person("frail_enough", period)
            * person("cannot_travel", period)
        )


FORMULAS = (safe_at_home_and_not_alone, often_and_long, frail_enough, cannot_travel, municipality_responsible)


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([Person])
    limits = {"guideline_days": 14, "cfs_moderate": 6, "cfs_mild": 5}
    data = {name: {"values": {"2026-01-01": {"value": value}}} for name, value in limits.items()}
    system.parameters = ParameterNode("", data=data)
    for name, (_, _, limit) in MADE.items():
        kind = bool if limit is not None else int
        attributes = {"value_type": kind, "entity": Person, "definition_period": DateUnit.MONTH}
        system.add_variable(type(name, (Variable,), attributes))
    system.add_variables(*FORMULAS)
    return system


def _persons() -> dict[str, Any]:
    arrays = {}
    numbers = np.arange(PERSONS, dtype=np.int64)
    for name, (multiplier, modulus, limit) in MADE.items():
        thrown = numbers * multiplier % 4_294_967_296 // 65_536 % modulus
        arrays[name] = thrown < limit if limit is not None else (thrown + LEAST[name]).astype(np.int32)
    return arrays


def _simulation(system: TaxBenefitSystem, arrays: dict[str, Any]) -> Simulation:
    simulation = SimulationBuilder().build_default_simulation(system, PERSONS)
    for name, array in arrays.items():
        simulation.set_input(name, PERIOD, array)
    return simulation


def main() -> None:
    """Load, say so, then for every line that is asked set the persons and compute once."""
    system, arrays = _system(), _persons()
    print("ready", flush=True)
    for _ in sys.stdin:
        began = perf_counter()
        simulation = _simulation(system, arrays)
        started = perf_counter()
        found = int(simulation.calculate("municipality_responsible", PERIOD).sum())
        ended = perf_counter()
        print(ended - began, ended - started, found, flush=True)


if __name__ == "__main__":
    main()
