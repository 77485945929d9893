"""`satudata wilayah alias`: review the spellings that the check proposes as other names of a place."""

from __future__ import annotations

from dataclasses import astuple, fields
from datetime import date
from typing import Annotated

import duckdb
import typer

from pipelines.cli.options import HomeOption, ReferensiOption, reference_folders
from pipelines.cli.screen import console, table
from pipelines.home import Home, exclusive
from pipelines.night.reference import Reference
from pipelines.referensi import ReferenceDataError
from pipelines.wilayah.aliases import ACCEPTED, PROPOSALS, REFUSED, AliasError, Proposal, accept, open_proposals, refuse


def alias(
    terima: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="KODE TEKS", help="TEKS is another name of the place KODE."),
    ] = None,
    tolak: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="KODE TEKS", help="TEKS does not mean KODE; do not propose it again."),
    ] = None,
    oleh: Annotated[str | None, typer.Option(metavar="NAMA", help="Who decided; kept with the decision.")] = None,
    home: HomeOption = None,
    referensi: ReferensiOption = None,
) -> int:
    """List the proposals of the last night, or answer one. The next night uses what was accepted.

    Exit codes: 0 done, also when it was recorded before; 1 refused, with the reason.

    Examples:

      satudata wilayah alias

      satudata wilayah alias --terima 33.02.22.2012 "Ketengar" --oleh "Siti"

      satudata wilayah alias --tolak 33.02.22.2012 "Kutasari" --oleh "Siti"
    """
    place = (Home(home) if home else Home.default()).ensure()
    folder, base = place.referensi, Reference(place, reference_folders(referensi)).base
    if terima and tolak:
        raise typer.BadParameter("answer one proposal at a time: --terima or --tolak")
    answer = terima or tolak
    try:
        if answer is None:
            return _list(open_proposals(place.findings / PROPOSALS, folder))
        if not oleh:
            raise typer.BadParameter("say who decided: --oleh NAMA")
        with exclusive(place), duckdb.connect(str(base()), read_only=True) as con:
            new = (accept if terima else refuse)(con, folder, *answer, oleh, date.today())
    except (AliasError, ReferenceDataError) as error:
        typer.echo(f"satudata: {error}", err=True)
        return 1
    said = f"recorded in {folder / (ACCEPTED if terima else REFUSED)}" if new else "was recorded before"
    console.print(f"{answer[0]} '{answer[1]}': {said}", soft_wrap=True)
    return 0


def _list(proposals: list[Proposal]) -> int:
    table([f.name for f in fields(Proposal)], [astuple(p) for p in proposals])
    if console.is_terminal:
        hint = "Answer with --terima KODE TEKS --oleh NAMA, or --tolak KODE TEKS --oleh NAMA."
        console.print(hint if proposals else "No open proposals; the night makes them.", soft_wrap=True)
    return 0
