"""One request of `satudata subject`: its reason, its person, and its lines in the access log."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from pipelines.check.one_value import judge_value
from pipelines.contract.load import Library
from pipelines.contract.model import Contract
from pipelines.home import Busy, Home, HomeError, Key, exclusive
from pipelines.home.key_files import INIT
from pipelines.home.keys import load
from pipelines.identity.subject import access_log
from pipelines.identity.subject.find import Subject, choose, find, name_words

ASK = "-"
_NUMBER = re.compile(r"\d(?:[\s.\-]?\d){9,}")
_MASKED = "(disamarkan: memuat data pribadi)"
_WORDS, _LETTERS = 2, 4


class Refused(Exception):  # noqa: N818 - it is an answer
    """The request is not granted. `hasil` goes to the log and holds no personal data; `text` is shown."""

    def __init__(self, hasil: str, text: str) -> None:
        self.hasil = f"ditolak: {hasil}"
        super().__init__(text)


class Request:
    """What an officer asks for, and why; `key` is there once the person is looked for."""

    key: Key

    def __init__(
        self, home: Home, tindakan: str, alasan: str | None, oleh: str | None, nik: str | None, nama: str | None
    ) -> None:
        self.home, self.tindakan = home, tindakan
        self.alasan = " ".join((alasan or "").split())
        self.oleh = " ".join((oleh if oleh is not None else getpass.getuser()).split())
        self._nik, self._nama = nik, nama
        self._id: str | None = None

    def answer(self, contracts: Iterable[Contract], act: Callable[[Subject | None], None]) -> int:
        """Hold the home and call `act` with the person, None when nothing is held; returns the exit code.

        `act` notes what it does before it shows anything. A refusal is noted, then told.
        """
        # The holder's command line stands in the lock file for others to read.
        sys.argv[1:] = ["subject", self.tindakan.partition(" ")[0]]
        try:
            self._check()
            with exclusive(self.home):
                act(self._person(tuple(contracts)))
        except Refused as refused:
            self.note(refused.hasil)
            typer.echo(f"satudata: {refused}", err=True)
            return 1
        except (Busy, HomeError) as error:
            self.note(f"gagal: {type(error).__name__}")
            raise
        except BaseException:
            self.note("terhenti")
            raise
        return 0

    def note(self, hasil: str) -> access_log.Line:
        """Write a line to the access log; it is on the disk when this returns."""
        return access_log.write(self.home, access_log.Entry(self.oleh, self.tindakan, self.alasan, self._id, hasil))

    def confirm(self, question: str, yes: bool) -> None:
        """Ask on the terminal unless `yes`; Refused when the answer is no or there is no terminal."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise Refused("belum ditegaskan", "Tanpa terminal tidak dapat ditanyakan; tambahkan --ya.")
        if not typer.confirm(question):
            raise Refused("dibatalkan", "Dibatalkan; tidak ada yang diubah.")

    def judged(
        self, library: Library, contract: Contract, column: str, value: str, functions: Path
    ) -> tuple[str | None, list[str]]:
        """The value as the column holds it, and what is wrong with it; see judge_value."""
        value = _asked(value, "Nilai yang betul") or ""
        return judge_value(library, contract, column, value, functions) if value else (None, [])

    def _check(self) -> None:
        if _NUMBER.search(self.oleh) or _NUMBER.search(self.alasan):
            self.alasan = _MASKED
            self.oleh = _NUMBER.sub("…", self.oleh)
            text = "Alasan dan nama petugas masuk ke log; jangan tulis NIK atau nomor panjang lain di situ."
            raise Refused("nomor pribadi dalam alasan", text)
        if not self.oleh:
            raise Refused("tanpa nama petugas", "Sebutkan siapa yang meminta: --oleh NAMA.")
        if len([word for word in self.alasan.split() if any(map(str.isalpha, word))]) < _WORDS:
            text = 'Sebutkan alasannya dengan beberapa kata, misalnya --alasan "permohonan akses 12/PDP/2026".'
            raise Refused("tanpa alasan", text)
        if self._nik is None:
            raise Refused("tanpa NIK", "Sebutkan orangnya: --nik (tanpa nilai; NIK akan ditanyakan).")

    def _person(self, contracts: tuple[Contract, ...]) -> Subject | None:
        key = load(self.home)
        if key is None:
            raise Refused("tanpa kunci", f"Kunci data pribadi belum ada di {self.home.root}; buat dengan: {INIT}")
        self.key = key
        nik, nama = _asked(self._nik, "NIK"), _asked(self._nama, "Nama")
        try:
            found = find(self.home, key, contracts, nik or "")
        except ValueError:
            raise Refused("bukan NIK", "Yang diberikan bukan NIK: panjangnya 16 angka.") from None
        self._spare_names(found)
        count = len(found)
        if nama is not None:
            found = choose(found, nama)
            if count and not found:
                raise Refused("nama tidak cocok", "Tidak ada orang bernama demikian dengan NIK ini.")
        if len(found) > 1:
            text = f"NIK ini dipakai {len(found)} orang yang berbeda. Pilih dengan --nama (nama menurut dokumen)."
            if nama is not None:
                text = (
                    f"Dengan NIK dan nama ini masih ada {len(found)} orang; periksa dahulu dengan "
                    "'satudata identity worklist' atau 'satudata serve', lalu jalankan malam berikut."
                )
            raise Refused(f"{len(found)} orang", text)
        self._id = found[0].id if found else None
        return found[0] if found else None

    def _spare_names(self, found: list[Subject]) -> None:
        """Refuse a reason that names the person: the log shall not."""
        names = {word for s in found for r in s.records for word in r.nama if len(word) >= _LETTERS}
        if names & set(name_words(self.alasan)):
            self.alasan = _MASKED
            raise Refused("nama dalam alasan", "Alasan masuk ke log; jangan tulis nama orangnya di situ.")


def _asked(value: str | None, what: str) -> str | None:
    """The value; '-' is asked for without showing it, or read from the standard input."""
    if value != ASK:
        return value
    return (getpass.getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
