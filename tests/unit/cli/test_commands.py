"""The list of commands is there at once, and a command brings only what it needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from pipelines.cli import COMMANDS
from pipelines.home import REPO

LOADED = "import sys; from pipelines.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"


def asked(*words: str) -> tuple[str, set[str]]:
    """What a command prints, and the modules that were imported for it."""
    done = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, cwd=REPO, check=True)
    return done.stdout, set(done.stderr.split())


def test_help_names_every_command_and_says_what_it_does_without_importing_it() -> None:
    said, loaded = asked("--help")
    listed = [line.split(maxsplit=1) for line in said.partition("Commands:\n")[2].splitlines()]
    assert [name for name, _ in listed] == list(COMMANDS)
    assert all(summary[0].isupper() for _, summary in listed)
    assert not {"duckdb", "pyarrow", "numpy", "pipelines.night"} & loaded


def test_a_command_does_not_bring_the_others() -> None:
    said, loaded = asked("query", "--help")
    assert "--home" in said
    assert {"duckdb", "pipelines.cli.query"} <= loaded
    assert not {"pyarrow", "numpy", "pipelines.night", "pipelines.cli.run"} & loaded


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_a_function_or_a_group_of_its_module(name: str) -> None:
    module = import_module(f"pipelines.cli.{name}")
    assert hasattr(module, "group") != callable(getattr(module, name, None))
