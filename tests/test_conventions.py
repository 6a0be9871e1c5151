"""What the house keeps to everywhere, read from the models and from the files themselves.

Every exception stands here by name with its reason. A list that only grows is a sign.
"""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).parent.parent
APPS = ["ledger", "volunteers", "rewards", "wishes", "evaluations", "board"]
PACKAGES = [*APPS, "points_store", "tests"]
MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
OURS = [model for model in MODELS if not model.__name__.endswith("Event")]

MODULE_LINES, FUNCTION_LINES, VIEW_LINES, TEST_LINES = 400, 50, 30, 40
FORBIDDEN_NAMES = {
    "common", "constants", "core", "helpers", "managers", "misc", "mixins", "services",
    "signals", "tools", "util", "utils",
}  # fmt: skip

LONG_MODULES = {"tests/wishes/test_life.py": "a wish's whole life, told in order"}
LONG_FUNCTIONS: dict[str, str] = {}
# Moments whose person may be missing although the moment is there.
WITHOUT_USER = {
    "volunteers.ServiceRecord.submitted_at": "null: the resident declared it, and is no User",
    "volunteers.Deed.submitted_at": "null: the resident declared it, and is no User",
    "volunteers.Correction.asked_at": "null: the resident asked, and is no User",
    "volunteers.Photo.added_at": "null: the resident of `added_by_resident` added it",
    "wishes.FundGift.submitted_at": "null: the resident, on their own phone",
    "wishes.Dispatch.answered_at": "null: the volunteer answered, or nobody did in time",
}
# Duplicates may be skipped where no trigger has moved anything by then.
SKIPS_DUPLICATES = {
    "ledger/operations/accounts.py": "a book's system accounts, which hold no balance"
}
# Text that is put into a page without being escaped.
UNESCAPED = {
    "points_store/templatetags/look.py": "spans put into what the template has escaped already",
    "templates/components/field_words.html": "help_text is ours; the password rules are a list",
    "static/js/attendance.js": "rows the server has rendered, and escaped",
    "static/js/counter_find.js": "rows the server has rendered, and escaped",
}


def name(path):
    return str(path.relative_to(ROOT))


def label(model):
    return model._meta.label


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            # A docstring is no work to follow.
            said = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            start = first.end_lineno if said and len(node.body) > 1 else node.lineno - 1
            yield node.name, (node.end_lineno or 0) - start


def allowed_lines(path, function):
    if "tests" in path.parts:
        return TEST_LINES if function.startswith("test_") else FUNCTION_LINES
    is_view = "views" in path.relative_to(ROOT).parts and not function.startswith("_")
    return VIEW_LINES if is_view else FUNCTION_LINES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_can_be_read_in_one_sitting(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MODULE_LINES or name(path) in LONG_MODULES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_function_can_be_seen_at_once(path):
    long = [
        (function, lines)
        for function, lines in functions(path)
        if lines > allowed_lines(path, function)
        and f"{name(path)}:{function}" not in LONG_FUNCTIONS
    ]
    assert long == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_named_by_its_subject(path):
    parts = {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    assert not parts & FORBIDDEN_NAMES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_posting_is_never_skipped_over_a_conflict(path):
    """A BEFORE trigger has moved the balance by the time the row would be skipped."""
    written = re.search(r"ignore_conflicts\s*=\s*Tru[e]", path.read_text(encoding="utf-8"))
    assert not written or name(path) in SKIPS_DUPLICATES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_is_left_for_later(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"#\s*(TOD[O]|FIXM[E]|XX[X])\b", source)
    assert not re.search(r"raise NotImplementedErro[r]", source)


def migrations():
    return [path for app in APPS for path in sorted((ROOT / app / "migrations").glob("0*.py"))]


@pytest.mark.parametrize("path", migrations(), ids=name)
def test_migration_is_named_by_hand(path):
    assert not re.search(r"_auto_|_and_more|^\d{4}_(alter|add|remove)_\w+_\w+_\w+_\w+_", path.name)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_constraint_is_named_as_the_sentence_in_the_log(model):
    prefix = f"{model._meta.app_label}_{model._meta.model_name}_"
    wrong = [each.name for each in model._meta.constraints if not each.name.startswith(prefix)]
    assert wrong == []
    assert not model._meta.unique_together


def pairs(model):
    """Yield (moment, person) for each moment of the model that somebody caused."""
    people = {field.name: field for field in persons(model)}
    for field in model._meta.fields:
        person = people.get(field.name.removesuffix("_at") + "_by")
        listed = f"{label(model)}.{field.name}" in WITHOUT_USER
        if isinstance(field, models.DateTimeField) and person is not None and not listed:
            yield field, person


def persons(model):
    """Return the fields that say which user caused something."""
    return [
        field
        for field in model._meta.fields
        if field.name.endswith("_by") and isinstance(field, models.ForeignKey)
    ]


@pytest.mark.parametrize("model", OURS, ids=label)
def test_moment_and_person_are_both_set_or_both_not(model):
    checks = " ".join(
        str(each.condition)
        for each in model._meta.constraints
        if isinstance(each, models.CheckConstraint)
    )
    for moment, person in pairs(model):
        assert moment.null == person.null, f"{moment.name} and {person.name}"
        if moment.null:
            assert f"{moment.name}__isnull" in checks, f"no CHECK on {moment.name}"
            assert f"{person.name}__isnull" in checks, f"no CHECK on {person.name}"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_person_is_never_without_the_moment(model):
    names = {field.name for field in model._meta.fields}
    moments = [f"{field.name.removesuffix('_by')}_at" for field in persons(model)]
    assert [moment for moment in moments if moment not in names] == []


@pytest.mark.parametrize("model", OURS, ids=label)
def test_model_leaves_its_invariants_to_constraints(model):
    assert "save" not in vars(model)
    assert "delete" not in vars(model)


@pytest.mark.parametrize("model", OURS, ids=label)
def test_points_are_whole_numbers(model):
    floats = (models.FloatField, models.DecimalField)
    assert [field.name for field in model._meta.fields if isinstance(field, floats)] == []


def test_history_is_declared_by_models_that_exist():
    for config in apps.get_app_configs():
        declared = (*getattr(config, "history_models", ()), *getattr(config, "locked_columns", ()))
        for each in declared:
            assert config.get_model(each)


WEB_FILES = [
    path
    for folder in ("templates", "static")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".html", ".css", ".js", ".svg", ".json"}
]


@pytest.mark.parametrize("path", WEB_FILES, ids=name)
def test_page_asks_no_other_host(path):
    """Name spaces of XML are names, and nobody fetches them."""
    source = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
    assert re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", source) == []


@pytest.mark.parametrize("path", WEB_FILES, ids=name)
def test_script_imports_no_unhashed_file(path):
    """Static files are served under the names with their hash, which a script cannot know."""
    assert path.suffix != ".js" or not re.search(
        r"^\s*import\s|\bimport\(", path.read_text(encoding="utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize("path", [*MODULES, *WEB_FILES], ids=name)
def test_unescaped_text_is_listed(path):
    if "tests" in path.parts:
        return
    found = re.search(
        r"\|\s*safe\b|mark_safe|SafeString\(|autoescape off"
        r"|(?:inner|outer)HTML\s*=[^=]|insertAdjacentHTML",
        path.read_text(encoding="utf-8"),
    )
    assert not found or name(path) in UNESCAPED


def test_every_listed_exception_is_still_one():
    for listed in (*LONG_MODULES, *UNESCAPED, *SKIPS_DUPLICATES):
        assert (ROOT / listed).exists(), listed
    for listed in LONG_FUNCTIONS:
        path, function = listed.split(":")
        assert function in dict(functions(ROOT / path)), listed


def test_repository_names_no_machine():
    """No path of somebody's computer, and no address of the place packages come from."""
    patterns = ["/roo[t]/", "/hom[e]/[a-z]", "/wor[k]/", "/User[s]/", "index-ur[l] [h-]"]
    found = subprocess.run(
        ["git", "grep", "-nIE", "|".join(patterns), "--", ".", ":!LICENSE"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
