"""run.py as somebody at a desk meets it, before it has installed anything."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*arguments, data):
    return subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "POINTS_STORE_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_run_needs_nothing_but_python():
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    named = {
        alias.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {str(name).split(".")[0] for name in named} <= sys.stdlib_module_names


def test_help_names_every_command(tmp_path):
    done = run("--help", data=tmp_path)
    assert done.returncode == 0
    for command in ("run", "new", "password", "demo", "serve", "test", "check", "fix", "lock"):
        assert f" {command} " in done.stdout or f"[{command}]" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new"], "a name of its own"),
        (["new", "demo"], "a name of its own"),
        (["serve", "nowhere"], "no installation “nowhere” yet"),
        (["password"], "Whose?"),
        (["dance"], "python run.py"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path, arguments, said):
    done = run(*arguments, data=tmp_path)
    assert done.returncode == 2
    assert said in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_make_and_windows_only_give_it_other_names():
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "run.py $@" in targets
    for name in ("setup", "run"):
        assert f'run.py" {name} %*' in (ROOT / f"{name}.cmd").read_text(encoding="utf-8")
