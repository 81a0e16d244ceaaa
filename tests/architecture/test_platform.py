"""What the platform promises of its own source: thin views, services that tell, days as arguments, strict pages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.platform import (
    PLATFORM,
    app_files,
    clock_imports,
    functions,
    imports,
    module_of,
    money_arithmetic,
    named_pages,
    orm_writes,
    records,
    sql_writes,
    template_faults,
    templates,
)
from tests.architecture.source import tree

#: Who may ask what time it is: what stands at the edge, where a request, a job or a person comes in.
AT_THE_EDGE = re.compile(
    r"(?:views\w*|jobs|middleware|session_store|feeds|access|clock)\.py$|/views/|^samverka/(?:cli|web)/|/management/"
)
#: Where money may be computed: the gate recomputes it on its own, and the filter parts kronor from öre to show them.
COMPUTES_MONEY = {"samverka/settlement/gate.py", "samverka/core/templatetags/swedish.py"}
#: Writing without telling the journal, or telling it more than once, and why.
_LOG = "writes the access log, which tells who looked and is no change"
_STEP = "a step of a run that nobody sees until it is sealed, which has its entry"
TELLS_OTHERWISE: dict[str, str] = {
    "samverka.core.once.once": "remembers an answer; what the answer did is told by its own service",
    "samverka.journal.services.record": "is the telling itself",
    "samverka.agreements.services.snapshot": "keeps which values a proposal rests on; the proposal's entry names it",
    "samverka.journal.chain.seal": "gives entries their place; it is about the journal itself",
    "samverka.journal.chain.seal_committed": "seals, and waits for what is held back",
    "samverka.journal.checkpoints.sign": "signs the journal; it is about the journal itself",
    "samverka.journal.verify.verify": "seals before it looks",
    "samverka.parties.resealing.reseal": "keeps the same secrets under another key of the site; the log says how many",
    "samverka.care.log.write": _LOG,
    "samverka.care.selectors.case_for": _LOG,
    "samverka.care.selectors.cases_for": _LOG,
    "samverka.care.selectors.page_of_cases_for": _LOG,
    "samverka.care.statistics.exported_statistics_for": _LOG,
    "samverka.care.what_if.our_cases": _LOG,
    "samverka.care.selectors_affiliation.affiliated_for": _LOG,
    "samverka.care.selectors_affiliation.affiliation_for": _LOG,
    "samverka.care.selectors_affiliation.affiliations_for": _LOG,
    "samverka.care.selectors_affiliation.extract_for": _LOG,
    "samverka.care.selectors_affiliation.page_of_affiliations_for": _LOG,
    "samverka.care.selectors_log.check_for": _LOG,
    "samverka.care.selectors_log.extract_for": _LOG,
    "samverka.care.steps.begin": "locks the case of a step and writes the access log; the step has its entry",
    "samverka.care.what_if.made_up": "makes persons up in an engine of its own, and keeps none",
    "samverka.settlement.recheck.ask": "part of approving a value, issuing and crediting, each of which has its entry",
    "samverka.settlement.recheck.value_approved": "part of approving a value, which has its entry",
    "samverka.settlement.issuing.next_numbers": "part of issue and credit, whose entry names every number",
    "samverka.settlement.issuing.write": "part of issue, whose entry names every invoice",
    "samverka.settlement.issuing.write_credit": "part of credit, whose entry names the note",
    "samverka.settlement.corrections.compute": _STEP,
    "samverka.settlement.pricing.keep": _STEP,
    "samverka.settlement.pricing.price_work": _STEP,
    "samverka.settlement.run.take_step": _STEP,
    "samverka.settlement.shares.price_invoiced": _STEP,
    "samverka.settlement.shares.price_shares": _STEP,
}
#: Templates that are a page of their own without the site's frame, and why.
NO_FRAME: dict[str, str] = {"web/sign_in_end.html": "is a part of the frame, that a tag puts there"}
MODULES = app_files("*.py")
VIEWS = [path for path in MODULES if path.name.startswith("views") or path.parent.name == "views"]


def ids(path: Path) -> str:
    """A file's name in a test's name."""
    return path.relative_to(PLATFORM).as_posix()


@pytest.mark.parametrize("path", VIEWS, ids=ids)
def test_a_view_writes_nothing(path: Path) -> None:
    """Every write is a service's: a view neither saves, creates, updates nor deletes."""
    assert orm_writes(tree(path)) + sql_writes(tree(path)) == []


def test_the_check_of_views_sees_writes() -> None:
    """The check above catches its broken twin, and lets a dict and a hash be updated."""
    bad = "a.save()\nB.objects.create(c=1)\nd.filter(e=1).update(f=2)\ng.delete()\nx = 'DELETE FROM h'"
    assert orm_writes(ast.parse(bad)) + sql_writes(ast.parse(bad)) == [1, 2, 3, 4, 5]
    assert orm_writes(ast.parse("context.update({'a': 1})\nfound.update(b'x')")) == []


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_the_time_comes_in_as_an_argument(path: Path) -> None:
    """Only what stands at the edge imports the clock: services, selectors and models are told what day it is."""
    if not AT_THE_EDGE.search(path.relative_to(PLATFORM.parent).as_posix()):
        assert clock_imports(tree(path)) == []


def test_the_check_of_clocks_sees_each_way_in() -> None:
    """The check above catches its broken twins."""
    bad = (
        "from samverka.core import clock, ids\nfrom samverka.core.clock import now\nimport samverka.core.clock\n"
        "x = timezone.now()\ny = timezone.localdate()"
    )
    assert clock_imports(ast.parse(bad)) == [1, 2, 3, 4, 5]
    assert AT_THE_EDGE.search("samverka/settlement/services.py") is None
    assert AT_THE_EDGE.search("samverka/settlement/selectors.py") is None


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_the_platform_does_not_compute_with_money(path: Path) -> None:
    """Sums come from the database or from avtal; only the gate computes, so that it can say no."""
    if path.relative_to(PLATFORM.parent).as_posix() not in COMPUTES_MONEY:
        assert money_arithmetic(tree(path)) == []


def test_the_check_of_money_sees_arithmetic() -> None:
    """The check above catches its broken twins, and knows that `before` and `score` are no money."""
    bad = "a = x.amount + 1\nb = -line.total\ntotal += 3\nc = sum(l.amount for l in ls)\nd = row['net_amount'] * 2"
    assert money_arithmetic(ast.parse(bad)) == [1, 2, 3, 4, 5]
    assert money_arithmetic(ast.parse("a = before + 1\nb = score * 2\nSum('amount')\nc = amounts_of(x)")) == []


def test_what_writes_tells_the_journal_once() -> None:
    """Every public function that writes, itself or through what it calls, holds exactly one call to ``record``."""
    writers = [path for path in MODULES if path.name not in {"models.py", "apps.py"} and "management" not in path.parts]
    known, imported = functions(writers), imports(writers)
    counted = {f"{module}.{name}": records((module, name), known, imported) for module, name in known}
    entry = {
        name: count
        for name, (count, writes) in counted.items()
        if writes and not name.rpartition(".")[2].startswith("_") and not _is_edge(name)
    }
    assert {name: count for name, count in entry.items() if count != 1 and name not in TELLS_OTHERWISE} == {}
    assert set(TELLS_OTHERWISE) - set(entry) == set(), "no longer needed"


def _is_edge(name: str) -> bool:
    """Views call services and are seen through them; what they write themselves is checked above."""
    return AT_THE_EDGE.search(name.rpartition(".")[0].replace(".", "/") + ".py") is not None


def test_the_check_of_telling_sees_silence_and_repetition(tmp_path: Path) -> None:
    """The check above catches its broken twins: a service that writes in silence, through another, or tells twice."""
    text = (
        "from samverka.journal.services import record\n"
        "def silent(a):\n    a.save()\n"
        "def through(a):\n    silent(a)\n"
        "def twice(a):\n    a.save()\n    record(1)\n    record(2)\n"
        "def right(a):\n    silent(a)\n    record(1)\n"
    )
    module = ast.parse(text)
    known = {("m", node.name): node for node in module.body if isinstance(node, ast.FunctionDef)}
    imported = {"m": {"record": "samverka.journal.services.record"}}
    counted = {name: records(("m", name), known, imported) for _, name in known}
    assert counted == {"silent": (0, True), "through": (0, True), "twice": (2, True), "right": (1, True)}


@pytest.mark.parametrize("path", templates(), ids=ids)
def test_a_template_holds_to_the_content_policy(path: Path) -> None:
    """No inline style or script, no script without its nonce, nothing from another host, under 400 lines."""
    text = path.read_text(encoding="utf-8")
    assert template_faults(text) == []
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button onclick="x()">',
        "<script>x()</script>",
        '<script src="/static/x.js"></script>',
        '<script nonce="{{ nonce }}">x()</script>',
        '<img src="https://example.org/x.png">',
        '<link rel="stylesheet" href="//example.org/x.css">',
        '<a href="javascript:x()">',
    ],
)
def test_the_check_of_templates_sees_faults(bad: str) -> None:
    """The check above catches each broken twin, and lets links and our own scripts be."""
    assert template_faults(bad) != []
    assert template_faults('<script nonce="{{ nonce }}" src="{% static \'x.js\' %}"></script>') == []
    assert template_faults('<a href="https://www.skr.se">källan</a>') == []


def test_every_page_stands_in_the_frame() -> None:
    """A template that code renders whole extends the site's base, directly or through another."""
    texts = {path.relative_to(path.parents[1]).as_posix(): path.read_text(encoding="utf-8") for path in templates()}
    included = {name for text in texts.values() for name in re.findall(r'{% include "([^"]+)"', text)}
    pages = {name for name in named_pages(MODULES) if name in texts} - included - set(NO_FRAME)
    outside = [name for name in sorted(pages) if not _framed(texts, name)]
    assert outside == []


def _framed(texts: dict[str, str], name: str) -> bool:
    found = re.match(r'\s*{% extends "([^"]+)" %}', texts.get(name, ""))
    return found is not None and (found[1] == "web/base.html" or _framed(texts, found[1]))


def test_the_check_of_frames_sees_a_page_without() -> None:
    """The check above catches its broken twin."""
    texts = {
        "a/in.html": '{% extends "web/base.html" %}',
        "a/deep.html": '{% extends "a/in.html" %}',
        "a/out.html": "<p>",
    }
    assert [name for name in texts if not _framed(texts, name)] == ["a/out.html"]


def test_no_style_sheet_asks_another_host() -> None:
    """Style sheets and scripts of ours load nothing from elsewhere, and the sheets weigh at most 20 KB together."""
    files = [path for path in (PLATFORM / "web" / "static").rglob("*") if path.suffix in {".css", ".js"}]
    assert [str(path) for path in files if re.search(r"https?://(?!www\.w3\.org)", path.read_text("utf-8"))] == []
    assert sum(path.stat().st_size for path in files if path.suffix == ".css") <= 20_480


def test_modules_are_found() -> None:
    """The lists above are not empty: every app has its models, views and addresses."""
    names = {module_of(path) for path in MODULES}
    assert {"samverka.journal.services", "samverka.parties.selectors", "samverka.web.views"} <= names
