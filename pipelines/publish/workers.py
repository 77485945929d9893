"""Work on the datasets of a release: in this process where there are few, in several where there are many.

Each process has a workbench of its own. Nothing depends on how many there are, or on which one does what.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from multiprocessing.forkserver import ensure_running
from pathlib import Path
from typing import TypeVar

from pipelines.publish.inputs import Inputs, ReleaseError
from pipelines.publish.workbench import Workbench, workbench

T = TypeVar("T")
R = TypeVar("R")
# A process takes two seconds to start; in these, one does so many small datasets.
DATASETS_EACH = 8
_MODULE = "pipelines.publish.workers"
# Of the process itself: its workbench, how to open it, and what closes it in the end.
_own: list[Workbench] = []
_given: list[Callable[[], AbstractContextManager[Workbench]]] = []
_open = ExitStack()


class Workers:
    """Whoever does the work on the datasets of one release; `bench` is that of this process."""

    def __init__(self, bench: Workbench, pool: ProcessPoolExecutor | None) -> None:
        self.bench, self._pool = bench, pool

    def each(self, task: Callable[[Workbench, T], R], things: Sequence[T]) -> Iterator[R]:
        """What a task (a function of a module) makes of each thing, in their order; raises what it raises.

        Other processes begin at once and go on whatever this one does. Things and results are copied between
        processes, so no result may be a relation of the task's workbench.
        """
        if self._pool is None:
            return (task(self.bench, thing) for thing in things)
        return self.map(partial(_do, task), things)

    def map(self, task: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
        """As `each`, with tasks that need no workbench."""
        if self._pool is None:
            return map(task, things)
        with _alive():
            return _results(self._pool.map(task, things))


def _results(made: Iterator[R]) -> Iterator[R]:
    with _alive():
        yield from made


@contextmanager
def _alive() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise ReleaseError("a process of the release was killed, perhaps for want of memory; run it again") from error


@contextmanager
def workers(inputs: Inputs, last: Path | None, spill: Path) -> Iterator[Workers]:
    """Those who work on the datasets that these inputs publish; `last` and `spill` as of `workbench`."""
    number = min(os.cpu_count() or 1, len(inputs.open()) // DATASETS_EACH)
    # Processes that begin anew: to copy one that has threads is not safe. What they import is imported once.
    context = multiprocessing.get_context("forkserver")
    if number > 1:
        context.set_forkserver_preload([_MODULE])
        ensure_running()  # it imports while this process opens its own workbench
    with workbench(inputs, last, spill) as bench:
        if number < 2:
            yield Workers(bench, None)
            return
        pool = ProcessPoolExecutor(number, context, _begin, (inputs, last, spill, number))
        try:
            yield Workers(bench, pool)
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(inputs: Inputs, last: Path | None, spill: Path, number: int) -> None:
    """Make a process ready. Its workbench is opened by the first task, whose errors reach the one who asked."""
    # To look for circles among the objects of modules and the cells of tables takes a quarter of the time.
    gc.freeze()
    gc.set_threshold(100_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _given.append(partial(workbench, inputs, last, spill / str(os.getpid()), number))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Callable[[Workbench, T], R], thing: T) -> R:
    if not _own:
        _own.append(_open.enter_context(_given[0]()))
    return task(_own[0], thing)
