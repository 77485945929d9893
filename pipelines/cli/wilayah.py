"""`satudata wilayah`: places, their codes and their names."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from pipelines.cli.options import HomeOption, ReferensiOption, reference_folders
from pipelines.cli.screen import table
from pipelines.cli.wilayah_alias import alias
from pipelines.home import Home, aside
from pipelines.night.reference import Reference
from pipelines.referensi import ReferenceDataError
from pipelines.referensi.declare import declared
from pipelines.referensi.diff import diff as compare_editions
from pipelines.referensi.problems import problems

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Places: what changed, and how they are called.")
group.command()(alias)


@group.command()
def diff(
    edisi_a: Annotated[str, typer.Argument(metavar="EDISI_A", help="The older edition: its name, or a file.")],
    edisi_b: Annotated[str, typer.Argument(metavar="EDISI_B", help="The newer edition: its name, or a file.")],
    home: HomeOption = None,
    referensi: ReferensiOption = None,
    dalam: Annotated[str | None, typer.Option(metavar="KODE", help="Only this place and what lies in it.")] = None,
    berkas: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table to a CSV file.")] = None,
) -> int:
    """Show what changed between two editions of kode wilayah: moved, renamed, split, merged, new, gone.

    The table goes to the output (CSV where that is no terminal), the counts by level below it to
    the error stream. bobot is the share of lama's desa that went to baru. An edition is a name in a
    referensi.yml, or an SQL dump, CSV or XLSX.

    Exit codes: 0 compared; 1 one of them is no edition; 64 the command line is wrong.

    Examples:

      satudata wilayah diff 2022 2023 --referensi ~/referensi --dalam 33

      satudata wilayah diff lama.sql.gz 2025 --csv perubahan.csv
    """
    if dalam and not re.fullmatch(r"\d{2}[\d.]*", dalam):
        raise typer.BadParameter(f"--dalam: '{dalam}' is no kode wilayah; write one such as 33 or 33.02")
    folders = Reference(Home(home) if home else Home.default(), reference_folders(referensi)).folders
    with duckdb.connect() as con:
        try:
            result = con.execute(compare_editions(con, declared(folders), edisi_a, edisi_b, dalam))
        except ReferenceDataError as error:
            typer.echo(f"satudata: {error}", err=True)
            return 1
        header = [str(column[0]) for column in result.description or []]
        rows = [_shown(row) for row in result.fetchall()]
        faults = problems(con, "referensi_masalah")
    if berkas:
        with aside(berkas) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    else:
        table(header, rows)
    for line in _summary(rows):
        typer.echo(line, err=True)
    for fault in faults:
        typer.echo(f"{fault.tempat}: {fault.pesan}: {fault.jumlah}x, {fault.contoh}", err=True)
    return 0


def _shown(row: tuple[object, ...]) -> list[object]:
    """Shares with at most four digits, nothing for NULL."""
    return ["" if cell is None else round(cell, 4) if isinstance(cell, float) else cell for cell in row]


def _summary(rows: list[list[object]]) -> list[str]:
    """One line a level: how many changes of each kind."""
    counts: dict[object, dict[object, int]] = {}
    for level, kind, *_ in rows:
        kinds = counts.setdefault(level, {})
        kinds[kind] = kinds.get(kind, 0) + 1
    lines = [f"{level}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()) for level, kinds in counts.items()]
    return lines or ["nothing changed"]
