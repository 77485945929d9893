"""Trying again what may pass. Safe, because whatever is tried looks first at what is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from pipelines.ckan.errors import CkanError, PassingError
from pipelines.ckan.site import Site

PAUSES = (1.0, 4.0, 15.0)
"""Seconds before each further try."""
LONGEST = 60.0
"""The most that CKAN's own wish to be left alone counts for."""
T = TypeVar("T")


class UnansweredError(CkanError):
    """CKAN answers nothing any more, whatever it is asked."""


def patiently(site: Site, say: Callable[[str], None], what: str, step: Callable[[], T]) -> T:
    """The result of `step`, tried again after a PassingError.

    Raises the last PassingError if CKAN answers other questions, UnansweredError if it does not.
    """
    for pause in PAUSES:
        try:
            return step()
        except PassingError as error:
            pause = min(error.wait or pause, LONGEST)
            say(f"{what}: {error}; again in {pause:g} s")
            time.sleep(pause)
    try:
        return step()
    except PassingError:
        _still_there(site)
        raise


def _still_there(site: Site) -> None:
    try:
        site.read("status_show")
    except PassingError as error:
        raise UnansweredError(f"{error}; push again when it is back: what is there already is not sent twice") from None
