#!/usr/bin/env python3
"""One program to set up, run and check 积分小超市. Needs nothing but Python 3.11 or newer.

    python run.py [run]           the demo on http://127.0.0.1:8000 (made the first time)
    python run.py new NAME        begin an empty installation of your own beside it, in var/NAME
    python run.py run NAME        run that one
    python run.py password USER [NAME]   a new password for a member of staff who forgot theirs
    python run.py demo            fill the demo without serving it
    python run.py serve [NAME]    the same as run, without looking at the packages
    python run.py manage [NAME:] COMMAND …   any Django command, for example: manage verify_ledger
    python run.py test [ARGS]     the tests; ARGS go to pytest
    python run.py check           everything CI runs
    python run.py fix | lock      format the code | write the locked requirements again
    python run.py setup           only make the environment

The data folder is var/NAME, or what POINTS_STORE_DATA says. docs/operations.md says more.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent
RUN, DEVELOP = "requirements.txt", "requirements-dev.txt"
WHEELHOUSE = BASE / "wheelhouse"  # packages carried in on a stick, for a place without internet
OLDEST_PYTHON = (3, 11)
DEMO = "demo"
TLS = {"PUBLIC_URL": "https://shop.example", "ALLOWED_HOSTS": "shop.example"}


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        return complain(f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed.")
    os.chdir(BASE)
    command, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    known = {
        "setup": set_up, "run": run, "serve": serve, "new": new, "password": password,
        "demo": demo, "manage": manage, "test": test, "check": check, "fix": fix, "lock": lock,
    }  # fmt: skip
    if command not in known:
        print(__doc__)
        return 0 if command in {"help", "-h", "--help"} else 2
    try:
        return known[command](rest)
    except subprocess.CalledProcessError as failed:
        return failed.returncode
    except KeyboardInterrupt:
        return 130


# What a person asks for


def set_up(_rest: list[str]) -> int:
    install(RUN)
    return 0


def run(rest: list[str]) -> int:
    return serve(rest, python=install(RUN))


def serve(rest: list[str], python: Path | None = None) -> int:
    name, rest = take_name(rest)
    if name != DEMO and not (folder_of(name) / "secrets.json").exists():
        return complain(f"There is no installation “{name}” yet: python run.py new {name}")
    return become(python or interpreter(), ["manage.py", "serve", *rest], data(name))


def demo(rest: list[str]) -> int:
    name, rest = take_name(rest)
    python = install(RUN)
    call(python, ["manage.py", "prepare"], data(name))
    return become(python, ["manage.py", "demo", *rest], data(name))


def new(rest: list[str]) -> int:
    name, rest = take_name(rest)
    if name == DEMO:
        return complain("Give it a name of its own: python run.py new shop")
    if (folder_of(name) / "opened").exists():
        return complain(f"“{name}” has begun already: python run.py run {name}")
    python, environment = install(RUN), {**data(name), "POINTS_STORE_KIND": "own"}
    call(python, ["manage.py", "prepare"], environment)
    call(python, ["manage.py", "open_shop", *rest], environment)
    (folder_of(name) / "opened").touch()
    print(f"python run.py run {name}")
    return 0


def password(rest: list[str]) -> int:
    if not rest:
        return complain("Whose? python run.py password USER [NAME]")
    user, (name, rest) = rest[0], take_name(rest[1:])
    return become(interpreter(), ["manage.py", "reset_password", user, *rest], data(name))


def manage(rest: list[str]) -> int:
    name = DEMO
    if rest and rest[0].endswith(":"):
        name, rest = rest[0][:-1], rest[1:]
    return become(interpreter(), ["manage.py", *rest], data(name))


def test(rest: list[str]) -> int:
    return become(install(DEVELOP), ["-m", "pytest", *(rest or ["-n", "2"])])


def fix(_rest: list[str]) -> int:
    python = install(DEVELOP)
    # What cannot be mended is printed, and the rest is formatted all the same.
    subprocess.run([python, "-m", "ruff", "check", "--fix", "--quiet", "."], check=False)
    call(python, ["-m", "ruff", "format", "."])
    # Djade ends with 1 when it changed something, which is what it was asked to do.
    subprocess.run([*djade(python), *templates()], check=False)
    return 0


def lock(_rest: list[str]) -> int:
    python = install(DEVELOP)
    compiling = [
        "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--no-header",
        "--generate-hashes", "--python-version=" + ".".join(map(str, OLDEST_PYTHON)),
        "--no-emit-index-url", "--annotation-style=line",
    ]  # fmt: skip
    call(python, [*compiling, "--output-file", RUN])
    call(python, [*compiling, "--extra", "dev", "--constraint", RUN, "--output-file", DEVELOP])
    return 0


def check(_rest: list[str]) -> int:
    """Run every check, also after one has failed, and say at the end which did."""
    python = install(DEVELOP)
    py = str(python)
    steps: dict[str, tuple[list[str], dict[str, str]]] = {
        "format": ([py, "-m", "ruff", "format", "--check", "."], {}),
        "lint": ([py, "-m", "ruff", "check", "."], {}),
        "types": ([py, "-m", "mypy", "."], {}),
        "template format": ([*djade(python), "--check", *templates()], {}),
        "template lint": ([py, "-m", "djlint", "templates", "--lint", "--quiet"], {}),
        "migrations": ([py, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
        "deploy": ([py, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], TLS),
        "tests": ([py, "-m", "pytest", "-n", "2"], {}),
    }
    failed = []
    for name, (arguments, environment) in steps.items():
        started_at = time.monotonic()
        print(f"── {name}", flush=True)
        done = subprocess.run(
            arguments, env={**os.environ, **scratch(), **environment}, check=False
        )
        print(f"── {name}: {time.monotonic() - started_at:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    print("failed: " + ", ".join(failed) if failed else "all checks passed")
    return 1 if failed else 0


def djade(python: Path) -> list[str]:
    """Return the command of the template formatter, the one tool that is no Python module."""
    return [str(python.parent / "djade"), "--target-version=5.2"]


def templates() -> list[str]:
    return sorted(str(path.relative_to(BASE)) for path in (BASE / "templates").rglob("*.html"))


# The environment


def install(lock_name: str) -> Path:
    """Bring the virtual environment to the lock, when the lock has changed; return its Python."""
    python = interpreter()
    if not python.exists() or not python_answers(python):
        say("making the environment in .venv …")
        subprocess.run([sys.executable, "-m", "venv", "--clear", BASE / ".venv"], check=True)
    stamp = python.parent / f"{lock_name}.sha256"
    wanted = hashlib.sha256(b"".join((BASE / name).read_bytes() for name in (RUN, DEVELOP)))
    # The development lock holds the other one.
    accepted = [stamp, python.parent / f"{DEVELOP}.sha256"]
    if any(mark.exists() and mark.read_text() == wanted.hexdigest() for mark in accepted):
        return python
    say(f"installing {lock_name} …")
    offline = ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.exists() else []
    call(
        python,
        ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes",
         "--only-binary=:all:", *offline, "-r", lock_name],
    )  # fmt: skip
    stamp.write_text(wanted.hexdigest())
    return python


def interpreter() -> Path:
    """Return the Python of the active virtual environment, or else of .venv, there or not yet."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.executable)
    inside = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return BASE / ".venv" / inside


def python_answers(python: Path) -> bool:
    """Return whether the environment was made to its end, and its Python is still there."""
    try:
        return subprocess.run([python, "-c", "import pip"], check=False).returncode == 0
    except OSError:
        return False


# Data folders and processes


def take_name(rest: list[str]) -> tuple[str, list[str]]:
    if rest and not rest[0].startswith("-"):
        return rest[0], rest[1:]
    return DEMO, rest


def folder_of(name: str) -> Path:
    if name == DEMO and os.environ.get("POINTS_STORE_DATA"):
        return Path(os.environ["POINTS_STORE_DATA"])
    return BASE / "var" / name


def data(name: str) -> dict[str, str]:
    return {"POINTS_STORE_DATA": str(folder_of(name))}


def scratch() -> dict[str, str]:
    """Return a data folder for checks, which need settings but no data."""
    return {"POINTS_STORE_DATA": os.environ.get("POINTS_STORE_DATA") or str(BASE / "var" / "check")}


def call(python: Path, arguments: list[str], environment: dict[str, str] | None = None) -> None:
    subprocess.run([python, *arguments], env={**os.environ, **(environment or {})}, check=True)


def become(python: Path, arguments: list[str], environment: dict[str, str] | None = None) -> int:
    """Go on as another program; where the system cannot, wait for it and return its status."""
    merged = {**os.environ, **(environment or {})}
    if sys.platform != "win32":
        sys.stdout.flush()
        os.execve(python, [str(python), *arguments], merged)  # noqa: S606 - no shell is the point
    child = subprocess.Popen([python, *arguments], env=merged)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reached the child as well, which ends in its own time


def say(text: str) -> None:
    print(text, flush=True)


def complain(text: str) -> int:
    print(text, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
