"""A dbt that is imported once for all builds of a process of tests: each build is a copy (fork) of it.

To import dbt, and to let its classes write their own code when they are first used, takes longer than a small build.
Here a process does both once; every build is then the real dbt in a process of its own, which starts where that one
stands. Nights that tests start as a person would (`apart`, `Small.start`) run dbt as pipelines/warehouse/dbt.py does.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

Cli = Callable[[Sequence[str]], object]
Order = tuple[list[str], str, dict[str, str], str]  # words, folder, environment, file for what dbt says


class WarmDbt:
    """Runs dbt as `pipelines.warehouse.dbt.run` does; the process that is copied starts with the first build."""

    def __init__(self) -> None:
        self._server: subprocess.Popen[str] | None = None

    def run(self, words: Sequence[str], database: Path) -> tuple[int, str]:
        """As `pipelines.warehouse.dbt.run`."""
        from pipelines.warehouse.dbt import environment

        if self._server is None:
            command = [sys.executable, "-P", __file__]
            self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._server.stdin and self._server.stdout
        with tempfile.NamedTemporaryFile() as said:
            order: Order = (list(words), str(database.parent), environment(database), said.name)
            print(json.dumps(order), file=self._server.stdin, flush=True)
            code = json.loads(self._server.stdout.readline())
            return code, said.read().decode(errors="replace")

    def close(self) -> None:
        """End the process."""
        if self._server is not None:
            self._server.communicate()


def serve(cli: Cli) -> None:
    """Copy this process for every order on stdin; answer each with the exit code of the copy."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what dbt prints while it learns is no answer
    taught = False
    for line in sys.stdin:
        order: Order = tuple(json.loads(line))
        if not taught:
            learn(cli, *order[:3])
            taught = True
        child = os.fork()
        if not child:
            work(cli, *order)
        status = os.waitpid(child, 0)[1]
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def learn(cli: Cli, words: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
    """Read and compile the first project, as far as that needs no database, and leave nothing of it."""
    settle(folder, environment)
    of_build = words.index("--exclude-resource-type")
    known = [*words[1:of_build], *words[of_build + 2 :]]
    with tempfile.TemporaryDirectory() as aside, suppress(SystemExit):
        unseen = ["--no-introspect", "--no-populate-cache", "--target-path", aside, "--log-path", aside]
        cli(["compile", *known, *unseen])
    gc.freeze()


def work(cli: Cli, words: Sequence[str], folder: str, environment: Mapping[str, str], said: str) -> None:
    """Be the dbt of one build; ends this process."""
    settle(folder, environment)
    for descriptor, path, mode in ((0, os.devnull, os.O_RDONLY), (1, said, os.O_WRONLY), (2, said, os.O_WRONLY)):
        os.dup2(os.open(path, mode | os.O_APPEND), descriptor)
    code: object = 0
    try:
        cli(words)
    except SystemExit as end:
        code = end.code
    atexit._run_exitfuncs()  # dbt closes its database in one of them
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else 1)  # to take down what the first process had with its threads aborts


def settle(folder: str, environment: Mapping[str, str]) -> None:
    """Stand in a folder with these variables and no others."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)


if __name__ == "__main__":
    from dbt.cli.main import cli

    gc.set_threshold(100_000, 50, 50)
    serve(cli)
