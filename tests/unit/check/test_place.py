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
    assert {line: (code or "")[:5] for line, code in found.items()} == {
        2: "33.02", 3: "33.21", 4: "33.05", 5: "33.21", 6: "33.21"
    }  # fmt: skip
    assert len(found[3] or "") == 8 and found[5] == found[6] == "33.21"
    (finding,) = result.found
    assert (finding["baris"], finding["tingkat"], finding["nilai"]) == ("5", "peringatan", "Baturraden")


def test_an_obligatory_name_must_be_known(examine: Examine) -> None:
    place = {"nama": {"kabupaten_kota": "kab", "kecamatan": "kec"}, "dalam": "33"}
    contract = contract_of({"kab": KAB, "kec": KEC | {"wajib": True}}, wilayah=place, batas=LAX)
    result = examine(contract, table(["kab", "kec"], [["Kab. Demak", "Baturraden"]]))
    assert result.reasons == {2: ["kec:dikenal"]}


def test_a_near_spelling_is_understood_and_told(examine: Examine) -> None:
    contract = contract_of({"kab": KAB}, wilayah={"nama": {"kabupaten_kota": "kab"}, "dalam": "33"})
    result = examine(contract, table(["kab"], [["Kab. Banjarnegra"], ["Poerworedjo"], ["Kab. Cilacap"]]))
    assert placed(result) == [(2, "33.04", "mirip"), (3, "33.06", "mirip"), (4, "33.01", "nama")]
    assert [round(r["wilayah_skor"], 2) for r in sorted(result.rows, key=lambda r: r["_baris"])] == [0.91, 0.95, 1.0]
    assert [(f["baris"], f["tingkat"], f["pesan"]) for f in result.found] == [
        ("2", "peringatan", 'Nama "Kab. Banjarnegra" tidak ada dalam daftar wilayah; dibaca sebagai Kabupaten '
         "Banjarnegara (33.04), satu-satunya nama yang mirip."),
        ("3", "peringatan", 'Nama "Poerworedjo" tidak ada dalam daftar wilayah; dibaca sebagai Kabupaten '
         "Purworejo (33.06), satu-satunya nama yang mirip."),
    ]  # fmt: skip
    assert result.status == "SESUAI"


def told_of_systems(result: Result) -> list[tuple[str, str, str]]:
    return [(f["berkas"], f["tingkat"], f["nilai"]) for f in result.found if "Kontrak menyatakan" in f["pesan"]]


def test_codes_of_the_other_system_are_one_finding_a_file(examine: Examine) -> None:
    """Declared as codes of BPS, delivered as Kemendagri's: nothing fits, and the file goes back."""
    contract = contract_of({"kode": CODE | {"sistem": "bps"}}, wilayah={"kode": "kode"}, batas=LAX)
    wrong = table(["kode"], [[f"33.{n:02}"] for n in range(1, 11)])
    right = table(["kode"], [[f"33{n:02}"] for n in range(1, 11)])
    result = examine(contract, {"a.csv": wrong, "b.csv": right})
    assert told_of_systems(result) == [("a.csv", "kritis", "33.01")]
    assert [load.status for load in result.checked.loads] == ["DIKEMBALIKAN", "SESUAI"]
    assert {r["_berkas"] for r in result.rows} == {"b.csv"}
    (message,) = {f["pesan"] for f in result.found if "Kontrak menyatakan" in f["pesan"]}
    assert message == (
        "Kontrak menyatakan kolom kode berisi kode BPS, tetapi dari 10 kode hanya 0 yang ada di sana, "
        'sedangkan 10 adalah kode Kemendagri, misalnya "33.01".'
    )


def test_the_example_of_a_personal_column_stays_out_of_the_report(examine: Examine) -> None:
    contract = contract_of({"kode": CODE | {"sistem": "bps", "pribadi": True}}, wilayah={"kode": "kode"}, batas=LAX)
    result = examine(contract, table(["kode"], [[f"33.{n:02}"] for n in range(1, 11)]))
    (group,) = [g for g in result.checked.groups if g.aturan == "sistem"]
    assert "33.01" not in group.pesan and group.contoh == ()
    assert told_of_systems(result)[0][2] == "33.01", "the produsen's own file says which"


def test_a_column_that_mostly_fits_is_only_warned_about(examine: Examine) -> None:
    """Bare, these numbers are codes of both systems; with dots, of Kemendagri's alone."""
    contract = contract_of({"kode": CODE | {"sistem": "bps"}}, wilayah={"kode": "kode"}, batas=LAX)
    rows = [["3301"], ["3302"], ["3303"], ["3304"], ["33.05"], ["33.06"], ["33.07"]]
    assert told_of_systems(examine(contract, table(["kode"], rows))) == [("a.csv", "peringatan", "33.05")]
    assert told_of_systems(examine(contract, table(["kode"], rows[:6]))) == []


def test_where_the_bridge_knows_nothing_no_system_is_denied(examine: Examine) -> None:
    contract = contract_of({"kode": CODE | {"sistem": "bps"}}, wilayah={"kode": "kode"}, batas=LAX)
    result = examine(contract, table(["kode"], [["1106"], ["1110"], ["5314"], ["1203"], ["1204"], ["7308"]]))
    assert told_of_systems(result) == []


def test_equal_looking_codes_of_papua(examine: Examine) -> None:
    provinsi = CODE | {"tingkat": "provinsi"}
    place = {"kode": "kode"}
    for system, expected in (("bps", ["92", "91"]), ("kemendagri", ["91", "94"])):
        contract = contract_of({"kode": provinsi | {"sistem": system}}, wilayah=place, batas=LAX)
        result = examine(contract, table(["kode"], [["91"], ["94"]]))
        assert [code for _, code, _ in placed(result)] == expected


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
    (finding,) = result.found
    assert (finding["kolom"], finding["tingkat"], finding["pesan"]) == (
        "kode", "peringatan",
        'Kode "33.02" adalah Kabupaten Banyumas (33.02), sedangkan namanya menunjuk Kota Semarang (33.74). '
        "Yang dipakai kodenya.",
    )  # fmt: skip


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
