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
    "Muhammad Ilham", "Muhammad Syarif", "Muhammad Zaki", "Muhammad Rafi", "Ahmad Fauzi", "Ahmad Sholeh", "Galih",
    "Danu", "Sunarto", "Supriyono", "Yulianto", "Cahyo", "Pandu", "Satrio", "Aditya", "Krisna", "Lukman", "Taufik",
    "Wisnu",
)
PEREMPUAN = (
    "Siti", "Sri", "Endang", "Wulan", "Rini", "Dewi", "Ratna", "Lestari", "Ani",
    "Yuni", "Nur", "Fitri", "Indah", "Retno", "Ayu", "Kartika", "Umi", "Laras",
    "Siti Nurjanah", "Sri Mulyani", "Tutik", "Murniati", "Sulastri", "Kusmiyati", "Dyah", "Anisa",
    "Citra", "Galuh", "Maya", "Nanda", "Puji", "Rahma", "Sekar", "Tiara", "Wening", "Zahra",
)
BELAKANG = (
    "Santoso", "Wibowo", "Prasetyo", "Nugroho", "Saputra", "Hidayat", "Utomo", "Susanto", "Setiawan",
    "Widodo", "Rahayu", "Wijaya", "Kusuma", "Purnomo", "Handoko", "Mulyono", "Raharjo", "Suryadi",
    "Pamungkas", "Hartono", "Wicaksono", "Budiman", "Firmansyah", "Gunawan", "Haryanto", "Iskandar", "Kurniawan",
    "Laksono", "Maulana", "Pratama", "Ramadhan", "Sasongko", "Tjahjono", "Utama", "Yulianti", "Zulkarnain",
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
    """One invented person; `jk` is L or P. `nomor` is who it is in truth; no export knows it."""

    nomor: str
    nik: str
    nama: str
    jk: str
    lahir: date
    tempat_lahir: str
    hubungan: str
    kawin: bool
    ibu: str


@dataclass(frozen=True)
class Keluarga:
    """One invented family at one address."""

    no_kk: str
    desa: Tempat
    alamat: str
    rt: str
    rw: str
    anggota: tuple[Orang, ...]

    @property
    def kabupaten(self) -> str:
        """Code of the kabupaten or kota it lives in."""
        return self.desa.kode[:5]


class Penduduk:
    """Makes persons and families; no NIK and no KK is given out twice."""

    def __init__(self, acak: random.Random, wilayah: Wilayah) -> None:
        self._acak = acak
        self._wilayah = wilayah
        self._dipakai: set[str] = set()
        self._jumlah = 0

    def nik(self, kecamatan: str, jk: str, lahir: date) -> str:
        """A NIK not used before."""
        day = lahir.day + (40 if jk == "P" else 0)
        head = kecamatan.replace(".", "") + f"{day:02}{lahir:%m%y}"
        return self._unik(head)

    def nik_salah(self, nik: str) -> str:
        """A NIK with one wrong digit in its serial: well-formed, and nobody's."""
        while (number := self._satu_angka(nik)) in self._dipakai:
            pass
        self._dipakai.add(number)
        return number

    def kk(self, kecamatan: str) -> str:
        """A family card number not used before; the date in it is the day of issue."""
        issued = date(2012, 1, 1) + timedelta(days=self._acak.randint(0, 4000))
        head = kecamatan.replace(".", "") + f"{issued:%d%m%y}"
        return self._unik(head)

    def _satu_angka(self, nik: str) -> str:
        place = self._acak.randint(12, 14)
        return nik[:place] + str((int(nik[place]) + self._acak.randint(1, 9)) % 10) + nik[place + 1 :]

    def _unik(self, head: str) -> str:
        # No serial ends in 0: that would look like what a spreadsheet does to sixteen digits.
        while (number := f"{head}{self._acak.randint(700, 999)}{self._acak.randint(1, 9)}") in self._dipakai:
            pass
        self._dipakai.add(number)
        return number

    def orang(self, kabupaten: str, jk: str, lahir: date, hubungan: str, ibu: str | None = None) -> Orang:
        """A person registered somewhere in a kabupaten or kota; without `ibu` of an invented mother."""
        acak = self._acak
        self._jumlah += 1
        home = acak.choice(self._wilayah.anak(kabupaten)).kode
        place = self._wilayah.nama[kabupaten].split(" ", 1)[1]
        return Orang(
            f"O{self._jumlah:04}",
            self.nik(home, jk, lahir),
            nama(acak, jk),
            jk,
            lahir,
            place,
            hubungan,
            hubungan != "ANAK",
            ibu or nama(acak, "P"),
        )

    def keluarga(self, kabupaten: str) -> Keluarga:
        """A family of one to six persons living in a kabupaten or kota; one in six has no children at home."""
        acak, desa = self._acak, self._wilayah.desa(self._acak, kabupaten)
        old = acak.random() < 1 / 6
        year = acak.randint(1942, 1956) if old else acak.randint(1972, 1988)
        father = self.orang(kabupaten, "L", self._hari(year), "KEPALA KELUARGA")
        members = [father]
        size = acak.randint(1, 2) if old else acak.choice((1, 2, 3, 3, 4, 4, 5, 5, 6))
        if size > 1:
            members.append(self.orang(kabupaten, "P", self._hari(year + 2), "ISTRI"))
        for child in range(size - 2):
            born = self._hari(year + 25 + 3 * child)
            members.append(self.orang(kabupaten, acak.choice("LP"), born, "ANAK", members[1].nama))
        rt, rw = f"{acak.randint(1, 9):03}", f"{acak.randint(1, 9):03}"
        return Keluarga(self.kk(desa.kode[:8]), desa, alamat(acak), rt, rw, tuple(members))

    def _hari(self, tahun: int) -> date:
        return date(tahun, self._acak.randint(1, 12), self._acak.randint(1, 28))
