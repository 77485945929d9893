"""`satudata check`: try one file before it is delivered."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from pipelines.check.run import DIKEMBALIKAN, Source
from pipelines.check.run import check as check_files
from pipelines.cli.options import HomeOption, ReferensiOption, SourcesOption, reference_folders
from pipelines.cli.screen import console, table
from pipelines.contract.model import Contract
from pipelines.contract.yaml_lines import DeclarationError, Problem
from pipelines.home import REPO, Home, machine_faults
from pipelines.landing import needs_key
from pipelines.night import Night

RETURNED = 2
SHOWN = 50


def check(
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX, XLS or JSON file.")],
    as_: Annotated[str, typer.Option("--as", metavar="PRODUSEN.DATASET", help="The contract it must meet.")],
    home: HomeOption = None,
    sources: SourcesOption = None,
    referensi: ReferensiOption = None,
) -> int:
    """Check one file against a contract, places included; nothing is archived or loaded.

    Exit codes: 0 SESUAI, 2 DIKEMBALIKAN. The findings are shown and written to a file.

    Example:

      satudata check kiriman.csv --as <produsen>.<dataset>
    """
    if not file.is_file():
        raise typer.BadParameter(f"there is no file {file}")
    place = (Home(home) if home else Home.default()).ensure()
    night = Night(place, file.parent, sources or REPO / "sources", referensi=reference_folders(referensi))
    if problems := _broken(night, as_):
        raise DeclarationError(problems)
    try:
        contract = night.library.find(as_)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    out = place.findings / contract.produsen / contract.dataset / f"coba-{file.stem}.csv"
    # Not in tmp, which a night may empty meanwhile.
    below = place.identity if needs_key(night.library, contract) else place.root
    with machine_faults(place), tempfile.TemporaryDirectory(dir=below, prefix="coba-") as folder:
        work = Path(folder)
        checked = check_files(
            night.library,
            contract,
            [Source(_name(contract, file), file)],
            night.reference.base(),
            work,
            lambda: night.inspection.judge,
            peta=night.reference.map() if contract.wilayah and contract.wilayah.titik else None,
        )
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(work / "temuan.csv", out)
    _show(out)
    for load in checked.loads:
        console.print(
            f"dibaca {load.baris_dibaca} = diterima {load.baris_diterima} + karantina {load.baris_karantina} "
            f"+ bukan data {load.baris_bukan_data}",
            soft_wrap=True,
        )
    for reason in checked.reasons:
        console.print(f"- {reason}", soft_wrap=True)
    console.print(f"{checked.status}: {checked.findings} temuan, lihat {out}", soft_wrap=True)
    return RETURNED if checked.status == DIKEMBALIKAN else 0


def _broken(night: Night, key: str) -> list[Problem]:
    """What is wrong with the contract of this name; one that was never right is in no library."""
    produsen, _, dataset = key.partition(".")
    known = {Path(c.path) for c in night.library.contracts if c.key == key}
    return [
        problem
        for problem in night.declared.problems
        if problem.path in known or (problem.path.stem == dataset and problem.path.parent.name == produsen)
    ]


def _name(contract: Contract, file: Path) -> str:
    """The file's path below its dataset folder, as the landing would have named it."""
    parts = file.resolve().parts
    for start in range(len(parts) - 2, 0, -1):
        if parts[start - 1 : start + 1] == (contract.produsen, contract.dataset):
            return "/".join(parts[start + 1 :])
    depth = (contract.baca.dari_berkas or "").count("/")
    return "/".join(parts[-1 - depth :])


def _show(findings: Path) -> None:
    result = duckdb.sql(
        "SELECT berkas, baris, kolom, nilai, standar, tingkat, pesan, saran "
        f"FROM read_csv('{str(findings).replace(chr(39), chr(39) * 2)}', header = true, all_varchar = true)"
    )
    rows = result.fetchmany(SHOWN) if console.is_terminal else result.fetchall()
    if rows:
        table(result.columns, rows)
    if console.is_terminal and len(rows) == SHOWN:
        console.print(f"... {SHOWN} pertama; selebihnya di {findings}", soft_wrap=True)
