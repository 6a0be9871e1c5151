"""Imports flow one way: between the apps, between the layers of one app, and out of the project.

An app may import only the apps to its left in ORDER. Inside an app a module may import only its own
layer and those below it. The project's own modules (points_store) know every app; an app's rules
know only the few of them that are named here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ["ledger", "volunteers", "rewards", "wishes", "evaluations", "board"]
STRANGERS = {("wishes", "rewards"), ("evaluations", "rewards"), ("evaluations", "wishes")}
LAYERS = {
    "refusals": 0,
    "querysets": 0,
    "models": 1,
    "operations": 2,
    "statements": 2,
    "forms": 3,
    "views": 4,
    "api": 4,
    "admin": 4,
    "urls": 5,
}
INTERFACE = LAYERS["forms"]
# What rules may use of the project: names and numbers as people write them, nothing of a request.
BELOW_THE_INTERFACE = ("points_store.text",)


def modules_of(package):
    return [
        path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts
    ]


MODULES = [path for app in ORDER for path in modules_of(app)]


def imports(path):
    """Yield every absolute import that runs, skipping `if TYPE_CHECKING:` blocks."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = [
        range(node.lineno, (node.end_lineno or node.lineno) + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
    ]
    for node in ast.walk(tree):
        if any(getattr(node, "lineno", 0) in lines for lines in typing_only):
            continue
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            # `from wishes import models` imports wishes.models; a class is no module of its own.
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def layer(module):
    return next((LAYERS[name] for name in module.split(".")[1:] if name in LAYERS), None)


def wrong_imports(here, imported):
    """Return what is wrong with each import of the module `here` of one of the apps."""
    app, mine = here.split(".")[0], layer(here)
    wrong = []
    for line, module in imported:
        other, theirs = module.split(".")[0], layer(module)
        is_rule = mine is not None and mine < INTERFACE
        allowed = module.startswith(BELOW_THE_INTERFACE)
        if other == "points_store" and is_rule and not allowed:
            wrong.append(f"{here}:{line} imports {module}: no rule needs the project")
        if other not in ORDER:
            continue
        if ORDER.index(other) > ORDER.index(app) or (app, other) in STRANGERS:
            wrong.append(f"{here}:{line} imports {module}: against the order of the apps")
        if mine is not None and theirs is not None and theirs > mine:
            wrong.append(f"{here}:{line} imports {module}: against the order of the layers")
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_imports_flow_one_way(path):
    assert wrong_imports(dotted(path), imports(path)) == []


@pytest.mark.parametrize(
    ("here", "module"),
    [
        ("ledger.operations", "volunteers.models"),
        ("rewards.views.counter", "wishes.models"),
        ("wishes.operations.pledging", "rewards.models"),
        ("volunteers.models.person", "volunteers.operations.people"),
        ("volunteers.operations.people", "volunteers.forms"),
        ("rewards.views.counter", "rewards.urls"),
        ("volunteers.operations.people", "points_store.http"),
        ("wishes.views.tree", "board.figures"),
    ],
)
def test_wrong_import_is_found(here, module):
    assert wrong_imports(here, [(1, module)]) != []


@pytest.mark.parametrize(
    ("here", "module"),
    [
        ("rewards.operations.redeeming", "ledger.operations"),
        ("board.views.today", "wishes.models"),
        ("volunteers.views.desk", "points_store.http"),
        ("volunteers.operations.people", "points_store.text"),
        ("rewards.admin", "rewards.operations.stock"),
    ],
)
def test_right_import_is_let_through(here, module):
    assert wrong_imports(here, [(1, module)]) == []


CLOCKS = {"timezone.now", "datetime.now", "datetime.today", "date.today", "time.time"}


@pytest.mark.parametrize(
    "path", [path for path in MODULES if layer(dotted(path)) == LAYERS["operations"]], ids=dotted
)
def test_operations_have_no_clock_and_no_request(path):
    """A moment is handed in as `at`; who asks is handed in as `by`."""
    calls = [
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert [call for call in calls if call in CLOCKS] == []
    assert [module for _line, module in imports(path) if module.startswith("django.http")] == []
