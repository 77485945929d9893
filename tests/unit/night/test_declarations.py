from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import Home
from pipelines.night.declarations import declare, remember

GOOD = """\
judul: Kasus menurut tahun
produsen: {produsen}
jadwal: tahunan
klasifikasi: terbuka
kolom:
  tahun: {{dari: Tahun, standar: {standard}, terbit: true}}
"""


def write(sources: Path, key: str, standard: str = "tahun") -> Path:
    produsen, dataset = key.split(".")
    path = sources / "opd" / produsen / f"{dataset}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOOD.format(produsen=produsen, standard=standard), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def test_a_broken_contract_stands_as_it_was_remembered(home: Home, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    write(sources, "dinkes.satu")
    write(sources, "dinkes.dua")
    good = declare(home, sources)
    assert good.problems == ()
    remember(home, sources, good)

    path = write(sources, "dinkes.dua", "tahunan")
    broken = declare(home, sources)
    remember(home, sources, broken)
    again = declare(home, sources)
    for declared in (broken, again):
        assert [(p.path, p.key) for p in declared.problems] == [(path, "kolom.tahun.standar")]
        assert [(c.key, c.sidik, c.path) for c in declared.library.contracts] == [
            (c.key, c.sidik, c.path) for c in good.library.contracts
        ]
        assert [bool(declared.wrong(c)) for c in declared.library.contracts] == [True, False]

    write(sources, "dinkes.dua")
    assert declare(home, sources) == good


def test_a_contract_that_never_was_right_is_left_out(home: Home, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    write(sources, "dinkes.satu")
    path = write(sources, "dinkes.dua")
    path.write_bytes(b"judul: [\xff")
    declared = declare(home, sources)
    assert [c.key for c in declared.library.contracts] == ["dinkes.satu"]
    assert [p.path for p in declared.problems] == [path]


def test_when_nothing_is_left_the_problems_are_raised(home: Home, tmp_path: Path) -> None:
    write(tmp_path / "sources", "dinkes.dua", "tahunan")
    with pytest.raises(DeclarationError, match="there is no standard 'tahunan'"):
        declare(home, tmp_path / "sources")
