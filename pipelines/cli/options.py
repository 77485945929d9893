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
