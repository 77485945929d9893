"""One connection with the repository's own reference codes, and small editions written in the tests."""

from pathlib import Path

import duckdb
import pytest

from pipelines.home import REPO
from pipelines.referensi import install


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    install(connection, REPO / "sources" / "referensi")
    return connection


def places(text: str) -> dict[str, str]:
    """Codes and names of 'KODE Nama' lines; what is around a place and not named is called by its code."""
    named = dict(line.strip().split(" ", 1) for line in text.strip().splitlines())
    for code in list(named):
        while "." in code:
            code = code.rpartition(".")[0]
            named.setdefault(code, f"{'Kabupaten ' if code.count('.') == 1 else ''}{code.replace('.', 'x')}")
    return dict(sorted(named.items()))


class Folder:
    """A reference folder being written: editions in order, and other files."""

    def __init__(self, path: Path):
        self.path = path
        self.declared = ["edisi:"]
        self.rest: list[str] = []

    def edition(self, text: str | dict[str, str], name: str | None = None) -> str:
        number = len(self.declared)
        name = name or f"e{number}"
        named = text if isinstance(text, dict) else places(text)
        rows = "".join(f'{code},"{label}"\n' for code, label in named.items())
        (self.path / f"{name}.csv").write_text("kode,nama\n" + rows, encoding="utf-8")
        day = f"20{9 + number:02}-01-01"
        self.declared.append(f"  {name}: {{berkas: {name}.csv, berlaku_mulai: '{day}', dasar_hukum: Hukum {name}}}")
        return name

    def file(self, name: str, text: str, section: str | None = None) -> None:
        (self.path / name).write_text(text, encoding="utf-8")
        if section:
            self.rest.append(section)

    def install(self) -> duckdb.DuckDBPyConnection:
        (self.path / "referensi.yml").write_text("\n".join([*self.declared, *self.rest]), encoding="utf-8")
        connection = duckdb.connect()
        install(connection, self.path)
        return connection


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def changes(folder):
    """What changed between two small editions: {(jenis, lama, baru): bobot}, of all levels."""

    def compare(old: str, new: str, reviewed: str = "") -> dict[tuple[str, str | None, str | None], float | None]:
        folder.edition(old)
        folder.edition(new)
        if reviewed:
            header = "lama,baru,jenis,bobot,dasar_hukum\n"
            folder.file("perubahan.csv", header + reviewed, "perubahan: [{berkas: perubahan.csv}]")
        con = folder.install()
        rows = con.execute("SELECT jenis, lama, baru, bobot FROM wilayah_perubahan").fetchall()
        return {(jenis, lama, baru): bobot for jenis, lama, baru, bobot in rows}

    return compare
