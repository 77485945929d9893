"""`satudata identity institusi`: the pairs of institutions that wait for a person, and the answers."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import Annotated

import typer

from pipelines.cli.options import HomeOption
from pipelines.cli.screen import console, table
from pipelines.home import Home, exclusive
from pipelines.identity.institution.answers import AnswerError, answer, answers_file, open_pairs
from pipelines.identity.institution.pairs import SHOWN
from pipelines.identity.linkage.answers import DIFFERENT, SAME
from pipelines.serve.places import names


def institusi(
    sama: Annotated[
        list[str] | None,
        typer.Option(metavar="NOMOR", help="The two of this pair are one institution. May be repeated."),
    ] = None,
    beda: Annotated[
        list[str] | None, typer.Option(metavar="NOMOR", help="The two of this pair are not one. May be repeated.")
    ] = None,
    oleh: Annotated[
        str | None, typer.Option(metavar="NAMA", help="Who decided; kept with the answer. Default: the system user.")
    ] = None,
    home: HomeOption = None,
) -> int:
    """List the pairs of institutions that may be one, or answer some. The next night uses the answers.

    An answer wins over codes, names and distances. The last one about a pair counts; the list of answers
    has the numbers of pairs that wait no more.

    Exit codes: 0 done, also when it was answered so before; 1 refused, with the reason, and nothing recorded.

    Examples:

      satudata identity institusi

      satudata identity institusi --sama L3F09A1C77E --beda L81D20B64AA --oleh "Siti Aminah"
    """
    place = Home(home) if home else Home.default()
    same, different = ({number.strip().upper() for number in numbers or ()} for numbers in (sama, beda))
    if both := same & different:
        raise typer.BadParameter(f"{min(both)}: a pair is answered once, with --sama or --beda")
    said = dict.fromkeys(sorted(same), SAME) | dict.fromkeys(sorted(different), DIFFERENT)
    try:
        if not said:
            return _list(place)
        with exclusive(place.ensure()):
            new = answer(place, said, oleh or getpass.getuser(), datetime.now().astimezone())
    except AnswerError as error:
        typer.echo(f"satudata: {error}", err=True)
        return 1
    for number, word in said.items():
        done = f"recorded in {answers_file(place)}" if number in new else "was answered so before"
        console.print(f"{number} {word}: {done}", soft_wrap=True)
    return 0


def _list(home: Home) -> int:
    waiting = open_pairs(home)
    called = names(home)
    table(SHOWN, [pair.cells(called) for pair in waiting])
    if console.is_terminal:
        hint = "Answer with --sama NOMOR or --beda NOMOR, and --oleh NAMA."
        console.print(hint if waiting else "No pair waits; the night looks for them.", soft_wrap=True)
    return 0
