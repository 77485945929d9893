"""`satudata publish --to ckan`: the latest release to a CKAN portal, and whether CKAN holds it."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from pipelines.catalogue import DescriptorError
from pipelines.ckan import CkanError, PushResult, push, verify
from pipelines.cli.screen import console

KEY = "CKAN_KEY"


def send_to_ckan(
    release: Path, url: str, key_env: str = KEY, only: list[str] | None = None, check: bool = False
) -> int:
    """Send a release to the CKAN at `url`, or with `check` only compare; returns the exit code.

    The API key is taken from the environment variable `key_env`. Exit codes: 0 CKAN holds the release; 1 CKAN
    could not be used, or went away: nothing is lost, push again; 3 done, but a dataset needs somebody to look.
    """
    key = os.environ.get(key_env, "")
    if not key:
        raise typer.BadParameter(f"--key-env: put the API key of CKAN into the environment variable {key_env}")
    try:
        if check:
            problems = verify(release, url, key, _say, only)
            for slug, found in problems.items():
                _say(f"{slug}: {'; '.join(found)}")
            _say(f"CKAN differs from the release in {len(problems)} datasets" if problems else "CKAN holds the release")
            return 3 if problems else 0
        result = push(release, url, key, _say, only)
    except (CkanError, DescriptorError) as error:
        typer.echo(f"satudata: {error}", err=True)
        return 1
    _say_result(result)
    return 3 if result.failed else 0


def _say_result(result: PushResult) -> None:
    for note in result.notes:
        _say(note)
    if result.left_alone:
        _say(f"CKAN has {len(result.left_alone)} datasets that this release has not; they stay as they are:")
        _say("  " + ", ".join(result.left_alone))
    _say(
        f"{len(result.created)} new, {len(result.updated)} brought up to date, {len(result.withdrawn)} withdrawn, "
        f"{len(result.unchanged)} as they were, {len(result.failed)} not sent; "
        f"{result.writes} changes, {result.sent:,} bytes of files"
    )


def _say(text: str) -> None:
    console.print(text, soft_wrap=True)
