"""`satudata identity`: how well persons are linked, and the pairs that wait for a person as sheets."""

from __future__ import annotations

import getpass
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.identity_institusi import institusi
from pipelines.cli.options import HomeOption
from pipelines.cli.screen import console, table
from pipelines.home import Home, HomeError, Key
from pipelines.home.key_files import INIT
from pipelines.home.keys import load
from pipelines.identity.review import summary, worklist, worksheet
from pipelines.identity.review.worklist import NothingLinked
from pipelines.identity.subject import access_log
from pipelines.serve.charts import percent
from pipelines.serve.places import names
from pipelines.serve.report import write_identity_report

group = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Who is who: the quality of the linkage, and the pairs for people to answer.",
)
group.command()(institusi)
OlehOption = Annotated[
    str | None, typer.Option(metavar="NAMA", help="Who does this; kept with it. Default: the system user.")
]


@group.command()
def report(
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with charts there.")] = None,
    home: HomeOption = None,
) -> int:
    """Say how well the last night linked persons: quality, methods, changes. It holds nothing personal.

    Precision and recall come from answers to a sample, with 95 % intervals, once enough of it is answered;
    before that from the scores alone, which nobody has checked.

    Exit codes: 0 done; 1 no night has linked persons yet, or it cannot be read: the reason is said.

    Examples:

      satudata identity report

      satudata identity report --html pemadanan.html
    """
    place = Home(home) if home else Home.default()
    try:
        with worklist.opened(place, _key(place)) as con:
            found = summary.latest(con, "register.penduduk")
        if found is None:
            raise NothingLinked("the last night has not linked persons; run: satudata run")
    except NothingLinked as error:
        return _refused(error)
    when, content = found
    if html:
        try:
            write_identity_report(content, when, html)
        except OSError as error:
            raise HomeError.of(error, html) from error
        _say(f"written to {html}")
        return 0
    _say(f"night of {when:%Y-%m-%d %H:%M} UTC, model {content['model_versi']}, threshold {content['ambang']:.4f}")
    table(["figure", "value"], [*_figures(content)])
    quality = content["mutu"]
    table(
        ["stratum", "kind", "pairs", "drawn", "answered", "same"],
        [[s[k] for k in ("lapis", "jenis", "banyak", "ditarik", "dijawab", "sama")] for s in quality["lapisan"]],
    )
    return 0


@group.command(name="worklist")
def worklist_(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The CSV to write. It holds personal data.")],
    wilayah: Annotated[
        str, typer.Option(metavar="KODE", help="Kemendagri code of the place, or its beginning. Default: all.")
    ] = "",
    oleh: OlehOption = None,
    home: HomeOption = None,
) -> int:
    """Write the pairs that wait for an answer as a CSV, both records side by side, mode 0600.

    Fill in the column jawaban with sama, beda or ragu, and give the file to `satudata identity answer`.
    That it was written is noted in the access log.

    Exit codes: 0 written, also when no pair waits; 1 refused, with the reason.

    Example:

      satudata identity worklist --wilayah 33.02 --out banyumas.csv --oleh "Siti Aminah"
    """
    if wilayah and not re.fullmatch(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", wilayah):
        raise typer.BadParameter("--wilayah: a code with dots, such as 33.02 or 33.02.22.2012")
    place = Home(home) if home else Home.default()
    who = oleh or getpass.getuser()
    try:
        with worklist.opened(place, _key(place)) as con:
            whole = worklist.tally(con, wilayah)
            done = f"{whole.pairs - whole.answered} pasangan, {wilayah or 'semua wilayah'}"
            access_log.write(place, access_log.Entry(who, "daftar kerja", "diperiksa di luar sistem", None, done))
            count = worksheet.write(con, wilayah, out, names(place))
    except NothingLinked as error:
        return _refused(error)
    except OSError as error:
        raise HomeError.of(error, out) from error
    _say(f"{count} pairs written to {out}; it holds personal data: pass it on by a safe way, and remove it after")
    return 0


@group.command()
def answer(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A sheet of `worklist` with answers.", exists=True, dir_okay=False)
    ],
    oleh: OlehOption = None,
    ganti: Annotated[bool, typer.Option("--ganti", help="Replace answers given before that differ.")] = False,
    home: HomeOption = None,
) -> int:
    """Take the answers of a filled-in worklist. The next night uses them; they win over every score.

    What cannot be taken is told line by line, and the rest is taken. A sheet read twice changes nothing.

    Exit codes: 0 all was taken or known; 1 refused, or lines could not be taken: they are listed.

    Example:

      satudata identity answer banyumas.csv --oleh "Siti Aminah"
    """
    place = Home(home) if home else Home.default()
    try:
        done = worksheet.read(place, _key(place), file, oleh or getpass.getuser(), ganti)
    except (NothingLinked, ValueError) as error:
        return _refused(error)
    for problem in done.problems:
        typer.echo(problem, err=True)
    _say(f"{done.taken} answers taken, {done.known} known before, {len(done.problems)} lines not taken")
    return 1 if done.problems else 0


def _key(home: Home) -> Key:
    key = load(home)
    if key is None:
        raise NothingLinked(f"{home.root} has no key; make one with: {INIT}")
    return key


def _figures(content: dict[str, Any]) -> list[tuple[str, object]]:
    """The lines of the terminal's table."""
    quality = content["mutu"]
    rows: list[tuple[str, object]] = [("persons", content["orang"]), ("records", sum(content["rekaman"].values()))]
    rows += [(f"records, {metode}", count) for metode, count in content["metode"].items()]
    rows += [("pairs in doubt", content["ragu"])]
    rows += [(f"pairs answered {said}", count) for said, count in content["dijawab"].items()]
    for name, key in (("precision", "presisi"), ("recall", "recall")):
        share = quality[key]
        told = f"{percent(share['nilai'])} ({percent(share['bawah'])} to {percent(share['atas'])})" if share else None
        rows.append((f"{name}, from answers", told or "too few answers"))
        by_score = quality[f"{key}_skor"]
        rows.append((f"{name}, by the scores alone", None if by_score is None else percent(by_score)))
    changes = content["perubahan"] or {}
    rows += [(f"since the night before, {name}", count) for name, count in changes.items()]
    return rows


def _refused(error: Exception) -> int:
    typer.echo(f"satudata: {error}", err=True)
    return 1


def _say(text: str) -> None:
    console.print(text, soft_wrap=True)
