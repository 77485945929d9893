import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contract.finding import Finding
from pipelines.contract.model import Contract
from pipelines.home import Home
from pipelines.landing import receive
from pipelines.landing.listing import look, matches, strays, temporary
from pipelines.landing.notes import MOST, capped, note

from .conftest import Drop, MakeContract


def _kinds(findings: list[Finding]) -> dict[str, str]:
    return {finding.berkas: finding.pesan for finding in findings}


def _taken(landing: Path, contract: Contract) -> list[str]:
    return sorted(seen.path for seen in look(landing, contract).files)


def test_links_and_what_is_no_file_are_findings_and_the_rest_goes_on(
    home: Home, landing: Path, contract: Contract, drop: Drop, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_text("rahasia")
    folder = drop("dinas/pasar/good.csv").parent
    (folder / "file_link.csv").symlink_to(outside / "secret.csv")
    (folder / "inside_link.csv").symlink_to("good.csv")
    (folder / "dangling.csv").symlink_to("nowhere")
    (folder / "folder_link").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.csv")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(folder)  # a socket's path has to be short
    try:
        server.bind("socket.csv")
    finally:
        os.chdir(here)
        server.close()
    receipt = receive(home, landing, [contract])
    assert [delivery.path for delivery in receipt.arrived["dinas.pasar"]] == ["good.csv"]
    findings = receipt.findings["dinas.pasar"]
    texts = _kinds(findings)
    links = {"file_link.csv", "inside_link.csv", "dangling.csv", "folder_link", "loop"}
    assert texts.keys() == links | {"pipe.csv", "socket.csv"}
    assert all("tautan" in texts[name] for name in links)
    assert all("bukan berkas biasa" in texts[name] for name in ("pipe.csv", "socket.csv"))
    assert all(finding.saran and finding.tingkat == "kritis" for finding in findings)


@pytest.mark.parametrize("link", ["dinas", "dinas/pasar"])
def test_a_dataset_folder_that_is_a_link_is_not_followed(
    landing: Path, contract: Contract, tmp_path: Path, link: str
) -> None:
    target = tmp_path / "outside/pasar"
    target.mkdir(parents=True)
    (target / "a.csv").write_text("x")
    path = landing / link
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target.parent if link == "dinas" else target)
    listing = look(landing, contract)
    assert listing.files == []
    assert list(_kinds(listing.findings)) == [link]


def test_names_that_cannot_be_printed_are_findings(home: Home, landing: Path, contract: Contract, drop: Drop) -> None:
    drop(b"dinas/pasar/caf\xe9.csv")
    drop("dinas/pasar/two\nlines.csv")
    drop("dinas/pasar/\x1b[31mred.csv")
    drop("dinas/pasar/line\u2028sep/inner.csv")
    drop("dinas/pasar/Désa – Çilacap (1).csv", "good")
    receipt = receive(home, landing, [contract])
    assert [d.path for d in receipt.arrived["dinas.pasar"]] == ["Désa – Çilacap (1).csv"]
    findings = receipt.findings["dinas.pasar"]
    assert [f.berkas for f in findings] == [
        r"\x1b[31mred.csv",
        r"caf\xe9.csv",
        r"line\u2028sep",
        r"two\nlines.csv",
    ]
    assert all("Nama" in f.pesan for f in findings)


HIDDEN = [
    ".env",
    ".~lock.a.xlsx#",
    "~$a.xlsx",
    "a.tmp",
    "a.csv.PART",
    "a.csv.filepart",
    "a.crdownload",
    "a.csv~",
    "Thumbs.db",
    "desktop.ini",
    ".DS_Store",
]


@pytest.mark.parametrize("name", HIDDEN)
def test_names_of_hidden_and_temporary_files(name: str) -> None:
    assert temporary(name)


@pytest.mark.parametrize("name", ["a.csv", "part.csv", "tmp", "lock.csv", "~a.csv", "a$.xlsx", "thumbs.db.csv"])
def test_names_of_ordinary_files(name: str) -> None:
    assert not temporary(name)


def test_hidden_and_temporary_files_are_only_counted(landing: Path, contract: Contract, drop: Drop) -> None:
    for name in (*HIDDEN, ".git/config", "__MACOSX/x.csv", "a.csv"):
        drop(f"dinas/pasar/{name}")
    listing = look(landing, contract)
    assert [seen.path for seen in listing.files] == ["a.csv"]
    assert listing.findings == []
    assert listing.ignored == len(HIDDEN) + 2


def test_a_file_that_fits_no_glob_is_a_finding_that_names_the_globs(
    landing: Path, make: MakeContract, drop: Drop
) -> None:
    drop("dinas/pasar/PASAR_2024.XLSX")
    drop("dinas/pasar/catatan.docx")
    listing = look(landing, make("dinas.pasar", "pasar_*.xlsx", "*.csv"))
    assert [seen.path for seen in listing.files] == ["PASAR_2024.XLSX"], "case does not matter"
    (finding,) = listing.findings
    assert (finding.berkas, finding.tingkat) == ("catatan.docx", "peringatan")
    assert "pasar_*.xlsx, *.csv" in finding.pesan


@pytest.mark.parametrize("pattern", ["../toko/*.csv", "/etc/*", "a/../../b", "..\\toko\\*", "C:/x/*", "**/.."])
def test_a_glob_that_climbs_out_is_refused_and_the_others_work(
    landing: Path, make: MakeContract, drop: Drop, pattern: str
) -> None:
    drop("dinas/toko/b.csv")
    drop("dinas/pasar/a.csv")
    listing = look(landing, make("dinas.pasar", pattern, "*.csv"))
    assert [seen.path for seen in listing.files] == ["a.csv"]
    assert list(_kinds(listing.findings)) == [pattern]


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("*.csv", ["a.csv"], ["x/a.csv", "a.csv.bak"]),
        ("**/*.csv", ["a.csv", "x/a.csv", "x/y/a.csv"], ["a.xlsx"]),
        ("**/*", ["a", "x/y"], []),
        ("**", ["a", "x/y"], []),
        ("apbd/*/*.csv", ["apbd/2022/a.csv"], ["apbd/a.csv", "apbd/1/2/a.csv"]),
        ("x/**/y/*.c?v", ["x/y/a.csv", "x/1/2/y/a.cav"], ["y/a.csv", "x/y/z/a.csv"]),
        ("data_[0-9].csv", ["data_1.csv"], ["data_a.csv"]),
        ("Désa.csv", ["désa.csv"], ["desa.csv"]),
        ("a.b+(c).csv", ["a.b+(c).csv"], ["axb+(c).csv"]),
    ],
)
def test_globs(pattern: str, fitting: list[str], others: list[str]) -> None:
    pieces = [tuple(pattern.casefold().split("/"))]
    assert [path for path in fitting + others if matches(path, pieces)] == fitting


names = st.lists(st.text("ab.*?[", min_size=1, max_size=4), min_size=1, max_size=5)


@given(names)
def test_any_path_fits_two_stars(parts: list[str]) -> None:
    path = "/".join(parts)
    assert matches(path, [("**",)])
    assert matches(path, [("**", "*")])
    assert matches(path, [("*",) * len(parts)])
    assert not matches(path, [("*",) * (len(parts) + 1)])


def test_a_glob_full_of_stars_is_not_slow() -> None:
    assert not matches("/".join("a" * 200), [("**", "a") * 50 + ("b",)])


def test_folders_without_contract_are_told(landing: Path, contract: Contract, drop: Drop) -> None:
    drop("dinas/pasar/a.csv")
    drop("dinas/baru/a.csv")
    drop("dinas/baru/deep/b.csv")
    drop("dinas/baru/.hidden")
    drop("badan/x/a.csv")
    drop("dinas/too_high.csv")
    drop("README.md")
    (landing / "kosong/sekali").mkdir(parents=True)
    (landing / "dinas/baru/loop").symlink_to(landing)
    assert strays(landing, [contract]) == [(".", 1), ("badan/x", 1), ("dinas", 1), ("dinas/baru", 3)]


def test_a_flood_of_findings_is_cut_and_counted() -> None:
    findings = [note(f"{number:04}.doc", "tak_cocok", pola="*.csv") for number in reversed(range(250))]
    cut = capped(findings)
    assert len(cut) == MOST + 1
    assert cut[0].berkas == "0000.doc"
    assert "150 temuan lain" in cut[-1].pesan
    assert capped(findings[:MOST]) == sorted(findings[:MOST], key=lambda finding: finding.berkas)
