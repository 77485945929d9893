"""The truth beside the sample: who each record is about, and how many cases each mart must have."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from pipelines.contract.load import Library, load_library

REPO = Path(__file__).resolve().parents[3]
SAMPLE = REPO / "sources" / "_contoh"
MARTS = {
    "mart_akta_tanpa_lahir",
    "mart_bantuan_ganda",
    "mart_bantuan_meninggal",
    "mart_faskes_tanpa_jkn",
    "mart_lahir_tanpa_akta",
    "mart_miskin_tanpa_bantuan",
    "mart_pbi_tidak_miskin",
    "mart_siswa_tak_terdaftar",
}
Row = dict[str, str]


def rows(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@pytest.fixture(scope="module")
def truth(made: Path) -> list[Row]:
    return rows(made / "orang.csv")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(SAMPLE, REPO / "sources" / "referensi", REPO / "expectations" / "standards")


def of(truth: list[Row], dataset: str) -> dict[str, str]:
    """Key of the record -> person, of the main role of a dataset."""
    return {r["kunci"]: r["orang"] for r in truth if f"{r['produsen']}.{r['dataset']}" == dataset}


@pytest.mark.parametrize("province", ["made", "other", "third"])
def test_every_mart_has_some_cases_whatever_the_seed(request: pytest.FixtureRequest, province: str) -> None:
    counts = {r["mart"]: int(r["jumlah"]) for r in rows(request.getfixturevalue(province) / "mart.csv")}
    assert set(counts) == MARTS
    assert all(3 <= n <= 15 for n in counts.values()), counts


def test_roles_are_those_of_the_contracts(truth: list[Row], library: Library) -> None:
    told = {(f"{r['produsen']}.{r['dataset']}", r["peran"]) for r in truth}
    assert told == {(c.key, role) for c in library.contracts for role in c.people()}


def test_a_record_has_one_truth(truth: list[Row]) -> None:
    keys = Counter((r["produsen"], r["dataset"], r["peran"], r["kunci"]) for r in truth)
    assert keys.most_common(1)[0][1] == 1
    assert all(r["kunci"] and r["orang"] for r in truth)


def test_the_register_lists_each_person_once_and_nobody_of_the_refused_file(made: Path, truth: list[Row]) -> None:
    register = of(truth, "dukcapil.penduduk")
    assert len(set(register.values())) == len(register) > 300
    folder = made / "landing" / "dukcapil" / "penduduk"
    delivered = {k: {digits(r["NIK"]) for r in rows(folder / f"penduduk_{k}.csv", "utf-8-sig", ";")}
                 for k in ("33.02", "33.19", "33.72")}  # fmt: skip
    assert set(register) < delivered["33.02"] | delivered["33.19"]
    assert not set(register) & delivered["33.72"]


def test_keys_are_those_delivered(made: Path, truth: list[Row]) -> None:
    """Also where a fault that only warns changed them."""
    for dataset, path, header, encoding, delimiter in (
        ("disdik.siswa", "disdik/siswa/pd_2024.txt", "NISN", "utf-8", "\t"),
        ("disdik.guru", "disdik/guru/guru_asn.csv", "NIP", "cp1252", ";"),
        ("bpjs.peserta", "bpjs/peserta/master_peserta_2024.csv", "NOKA", "utf-8", "|"),
    ):
        delivered = {digits(r[header]) for r in rows(made / "landing" / path, encoding, delimiter)}
        assert set(of(truth, dataset)) <= delivered


def test_what_is_refused_is_not_in_the_truth(made: Path, truth: list[Row], library: Library) -> None:
    """The generator's own list of faults that only warn says what the standards and the contracts say."""
    tree = ast.parse((SAMPLE / "pembuat" / "baris.py").read_text(encoding="utf-8"))
    mild = next(
        ast.literal_eval(n.value) for n in tree.body if isinstance(n, ast.Assign) and n.targets[0].id == "RINGAN"
    )  # type: ignore[attr-defined]
    levels = {(name, r.nama): r.tingkat for name, standard in library.standards.items() for r in standard.aturan}
    assert {levels[pair] for pair in mild} == {"peringatan"}
    for fault in rows(made / "tertanam.csv"):
        pair = fault["standar"], fault["aturan"]
        assert (levels.get(pair) == "peringatan") == (pair in mild), fault
        if fault["standar"] == "kaidah":
            contract = library.find(f"{fault['produsen']}.{fault['dataset']}")
            assert {r.nama: r.tingkat for r in contract.kaidah}[fault["aturan"]] == "peringatan"
    assert len(of(truth, "disdik.siswa")) < len(rows(made / "landing/disdik/siswa/pd_2024.txt", delimiter="\t"))


def test_the_same_person_is_written_differently(made: Path, truth: list[Row]) -> None:
    """Seen in the files: NIK missing, one digit off, a parent's; names and birth dates otherwise."""
    folder = made / "landing" / "dukcapil" / "penduduk"
    listed = {
        digits(r["NIK"]): r for k in ("33.02", "33.19") for r in rows(folder / f"penduduk_{k}.csv", "utf-8-sig", ";")
    }
    register = {person: listed[nik] for nik, person in of(truth, "dukcapil.penduduk").items()}
    owner = {nik: person for person, r in register.items() for nik in [digits(r["NIK"])]}
    seen: Counter[str] = Counter()
    for path, dataset, key, name, delimiter in (
        ("disdik/siswa/pd_2024.txt", "disdik.siswa", "NISN", "Nama Peserta Didik", "\t"),
        ("bpjs/peserta/master_peserta_2024.csv", "bpjs.peserta", "NOKA", "NAMA", "|"),
    ):
        person_of = of(truth, dataset)
        for row in rows(made / "landing" / path, delimiter=delimiter):
            person = person_of.get(digits(row[key]))
            if person not in register:
                continue
            nik, true = digits(row["NIK"]), digits(register[person]["NIK"])
            wrong = sum(a != b for a, b in zip(nik, true, strict=False))
            kind = "same" if nik == true else "missing" if not nik else "parent" if nik in owner else f"{wrong} off"
            seen[kind] += 1
            seen["name"] += row[name].upper() != register[person]["Nama Lengkap"]
            seen["ny"] += row[name].upper().startswith("NY. ")
    assert set(seen) == {"same", "missing", "parent", "1 off", "name", "ny"}
    assert all(n >= 3 for n in seen.values()), seen
    assert seen["same"] > 5 * (seen["missing"] + seen["parent"] + seen["1 off"])


def test_twins_and_namesakes_live_among_them(made: Path, truth: list[Row]) -> None:
    folder = made / "landing" / "dukcapil" / "penduduk"
    families: defaultdict[tuple[str, str], int] = defaultdict(int)
    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    register = of(truth, "dukcapil.penduduk")
    for row in rows(folder / "penduduk_33.02.csv", "utf-8-sig", ";"):
        if nik := digits(row["NIK"]) if digits(row["NIK"]) in register else "":
            families[digits(row["No KK"]), nik[8:12] + str(int(nik[6:8]) % 40)] += 1
            names[row["Kode Desa"], row["Nama Lengkap"]].add(nik)
    assert max(families.values()) == 2
    assert sum(len(some) > 1 for some in names.values()) >= 2
