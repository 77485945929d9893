"""A home with a key, three datasets of persons in the encrypted store, and the links between them. All invented."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.contract.load import Library, load_library
from pipelines.contract.model import Contract
from pipelines.home import REPO, Home, Key, store
from pipelines.home.keys import init
from pipelines.identity import pseudonym
from pipelines.identity.linkage import register
from pipelines.identity.vault import register_file, rows_file
from pipelines.landing import Delivery, Version
from pipelines.landing.manifest import append, folder

REGISTER, AID, BIRTHS = "dukcapil.warga", "dinsos.santunan", "dinkes.lahir"
WARTINI, SHARED, CHILD, DAMAGED = "3302026543210002", "3302024107900001", "3302020101200003", "330202410790000"
ARRIVED = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
VERSION = Version.of(
    [Delivery("data.csv", "0" * 64, 1, ARRIVED, ARRIVED, "", "", 1, 1, 1, True)]
)  # fmt: skip
FOLDER = f"{VERSION.versi}-0a1b2c3d"
WHO = {
    name: f"00000000-0000-4000-8000-00000000000{n}"
    for n, name in enumerate(["wartini", "slamet", "tukiyem", "anak", "paijo"])
}
PERSON = {"jenis": "penduduk", "nik": "nik", "nama": "nama", "tanggal_lahir": "lahir"}
STANDARDS = {"nik": "nik", "nama": "nama_orang", "lahir": "tanggal", "telepon": "telepon"}
CONTRACTS: dict[str, dict[str, Any]] = {
    REGISTER: {
        "kolom": STANDARDS,
        "kunci": ["nik"],
        "identitas": {"penduduk": {**PERSON, "induk": True}},
    },
    AID: {
        "kolom": {**STANDARDS, "nominal": "rupiah"},
        "kunci": ["nik"],
        "identitas": {"penduduk": PERSON},
    },
    BIRTHS: {
        "kolom": {"nik_anak": "nik", "anak": "nama_orang", "nik_ibu": "nik", "ibu": "nama_orang", "kk": "no_kk",
                  "telepon": "telepon", "berat": "bilangan"},
        "identitas": {
            "anak": {"jenis": "penduduk", "nik": "nik_anak", "nama": "anak", "no_kk": "kk"},
            "ibu": {"jenis": "penduduk", "nik": "nik_ibu", "nama": "ibu", "no_kk": "kk"},
        },
    },
}  # fmt: skip
ROWS: dict[str, list[tuple[str | None, ...]]] = {
    REGISTER: [
        (WARTINI, WARTINI, "Wartini binti Sukarno", "1990-01-01", "081298765432"),
        (SHARED, SHARED, "Slamet Riyadi", "1990-07-01", None),
    ],
    AID: [
        ("A1", WARTINI, "WARTINI", "1990-01-01", "081298765432"),
        ("A2", SHARED, "Slamet Riyadi", "1990-07-01", None),
        ("A3", SHARED, "Tukiyem", "1961-03-02", None),
        ("A4", DAMAGED, "Paijo", None, None),
        ("A5", None, "Sri Wartini", "1990-01-01", None),
    ],
    BIRTHS: [("L1", CHILD, "Bagas Prakoso", WARTINI, "Wartini", "3302020101100009", "0812000111")],
}
LINKS = [
    (REGISTER, WARTINI, "wartini", "register", 1.0),
    (REGISTER, SHARED, "slamet", "register", 1.0),
    (AID, "A1", "wartini", "nik", 0.999),
    (AID, "A2", "slamet", "nik", 0.999),
    (AID, "A3", "tukiyem", "sendiri", 1.0),
    (AID, "A4", "paijo", "sendiri", 1.0),
    (AID, "A5", "wartini", "mirip", 0.97),
    (f"{BIRTHS}/ibu", "L1", "wartini", "nik", 0.998),
    (f"{BIRTHS}/anak", "L1", "anak", "sendiri", 1.0),
]


@dataclass(frozen=True)
class House:
    """The home, its key, where its contracts lie, and what they say."""

    home: Home
    key: Key
    sources: Path
    library: Library

    def contract(self, key: str) -> Contract:
        return self.library.find(key)

    def copy(self, root: Path) -> House:
        """The same home elsewhere, to be changed."""
        shutil.copytree(self.home.root, root / "home")
        return replace(self, home=Home(root / "home"))

    def samaran(self, name: str) -> str:
        """The pseudonym of one of WHO."""
        with duckdb.connect() as con:
            pseudonym.install(con, self.key)
            row = con.execute("SELECT samaran('penduduk', ?::UUID)", [WHO[name]]).fetchone()
        assert row
        return str(row[0])

    def stored(self, dataset: str, folder: str = FOLDER) -> dict[str, tuple[str | None, ...]]:
        """The rows of a dataset in the store, by their key."""
        with duckdb.connect() as con:
            store.attach(con, rows_file(self.home, self.contract(dataset), folder), self.key, "r", read_only=True)
            return {
                row[0]: row[1:] for row in con.execute("SELECT * EXCLUDE (_no, kode_wilayah) FROM r.baris").fetchall()
            }

    def deliver(self, dataset: str, rows: list[tuple[str | None, ...]], folder: str = FOLDER) -> Path:
        """Put the rows of one version into the store."""
        contract = self.contract(dataset)
        columns = [name for name in contract.kolom if self.library.is_personal(contract, name) or name == "lahir"]
        path = rows_file(self.home, contract, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as con:
            store.attach(con, path, self.key, "r")
            cells = ", ".join(f"{name} VARCHAR" for name in ("kunci", "kode_wilayah", *columns))
            con.execute(f"CREATE TABLE r.baris (_no BIGINT, {cells})")
            con.executemany(
                f"INSERT INTO r.baris VALUES (?, ?, '33.02', {', '.join('?' * len(columns))})",
                [(n, *row) for n, row in enumerate(rows, start=1)],
            )
        return path


def build(root: Path) -> House:
    """Make the home below `root`."""
    sources = root / "sources"
    for key, more in CONTRACTS.items():
        produsen, dataset = key.split(".")
        columns = {name: {"dari": name, "standar": standard} for name, standard in more["kolom"].items()}
        content = {"judul": f"Uji {dataset}", "produsen": produsen, "jadwal": "harian", "klasifikasi": "terbatas"}
        path = sources / "opd" / produsen / f"{dataset}.yml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump({**content, **more, "kolom": columns}, sort_keys=False), encoding="utf-8")
    home = Home(root / "home").ensure()
    key, _ = init(home)
    house = House(
        home, key, sources, load_library(sources, REPO / "sources" / "referensi", REPO / "expectations" / "standards")
    )
    for dataset, rows in ROWS.items():
        house.deliver(dataset, rows)
    append(folder(home, house.contract(AID)), VERSION.files)
    with duckdb.connect() as con:
        store.attach(con, register_file(home), key, "r")
        con.execute("CREATE SCHEMA r.penduduk; USE r.penduduk")
        register.create(con)
        for sumber, kunci, who, metode, skor in LINKS:
            con.execute(
                "INSERT INTO xref (sumber, kunci, id, metode, skor, model_versi) VALUES (?, ?, ?, ?, ?, 'uji')",
                [sumber, kunci, WHO[who], metode, skor],
            )
        con.execute("USE memory")
    staged = home.staging.joinpath(*AID.split("."), FOLDER)
    staged.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse / "satudata.duckdb")) as con:
        con.execute(f"COPY (SELECT 1 AS _no, 300000 AS nominal) TO '{staged}/data.parquet'")
        con.execute(
            "CREATE SCHEMA conformed; CREATE TABLE conformed.fct_santunan (id_baris VARCHAR, id_penduduk VARCHAR)"
        )
        con.execute("CREATE TABLE conformed.fct_lahir (id_anak VARCHAR, id_ibu VARCHAR)")
        who, other = house.samaran("wartini"), house.samaran("slamet")
        con.execute("INSERT INTO conformed.fct_santunan VALUES ('x', ?), ('y', ?), ('z', ?)", [who, who, other])
        con.execute("INSERT INTO conformed.fct_lahir VALUES (?, ?)", [house.samaran("anak"), who])
    return house
