"""The same person as different offices write them down: odd, and none of it a fault by the standards."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pembuat import ragam
from pembuat.acuan import Tempat
from pembuat.dunia import Dunia
from pembuat.orang import Keluarga, Orang


@dataclass(frozen=True)
class Tulisan:
    """What an office wrote of a person; `orang` is who it is in truth."""

    orang: Orang
    keluarga: Keluarga
    nik: str
    no_kk: str
    nama: str
    lahir: date
    ibu: str
    desa: Tempat

    @property
    def sulit(self) -> bool:
        """Whether too little is left to tell who it is without a person's answer."""
        return not self.nik and self.no_kk != self.keluarga.no_kk


SINGKATAN = {"Muhammad": ("Moh.", "Muh.", "M."), "Ahmad": ("Ach.", "Achmad", "Akhmad")}
Cara = Callable[[random.Random, Dunia, Tulisan], Tulisan | None]


def biasa(orang: Orang, keluarga: Keluarga) -> Tulisan:
    """A person written as in the register."""
    return Tulisan(orang, keluarga, orang.nik, keluarga.no_kk, orang.nama, orang.lahir, orang.ibu, keluarga.desa)


def tulis(
    dunia: Dunia, acak: random.Random, orang: Sequence[tuple[Orang, Keluarga]], cara: dict[str, int]
) -> list[Tulisan]:
    """Write all persons, so many of them in each of the ways of CARA; only persons of the register are written oddly.

    Twins, namesakes and those who died are written plainly, so that each person is odd in one way at most.
    """
    history = dunia.riwayat
    special = {o.nomor for pair in history.kembar for o in pair} | set(history.wafat)
    special |= {k.anggota[0].nomor for pair in history.senama for k in pair}
    written = [biasa(o, k) for o, k in orang]
    fit = [n for n, t in enumerate(written) if dunia.kebenaran.terdaftar(t.orang) and t.orang.nomor not in special]
    acak.shuffle(fit)
    for name, count in cara.items():
        changed = 0
        for n in list(fit):
            if changed == count:
                break
            if other := CARA[name](acak, dunia, written[n]):
                written[n] = other
                fit.remove(n)
                changed += 1
        if changed < count:
            raise ValueError(f"only {changed} of {count} persons can be written in the way '{name}'")
    return written


def _nik_salah(_: random.Random, dunia: Dunia, t: Tulisan) -> Tulisan:
    return replace(t, nik=dunia.penduduk.nik_salah(t.nik))


def _nik_hilang(_: random.Random, __: Dunia, t: Tulisan) -> Tulisan:
    return replace(t, nik="")


def _nik_orang_tua(_: random.Random, __: Dunia, t: Tulisan) -> Tulisan | None:
    return replace(t, nik=t.keluarga.anggota[0].nik) if t.orang.hubungan == "ANAK" else None


def _kk_lama(_: random.Random, dunia: Dunia, t: Tulisan) -> Tulisan:
    """The number of a family card that has been replaced."""
    return replace(t, no_kk=dunia.penduduk.kk(t.desa.kode[:8]))


def _gelar(acak: random.Random, _: Dunia, t: Tulisan) -> Tulisan:
    honour = "H." if t.orang.jk == "L" else "Hj."
    return replace(t, nama=acak.choice((f"{honour} {t.nama}", f"{t.nama}, S.E.", f"{honour} {t.nama}, S.Pd.")))


def _singkat(acak: random.Random, _: Dunia, t: Tulisan) -> Tulisan | None:
    first, rest = t.nama.split(" ", 1)
    return replace(t, nama=f"{acak.choice(SINGKATAN[first])} {rest}") if first in SINGKATAN else None


def _ejaan_lama(_: random.Random, __: Dunia, t: Tulisan) -> Tulisan | None:
    old = ragam.ejaan_lama(t.nama)
    return replace(t, nama=old) if old != t.nama else None


def _ny_suami(_: random.Random, __: Dunia, t: Tulisan) -> Tulisan | None:
    """A wife under her husband's name."""
    return replace(t, nama=f"Ny. {t.keluarga.anggota[0].nama}") if t.orang.hubungan == "ISTRI" else None


def _hari_bulan(_: random.Random, __: Dunia, t: Tulisan) -> Tulisan | None:
    day, month = t.lahir.day, t.lahir.month
    return replace(t, lahir=t.lahir.replace(day=month, month=day)) if month != day <= 12 else None


def _pindah(acak: random.Random, dunia: Dunia, t: Tulisan) -> Tulisan | None:
    """Where the person lived before."""
    other = dunia.wilayah.desa(acak, t.keluarga.kabupaten)
    return replace(t, desa=other) if other != t.desa else None


def _sulit(acak: random.Random, dunia: Dunia, t: Tulisan) -> Tulisan | None:
    """Moved, with a new card, without NIK and mother, day and month swapped: for a person to decide."""
    swapped, moved = _hari_bulan(acak, dunia, t), _pindah(acak, dunia, t)
    if not swapped or not moved or t.orang.hubungan == "ANAK":
        return None
    return replace(swapped, nik="", ibu="", desa=moved.desa, no_kk=dunia.penduduk.kk(moved.desa.kode[:8]))


CARA: dict[str, Cara] = {
    "nik_salah": _nik_salah,
    "nik_hilang": _nik_hilang,
    "nik_orang_tua": _nik_orang_tua,
    "kk_lama": _kk_lama,
    "gelar": _gelar,
    "singkat": _singkat,
    "ejaan_lama": _ejaan_lama,
    "ny_suami": _ny_suami,
    "hari_bulan": _hari_bulan,
    "pindah": _pindah,
    "sulit": _sulit,
}
