"""Dinkes: births recorded by clinics and hospitals."""

from __future__ import annotations

import random

from pembuat import ragam
from pembuat.baris import Baris, Benar, Sel, Undian
from pembuat.dunia import Dunia
from pembuat.riwayat import Lahir

KOLOM = {
    "nomor": "No Register",
    "nama_anak": "Nama Bayi",
    "nik_anak": "NIK Bayi",
    "jenis_kelamin": "L/P",
    "tanggal_lahir": "Tanggal Lahir",
    "tahun": "Tahun",
    "nama_ibu": "Nama Ibu",
    "nik_ibu": "NIK Ibu",
    "alamat": "Alamat",
    "kode_desa": "Kode Desa",
    "kode_faskes": "Kode Faskes",
    "berat_gram": "Berat (gram)",
}


def buat(dunia: Dunia) -> None:
    """Write the export."""
    acak, kirim = dunia.acak("dinkes.kelahiran"), dunia.kiriman("dinkes", "kelahiran")
    births = [b for b in dunia.riwayat.lahir if b.di_faskes]
    acak.shuffle(births)
    rows = [_baris(dunia, acak, number, one) for number, one in enumerate(births)]
    undian = Undian(acak, rows)
    undian.ambil().rusak("berat_gram", "3,1 kg", "bilangan", "bentuk", "satuan dalam sel angka")
    undian.ambil().rusak("tanggal_lahir", "31/04/2024", "tanggal", "bentuk", "tanggal mustahil")
    kirim.xlsx(
        "Register Persalinan 2024.xlsx",
        [list(KOLOM.values())],
        list(KOLOM),
        rows,
        lembar="Persalinan",
        judul=["REGISTER PERSALINAN DI FASILITAS KESEHATAN", "TAHUN 2024"],
    )


def _baris(dunia: Dunia, acak: random.Random, nomor: int, lahir: Lahir) -> Baris:
    child, family = lahir.anak, lahir.keluarga
    mother = family.anggota[1]
    near = [
        f for f in dunia.faskes if f.kecamatan.kode.startswith(family.kabupaten) and f.kode not in dunia.faskes_ragu
    ]
    number = f"PSL-{nomor + 1:05}"
    # The clinic learns the NIK only when the parents come back with it.
    nik = child.nik if nomor % 3 == 0 else ""
    # Newborns have no name yet and are entered as the baby of their mother. Without a NIK and with a certificate
    # such a record would be in doubt, which is for a person to decide and not for this sample.
    unnamed = nomor % 6 == 0 if lahir.berakta else nomor % 2 == 0
    cells: dict[str, Sel] = {
        "nomor": number,
        "nama_anak": f"By. Ny. {mother.nama}" if unnamed else child.nama,
        "nik_anak": nik or None,
        "jenis_kelamin": ragam.jenis_kelamin(acak, child.jk),
        "tanggal_lahir": child.lahir,
        "tahun": child.lahir.year,
        "nama_ibu": mother.nama.upper(),
        "nik_ibu": ragam.kode(acak, mother.nik),
        "alamat": family.alamat,
        "kode_desa": family.desa.kode,
        "kode_faskes": acak.choice(near).kode,
        "berat_gram": acak.randint(2300, 4100),
    }
    return Baris(cells, Benar(number, {"anak": child.nomor, "ibu": mother.nomor}))
