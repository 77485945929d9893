"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder for everything the pipeline writes. Default: $SATUDATA_HOME or var/."),
]
SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", help="Folder of contracts. Default: sources/ of the checkout."),
]
ReferensiOption = Annotated[
    Path | None,
    typer.Option(
        "--referensi",
        help="One more folder of reference files (editions of codes, bridges, borders). "
        "Those of the checkout and referensi/ of the home are always used.",
    ),
]


def reference_folders(folder: Path | None) -> tuple[Path, ...]:
    """The folder of --referensi, if given; raises BadParameter when there is none of that name."""
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"--referensi: there is no folder {folder}")
    return (folder,) if folder else ()
