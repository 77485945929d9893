"""Three local governments: posyandu, village funds, markets and their fees."""

from __future__ import annotations

from pembuat import ragam
from pembuat.baris import Baris, Sel, Undian
from pembuat.dunia import Dunia


def buat(dunia: Dunia) -> None:
    """Write the exports."""
    _posyandu(dunia)
    _dana_desa(dunia)
    _pasar(dunia)
    _retribusi(dunia)


def _posyandu(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("kab_banyumas.posyandu"), dunia.kiriman("kab_banyumas", "posyandu")
    names = {
        "33.02.22": "baturaden",
        "33.02.23": "kedung_banteng",
        "33.02.14": "ajibarang",
        "33.02.19": "sokaraja",
    }
    for number, (kec, name) in enumerate(names.items()):
        rows = [
            Baris({"desa": d.nama, "posyandu": acak.randint(3, 15), "balita": acak.randint(80, 900)})
            for d in dunia.wilayah.anak(kec)
        ]
        total = Baris({"desa": "JUMLAH", **{k: sum(int(str(r.sel[k])) for r in rows) for k in ("posyandu", "balita")}})
        if number == 0:
            total.rusak("balita", 1, "jumlah", "jumlah", "baris jumlah tidak sama dengan isinya")
        if number == 3:
            undian = Undian(acak, rows)
            undian.ambil().rusak("desa", "Sokaraja Baru", "nama_wilayah", "dikenal", "nama wilayah tidak dikenal")
            undian.ambil().rusak("posyandu", "enam", "bilangan", "bentuk", "bukan angka")
        kirim.csv(
            f"{name}.csv",
            {"desa": "Desa/Kelurahan", "posyandu": "Jml Posyandu", "balita": "Jml Balita"},
            rows if number == 3 else [*rows, total],
            bawah=["Sumber: bidan desa,,"],
        )


def _dana_desa(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("kab_kudus.dana_desa"), dunia.kiriman("kab_kudus", "dana_desa")
    villages = [d for kec in ("33.19.03", "33.19.05") for d in dunia.wilayah.anak(kec)[:6]]
    written: dict[str, list[Baris]] = {}
    for year in (2023, 2024):
        for desa in villages:
            parts = [acak.randint(200, 400) * 1_000_000 for _ in range(3)]
            row = Baris(
                {
                    "pagu": sum(parts) + 50_000_000,
                    "tahap_1": parts[0],
                    "tahap_2": parts[1],
                    "tahap_3": parts[2],
                    "total": sum(parts),
                    "tanggal_tahap_1": f"{year}-04-1{acak.randint(0, 9)}",
                }
            )
            written[f"{year}/{desa.kode}.json"] = [row]
    names = list(written)
    written[names[3]][0].rusak("total", 123_456_789, "kaidah", "total_penyaluran", "jumlah tidak sama dengan isinya")
    written[names[5]][0].rusak("tanggal_tahap_1", "2023-04-31", "tanggal", "bentuk", "tanggal mustahil")
    written[names[8]] = written[names[7]]
    for name, rows in written.items():
        kirim.json(name, rows, _bungkus_dana, potong=40 if name == names[10] else 0)
    kirim.cacat(names[8], "berkas", "kembar", "dua berkas dengan isi yang sama")
    text = b'{"status": "ok", "data": {"result": []}}'
    kirim.bita("2024/33.19.05.2999.json", text)
    kirim.cacat("2024/33.19.05.2999.json", "baca", "kosong", "berkas tanpa rekaman")


def _bungkus_dana(rows: list[dict[str, Sel]]) -> dict[str, object]:
    def one(s: dict[str, Sel]) -> dict[str, object]:
        first = {"realisasi": s["tahap_1"], "tanggal": s["tanggal_tahap_1"]}
        later = {n: {"realisasi": s[f"tahap_{n}"]} for n in ("2", "3")}
        return {"pagu": s["pagu"], "penyaluran": {"1": first, **later}, "total": s["total"]}

    return {"status": "ok", "data": {"result": [one(s) for s in rows]}}


def _pasar(dunia: Dunia) -> None:
    acak = dunia.acak("kota_surakarta.pasar")
    rows = []
    for number in range(44):
        desa = dunia.wilayah.desa(acak, "33.72")
        rows.append(
            Baris(
                {
                    "kode_pasar": f"PS{number + 1:03}",
                    "nama_pasar": f"Pasar Contoh {number + 1}",
                    "kecamatan": dunia.wilayah.nama[desa.kode[:8]],
                    "kelurahan": f"Kel. {desa.nama}",
                    "kios": acak.randint(10, 400),
                    "luas": ragam.desimal(acak.uniform(300, 9000), 1),
                }
            )
        )
    undian = Undian(acak, rows)
    undian.ambil().rusak(
        "kelurahan", "Kel. Tidak Ada", "nama_wilayah", "dikenal_induknya", "nama wilayah tidak dikenal"
    )
    undian.ambil().rusak("kios", "banyak", "bilangan", "bentuk", "bukan angka")
    undian.ambil().kosongkan("nama_pasar")
    tajuk = {
        "kode_pasar": "KODE",
        "nama_pasar": "NAMA PASAR",
        "kecamatan": "KECAMATAN",
        "kelurahan": "KELURAHAN",
        "kios": "KIOS",
        "luas": "LUAS M2",
    }
    dunia.kiriman("kota_surakarta", "pasar").csv("pasar_2024.csv", tajuk, rows, pemisah=";", enkode="cp1252")
    # The province passes the same file on as its own: it loads no row twice.
    again = dunia.kiriman("disperindag", "pasar")
    again.csv("pasar_surakarta.csv", tajuk, [Baris(r.sel) for r in rows], pemisah=";", enkode="cp1252")
    again.cacat("pasar_surakarta.csv", "landing", "salinan", "berkas yang sama dari dua produsen")


def _retribusi(dunia: Dunia) -> None:
    acak, kirim = dunia.acak("kota_surakarta.retribusi"), dunia.kiriman("kota_surakarta", "retribusi")
    rows = []
    for number in range(24):
        months: dict[str, Sel] = {m: ragam.rupiah(acak, acak.randint(4, 90) * 250_000) for m in ragam.BULAN}
        rows.append(Baris({"nama_pasar": f"Pasar Contoh {number + 1}", "tahun": "2024*)", **months}))
    undian = Undian(acak, rows)
    row = undian.ambil()
    row.sel["Nopember"] = "lihat lampiran"
    row.tandai("retribusi", "rupiah", "bentuk", "bukan nilai rupiah")
    row = undian.ambil()
    row.sel["Mei"] = "1.000.00"
    row.tandai("retribusi", "rupiah", "bentuk", "tanda ribuan yang salah")
    kirim.csv(
        "retribusi 2024.csv",
        {"nama_pasar": "Nama Pasar", "tahun": "Tahun", **dict(zip(ragam.BULAN, ragam.BULAN, strict=True))},
        rows,
        pemisah=";",
        enkode="utf-8-sig",
    )
