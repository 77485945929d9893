from __future__ import annotations

import io
import zipfile

import pytest

from pipelines.read import detect

KOLOM = {"nama": ["Nama"]}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(**entries: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return data.getvalue()


def encrypted_workbook() -> bytes:
    """A compound file as Excel writes it for a password: a directory with the stream EncryptedPackage."""
    fat = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff" * 504
    header = OLE + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00" + bytes(10)
    header += (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4) + (4096).to_bytes(4, "little")
    header += b"\xfe\xff\xff\xff" + bytes(4) + b"\xfe\xff\xff\xff" + bytes(4) + bytes(4)
    header = header.ljust(512, b"\xff")

    def entry(name: str, kind: int, child: int) -> bytes:
        text = name.encode("utf-16-le")
        body = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes([kind, 1])
        body += b"\xff" * 8 + child.to_bytes(4, "little", signed=True) + bytes(36)
        return body + b"\xfe\xff\xff\xff" + bytes(8)

    directory = entry("Root Entry", 5, 1) + entry("EncryptedPackage", 2, -1) + bytes(256)
    return header + fat + directory


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("kosong.csv", b"", "0 bait"),
        ("kosong.xlsx", b"", "kosong"),
        ("kosong.csv", b"\xef\xbb\xbf \r\n\r\n", "kosong"),
        ("arsip.xlsx", zipped(a_dot_txt=b"x"), "ZIP biasa"),
        ("biner.xlsx", zipped(xl__workbook_dot_bin=b"x"), "XLSB"),
        ("terbuka.xlsx", zipped(mimetype=b"x", content_dot_xml=b"x"), "OpenDocument"),
        ("potong.xlsx", zipped(xl__workbook_dot_xml=b"x" * 500)[:100], "terpotong"),
        ("palsu.xlsx", zipped(xl__workbook_dot_xml=b"<workbook/>"), "rusak"),
        ("sandi.xlsx", encrypted_workbook(), "kata sandi"),
        ("lama.xls", OLE + b"\0" * 2000, "rusak"),
        ("halaman.xls", b"\n<html><body><table><tr><td>Nama</td></tr></table>", "HTML"),
        ("halaman.xls", b"\xef\xbb\xbf<div><TABLE border=1><tr><td>Nama", "HTML"),
        ("lembar.xls", b"<?xml version='1.0'?><Workbook/>", "XML"),
        ("u.csv", "Nama\na\n".encode("utf-16"), "UTF-16"),
        ("u.csv", b"\xfe\xff" + "Nama\na\n".encode("utf-16-be"), "UTF-16"),
        ("d.csv", b"%PDF-1.7 ...", "PDF"),
        ("b.dat", bytes(range(256)) * 20, "bukan teks"),
    ],
    ids=lambda value: value if isinstance(value, str) else "isi",  # the bytes hold the time of day
)
def test_what_is_no_table_is_refused_with_one_clear_message(contract, refused, name, data, word):
    finding = refused(contract(KOLOM), data, name)
    assert word in finding.pesan
    assert "Traceback" not in finding.pesan


def test_declared_format_must_be_the_real_one(contract, refused):
    finding = refused(contract(KOLOM, format="xlsx"), b"Nama\na\n", "a.xlsx")
    assert "CSV" in finding.pesan and "XLSX" in finding.pesan


def test_a_zip_bomb_is_refused_unopened(contract, refused, monkeypatch):
    monkeypatch.setattr(detect, "UNPACKED_MAX", 1 << 20)
    data = zipped(xl__workbook_dot_xml=b"x", xl__worksheets__sheet1_dot_xml=b"0" * (2 << 20))
    assert "terlalu besar" in refused(contract(KOLOM), data, "bom.xlsx").pesan


def test_content_decides_not_the_name(contract, read):
    assert read(contract(KOLOM), b"Nama\na\n", "salah.xlsx").cells == [("a",)]
    assert read(contract(KOLOM), b'[{"Nama": "a"}]', "tanpa_akhiran").cells == [("a",)]
    assert read(contract({"a": ["[A]"]}), b"[A]\nx\n", "a.csv").cells == [("x",)]
    assert read(contract({"a": ["PKM"]}), b"PKM\nx\n", "a.csv").cells == [("x",)]
