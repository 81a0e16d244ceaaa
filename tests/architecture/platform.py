"""What the platform's own rules look like in its source: views, services, clocks, money, templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.architecture.source import SOURCE, tree

APPS = ("core", "journal", "parties", "agreements", "assignments", "care", "settlement", "web")
PLATFORM = SOURCE / "samverka"

WRITES = {
    "save", "create", "get_or_create", "update_or_create", "delete", "bulk_create", "bulk_update",
    "asave", "acreate", "adelete", "aupdate", "abulk_create",
}  # fmt: skip
MONEY = re.compile(r"(?:^|_)(?:amount|amounts|total|totals|ore|öre)$")
STATEMENT = re.compile(r"\b(?:INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")

Functions = Mapping[tuple[str, str], ast.FunctionDef]


def app_files(*names: str) -> list[Path]:
    """Python files of the Django apps whose name fits one of the patterns, migrations left out."""
    found = (path for app in APPS for name in names for path in (PLATFORM / app).rglob(name))
    return sorted(path for path in found if "migrations" not in path.parts)


def templates() -> list[Path]:
    """Every template of the apps."""
    return sorted(path for app in APPS for path in (PLATFORM / app / "templates").rglob("*.html"))


def orm_writes(node: ast.AST) -> list[int]:
    """The lines that write through a model: a queryset's ``update`` takes only keywords, a dict's does not."""
    return [
        call.lineno
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and (call.func.attr in WRITES or (call.func.attr == "update" and not call.args and call.keywords))
    ]


def sql_writes(node: ast.AST) -> list[int]:
    """The lines that hold a statement that writes."""
    return [
        text.lineno
        for text in ast.walk(node)
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and STATEMENT.search(text.value)
    ]


def clock_imports(module: ast.Module) -> list[int]:
    """The lines by which a module can learn what time it is: our clock, or Django's."""
    return [
        node.lineno
        for node in ast.walk(module)
        if (isinstance(node, ast.ImportFrom) and node.module == "samverka.core.clock")
        or (
            isinstance(node, ast.ImportFrom)
            and node.module == "samverka.core"
            and any(name.name == "clock" for name in node.names)
        )
        or (isinstance(node, ast.Import) and any(name.name == "samverka.core.clock" for name in node.names))
        or (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in {("timezone", "now"), ("timezone", "localdate")}
        )
    ]


def money_arithmetic(module: ast.Module) -> list[int]:
    """The lines that compute with something named as money."""
    lines = []
    for node in ast.walk(module):
        match node:
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.FloorDiv() | ast.Mod()):
                operands: list[ast.expr] = [node.left, node.right]
            case ast.UnaryOp(op=ast.USub()):
                operands = [node.operand]
            case ast.AugAssign():
                operands = [node.target, node.value]
            case ast.Call(func=ast.Name(id="sum" | "divmod" | "round"), args=[first, *_]):
                operands = [first.elt] if isinstance(first, ast.GeneratorExp | ast.ListComp) else [first]
            case _:
                continue
        if any(MONEY.search(name) for operand in operands if (name := name_of(operand))):
            lines.append(node.lineno)
    return sorted(lines)


def name_of(node: ast.expr) -> str:
    """What an expression is called: a name, an attribute, a key; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case _:
            return ""


def functions(paths: Iterable[Path]) -> dict[tuple[str, str], ast.FunctionDef]:
    """Every function on a module's top level, by dotted module and name."""
    return {
        (module_of(path), node.name): node
        for path in paths
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
    }


def module_of(path: Path) -> str:
    """A file's dotted name: samverka.settlement.services."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts)


def records(name: tuple[str, str], known: Functions, imported: Mapping[str, Mapping[str, str]]) -> tuple[int, bool]:
    """How many calls to ``record`` a function and all it calls in the apps hold, and whether any of them writes."""
    seen: set[tuple[str, str]] = set()
    count, writes, open_ = 0, False, [name]
    while open_:
        current = open_.pop()
        if current in seen:
            continue
        seen.add(current)
        body = known[current]
        writes = writes or bool(orm_writes(body) or sql_writes(body))
        for node in ast.walk(body):
            if isinstance(node, ast.Call):
                called = _called(node.func, current[0], imported)
                if called == ("samverka.journal.services", "record"):
                    count += 1
                elif called in known:
                    open_.append(called)
    return count, writes


def _called(node: ast.expr, module: str, imported: Mapping[str, Mapping[str, str]]) -> tuple[str, str]:
    match node:
        case ast.Name(id=name):
            where, _, what = imported[module].get(name, f"{module}.{name}").rpartition(".")
            return where, what
        case ast.Attribute(value=ast.Name(id=holder), attr=name):
            return imported[module].get(holder, holder), name
        case _:
            return "", ""


def imports(paths: Iterable[Path]) -> dict[str, dict[str, str]]:
    """What each module calls what it imports from the platform, lazy imports too: name -> dotted name."""
    return {
        module_of(path): {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for path in paths
    }


TAG_SCRIPT = re.compile(r"<script(?P<rest>[^>]*)>", re.IGNORECASE)
INLINE = re.compile(r"<style\b|\bstyle\s*=|\son[a-z]+\s*=|javascript:|\bhx-on", re.IGNORECASE)
OUTSIDE = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object|link)\b[^>]*\b(?:src|href|srcset|data)\s*=\s*["']?"""
    r"""(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//""",
    re.IGNORECASE,
)


def template_faults(text: str) -> list[str]:
    """What a strict content policy would refuse, or what would leave the host."""
    faults = [f"inline: {found.group().strip()}" for found in INLINE.finditer(text)]
    faults += [
        f"script without nonce: {found.group()}"
        for found in TAG_SCRIPT.finditer(text)
        if 'nonce="{{ nonce }}"' not in found["rest"] or "src=" not in found["rest"]
    ]
    return faults + [f"outside: {found.group()}" for found in OUTSIDE.finditer(text)]


def named_pages(paths: Iterable[Path]) -> Iterator[str]:
    """Every template that Python code names, the part after # left out."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = re.fullmatch(r"([a-z_]+(?:/[a-z_]+)+\.html)(#[a-z_]+)?", node.value)
                if found and not found[2]:
                    yield found[1]
