"""`satudata run`: the whole night."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import HomeOption, ReferensiOption, SourcesOption, reference_folders
from pipelines.cli.screen import console, progress, summary
from pipelines.home import REPO, Home
from pipelines.night import Night, NightResult

SAMPLE = REPO / "sources" / "_contoh"


def run(
    contoh: Annotated[
        bool, typer.Option("--contoh", help="Make the sample province and run it, with its own contracts.")
    ] = False,
    landing: Annotated[
        Path | None, typer.Option(help="Folder <produsen>/<dataset>/files. Default: landing/ of the home.")
    ] = None,
    home: HomeOption = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="PRODUSEN[.DATASET]", help="Check only this; the rest stays as it is."),
    ] = None,
    no_publish: Annotated[bool, typer.Option("--no-publish", help="Stop before the release.")] = False,
    sources: SourcesOption = None,
    referensi: ReferensiOption = None,
) -> int:
    """Run the night: receive, check, build the warehouse, release.

    Exit codes: 0 all is well; 3 finished, some sources were returned or are late; 1 nothing was promoted.

    Examples:

      satudata run --contoh

      satudata run --landing /srv/landing --home /srv/satudata

      satudata run --landing /srv/landing --referensi /srv/referensi

      satudata run --only <produsen>.<dataset> --no-publish
    """
    place = Home(home) if home else Home.default()
    if contoh and (landing or sources):
        raise typer.BadParameter("--contoh brings its own landing folder and contracts; leave out the others")
    if landing is not None and not landing.is_dir():
        raise typer.BadParameter(f"--landing: there is no folder {landing}")
    if not contoh:
        contracts = sources or REPO / "sources"
        night = Night(place, landing or place.landing, contracts, only, referensi=reference_folders(referensi))
        return _run(night, not no_publish)
    place.ensure()
    with tempfile.TemporaryDirectory(prefix="contoh-", dir=place.root) as folder:
        made = Path(folder)
        _make_sample(made)
        folders = (made / "referensi", *reference_folders(referensi))
        return _run(Night(place, made / "landing", SAMPLE, only, sample=True, referensi=folders), not no_publish)


def _make_sample(folder: Path) -> None:
    """Run the generator, which shares no code with the pipeline, as a program of its own."""
    paths = ["--landing", str(folder / "landing"), "--tertanam", str(folder / "planted.csv")]
    command = [sys.executable, str(SAMPLE / "buat.py"), *paths]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _run(night: Night, publish: bool) -> int:
    if night.only and not any(night.chosen(c) for c in night.library.contracts):
        raise typer.BadParameter(f"--only: no contract of {night.only}; there are: " + ", ".join(
            sorted(c.key for c in night.library.contracts)))  # fmt: skip
    with progress() as say:
        night.say = say
        with night.exclusive():
            result = night.run(publish)
    _tell(night, result)
    return result.exit_code


def _tell(night: Night, result: NightResult) -> None:
    summary(result.lines)
    for path, files in result.unknown:
        console.print(f"No contract: {path} ({files} files); see docs/add-a-source.md", soft_wrap=True)
    for problem in result.wrong:
        print(f"Wrong contract: {problem}", file=sys.stderr)
    for problem in result.problems:
        console.print(f"Problem: {problem}", style="red", soft_wrap=True)
    if not result.worked:
        console.print("Nothing changed since the last night: no work done.")
    if result.release:
        console.print(f"Release: {result.release}", soft_wrap=True)
    if result.held:
        console.print(f"Waiting for a person (satudata publish): {', '.join(result.held)}", soft_wrap=True)
    console.print(f"Report:  {night.home.findings / 'laporan.html'}", soft_wrap=True)
    meaning = {
        0: "all is well",
        1: "nothing was promoted; the last good warehouse stays in use",
        3: "finished; some sources were returned or are late (see the report)",
    }
    console.print(f"The night ended with {result.exit_code}: {meaning[result.exit_code]}.", soft_wrap=True)
