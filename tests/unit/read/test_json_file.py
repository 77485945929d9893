from __future__ import annotations

import json

import pytest

from pipelines.read import json_records

KOLOM = {"kode": ["kode"], "satu": ["salur.1.nilai"], "rinci": ["rinci"]}


def test_nested_records_at_a_path(contract, read):
    data = b"""{"ok": true, "data": {"total": 2, "result": [
      {"kode": "0332", "salur": {"1": {"nilai": 196539400, "tgl": "28-MAY-18"}}, "rinci": [{"a": 1.50}, 0]},
      {"kode": null, "salur": {"1": {"nilai": 3.32E+15}}, "rinci": {"x": "\\u00e9", "y": [true, null]}}
    ]}, "akhir": 1}"""
    result = read(contract(KOLOM, rekaman="data.result", abaikan=["salur.1.tgl"]), data, "a.json")
    assert result.cells == [
        ("0332", "196539400", '[{"a":1.50},0]'),
        (None, "3.32E+15", '{"x":"é","y":[true,null]}'),
    ]
    assert (result.lines, result.findings) == ([1, 2], [])


@pytest.mark.parametrize(
    ("rekaman", "data"),
    [
        (None, b'[{"a": "x"}]'),
        (None, b'{"a": "x"}'),
        ("r", b'{"r": {"a": "x"}}'),
        ("r", b'{"r": [{"a": "x"}]}'),
    ],
)
def test_a_list_or_one_object(contract, read, rekaman, data):
    result = read(contract({"a": ["a"]}, rekaman=rekaman), b"\xef\xbb\xbf" + data, "a.json")
    assert (result.cells, result.lines) == ([("x",)], [1])


def test_numbers_keep_their_text(contract, read):
    numbers = ["1.50", "0.10", "12345678901234567890123", "0.0000001", "true", "-0.5"]
    data = ("[" + ",".join('{"a": ' + number + "}" for number in numbers) + "]").encode()
    cells = [row[0] for row in read(contract({"a": ["a"]}), data, "a.json").cells]
    assert cells == numbers


def test_unknown_keys_are_findings_and_a_parent_may_be_ignored(contract, read):
    data = b'[{"a": 1, "b": {"c": 1, "d": [1]}}, {"a": 2, "e": null}]'
    result = read(contract({"a": ["a"]}), data, "a.json")
    assert [f.kolom for f in result.findings] == ["b.c", "b.d", "e"]
    assert [f.kolom for f in read(contract({"a": ["a"]}, abaikan=["b"]), data, "a.json").findings] == ["e"]


def test_wide_keys_become_rows(contract, read):
    teks = {"standar": "teks"}
    lebar = {"kolom": r"^\d{4}$", "nama": "tahun", "nilai": "n"}
    declared = contract({"a": ["a"], "tahun": teks, "n": teks}, lebar=lebar)
    data = b'[{"a": "x", "2020": 1, "2021": 2}, {"a": "y", "2021": 3}]'
    assert read(declared, data, "a.json").cells == [
        ("x", "2020", "1"),
        ("x", "2021", "2"),
        ("y", "2020", None),
        ("y", "2021", "3"),
    ]


def test_missing_and_doubled_columns(contract, refused):
    wajib = {"a": {"dari": ["a", "A1"], "standar": "teks", "wajib": True}}
    assert "'a'" in refused(contract(wajib), b'[{"b": 1}]', "a.json").pesan
    assert "sama" in refused(contract(wajib), b'[{"a": 1, "A1": 2}]', "a.json").pesan
    assert "dua kali" in refused(contract(wajib), b'[{"a": 1, "a": 2}]', "a.json").pesan


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'[{"a": 1},\n{"a" 2}]', "baris 2 kolom 6"),
        (b'[{"a": 1},\n{"a": ', "terpotong"),
        (b'[{"a": 1}', "terpotong"),
        (b'[{"a": 1}] x', "JSON rusak"),
        (b'[{"a": 1}, 5]', "Rekaman ke-2 bukan objek"),
        (b'[{"a": "\xe9"}]', "bukan UTF-8"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "bilangan"),
        (b"[" * 100_000, "bukan objek"),
        (b'[{"a":' * 50_000, "bersarang"),
        (b'{"r": [{"a": 1}]}', "kosong|wajib|Tidak ada|dikenal"),
        (b"[]", "kosong"),
        (b"[{}]", "kosong"),
    ],
)
def test_broken_json_says_where(contract, refused, data, word):
    kolom = {"a": {"dari": ["a"], "standar": "teks", "wajib": True}}
    finding = refused(contract(kolom), data, "a.json")
    assert any(part in finding.pesan for part in word.split("|"))


def test_no_list_at_the_path(contract, refused):
    assert "'data.x'" in refused(contract({"a": ["a"]}, rekaman="data.x"), b'{"data": {}}', "a.json").pesan


def test_a_record_that_never_ends_is_refused(contract, refused, monkeypatch):
    monkeypatch.setattr(json_records, "RECORD_MAX", 200_000)
    data = b'[{"a": "' + b"x" * 1_000_000 + b'"}]'
    assert "Satu rekaman" in refused(contract({"a": ["a"]}), data, "a.json").pesan


def test_many_records_pass_the_same_limit(contract, read, monkeypatch):
    monkeypatch.setattr(json_records, "RECORD_MAX", 200_000)
    data = json.dumps([{"a": f"{i:04d}" + "x" * 100} for i in range(5000)]).encode()
    assert len(read(contract({"a": ["a"]}), data, "a.json").cells) == 5000
