"""Which format a file really is, whatever its name says."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal
from zipfile import BadZipFile, ZipFile

from pipelines.read.error import ReadError, Reading

Form = Literal["csv", "xlsx", "xls", "json"]

HEAD = 1 << 16
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
UNPACKED_MAX = 1 << 30
_SAVE_XLSX = "Buka berkas itu di Excel atau LibreOffice, simpan sebagai XLSX atau CSV UTF-8, lalu kirim kembali."
_FOREIGN = {
    b"%PDF": "dokumen PDF",
    b"\x89PNG": "gambar PNG",
    b"\xff\xd8\xff": "gambar JPEG",
    b"Rar!": "arsip RAR",
    b"7z\xbc\xaf\x27\x1c": "arsip 7-Zip",
    b"\x1f\x8b": "arsip gzip",
    b"PAR1": "berkas Parquet",
    b"SQLite format 3": "basis data SQLite",
    b"{\\rtf": "dokumen RTF",
}


def detect_form(reading: Reading) -> Form:
    """Return the format that the bytes have. Raises ReadError for what is no table or not as declared."""
    with reading.source.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf \t\r\n") and reading.source.stat().st_size <= HEAD:
        size = reading.source.stat().st_size
        raise reading.refusal(
            f"Berkas kosong: besarnya {size} bait dan tidak ada isinya.",
            "Ekspor ulang data dari aplikasi asal, periksa bahwa berkasnya dapat dibuka, lalu kirim.",
        )
    form = _form(reading, head)
    declared = reading.contract.baca.format
    if declared not in (None, form):
        raise reading.refusal(
            f"Isi berkas adalah {form.upper()}, padahal kontrak menyatakan {str(declared).upper()}.",
            f"Kirim berkas {str(declared).upper()}, atau minta walidata mengubah `baca.format` di kontrak.",
        )
    return form


def _form(reading: Reading, head: bytes) -> Form:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        _only_workbooks(reading)
        return "xlsx"
    if head.startswith(OLE):
        _no_password(reading)
        return "xls"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise reading.refusal(
            "Teks berkas memakai enkode UTF-16 (di Excel: 'Teks Unicode').",
            "Simpan ulang sebagai 'CSV UTF-8 (dibatasi koma)', lalu kirim kembali.",
        )
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise reading.refusal(f"Berkas ini {what}, bukan tabel.", "Kirim tabelnya sebagai CSV, XLSX atau JSON.")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    lowered = start[:4096].lower()
    if lowered.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta", b"<style")) or (
        lowered.startswith(b"<") and (b"<html" in lowered or b"<table" in lowered)
    ):
        raise reading.refusal("Berkas ini halaman HTML, bukan buku kerja atau CSV.", _SAVE_XLSX)
    if lowered.startswith(b"<?xml"):
        raise reading.refusal("Berkas ini XML, bukan buku kerja atau CSV.", _SAVE_XLSX)
    sample = head[:4096]
    control = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    if b"\0" in sample and control * 10 > len(sample):
        raise reading.refusal(
            "Isi berkas bukan teks dan bukan format tabel yang dikenal (mungkin rusak saat dikirim).",
            "Periksa bahwa berkas dapat dibuka di komputer Anda, lalu kirim sebagai CSV, XLSX atau JSON.",
        )
    suffix = PurePosixPath(reading.name).suffix.lower()
    text_form = reading.contract.baca.format or ("csv" if suffix in (".csv", ".tsv", ".txt") else None)
    return "json" if start[:1] in (b"{", b"[") and text_form != "csv" else "csv"


def _only_workbooks(reading: Reading) -> None:
    """Refuse a zip that is no XLSX, is damaged, locked, or would unpack to more than UNPACKED_MAX bytes."""
    try:
        with ZipFile(reading.source) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, EOFError, NotImplementedError):
        raise reading.refusal(
            "Berkas rusak: buku kerja (ZIP) terpotong atau tidak utuh.",
            "Kirim ulang berkasnya; bila tetap gagal, buka di Excel dan simpan dengan nama baru.",
        ) from None
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        what = "arsip ZIP biasa, bukan buku kerja XLSX"
        if "xl/workbook.bin" in names:
            what = "buku kerja biner (XLSB), bukan XLSX"
        elif "mimetype" in names and "content.xml" in names:
            what = "buku kerja OpenDocument, bukan XLSX"
        raise reading.refusal(
            f"Berkas ini {what}.", "Simpan tabelnya sebagai XLSX atau CSV UTF-8 dan kirim berkas itu sendiri."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise locked(reading)
    if sum(entry.file_size for entry in entries) > UNPACKED_MAX:
        raise reading.refusal(
            f"Buku kerja terlalu besar: isinya lebih dari {UNPACKED_MAX >> 20} MiB setelah dibuka.",
            "Kirim tabelnya sebagai CSV UTF-8.",
        )


def _no_password(reading: Reading) -> None:
    tail = b""
    with reading.source.open("rb") as file:
        while chunk := file.read(1 << 20):
            if ENCRYPTED in tail + chunk:
                raise locked(reading)
            tail = chunk[-len(ENCRYPTED) :]


def locked(reading: Reading) -> ReadError:
    """Return the refusal of a workbook that needs a password."""
    return reading.refusal(
        "Buku kerja dikunci dengan kata sandi.",
        "Buka berkasnya, hapus kata sandinya (Berkas > Info > Proteksi), simpan, lalu kirim kembali.",
    )
