"""`satudata publish`: a draft for a person to look at, its approval, and sending a release to a CKAN."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from pipelines.cli.ckan import KEY, send_to_ckan
from pipelines.cli.options import HomeOption, SourcesOption
from pipelines.cli.run import SAMPLE
from pipelines.cli.screen import console, progress
from pipelines.home import REPO, Home
from pipelines.home.sample import is_sample
from pipelines.night import Night
from pipelines.publish import ReleaseError, ReleaseResult
from pipelines.release import current


def publish(
    approve: Annotated[
        str | None, typer.Option(metavar="NAME", help="Approve the draft that waits, in this name; needs --reason.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why, in one line: it is signed and public.")
    ] = None,
    to: Annotated[Literal["ckan"] | None, typer.Option(help="Send the release that readers see there.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Address of that CKAN.")] = None,
    key_env: Annotated[
        str, typer.Option(metavar="VARIABLE", help="Environment variable that holds CKAN's API key.")
    ] = KEY,
    only: Annotated[
        list[str] | None, typer.Option(metavar="SLUG", help="Send this dataset only; may be repeated.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Send nothing: compare CKAN with the release.")] = False,
    home: HomeOption = None,
    sources: SourcesOption = None,
) -> int:
    """Build a draft of the release and say what is in it; with --approve make the draft the release that readers see.

    The draft is everything that may leave, also of datasets that the night may not release alone. Look at its report,
    then approve it; it is signed with the walidata's key.

    Exit codes: 0 done; 3 the draft is built, but the gate refused a dataset or one keeps its last release (see the
    report); 1 no draft or release was made, or CKAN did not take everything.

    Examples:

      satudata publish

      satudata publish --approve "Kepala Dinas" --reason "Rilis bulanan"

      CKAN_KEY=... satudata publish --to ckan --url https://data.example.go.id
    """
    place = Home(home) if home else Home.default()
    if (approve is None) != (reason is None):
        raise typer.BadParameter("--approve and --reason belong together")
    if to:
        if url is None:
            raise typer.BadParameter("--to ckan needs --url")
        release = current(place)
        if release is None:
            raise typer.BadParameter(f"{place.root} has no release to send yet; run: satudata run")
        return send_to_ckan(release, url, key_env, only, check)
    sample = is_sample(place)
    night = Night(place, place.landing, sources or (SAMPLE if sample else REPO / "sources"), sample=sample)
    try:
        with progress() as say:
            night.say = say
            with night.exclusive():
                if approve is not None and reason is not None:
                    return _approved(night.approve(approve, reason))
                return _drafted(night.draft())
    except ReleaseError as error:
        print(f"satudata: {error}", file=sys.stderr)
        return 1


def _drafted(result: ReleaseResult) -> int:
    if not result.changed:
        console.print("Nothing changed since the last release: no draft.")
    else:
        console.print(f"Draft:  {result.path}", soft_wrap=True)
        console.print(f"Report: {result.path.parent / 'laporan.html'}", soft_wrap=True)
        console.print('Approve it with: satudata publish --approve "NAME" --reason "TEXT"', soft_wrap=True)
    for key in sorted(result.refused):
        console.print(f"Refused by the gate: {key}", soft_wrap=True)
    for key, why in sorted((result.carried | result.left_out).items()):
        console.print(f"{'Last release stays' if key in result.carried else 'Left out'}: {key}: {why}", soft_wrap=True)
    return 3 if result.refused or result.carried else 0


def _approved(result: ReleaseResult) -> int:
    console.print(f"Release: {result.path}", soft_wrap=True)
    return 0
