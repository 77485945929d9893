"""`satudata release`: which releases there are, what changed, whether a copy is whole, and taking a dataset back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from pipelines.catalogue import DescriptorError
from pipelines.cli.options import HomeOption
from pipelines.cli.screen import table
from pipelines.home import Home, exclusive
from pipelines.release import ReleaseFault, approval, current, public_file, purged, read_manifest, versions
from pipelines.release import diff as compare
from pipelines.release import purge as purge_releases
from pipelines.release import restore as let_return
from pipelines.release import rows as differing_rows
from pipelines.release import verify as check
from pipelines.release import withdraw as take_back
from pipelines.release.manifest import PUBLIC_KEY, VERSION
from pipelines.release.switch import LATEST
from pipelines.release.words import number

SHOWN = 200  # problems of one copy

group = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Releases: list them, say what changed, verify a copy, withdraw a dataset.",
)

By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides it: a person with that authority.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in plain Bahasa: readers will see it.")]
Slug = Annotated[str, typer.Argument(metavar="SLUG", help="The dataset: the name of its folder in the release.")]


@group.command(name="list")
def list_(home: HomeOption = None) -> int:
    """List the releases of this home, newest first, and who approved them.

    Exit codes: 0 listed, also when there are none.

    Example:

      satudata release list --home /srv/satudata
    """
    place = _home(home)
    seen, key = current(place), _key(place)
    lines = []
    for manifest in versions(place):
        folder = place.releases / manifest.versi
        try:
            approved = approval(folder, key)
            who = [approved.oleh, approved.alasan]
        except ReleaseFault:
            who = ["", ""]
        files, size = len(manifest.berkas), sum(file.bytes for file in manifest.berkas.values())
        mark = LATEST if seen == folder.resolve() else ""
        lines.append([manifest.versi, manifest.tanggal, mark, files, size, *who])
    table(["version", "date", "", "files", "bytes", "approved by", "reason"], lines)
    return 0


@group.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The older release: a version, 'latest', or a folder.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The newer release: the same.")],
    rows: Annotated[str | None, typer.Option("--rows", metavar="SLUG", help="Show the rows of this dataset.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many rows.")] = 100,
    home: HomeOption = None,
) -> int:
    """Say what changed from release A to release B: in sentences, or the rows of one dataset.

    A changed cell is shown as 'before -> now'. The table is CSV where the output is no terminal.

    Exit codes: 0 compared, whatever was found; 1 one of them cannot be read.

    Examples:

      satudata release diff 3f2a9c01be77 latest

      satudata release diff /media/usb/rilis latest --rows dinas-jumlah_sekolah --limit 500 > beda.csv
    """
    place = _home(home)
    try:
        one, other = _release(place, old), _release(place, new)
        with duckdb.connect() as con:
            if rows:
                table(*differing_rows(con, one, other, rows, limit))
                return 0
            changes = compare(con, one, other)
    except (ReleaseFault, DescriptorError) as error:
        return _failed(str(error))
    except duckdb.Error:
        return _failed("a table of one of them is damaged; `satudata release verify` says which")
    for change in changes:
        typer.echo(f"{change.slug} ({change.jenis}): {change.judul}")
        for sentence in change.kalimat:
            typer.echo(f"  {sentence}")
    if not changes:
        typer.echo("nothing changed", err=True)
    return 0


@group.command()
def verify(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A copy of a release, a version, or 'latest'.")],
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PUB", help="Public key of the walidata. Default: this home's.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Names, sizes, signature and links; do not read data.")
    ] = False,
    home: HomeOption = None,
) -> int:
    """Re-check a copy of a release, wherever it lies: files, version, signature, tables, links.

    Who approved it is said. Without --key, and where this home has none, the signature is checked with the key
    in the folder: that finds damage, but a forger would have put his own key there.

    Exit codes: 0 nothing is wrong; 1 something is, and each file is named with what to do.

    Examples:

      satudata release verify latest

      satudata release verify /media/usb/rilis --key walidata.pub
    """
    place = _home(home)
    public = key or _key(place)
    try:
        release = _release(place, folder)
        if key is not None and not key.is_file():
            raise ReleaseFault(f"there is no key file {key}")
        problems = check(release, public, deep=not quick)
        for problem in problems[:SHOWN]:
            typer.echo(str(problem))
        if problems:
            more = f", {number(len(problems) - SHOWN)} not shown" if len(problems) > SHOWN else ""
            return _failed(f"{release} is not what was published: {number(len(problems))} problems{more}")
        manifest, approved = read_manifest(release), approval(release, public)
    except ReleaseFault as error:
        return _failed(str(error))
    for slug in sorted(purged(release, manifest, public)):
        typer.echo(f"{slug}: ditarik (taken out of this release on purpose, by a signed decision)")
    typer.echo(f"version {manifest.versi} of {manifest.tanggal}, {number(len(manifest.berkas))} files: as published")
    typer.echo(f"approved by {approved.oleh} ({approved.waktu}): {approved.alasan}")
    if public is None:
        typer.echo(f"The key was taken from {release / PUBLIC_KEY}; compare it with the walidata's own, or give --key")
    return 0


@group.command()
def withdraw(
    slug: Slug,
    by: By,
    reason: Reason,
    purge: Annotated[bool, typer.Option("--purge", help="For a leak: take it out of the releases here, too.")] = False,
    home: HomeOption = None,
) -> int:
    """Take a dataset back: the next release holds a tombstone with date and reason instead.

    With --purge its files in all releases of this home are replaced by a signed tombstone at once. That cannot be
    undone, and does not reach copies elsewhere or a CKAN. May be repeated, also to add --purge later.

    Exit codes: 0 done, also when it was withdrawn before; 1 refused, with the reason.

    Examples:

      satudata release withdraw dinas-jumlah_sekolah --by "Siti Aminah" --reason "Angka 2024 sedang dihitung ulang"

      satudata release withdraw dinas-survei_warga --by "Siti Aminah" --reason "Memuat data pribadi" --purge
    """
    place = _home(home)
    try:
        with exclusive(place):
            new = take_back(place, slug, by, reason, datetime.now().astimezone().date())
            cleared = purge_releases(place, slug) if purge else []
    except ReleaseFault as error:
        return _failed(str(error))
    typer.echo(f"{slug} is withdrawn" if new else f"{slug} was withdrawn before; the record stays as it is")
    if purge:
        typer.echo(f"Taken out of {len(cleared)} releases here: {', '.join(cleared) or 'none had it'}")
    typer.echo("The next release says so to its readers: satudata run")
    return 0


@group.command()
def restore(slug: Slug, by: By, reason: Reason, home: HomeOption = None) -> int:
    """Let a withdrawn dataset return with the next release.

    What was purged from earlier releases does not come back.

    Exit codes: 0 done, also when it was not withdrawn; 1 refused, with the reason.

    Example:

      satudata release restore dinas-jumlah_sekolah --by "Siti Aminah" --reason "Angka sudah diperbaiki"
    """
    place = _home(home)
    try:
        with exclusive(place):
            done = let_return(place, slug, by, reason, datetime.now().astimezone().date())
    except ReleaseFault as error:
        return _failed(str(error))
    typer.echo(f"{slug} may be published again" if done else f"{slug} is not withdrawn; nothing was changed")
    return 0


def _home(path: Path | None) -> Home:
    return Home(path) if path else Home.default()


def _key(home: Home) -> Path | None:
    path = public_file(home)
    return path if path.is_file() else None


def _release(home: Home, name: str) -> Path:
    """The folder that a person means: a version or `latest` of this home, else a path."""
    if name == LATEST or VERSION.fullmatch(name):
        found = current(home) if name == LATEST else home.releases / name
        if found is None or not found.is_dir():
            raise ReleaseFault(f"{home.releases} has no release '{name}'; see: satudata release list")
        return found
    if not Path(name).is_dir():
        raise ReleaseFault(f"there is no folder '{name}', and it is no version; see: satudata release list")
    return Path(name)


def _failed(text: str) -> int:
    typer.echo(f"satudata: {text}", err=True)
    return 1
