"""Dinsos: aid paid out in the first quarter of 2024."""

from __future__ import annotations

import random
from datetime import date, timedelta

from pembuat import ragam
from pembuat.baris import Baris, Benar, Sel, Undian
from pembuat.dunia import Dunia
from pembuat.riwayat import bersekolah
from pembuat.tulisan import Tulisan, biasa, tulis

NOMINAL = {"PKH": 750_000, "BPNT": 200_000, "BLT Desa": 300_000}
AKHIR = date(2024, 3, 31)
GANDA = 6
# Poor families with children at school that get nothing.
TANPA_BANTUAN = 8
TAJUK = {
    "nik": "nik",
    "no_kk": "no_kk",
    "nama": "nama_penerima",
    "tanggal_lahir": "tgl_lahir",
    "jenis_bantuan": "program",
    "nominal": "nominal",
    "tanggal_salur": "tgl_salur",
    "diterima": "sudah_diterima",
    "kabupaten": "kab_kota",
    "kecamatan": "kecamatan",
}


def buat(dunia: Dunia) -> None:
    """Write the export."""
    acak, kirim = dunia.acak("dinsos.bantuan"), dunia.kiriman("dinsos", "bantuan")
    rows = [*_penerima(dunia, acak), *_khusus(dunia, acak)]
    acak.shuffle(rows)
    undian = Undian(acak, rows)
    undian.ambil().rusak("jenis_bantuan", "Bansos lain", "pilihan", "pilihan", "nilai di luar daftar")
    undian.ambil().rusak("nominal", "USD 100", "rupiah", "bentuk", "bukan nilai rupiah")
    undian.ambil().rusak("tanggal_salur", "05/28/2024", "tanggal", "bentuk", "bulan di depan hari")
    undian.ambil().rusak("tanggal_salur", "Maret 2024", "tanggal", "bentuk", "bulan tanpa hari")
    undian.ambil().rusak("diterima", "Belum", "ya_tidak", "dikenal", "bukan ya atau tidak")
    undian.ambil().rusak("kabupaten", "Pekalongan", "nama_wilayah", "tunggal", "kabupaten atau kota tidak jelas")
    undian.ambil().rusak("kecamatan", "Kec. Sukasari", "nama_wilayah", "dikenal_induknya", "nama wilayah tidak dikenal")
    undian.ambil().kosongkan("nominal")
    undian.kembar("nik")
    kirim.csv("salur_tw1.tsv", TAJUK, rows, pemisah="\t")


def _penerima(dunia: Dunia, acak: random.Random) -> list[Baris]:
    """The heads of families that are not well off: none to two programmes, the first surely received.

    A few get the first one once more, under a mistyped NIK.
    """
    history = dunia.riwayat
    apart = {w.keluarga.no_kk for w in history.wafat.values()} | {k.no_kk for pair in history.senama for k in pair}
    families = [k for k in dunia.semua_keluarga() if history.desil.get(k.no_kk, 10) < 7 and k.no_kk not in apart]
    schooled = [
        k.no_kk
        for k in families
        if k.kabupaten != "33.72" and history.desil[k.no_kk] < 5 and any(bersekolah(o) for o in k.anggota)
    ]
    without = set(acak.sample(schooled, TANPA_BANTUAN))
    without |= {k.no_kk for k in families if k.no_kk not in schooled and acak.random() < 0.25}
    heads = [(k.anggota[0], k) for k in families if k.no_kk not in without]
    rows = []
    for one in tulis(dunia, acak, heads, {"singkat": 1, "gelar": 4, "hari_bulan": 3, "ejaan_lama": 3, "nik_salah": 2}):
        kinds = acak.sample(list(NOMINAL), acak.choice((1, 1, 2)))
        rows.append(_baris(dunia, acak, one, kinds[0], _hari(acak)))
        rows += [_baris(dunia, acak, one, kind, _hari(acak), acak.choice(("Y", "Tidak"))) for kind in kinds[1:]]
    plain = [(o, k) for o, k in heads if k.kabupaten != "33.72"]
    twice = [o for o in tulis(dunia, acak, plain, {"nik_salah": GANDA}) if o.nik != o.orang.nik]
    for one in twice:
        first = next(r for r in rows if r.benar and r.benar.orang["penduduk"] == one.orang.nomor)
        first.dijaga = True
        kind = str(first.sel["jenis_bantuan"])
        rows.append(_baris(dunia, acak, one, kind, _hari(acak), dijaga=True))
    return rows


def _khusus(dunia: Dunia, acak: random.Random) -> list[Baris]:
    """Those who died before they were paid, and who looks like them: namesakes, twins, those who died later."""
    history = dunia.riwayat
    rows = []
    for death in history.wafat.values():
        after = death.tanggal + timedelta(days=5)
        day = after + timedelta(days=acak.randint(0, (AKHIR - after).days)) if after < AKHIR else _hari(acak)
        rows.append(_baris(dunia, acak, biasa(death.orang, death.keluarga), "PKH", day, dijaga=True))
    for _, other in history.senama:
        rows.append(_baris(dunia, acak, biasa(other.anggota[0], other), "PKH", AKHIR, dijaga=True))
    for pair in history.kembar:
        family = next(k for k in dunia.semua_keluarga() if pair[0] in k.anggota)
        rows += [_baris(dunia, acak, biasa(twin, family), "PKH", AKHIR, dijaga=True) for twin in pair]
    return rows


def _hari(acak: random.Random) -> date:
    return date(2024, 1, 10) + timedelta(days=acak.randint(0, 80))


def _baris(
    dunia: Dunia,
    acak: random.Random,
    penerima: Tulisan,
    jenis: str,
    hari: date,
    diterima: str = "Ya",
    dijaga: bool = False,
) -> Baris:
    cells: dict[str, Sel] = {
        "nik": penerima.nik,
        "no_kk": penerima.no_kk,
        "nama": penerima.nama,
        "tanggal_lahir": ragam.tanggal(acak, penerima.lahir),
        "jenis_bantuan": jenis,
        "nominal": ragam.rupiah(acak, NOMINAL[jenis]),
        "tanggal_salur": ragam.tanggal(acak, hari),
        "diterima": diterima,
        "kabupaten": ragam.kabupaten(acak, dunia.wilayah.nama[penerima.keluarga.kabupaten]),
        "kecamatan": f"Kec. {dunia.wilayah.nama[penerima.desa.kode[:8]]}",
    }
    facts = {
        "jenis": jenis,
        "tanggal": hari,
        "diterima": diterima != "Tidak",
        "keluarga": penerima.keluarga.no_kk,
    }
    return Baris(cells, Benar(f"{penerima.nik}|{jenis}", {"penduduk": penerima.orang.nomor}, facts), dijaga)
