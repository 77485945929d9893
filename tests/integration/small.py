"""A few small sources that a test declares and delivers itself, so that a night takes seconds."""

from __future__ import annotations

import os
import subprocess
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.home import REPO
from tests.integration.conftest import Done, command, satudata

COLUMNS: dict[str, dict[str, Any]] = {
    "tahun": {"dari": "Tahun", "standar": "tahun", "wajib": True, "terbit": True},
    "kabupaten": {"dari": "Kabupaten", "standar": "nama_wilayah", "tingkat": "kabupaten_kota", "wajib": True},
    "kasus": {"dari": "Kasus", "standar": "bilangan", "satuan": "kasus", "wajib": True, "terbit": True},
}


def rows(key: str) -> list[tuple[str, ...]]:
    """Good rows; different for every dataset, since the same bytes from two sources are a finding."""
    places = ("Kabupaten Cilacap", "Kabupaten Banyumas", "Kota Tegal")
    return [("2024", place, str(zlib.crc32(f"{key} {place}".encode()) % 9999)) for place in places]


def table(rows: list[tuple[str, ...]], header: str = "Tahun;Kabupaten;Kasus") -> bytes:
    """A CSV file as a produsen sends it."""
    return "".join(f"{line}\n" for line in [header, *(";".join(row) for row in rows)]).encode()


@dataclass(frozen=True)
class Small:
    """Contracts, a landing folder and a home below `root`."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    def declare(self, key: str, columns: dict[str, dict[str, Any]] = COLUMNS, **more: Any) -> Path:
        """Write the contract of `<produsen>.<dataset>`; `more` are further keys of it."""
        produsen, dataset = key.split(".")
        contract = {
            "judul": f"Kasus menurut kabupaten/kota ({dataset})",
            "deskripsi": "Banyaknya kasus yang dilaporkan, menurut kabupaten/kota.",
            "produsen": produsen,
            "jadwal": "tahunan",
            "klasifikasi": "terbuka",
            "persetujuan": "otomatis",
            "kolom": columns,
            "wilayah": {"nama": {"kabupaten_kota": "kabupaten"}, "dalam": "33"},
            **more,
        }
        path = self.root / "sources" / "opd" / produsen / f"{dataset}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(contract, sort_keys=False), encoding="utf-8")
        return path

    def deliver(self, key: str, content: bytes | None = None, name: str = "data.csv") -> Path:
        """Put a file into the landing folder of `<produsen>.<dataset>`; without content a good one."""
        path = self.root.joinpath("landing", *key.split("."), name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(table(rows(key)) if content is None else content)
        return path

    def words(self, *arguments: object) -> list[object]:
        """A command over these sources."""
        return [*arguments, *([] if arguments[0] == "query" else ["--sources", self.root / "sources"])]

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start a night and leave it running; its stdout names each step on a line when it begins."""
        words = command(*self.words("run", "--landing", self.root / "landing", *arguments), home=self.home)
        return subprocess.Popen(words, cwd=REPO, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def call(self, *arguments: object) -> Done:
        """Run a command to its end."""
        return satudata(*self.words(*arguments), home=self.home)

    def run(self, *arguments: object) -> Done:
        """Run a night to its end."""
        return self.call("run", "--landing", self.root / "landing", *arguments)

    def measured(self) -> tuple[Done, int]:
        """Run a night to its end; also the most memory it held at once, its dbt included, in bytes."""
        night = self.start()
        out, err = night.stdout, night.stderr
        assert out and err
        with ThreadPoolExecutor() as readers:
            texts = readers.submit(out.read), readers.submit(err.read)
            _, status, usage = os.wait4(night.pid, 0)
            night.returncode = os.waitstatus_to_exitcode(status)
            done = Done(self.home, night.returncode, *(text.result() for text in texts))
        return done, usage.ru_maxrss * 1024

    def figures(self, key: str) -> list[tuple[object, ...]]:
        """What analysts find in the warehouse now."""
        sql = f"SELECT tahun, kode_wilayah, kasus FROM conformed.fct_{key.split('.')[1]} ORDER BY ALL"
        return Done(self.home, 0, "", "").query(sql)

    def released(self, key: str) -> bytes:
        """What the public finds now."""
        slug = key.replace(".", "-")
        return (self.home / "releases" / "latest" / slug / f"{slug}.csv").read_bytes()


def no_trace(done: Done) -> None:
    """Nobody is shown a stack trace: not on the terminal, not in the findings, the report or the release."""
    texts = {"stdout": done.out, "stderr": done.err}
    folders = [done.home / "findings", done.home / "releases"]
    # The scripts of the site handle exceptions of their own; the others are no text.
    spared = (".parquet", ".xlsx", ".pmtiles", ".js")
    files = [p for folder in folders for p in folder.rglob("*") if p.is_file() and p.suffix not in spared]
    texts |= {str(p): p.read_text(encoding="utf-8") for p in files}
    for place, text in texts.items():
        for sign in ("Traceback", 'File "', "Exception", "Errno"):
            assert sign not in text, (place, text[-3000:])
