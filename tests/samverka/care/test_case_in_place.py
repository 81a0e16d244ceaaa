"""Cases decided where they lie: the same answers by SQL in the site's own database as one by one."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import connection

from avtal.cases import CaseTable, decided_sql, every_output
from avtal.editions.jamtland_2026 import edition
from avtal.language.evaluate import Evaluation
from avtal.language.sql import NOTHING
from samverka.care import services
from samverka.care.models.case import Case
from samverka.care.question import CARE, columns_of
from tests.samverka.care import cases
from tests.samverka.platform import AT

pytestmark = pytest.mark.usefixtures("jamtland")


def run(sql: str) -> list[tuple[Any, ...]]:
    """The rows of a statement; a per cent sign in it is only that."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def varied() -> list[dict[str, Any]]:
    """Cases of every housing and place, with criteria that hold, do not hold and are unknown."""
    found = [
        {**cases.NORMAL, "housing": housing, "place": place, "cfs": cfs, "cognitive": cognitive, "frequent": frequent}
        for housing, place, cfs, cognitive, frequent in product(
            ("ordinary", "special", None), ("home", "inpatient", "lss_daily_activity"), (4, 5, None),
            ("symptoms", None), (True, False, None),
        )
    ]  # fmt: skip
    found += [{**cases.NORMAL, name: value} for name, value in (
        ("registered_in", "OTHER_REGION"), ("registered_in", None), ("staying_in", "ARE"), ("palliative_team", True),
        ("profession", "physician"), ("profession", None), ("level", "specialised"), ("prefers_health_centre", True),
        ("date", None),
    )]  # fmt: skip
    return [*found, {**cases.NORMAL, "housing": "lss_short_term_child", "age": 9}, {}]


def test_cases_are_decided_where_they_lie() -> None:
    """Every output, flag and duty of 173 cases with unknowns: by SQL over the table of cases, and one by one."""
    edition_ = edition()
    stated = {}
    for one in varied():
        columns = columns_of(one, edition_)
        number = services.case_number()
        stated[number] = columns
        Case(number=number, owner="BERG", opened_at=AT, changed_at=AT, **columns).save()
    assert len(stated) == 173
    outputs = every_output(CARE)
    table = CaseTable(run, connection.vendor.replace("postgresql", "postgres"), "care_case")  # type: ignore[arg-type]  # sqlglot's names
    rows = run(decided_sql(outputs, table, edition_, ("number",), NOTHING))
    assert len(rows) == len(stated)
    seen = set()
    for number, *found in rows:
        whole = Evaluation(stated[number], edition_)
        expected = [whole.result(tree).value for tree in outputs.values()]
        assert [_same(one, other) for one, other in zip(found, expected, strict=True)] == expected
        seen.add(expected[0])
    assert {"REGION", "MUNICIPALITY", "MANUAL", None} <= seen


def _same(found: Any, expected: Any) -> Any:
    """SQLite's 0 and 1 as no and yes."""
    return bool(found) if isinstance(expected, bool) and found is not None else found
