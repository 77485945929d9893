"""Rows get their kode_wilayah by code, by name or by the contract, and say how."""

from __future__ import annotations

from typing import Any

from check.conftest import Examine, Result, contract_of, table

LAX = {"ditolak_maks": "100%"}
KAB: dict[str, Any] = {"dari": "kab", "standar": "nama_wilayah", "tingkat": "kabupaten_kota"}
KEC: dict[str, Any] = {"dari": "kec", "standar": "nama_wilayah", "tingkat": "kecamatan"}
CODE: dict[str, Any] = {"dari": "kode", "standar": "kode_wilayah", "tingkat": "kabupaten_kota", "sistem": "kemendagri"}


def placed(result: Result) -> list[tuple[int, str | None, str | None]]:
    return [
        (r["_baris"], r["kode_wilayah"], r["wilayah_metode"]) for r in sorted(result.rows, key=lambda r: r["_baris"])
    ]


def test_by_name(examine: Examine) -> None:
    contract = contract_of({"kab": KAB}, wilayah={"nama": {"kabupaten_kota": "kab"}, "dalam": "33"}, batas=LAX)
    names = ["KAB. BANJARNEGARA", "Kabupaten Cilacap", "Kota Semarang", "semarang", "Antah Berantah", "Solo"]
    result = examine(contract, table(["kab"], [[n] for n in names]))
    assert placed(result) == [
        (2, "33.04", "nama"), (3, "33.01", "nama"), (4, "33.74", "nama"), (7, "33.72", "alias"),
    ]  # fmt: skip
    assert result.reasons == {5: ["kab:tunggal"], 6: ["kab:dikenal"]}
    assert [(f["nilai"], f["standar"]) for f in result.found] == [
        ("semarang", "nama_wilayah"), ("Antah Berantah", "nama_wilayah"),
    ]  # fmt: skip


def test_a_default_decides_visibly(examine: Examine) -> None:
    place = {"nama": {"kabupaten_kota": "kab"}, "dalam": "33", "bawaan": "kabupaten"}
    result = examine(contract_of({"kab": KAB}, wilayah=place), "kab\nSemarang\nSemarang\nTegal\nKota Tegal\n")
    assert placed(result) == [
        (2, "33.22", "bawaan"), (3, "33.22", "bawaan"), (4, "33.28", "bawaan"), (5, "33.76", "nama"),
    ]  # fmt: skip
    assert [(f["baris"], f["nilai"], f["tingkat"], f["pesan"]) for f in result.found] == [
        ("2", "Semarang", "peringatan",
         '"Semarang" ada sebagai kabupaten dan sebagai kota; dibaca sebagai kabupaten sesuai kontrak.'),
        ("4", "Tegal", "peringatan",
         '"Tegal" ada sebagai kabupaten dan sebagai kota; dibaca sebagai kabupaten sesuai kontrak.'),
    ]  # fmt: skip
    assert result.status == "SESUAI"


def test_a_kecamatan_in_its_kabupaten(examine: Examine) -> None:
    place = {"nama": {"kabupaten_kota": "kab", "kecamatan": "kec"}, "dalam": "33"}
    rows = [["Kab. Banyumas", "Baturraden"], ["Kab. Demak", "Karanganyar"], ["Kab. Kebumen", "Karanganyar"],
            ["Kab. Demak", "Baturraden"], ["Kab. Demak", ""]]  # fmt: skip
    result = examine(contract_of({"kab": KAB, "kec": KEC}, wilayah=place, batas=LAX), table(["kab", "kec"], rows))
    found = {line: code for line, code, _ in placed(result)}
    assert {line: code[:5] for line, code in found.items() if code} == {2: "33.02", 3: "33.21", 4: "33.05", 6: "33.21"}
    assert len(found[3] or "") == 8 and found[6] == "33.21"
    assert result.reasons == {5: ["kec:dikenal"]}


def test_by_code(examine: Examine) -> None:
    contract = contract_of({"kode": CODE}, wilayah={"kode": "kode"}, batas=LAX)
    result = examine(contract, table(["kode"], [["33.02"], ["'3374"], ["33.1"], ["33.69"], ["3302.0"]]))
    assert placed(result) == [(2, "33.02", "kode"), (3, "33.74", "kode"), (5, None, None), (6, "33.02", "kode")]
    assert result.reasons == {4: ["kode:bentuk"]}, "33.10 that lost its zero cannot be known"
    assert [(f["baris"], f["tingkat"]) for f in result.found] == [("4", "kritis"), ("5", "peringatan")]


def test_the_code_wins_over_the_name(examine: Examine) -> None:
    place = {"kode": "kode", "nama": {"kabupaten_kota": "kab"}}
    result = examine(
        contract_of({"kode": CODE, "kab": KAB}, wilayah=place), "kode,kab\n33.02,Kota Semarang\n,Kota Semarang\n"
    )
    assert placed(result) == [(2, "33.02", "kode"), (3, "33.74", "nama")]


def test_a_constant_place(examine: Examine) -> None:
    result = examine(contract_of({"cacah": "bilangan"}, wilayah={"tetap": "33.02"}), "cacah\n1\n2\n")
    assert placed(result) == [(2, "33.02", "tetap"), (3, "33.02", "tetap")]


def test_no_place(examine: Examine) -> None:
    result = examine(contract_of({"cacah": "bilangan"}), "cacah\n1\n")
    assert set(result.rows[0]) == {"cacah", "_berkas", "_baris"}


def test_a_key_is_the_place_and_not_its_spelling(examine: Examine) -> None:
    """Counted under both spellings, a kabupaten would weigh twice."""
    kolom = {"kab": KAB, "cacah": "bilangan"}
    contract = contract_of(kolom, wilayah={"nama": {"kabupaten_kota": "kab"}, "dalam": "33"}, kunci=["kab"], batas=LAX)
    rows = [["KAB. CILACAP", "1"], ["Kabupaten Cilacap", "1"], ["Kab Kudus", "1"], ["Kudus", "2"], ["Kota Tegal", "1"]]
    result = examine(contract, table(["kab", "cacah"], rows))
    assert result.reasons == {3: ["kab:baris_kembar"], 4: ["kab:kunci_ganda"], 5: ["kab:kunci_ganda"]}
