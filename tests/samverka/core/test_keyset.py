"""Pages by key: every row once, in order, both ways, whatever is added while somebody reads."""

from __future__ import annotations

import base64
import json
from datetime import date

import pytest
from django.core.exceptions import FieldDoesNotExist

from samverka.core import keyset
from samverka.parties.models import Membership, Party, Unit
from tests.samverka.budget import within
from tests.samverka.core.units import make_units

pytestmark = pytest.mark.django_db
ORDERS = [(path, down) for path in ("since", "until", "name", "party__position") for down in (False, True)]


def walk(path: str, *, down: bool, size: int = 10) -> tuple[list[list[str]], list[list[str]]]:
    """Each page's names from the first to the last, and from the last back to the first."""
    rows = Unit.objects.select_related("party")
    order = keyset.order_of(rows, path, descending=down)
    page = keyset.page(rows, order, size=size)
    there = [page]
    while page.after:
        page = keyset.page(rows, order, after=page.after, size=size)
        there.append(page)
    back = [page]
    while page.before:
        page = keyset.page(rows, order, before=page.before, size=size)
        back.append(page)
    return [[row.name for row in one.rows] for one in there], [[row.name for row in one.rows] for one in back]


@pytest.mark.parametrize(("path", "down"), ORDERS)
def test_every_row_comes_once_in_order(jamtland: None, path: str, *, down: bool) -> None:
    """The pages laid end to end are the whole list, also where rows are equal or have no value."""
    make_units(34)
    rows = Unit.objects.all()
    whole = [row.name for row in keyset.order_of(rows, path, descending=down).ordered(rows)]
    there, back = walk(path, down=down)
    assert [name for page in there for name in page] == whole
    assert sorted(whole) == sorted(rows.values_list("name", flat=True))
    assert back == there[::-1]


def test_rows_without_a_value_stand_last_both_ways(jamtland: None) -> None:
    """A unit without a last day comes after those that have one, whether the list is turned or not."""
    make_units(9)
    for down in (False, True):
        there, _ = walk("until", down=down)
        last = [Unit.objects.get(name=name).until for page in there for name in page][-3:]
        assert last == [None, None, None]


def test_a_row_added_while_somebody_reads_moves_no_page(jamtland: None) -> None:
    """The second page begins where the first ended, though rows were put in before it."""
    make_units(20)
    rows, order = Unit.objects.all(), keyset.order_of(Unit.objects.all(), "name", descending=False)
    first = keyset.page(rows, order, size=10)
    Unit.objects.create(party=Party.objects.get(code="BERG"), name="Avdelning", since=date(2026, 1, 1))
    second = keyset.page(rows, order, after=first.after, size=10)
    assert [row.name for row in second.rows] == [f"Enhet {number:04d}" for number in range(10, 20)]


def test_paging_by_count_shows_a_row_twice(jamtland: None) -> None:
    """The broken twin of the test above: with OFFSET the last row of the first page comes again."""
    make_units(20)
    rows = Unit.objects.order_by("name")
    first = [row.name for row in rows[:10]]
    Unit.objects.create(party=Party.objects.get(code="BERG"), name="Avdelning", since=date(2026, 1, 1))
    assert rows[10].name == first[-1]


def test_a_page_takes_one_query(jamtland: None) -> None:
    """However far into the list it is."""
    make_units(60)
    rows, order = Unit.objects.all(), keyset.order_of(Unit.objects.all(), "since", descending=True)
    first = keyset.page(rows, order)
    with within(queries=1):
        second = keyset.page(rows, order, after=first.after)
    assert len(first.rows) == len(second.rows) == 25


def test_a_key_shows_no_running_number(jamtland: None) -> None:
    """What parts equal rows in an address is the random public id, from which nothing can be counted."""
    make_units(30)
    rows, order = Unit.objects.all(), keyset.order_of(Unit.objects.all(), "since", descending=False)
    page = keyset.page(rows, order)
    packed = json.loads(base64.urlsafe_b64decode(page.after + "=" * (-len(page.after) % 4)))
    assert packed == [page.rows[-1].since.isoformat(), page.rows[-1].public_id]


@pytest.mark.parametrize(
    "key",
    ["x", "%%%", "e30", base64.urlsafe_b64encode(b'["ingen dag", "x"]').decode(), "W10", "bnVsbA", "W251bGwsICJ4Il0",
     base64.urlsafe_b64encode(b'["2026-01-01", "\\u0000"]').decode(), "\u00e5", "A" * 5000],
)  # fmt: skip
def test_a_key_that_is_none_shows_the_first_page(jamtland: None, key: str) -> None:
    """An address written by hand is no fault, and does no harm."""
    make_units(3)
    rows, order = Unit.objects.all(), keyset.order_of(Unit.objects.all(), "since", descending=False)
    for asked in ({"after": key}, {"before": key}):
        page = keyset.page(rows, order, **asked)
        assert len(page.rows) == 3
        assert (page.before, page.after) == ("", "")


def test_a_relation_is_no_order() -> None:
    """A list is sorted by a field; a relation and a name that is none are refused when the list is used."""
    with pytest.raises(FieldDoesNotExist):
        keyset.order_of(Membership.objects.all(), "party", descending=False)
    with pytest.raises(FieldDoesNotExist):
        keyset.order_of(Membership.objects.all(), "nope", descending=False)


def test_an_annotation_is_an_order(jamtland: None) -> None:
    """A counted column can be sorted by, and its rows come once."""
    from django.db.models import Count

    make_units(3)
    rows = Party.objects.annotate(size=Count("units"))
    order = keyset.order_of(rows, "size", descending=True)
    first = keyset.page(rows, order, size=4)
    rest = keyset.page(rows, order, after=first.after, size=100)
    assert len({row.code for row in [*first.rows, *rest.rows]}) == Party.objects.count()
