"""Invented families. NIK and KK follow the rules of their numbers, with serials no register uses."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from pembuat.acuan import Tempat, Wilayah

# fmt: off
LAKI = (
    "Slamet", "Budi", "Joko", "Agus", "Wahyu", "Eko", "Dwi", "Tri", "Bambang",
    "Sugeng", "Hadi", "Arif", "Yusuf", "Imam", "Rizki", "Fajar", "Bagus", "Teguh",
)
PEREMPUAN = (
    "Siti", "Sri", "Endang", "Wulan", "Rini", "Dewi", "Ratna", "Lestari", "Ani",
    "Yuni", "Nur", "Fitri", "Indah", "Retno", "Ayu", "Kartika", "Umi", "Laras",
)
BELAKANG = (
    "Santoso", "Wibowo", "Prasetyo", "Nugroho", "Saputra", "Hidayat", "Utomo", "Susanto", "Setiawan",
    "Widodo", "Rahayu", "Wijaya", "Kusuma", "Purnomo", "Handoko", "Mulyono", "Raharjo", "Suryadi",
)
# fmt: on
JALAN = ("Melati", "Kenanga", "Diponegoro", "Pemuda", "Mawar", "Sudirman", "Pahlawan")


def nama(acak: random.Random, jk: str) -> str:
    """An invented name."""
    return f"{acak.choice(LAKI if jk == 'L' else PEREMPUAN)} {acak.choice(BELAKANG)}"


def alamat(acak: random.Random) -> str:
    """An invented address."""
    return f"Jl. {acak.choice(JALAN)} No. {acak.randint(1, 120)}"


@dataclass(frozen=True)
class Orang:
    """One invented person; `jk` is L or P."""

    nik: str
    nama: str
    jk: str
    lahir: date
    tempat_lahir: str
    hubungan: str
    kawin: bool


@dataclass(frozen=True)
class Keluarga:
    """One invented family at one address."""

    no_kk: str
    desa: Tempat
    alamat: str
    rt: str
    rw: str
    anggota: tuple[Orang, ...]


class Penduduk:
    """Makes persons and families; no NIK and no KK is given out twice."""

    def __init__(self, acak: random.Random, wilayah: Wilayah) -> None:
        self._acak = acak
        self._wilayah = wilayah
        self._dipakai: set[str] = set()

    def nik(self, kecamatan: str, jk: str, lahir: date) -> str:
        """A NIK not used before."""
        day = lahir.day + (40 if jk == "P" else 0)
        head = kecamatan.replace(".", "") + f"{day:02}{lahir:%m%y}"
        return self._unik(head)

    def kk(self, kecamatan: str) -> str:
        """A family card number not used before; the date in it is the day of issue."""
        issued = date(2012, 1, 1) + timedelta(days=self._acak.randint(0, 4000))
        head = kecamatan.replace(".", "") + f"{issued:%d%m%y}"
        return self._unik(head)

    def _unik(self, head: str) -> str:
        # No serial ends in 0: that would look like what a spreadsheet does to sixteen digits.
        while (number := f"{head}{self._acak.randint(700, 999)}{self._acak.randint(1, 9)}") in self._dipakai:
            pass
        self._dipakai.add(number)
        return number

    def keluarga(self, kabupaten: str) -> Keluarga:
        """A family of one to five persons living in a kabupaten or kota."""
        acak, desa = self._acak, self._wilayah.desa(self._acak, kabupaten)
        parents = date(acak.randint(1955, 1990), 1, 1)
        roles = [
            ("KEPALA KELUARGA", "L", 0),
            ("ISTRI", "P", 2),
            *(("ANAK", acak.choice("LP"), 25) for _ in range(3)),
        ]
        members = []
        for role, jk, later in roles[: acak.randint(1, 5)]:
            born = date(parents.year + later, acak.randint(1, 12), acak.randint(1, 28))
            home = acak.choice(self._wilayah.anak(kabupaten)).kode
            place = self._wilayah.nama[kabupaten].split(" ", 1)[1]
            members.append(Orang(self.nik(home, jk, born), nama(acak, jk), jk, born, place, role, role != "ANAK"))
        rt, rw = f"{acak.randint(1, 9):03}", f"{acak.randint(1, 9):03}"
        return Keluarga(self.kk(desa.kode[:8]), desa, alamat(acak), rt, rw, tuple(members))
