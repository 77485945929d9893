"""`satudata subject`: a person's own request: what is held, from whom; correct it; erase it where the law allows."""

from __future__ import annotations

import json as json_text
import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from pipelines.cli.options import HomeOption, SourcesOption
from pipelines.cli.screen import console, table
from pipelines.cli.subject_request import ASK, Refused, Request
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home
from pipelines.identity.subject import access_log, corrections, erasure
from pipelines.identity.subject.find import Held, Subject, derived
from pipelines.night.declarations import declare
from pipelines.night.reference import FUNCTIONS

EMPTY = "(kosong)"


class _Group(TyperGroup):
    """Lets `--nik` stand without a value: then it is asked for."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        given = [
            word
            for one, following in zip(args, [*args[1:], "--"], strict=False)
            for word in ([one, ASK] if one == "--nik" and following.startswith("--") else [one])
        ]
        return super().parse_args(ctx, given)


NikOption = Annotated[
    str | None,
    typer.Option(
        "--nik",
        metavar="[NIK]",
        help="Without a value it is asked for, unseen, or read from the standard input. A value given here works, but "
        "stays in the shell's history and is seen by whoever lists processes.",
    ),
]
NamaOption = Annotated[
    str | None, typer.Option("--nama", help="Name of the person, where several share the NIK; '-' asks for it.")
]
AlasanOption = Annotated[
    str | None, typer.Option("--alasan", metavar="TEXT", help="Why, in some words, such as the number of the request.")
]
OlehOption = Annotated[str | None, typer.Option("--oleh", metavar="NAME", help="Who asks. Default: the system user.")]
DatasetOption = Annotated[str, typer.Option("--dataset", metavar="D", help="<produsen>.<dataset>")]
YesOption = Annotated[bool, typer.Option("--ya", help="Do not ask before it is done.")]

group = typer.Typer(cls=_Group, no_args_is_help=True, rich_markup_mode=None)


@group.callback(invoke_without_command=True)
def look(
    ctx: typer.Context,
    nik: NikOption = None,
    alasan: AlasanOption = None,
    oleh: OlehOption = None,
    nama: NamaOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    log: Annotated[bool, typer.Option("--log", help="Show the access log, and whether it is whole.")] = False,
    home: HomeOption = None,
    sources: SourcesOption = None,
) -> int:
    """A person's own request: what is held about them and from whom; correct it, erase it where the law allows.

    Every request needs a reason and is written to the access log before anything is shown; no NIK and no name
    stands there. `koreksi` and `hapus` have a --help of their own.

    Exit codes: 0 answered, also when nothing is held (--log: the log is whole); 1 refused or several persons, with
    the reason (--log: lines are missing or damaged).

    Examples:

      satudata subject --nik --alasan "permohonan akses 12/PDP/2026"

      satudata subject --nik --nama "Sri Wahyuni" --alasan "permohonan akses 12/PDP/2026" --oleh "Budi" --json

      satudata subject --log
    """
    if ctx.invoked_subcommand:
        return 0
    place = (Home(home) if home else Home.default()).ensure()
    if log:
        return _show_log(place)
    request = Request(place, "lihat", alasan, oleh, nik, nama)

    def act(subject: Subject | None) -> None:
        facts = derived(place, subject.id) if subject and subject.id else {}
        records = subject.records if subject else ()
        datasets = {record.contract.key for record in records}
        line = request.note(f"ditampilkan: {len(records)} baris dari {len(datasets)} dataset")
        _show_json(subject, facts) if json else _show(subject, facts)
        typer.echo(f"Tercatat dalam log akses, baris {line.nomor} (sidik {line.sidik[:16]}).", err=json)

    return request.answer(declare(place, sources or REPO / "sources").library.contracts, act)


@group.command()
def koreksi(
    dataset: DatasetOption,
    kolom: Annotated[str, typer.Option("--kolom", metavar="K", help="Column of the contract.")],
    nilai: Annotated[str, typer.Option("--nilai", metavar="V", help="The right value; '-' asks for it; '' empties.")],
    nik: NikOption = None,
    alasan: AlasanOption = None,
    oleh: OlehOption = None,
    nama: NamaOption = None,
    ya: YesOption = False,
    home: HomeOption = None,
    sources: SourcesOption = None,
) -> int:
    """Correct a value that is held about a person; the next night uses it, and the produsen is told.

    The delivery stays as it came. findings/<produsen>/<dataset>/koreksi.csv tells the produsen what to correct
    at the source, until its delivery says the same.

    Exit codes: 0 corrected, or it was right already; 1 refused, with the reason.

    Example:

      satudata subject koreksi --nik --dataset dinas.warga --kolom nama --nilai - --alasan "permohonan 13/PDP/2026"
    """
    place = (Home(home) if home else Home.default()).ensure()
    library = declare(place, sources or REPO / "sources").library
    contract = _contract(library.contracts, dataset)
    if kolom not in contract.kolom:
        raise typer.BadParameter(f"--kolom: {dataset} has no column '{kolom}'; there are: {', '.join(contract.kolom)}")
    request = Request(place, f"koreksi {dataset} {kolom}", alasan, oleh, nik, nama)

    def act(subject: Subject | None) -> None:
        records = _of(subject, contract, kolom)
        value, problems = request.judged(library, contract, kolom, nilai, FUNCTIONS)
        if problems:
            raise Refused("nilai tidak sah", " ".join(problems))
        request.note("dimulai")
        wrong = [record for record in records if record.isi[kolom] != value]
        if not wrong:
            return _say("Nilainya sudah demikian; tidak ada yang diubah.")
        shown = ", ".join(sorted({record.isi[kolom] or EMPTY for record in wrong}))
        rows = len({(record.sumber, record.kunci) for record in wrong})
        request.confirm(f"{dataset}, {kolom}: {shown} menjadi {value or EMPTY} ({rows} baris)?", ya)
        corrections.correct(place, request.key, wrong, kolom, value, request.oleh, request.alasan)
        note = corrections.write_note(place, request.key, contract)
        request.note(f"selesai: {rows} baris")
        _say(f"Dicatat untuk {rows} baris; dipakai mulai malam berikut. Untuk produsen: {note}")

    return request.answer(library.contracts, act)


@group.command()
def hapus(
    dataset: DatasetOption,
    nik: NikOption = None,
    alasan: AlasanOption = None,
    oleh: OlehOption = None,
    nama: NamaOption = None,
    ya: YesOption = False,
    home: HomeOption = None,
    sources: SourcesOption = None,
) -> int:
    """Erase what a dataset says of a person from the personal store, where the law allows it.

    Refused for a population register and for data that a law says must be kept. What later deliveries say of the
    same records is not taken in again. What stays is said.

    Exit codes: 0 erased; 1 refused, with the reason.

    Example:

      satudata subject hapus --nik --dataset dinas.warga --alasan "permohonan 14/PDP/2026"
    """
    place = (Home(home) if home else Home.default()).ensure()
    contracts = declare(place, sources or REPO / "sources").library.contracts
    contract = _contract(contracts, dataset)
    request = Request(place, f"hapus {dataset}", alasan, oleh, nik, nama)

    def act(subject: Subject | None) -> None:
        records = _of(subject, contract)
        if law := erasure.refusal(contract):
            raise Refused("wajib disimpan", law)
        request.note("dimulai")
        rows = len({(record.sumber, record.kunci) for record in records})
        request.confirm(f"Hapus {rows} baris tentang orang ini dari {dataset}?", ya)
        erasure.erase(place, request.key, contract, records, request.oleh, request.alasan)
        corrections.write_note(place, request.key, contract)
        request.note(f"selesai: {rows} baris")
        _say(f"{rows} baris dihapus dari penyimpanan data pribadi dan tidak akan dimuat lagi.")
        _say("Tautannya ke orang ini hilang pada malam berikut; sampai saat itu register masih memuatnya.")
        _say(
            "Yang tetap ada: kiriman asli dalam arsip terenkripsi dan temuan yang sudah dikirim ke produsen, sampai "
            "produsen menghapusnya di sumbernya; serta baris fakta tanpa identitas di gudang data."
        )

    return request.answer(contracts, act)


def _contract(contracts: tuple[Contract, ...], key: str) -> Contract:
    of_people = {contract.key: contract for contract in contracts if contract.people()}
    if key not in of_people:
        raise typer.BadParameter(
            f"--dataset: no dataset of persons is called '{key}'; there are: {', '.join(of_people)}"
        )
    return of_people[key]


def _of(subject: Subject | None, contract: Contract, kolom: str | None = None) -> list[Held]:
    """The person's records in a dataset (that hold the column); Refused when there are none."""
    held = [r for r in subject.records if r.contract.key == contract.key] if subject else []
    if not held:
        raise Refused("tidak ada data", f"Tidak ada data tentang NIK ini dari {contract.key}.")
    if kolom and not any(kolom in record.isi for record in held):
        text = f"Kolom {kolom} tidak ada dalam penyimpanan data pribadi; mintalah produsen membetulkan sumbernya."
        raise Refused("kolom tidak tersimpan", text)
    return [record for record in held if kolom is None or kolom in record.isi]


def _show(subject: Subject | None, facts: dict[str, int]) -> None:
    if subject is None:
        return _say("Tidak ada data tentang NIK ini.")
    _say(f"Orang ini: id_penduduk {subject.id}" if subject.id else "Orang ini belum ditautkan.")
    for record in subject.records:
        arrived = f", tiba {record.tiba:%Y-%m-%d %H:%M} UTC" if record.tiba else ""
        link = record.tautan
        how = f"ditautkan dengan {link.metode}, skor {link.skor:.4f}" if link else "belum ditautkan"
        _say(f"\n{record.contract.key} ({record.contract.judul}), sebagai {record.peran}")
        _say(f"  kiriman {record.folder}{arrived}; {how}")
        cells = record.isi | record.lain
        width = max(map(len, cells), default=0)
        for name, value in cells.items():
            _say(f"  {name:<{width}}  {EMPTY if value is None else value}")
    _say("\nFakta turunan di gudang data, tanpa identitas selain id_penduduk:" if facts else "\nTanpa fakta turunan.")
    for name, count in facts.items():
        _say(f"  {name}: {count} baris")


def _show_json(subject: Subject | None, facts: dict[str, int]) -> None:
    records = [
        {
            "dataset": r.contract.key,
            "peran": r.peran,
            "versi": r.folder,
            "tiba": r.tiba.isoformat() if r.tiba else None,
            "tautan": vars(r.tautan) if r.tautan else None,
            "isi": r.isi | r.lain,
        }
        for r in (subject.records if subject else ())
    ]
    content = {"id_penduduk": subject.id if subject else None, "data": records, "fakta": facts}
    typer.echo(json_text.dumps(content, ensure_ascii=False, indent=1))


def _show_log(home: Home) -> int:
    lines = [
        (
            n.nomor,
            n.waktu,
            n.entry.oleh,
            n.entry.tindakan,
            n.entry.id or "",
            n.entry.hasil,
            n.entry.alasan,
            n.sidik[:16],
        )
        for n in access_log.read(home)
    ]
    table(["nomor", "waktu", "oleh", "tindakan", "id_penduduk", "hasil", "alasan", "sidik"], lines)
    problems = access_log.verify(home)
    for problem in problems:
        typer.echo(f"satudata: {access_log.log_file(home)}: {problem}", err=True)
    return 1 if problems else 0


def _say(text: str) -> None:
    """Print; what a terminal would obey stands as a sign."""
    shown = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    console.print(shown, soft_wrap=True)
    sys.stdout.flush()
