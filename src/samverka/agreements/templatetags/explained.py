"""``{% explained step words %}``: how a value came about, with links to clauses, parameters, indices and readings.

``{% explained_json explanation %}`` does the same for what ``avtal.explain.as_json`` made and somebody kept. Everything
that comes from a step is escaped: sources and notes hold what people have written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from avtal.explain import Step, Words
from samverka.agreements.county import base
from samverka.settle.tables import MADE_UP

register = template.Library()

SUMMARY = "Så räknades det"
EXAMPLE = ' <mark class="example">exempel</mark>'
_SERIES = re.compile(r"\((?P<series>[A-ZÅÄÖ]+), indexår [0-9]{4}, prisår [0-9]{4}[^()]*\)$")


@dataclass(frozen=True, slots=True)
class _Node:
    """A step as it is shown; ``key`` is the same for a step that comes again."""

    kind: str
    name: str
    label: str
    shown: str
    clauses: tuple[str, ...]
    source: str
    note: str
    below: tuple[_Node, ...]
    key: object


@register.simple_tag
def explained(step: Step, words: Words, summary: str = SUMMARY) -> SafeString:
    """A step and all that it rests on, closed until it is asked for."""
    return _details(_of_step(step, words, {}), summary)


@register.simple_tag
def explained_json(explanation: Mapping[str, Any], summary: str = SUMMARY, *, opened: bool = False) -> SafeString:
    """The same of an explanation that is kept as JSON, or opened at once; nothing where there is none."""
    return _details(_of_json(explanation, base().words), summary, opened=opened) if explanation else SafeString("")


def _details(node: _Node, summary: str, *, opened: bool = False) -> SafeString:
    inside, state = SafeString(_item(node, set())), SafeString(" open" if opened else "")
    return format_html('<details{}><summary>{}</summary><ul class="steps">{}</ul></details>', state, summary, inside)


def _of_step(step: Step, words: Words, made: dict[int, _Node]) -> _Node:
    found = made.get(id(step))
    if found is None:
        below = tuple(_of_step(child, words, made) for child in step.steps if words.shows(child))
        shown = "" if step.kind == "note" else words.show(step.name, step.value)
        label, note = words.label(step.name), words.code(step.note) if step.note else ""
        found = _Node(step.kind, step.name, label, shown, step.clauses, step.source, note, below, id(step))
        made[id(step)] = found
    return found


def _of_json(told: Mapping[str, Any], words: Words) -> _Node:
    steps = [child for child in told["steps"] if child["value"] or child["name"] not in words.hidden]
    below = tuple(_of_json(child, words) for child in steps)
    shown = "" if told["kind"] == "note" else told["shown"]
    note = words.code(told["note"]) if told["note"] else ""
    said = (told["kind"], told["name"], told["label"], shown, tuple(told["clauses"]), told["source"], note)
    return _Node(*said, below, hash((*said, *(child.key for child in below))))


def _item(node: _Node, before: set[object]) -> str:
    again = bool(node.below) and node.key in before
    before.add(node.key)
    remarks = "se ovan" if again else "; ".join(_remarks(node))
    small = f" <small>{remarks}</small>" if remarks else ""
    items = "" if again else "".join(_item(child, before) for child in node.below)
    below = f"<ul>{items}</ul>" if items else ""
    return f'<li class="{escape(node.kind)}">{_heading(node)}{small}{below}</li>'


def _heading(node: _Node) -> str:
    label = escape(f"{node.name} {node.label}" if node.kind == "reading" else node.label)
    address = _address(node)
    linked = f'<a href="{escape(address)}">{label}</a>' if address else label
    return linked if node.kind in ("reading", "note") else f"{linked}: {escape(node.shown)}"


def _address(node: _Node) -> str:
    edition = base()
    match node.kind:
        case "parameter" if node.name in edition.parameters:
            return reverse("agreements:parameter", args=[node.name])
        case "reading" if node.name in edition.readings:
            return reverse("agreements:reading", args=[node.name])
        case "index":
            found = _SERIES.search(node.source)
            if found and found["series"] in edition.series:
                return reverse("agreements:series", args=[found["series"]])
    return ""


def _remarks(node: _Node) -> Iterator[str]:
    if node.clauses:
        yield ", ".join(clause_link(clause) for clause in node.clauses)
    if node.source:
        yield marked(node.source)
    if node.note:
        yield escape(node.note)


@register.simple_tag
def clause_link(clause: str) -> SafeString:
    """A clause's id with a link to its page; the id alone where the edition has no such clause."""
    if clause not in base().clauses:
        return escape(clause)
    return format_html('<a href="{}">{}</a>', reverse("agreements:clause", args=[clause]), clause)


@register.filter
def marked(source: str) -> SafeString:
    """A source, with the mark of example data where it has it."""
    before, mark, after = source.partition(MADE_UP)
    return SafeString(escape(before) + EXAMPLE + escape(after)) if mark else escape(source)


@register.filter
def may(actor: Any, what: str) -> bool:
    """Whether an actor's role allows something; nobody may where there is no actor."""
    return bool(actor) and actor.may(what)


@register.simple_tag
def bare_field(field: BoundField) -> SafeString:
    """A field in a table: its heading is the row's and the column's, and its faults stand with it."""
    attributes: dict[str, str | bool] = {"aria-label": str(field.label), "size": "8", "class": "number"}
    if not field.errors:
        return field.as_widget(attrs=attributes)
    name = field.auto_id
    told = {**attributes, "aria-invalid": "true", "aria-describedby": f"{name}-fault"}
    fault = format_html(
        '<span class="fault" id="{}-fault">{}</span>', name, " ".join(str(fault) for fault in field.errors)
    )
    return format_html("{}{}", fault, field.as_widget(attrs=told))


@register.simple_tag
def percent(value: Decimal, words: Words) -> str:
    """A change in per cent."""
    return words.show("index_step", value)


@register.simple_tag
def party(code: str, words: Words) -> str:
    """A party's name."""
    return words.code(code)


@register.simple_tag
def part(table: Mapping[str, Any], *path: str) -> str:
    """A per cent of a model or a key, by the names that lead to it."""
    found: Any = table
    for name in path:
        found = found[name]
    return f"{found.replace('.', ',')}\N{NO-BREAK SPACE}%"
