"""What a produsen or an engineer is told about files: every text in one place, in Bahasa."""

from __future__ import annotations

import os
import unicodedata

from pipelines.contract.finding import Finding
from pipelines.contract.model import Keparahan

STANDARD = "berkas"
MOST = 100
_NOTES: dict[str, tuple[Keparahan, str, str]] = {
    "masih_ditulis": (
        "peringatan",
        "Berkas ini masih ditulis atau sedang dipindahkan, jadi belum diambil.",
        "Tidak perlu berbuat apa-apa: berkas diambil pada proses berikutnya. Bila pesan ini terus muncul, "
        "hentikan program yang menulis ke berkas ini.",
    ),
    "tautan": (
        "kritis",
        "Ini tautan (symlink atau pintasan), bukan berkas atau folder sungguhan, jadi tidak diambil.",
        "Salin berkas aslinya ke folder ini.",
    ),
    "bukan_berkas": (
        "kritis",
        "Ini bukan berkas biasa (soket, pipa, atau perangkat), jadi tidak diambil.",
        "Hapus dari folder ini, lalu kirim data sebagai berkas biasa.",
    ),
    "tak_terbaca": (
        "kritis",
        "Berkas atau folder ini tidak dapat dibuka, jadi tidak diambil.",
        "Beri hak baca kepada pengguna yang menjalankan pemuatan data; bila berkasnya rusak, kirim ulang.",
    ),
    "nama": (
        "kritis",
        "Nama berkas atau folder ini memuat karakter yang tidak dapat dibaca, jadi tidak diambil.",
        "Ganti namanya dengan huruf, angka, spasi, titik, - atau _ saja, lalu kirim ulang.",
    ),
    "tak_cocok": (
        "peringatan",
        "Nama berkas ini tidak cocok dengan pola yang disepakati ({pola}), jadi tidak diambil.",
        "Bila ini data yang dimaksud, ganti nama berkas sesuai pola; bila bukan, keluarkan dari folder ini.",
    ),
    "pola_keluar": (
        "kritis",
        "Pola berkas dalam kontrak menunjuk ke luar folder dataset, jadi tidak dipakai.",
        "Walidata: perbaiki baca.file dalam kontrak; tulis pola relatif tanpa '..' dan tanpa '/' di depan.",
    ),
    "kembar": (
        "peringatan",
        "Isi berkas ini sama persis dengan isi berkas '{lain}'. Keduanya tetap dimuat.",
        "Periksa apakah salah satunya salah kirim; bila ya, kirim berkas yang benar dengan nama yang sama.",
    ),
    "catatan_rusak": (
        "kritis",
        "Catatan kedatangan dalam arsip rusak, jadi berkas baru dataset ini belum diambil.",
        "Walidata: pulihkan berkas catatan ini dari cadangan, lalu jalankan ulang.",
    ),
    "arsip_rusak": (
        "kritis",
        "Isi berkas arsip tidak lagi sama dengan saat diterima. Asalnya: {asal}.",
        "Walidata: pulihkan dari cadangan; bila tidak ada, hapus berkas arsip ini dan taruh berkas aslinya "
        "lagi di folder penerimaan.",
    ),
    "arsip_hilang": (
        "kritis",
        "Berkas arsip tidak ada atau tidak dapat dibuka. Asalnya: {asal}.",
        "Walidata: pulihkan dari cadangan; bila tidak ada, taruh berkas aslinya lagi di folder penerimaan.",
    ),
    "kunci_lain": (
        "peringatan",
        "Berkas arsip ini terenkripsi dan kuncinya tidak diberikan, jadi isinya belum diperiksa. Asalnya: {asal}.",
        "Walidata: berikan kunci yang benar, lalu periksa lagi.",
    ),
    "belum_terkunci": (
        "peringatan",
        "Berkas lama dataset ini memuat data pribadi dan belum dapat dienkripsi, karena catatan kedatangan suatu "
        "dataset rusak.",
        "Walidata: pulihkan catatan yang rusak dari cadangan; berkas lama dienkripsi pada proses berikutnya.",
    ),
    "tanpa_kunci": (
        "kritis",
        "Dataset ini memuat data pribadi, sedangkan kunci untuk menyimpannya belum siap, jadi tidak ada berkas "
        "yang dibuka atau disalin.",
        "Produsen tidak perlu berbuat apa-apa. Walidata: siapkan kunci dengan perintah 'satudata keys init', atau "
        "jalankan 'satudata keys status' untuk melihat apa yang kurang.",
    ),
    "selebihnya": (
        "peringatan",
        "Masih ada {banyak} temuan lain tentang berkas di folder ini yang tidak ditampilkan.",
        "Bereskan dulu temuan yang tampil; selebihnya muncul pada proses berikutnya.",
    ),
}


def note(path: str, kind: str, **facts: object) -> Finding:
    """The finding of one kind about one path; the path is made printable."""
    severity, text, advice = _NOTES[kind]
    return Finding(shown(path), None, None, None, None, STANDARD, severity, text.format(**facts), advice)


def capped(findings: list[Finding]) -> list[Finding]:
    """Sorted by path; beyond the first hundred only their number, so that no folder floods the report."""
    ordered = sorted(findings, key=lambda finding: finding.berkas)
    rest = len(ordered) - MOST
    return [*ordered[:MOST], note(".", "selebihnya", banyak=rest)] if rest > 0 else ordered


def printable(name: str) -> bool:
    """Whether a file name is UTF-8 without control characters and line breaks."""
    return not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in name)


def shown(path: str) -> str:
    r"""The path with what cannot be printed written as \x.., one line, valid UTF-8."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if printable(c) else c.encode("unicode_escape").decode() for c in text)
