"""What happened to the families in 2024: births, deaths, twins, namesakes, who is poor."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pembuat.orang import Keluarga, Orang, Penduduk

# Births of the year: certificate and clinic, clinic alone, certificate alone (at home).
LAHIR = ((True, True, 22), (False, True, 6), (True, False, 5))
WAFAT = 22
# Heads who die before the aid of the first quarter is paid out.
WAFAT_AWAL = 6
KEMBAR = 3
SENAMA = 4
# Deaths reported up to here are struck off the register of the end of the year.
DICORET = date(2024, 9, 30)


@dataclass(frozen=True)
class Lahir:
    """A birth of 2024. A child without a certificate has no NIK yet and is in no family card."""

    anak: Orang
    keluarga: Keluarga
    berakta: bool
    di_faskes: bool


@dataclass(frozen=True)
class Wafat:
    """A death of 2024."""

    orang: Orang
    keluarga: Keluarga
    tanggal: date
    lapor: date


def bersekolah(orang: Orang) -> bool:
    """Whether a person is of school age in 2024: becomes 7 to 18."""
    return 2006 <= orang.lahir.year <= 2017


class Riwayat:
    """The year of every family; `keluarga` is brought up to date in place."""

    def __init__(self, acak: random.Random, penduduk: Penduduk, keluarga: dict[str, list[Keluarga]]) -> None:
        self._acak, self._penduduk, self._keluarga = acak, penduduk, keluarga
        self._terpakai: set[str] = set()
        self.lahir: list[Lahir] = []
        self.wafat: dict[str, Wafat] = {}
        self.kembar: list[tuple[Orang, Orang]] = []
        self.senama: list[tuple[Keluarga, Keluarga]] = []
        # Decile of welfare of the families that the social office lists, by family card.
        self.desil: dict[str, int] = {}
        for _ in range(KEMBAR):
            self._kembar()
        for berakta, di_faskes, jumlah in LAHIR:
            for _ in range(jumlah):
                self._lahir(berakta, di_faskes)
        for _ in range(SENAMA):
            self._senama()
        for number in range(WAFAT):
            self._wafat(number < WAFAT_AWAL)
        self._miskin()

    def anggota_kini(self, keluarga: Keluarga) -> list[Orang]:
        """Members in the register of the end of the year; the first one heads the family."""
        return [o for o in keluarga.anggota if o.nomor not in self.wafat or self.wafat[o.nomor].lapor > DICORET]

    def _ambil(self, syarat: Callable[[Keluarga], bool]) -> tuple[str, int, Keluarga]:
        """A family to which nothing happened yet, where it stands."""
        found = [
            (kode, n, k)
            for kode, families in self._keluarga.items()
            for n, k in enumerate(families)
            if k.no_kk not in self._terpakai and syarat(k)
        ]
        one = self._acak.choice(found)
        self._terpakai.add(one[2].no_kk)
        return one

    def _kembar(self) -> None:
        kode, n, k = self._ambil(lambda k: k.kabupaten != "33.72" and bersekolah(k.anggota[-1]))
        one = k.anggota[-1]
        other = replace(self._penduduk.orang(kode, one.jk, one.lahir, "ANAK", one.ibu), tempat_lahir=one.tempat_lahir)
        self._keluarga[kode][n] = replace(k, anggota=(*k.anggota, other))
        self.kembar.append((one, other))

    def _lahir(self, berakta: bool, di_faskes: bool) -> None:
        def syarat(k: Keluarga) -> bool:
            # In Surakarta, whose register is refused, only births that both offices know.
            known = berakta and di_faskes
            return len(k.anggota) > 1 and k.anggota[1].lahir.year > 1979 and (known or k.kabupaten != "33.72")

        kode, n, k = self._ambil(syarat)
        born = date(2024, 1, 1) + timedelta(days=self._acak.randint(0, 300))
        child = self._penduduk.orang(kode, self._acak.choice("LP"), born, "ANAK", k.anggota[1].nama)
        if berakta:
            k = self._keluarga[kode][n] = replace(k, anggota=(*k.anggota, child))
        else:
            child = replace(child, nik="")
        self.lahir.append(Lahir(child, k, berakta, di_faskes))

    def _senama(self) -> None:
        """Two heads of one name in one desa; the first pair of these is parted by a death, see _wafat."""
        kode, _, one = self._ambil(
            lambda k: k.kabupaten == "33.02" and len(k.anggota) > 1 and not any(bersekolah(o) for o in k.anggota)
        )
        _, n, k = self._ambil(lambda k: k.kabupaten == kode and len(k.anggota) > 1)
        head = replace(k.anggota[0], nama=one.anggota[0].nama)
        other = self._keluarga[kode][n] = replace(k, desa=one.desa, anggota=(head, *k.anggota[1:]))
        self.senama.append((one, other))

    def _wafat(self, awal: bool) -> None:
        if self.wafat:
            # No family with children at school: whether the aid of the dead still counts for theirs is no matter here.
            _, _, k = self._ambil(lambda k: len(k.anggota) > 1 and not any(bersekolah(o) for o in k.anggota))
        else:
            k = self.senama[0][0]
        days = self._acak.randint(0, 40) if awal else self._acak.randint(100, 300)
        day = date(2024, 1, 1) + timedelta(days=days)
        person = k.anggota[0] if awal or self._acak.random() < 0.7 else k.anggota[1]
        self.wafat[person.nomor] = Wafat(person, k, day, day + timedelta(days=self._acak.randint(1, 60)))

    def _miskin(self) -> None:
        for families in self._keluarga.values():
            for k in families:
                draw = self._acak.random()
                if draw < 0.93:
                    self.desil[k.no_kk] = self._acak.randint(1, 4) if draw < 0.73 else self._acak.randint(5, 8)
        for number, (one, other) in enumerate(self.senama):
            self.desil |= {k.no_kk: number % 4 + 1 for k in (one, other)}
