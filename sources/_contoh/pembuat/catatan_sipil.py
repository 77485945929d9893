"""Dukcapil: certificates of births, deaths, marriages and divorces."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from pembuat import ragam
from pembuat.baris import Baris, Benar, Sel, Undian
from pembuat.dunia import Dunia
from pembuat.orang import Keluarga, Orang

HURUF = {"kelahiran": "LU", "kematian": "KM", "perkawinan": "KW", "perceraian": "CR"}
Peristiwa = tuple[str, Orang, Keluarga, date, date]


def buat(dunia: Dunia) -> None:
    """Write the export."""
    acak, kirim = dunia.acak("dukcapil.akta"), dunia.kiriman("dukcapil", "akta")
    rows = [_baris(dunia, acak, number, one) for number, one in enumerate(_peristiwa(dunia, acak), start=1)]
    undian = Undian(acak, rows)
    undian.ambil().rusak("tanggal_peristiwa", "2024-13-05", "tanggal", "bentuk", "tanggal mustahil")
    undian.ambil().rusak("tanggal_lapor", "29/02/2023", "tanggal", "bentuk", "tanggal mustahil")
    row = undian.ambil()
    row.rusak("tanggal_lapor", "2019-01-02", "kaidah", "lapor_sesudah_peristiwa", "dilaporkan sebelum terjadi")
    undian.ambil().rusak(
        "kecamatan", "Kecamatan Antah", "nama_wilayah", "dikenal_induknya", "nama wilayah tidak dikenal"
    )
    undian.ambil().rusak("kabupaten", "Semarang", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().rusak("jenis", "ADOPSI", "pilihan", "pilihan", "nilai di luar daftar")
    # Digits without quotes: JSON keeps all sixteen, so this is no fault.
    row = undian.ambil()
    row.sel["nik"] = int(str(row.sel["nik"]))
    undian.ambil().kosongkan("nomor_akta")
    undian.kembar("nomor_akta")
    undian.bentrok("nomor_akta", "tanggal_peristiwa", "2024-01-01")
    kirim.json("akta_2024.json", rows, _bungkus)


def _peristiwa(dunia: Dunia, acak: random.Random) -> list[Peristiwa]:
    """What was certified: every death, the births that were reported, and marriages and divorces of others."""
    history = dunia.riwayat
    events: list[Peristiwa] = [
        ("kelahiran", b.anak, b.keluarga, b.anak.lahir, b.anak.lahir + timedelta(days=acak.randint(3, 50)))
        for b in history.lahir
        if b.berakta
    ]
    events += [("kematian", w.orang, w.keluarga, w.tanggal, w.lapor) for w in history.wafat.values()]
    touched = {k.no_kk for _, _, k, _, _ in events}
    for k in dunia.semua_keluarga():
        if k.no_kk not in touched:
            day = date(2024, 1, 1) + timedelta(days=acak.randint(0, 300))
            kind = "perkawinan" if len(k.anggota) < 3 else "perceraian"
            events.append((kind, k.anggota[0], k, day, day + timedelta(days=acak.randint(0, 50))))
    acak.shuffle(events)
    return events


def _baris(dunia: Dunia, acak: random.Random, nomor: int, peristiwa: Peristiwa) -> Baris:
    kind, person, family, happened, reported = peristiwa
    number = f"{family.kabupaten.replace('.', '')}-{HURUF[kind]}-2024-{nomor:05}"
    cells: dict[str, Sel] = {
        "nomor_akta": number,
        "jenis": kind.upper(),
        "tanggal_peristiwa": happened.isoformat(),
        "tanggal_lapor": reported.isoformat(),
        "nik": person.nik,
        "nama": person.nama,
        "tanggal_lahir": person.lahir.isoformat(),
        "nama_ibu": person.ibu,
        "kabupaten": ragam.kabupaten(acak, dunia.wilayah.nama[family.kabupaten]),
        "kecamatan": dunia.wilayah.nama[family.desa.kode[:8]],
    }
    return Baris(cells, Benar(number, {"penduduk": person.nomor}, {"jenis": kind, "tanggal": happened}))


def _bungkus(rows: list[dict[str, Sel]]) -> dict[str, Any]:
    def one(s: dict[str, Sel]) -> dict[str, Any]:
        return {
            "nomor": s["nomor_akta"],
            "jenis": s["jenis"],
            "subjek": {"nik": s["nik"], "nama": s["nama"], "lahir": s["tanggal_lahir"], "ibu": s["nama_ibu"]},
            "tanggal": {"peristiwa": s["tanggal_peristiwa"], "lapor": s["tanggal_lapor"]},
            "tempat": {"kab": s["kabupaten"], "kec": s["kecamatan"]},
        }

    return {"meta": {"sumber": "aplikasi akta", "tahun": 2024}, "data": {"akta": [one(s) for s in rows]}}
