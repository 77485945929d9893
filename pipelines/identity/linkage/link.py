"""The whole linkage of a night: records in, who is who and under which persistent key out.

    linked = link(con, "rekaman", answers="jawaban")

All state is tables of the current schema: the first call makes them, later calls link what changed and
update them in place (the caller works on a copy of the file, or in a transaction):

    xref(sumber, kunci, id, metode, skor, model_versi, and rid, lewat, wakil, daftar for the machine)
    redirect(dari, ke)    keys that were found to be of one person with another key
    tinjau(sumber_a, kunci_a, sumber_b, kunci_b, skor, model_versi)    pairs for a person to answer
    model(versi, ambang, isi), rekam (the records, normalised: the index), lampau, tf_*, nik_awal

All but redirect and model hold or lead to personal data.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipelines.identity.linkage import answers as reviewed
from pipelines.identity.linkage import block, changes, cluster, normalise, register, tiers, xref
from pipelines.identity.linkage.compare import USED, levels
from pipelines.identity.linkage.model import Model, learn
from pipelines.sql import literal

NIK_THRESHOLD = 0.99
WRONG = 0.0002  # of the links, by the scores' own word


@dataclass(frozen=True)
class Linked:
    """The model that decided, the score from which pairs were accepted, and how many records each method linked."""

    model: Model
    threshold: float
    counts: dict[str, int]


def link(con: duckdb.DuckDBPyConnection, records: str, answers: str | None = None, anew: bool = False) -> Linked:
    """Link `records` (see normalise): all of them the first time or `anew` (keys are kept), else what changed.

    `answers`: a table (sumber_a, kunci_a, sumber_b, kunci_b, jawaban 'sama'|'beda'|other, waktu). Raises
    ValueError where (sumber, kunci) repeats.
    """
    normalise.install(con)
    known = register.exists(con)
    if not known:
        _first(con)
    fresh = anew or not known
    changes.update(con, records, fresh)
    reviewed.read(con, answers)
    tiers.listed_twice(con)
    _to_decide(con, fresh)
    tiers.share_nik(con, "_olah")
    reviewed.forbid(con, "_senik")
    if fresh:
        model = learn(con, "(SELECT a, b FROM _senik UNION ALL SELECT a, b FROM _jawab WHERE jawaban = 'sama')")
        accept = None
        tiers.accept_nik(con, model, NIK_THRESHOLD)
        persons = _candidates(con, "SELECT rid FROM _olah ANTI JOIN _pasti ON a = rid")
        source = "rekam"
    else:
        text, accept = con.execute("SELECT isi, ambang FROM model").fetchone() or ("", None)
        model = Model.from_json(text)
        # Few records: those they may be are picked out of the index once, for all that follows.
        persons = _candidates(con, "SELECT rid FROM _olah ANTI JOIN (FROM _senik WHERE sama) ON a = rid")
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE _kecil AS SELECT daftar, {", ".join(USED)} FROM rekam WHERE rid IN (
                SELECT unnest([a, b]) FROM (
                    FROM _calon UNION ALL SELECT a, b FROM _senik WHERE NOT sama))"""
        )
        source = "_kecil"
        tiers.accept_nik(con, model, NIK_THRESHOLD, source)
        con.execute("DELETE FROM _calon WHERE a IN (SELECT a FROM _pasti) OR b IN (SELECT a FROM _pasti)")
    _score(con, model, persons, source)
    accept = cluster.choose(con, WRONG, _count(con, "_pasti"), accept)
    cluster.gather(con, accept)
    con.execute("DELETE FROM model")
    con.execute(f"INSERT INTO model VALUES ({literal(model.version)}, {accept}, {literal(model.to_json())})")
    xref.clusters(con, model.version)
    reviewed.apply(con)
    register.assign(con)
    xref.write(con, model.version)
    rows = con.execute("SELECT metode, count(*) FROM xref GROUP BY ALL ORDER BY ALL").fetchall()
    persons = _count(con, "(SELECT 1 FROM xref WHERE rid = wakil)")
    return Linked(model, accept, dict(rows) | {"orang": persons, "tinjau": _count(con, "tinjau")})


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _first(con: duckdb.DuckDBPyConnection) -> None:
    register.create(con)
    con.execute("CREATE TABLE model (versi VARCHAR, ambang DOUBLE, isi VARCHAR)")
    con.execute(
        """CREATE TABLE tinjau (sumber_a VARCHAR, kunci_a VARCHAR, sumber_b VARCHAR, kunci_b VARCHAR, skor DOUBLE,
            model_versi VARCHAR)"""
    )


def _to_decide(con: duckdb.DuckDBPyConnection, fresh: bool) -> None:
    """Create `_olah` (rid): the records outside the register that are to be linked."""
    con.execute("CREATE OR REPLACE TEMP TABLE _olah AS SELECT rid FROM rekam WHERE NOT daftar AND rid IN (FROM _ubah)")
    if not fresh:
        # Also what hung on a record that changed or is gone, and what only an answer decided.
        con.execute(
            """INSERT INTO _olah SELECT rid FROM xref WHERE NOT daftar AND rid NOT IN (FROM _ubah)
            AND (metode = 'tinjau' OR lewat IN (FROM _ubah) OR wakil IN (FROM _ubah))"""
        )


def _candidates(con: duckdb.DuckDBPyConnection, probes: str) -> int:
    """Create `_calon`(a, b): pairs worth scoring of `probes` with the register and each other; returns among how
    many."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE _sisa AS {probes}")
    # Clusters that found no register person before may find a new one, or get a new member.
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _pusat AS SELECT rid FROM xref
        WHERE NOT daftar AND rid = wakil AND rid NOT IN (FROM _olah) AND rid NOT IN (FROM _ubah)"""
    )
    outside, centres, arrived = _count(con, "_sisa"), _count(con, "_pusat"), "(FROM _dekat WHERE daftar)"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _dekat AS SELECT {block.COLUMNS} FROM rekam
        WHERE rid IN (FROM _sisa UNION ALL FROM _pusat {"UNION ALL FROM _ubah" if centres else ""})"""
    )
    targets = ["(FROM rekam WHERE daftar)", "(FROM _dekat WHERE NOT daftar)"]
    con.execute("CREATE OR REPLACE TEMP TABLE _cari_ini AS FROM _dekat SEMI JOIN _sisa USING (rid)")
    block.candidates(con, "_cari_ini", targets, "_calon")
    if centres:
        con.execute("CREATE OR REPLACE TEMP TABLE _cari_ini AS FROM _dekat SEMI JOIN _pusat USING (rid)")
        block.candidates(con, "_cari_ini", [arrived], "_calon_pusat")
        con.execute("INSERT INTO _calon FROM _calon_pusat; DROP TABLE _calon_pusat")
    reviewed.forbid(con, "_calon")
    con.execute("DROP TABLE _sisa; DROP TABLE _pusat; DROP TABLE _dekat; DROP TABLE _cari_ini")
    return _count(con, "(SELECT 1 FROM rekam WHERE daftar)") + outside + centres


def _score(con: duckdb.DuckDBPyConnection, model: Model, persons: int, source: str) -> None:
    """Create `_nilai`: the pairs of `_calon` with their levels, the odds, and whether b is of the register."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _nilai AS SELECT n.*, r.daftar
        FROM ({model.odds(levels("_calon", records=source), persons)}) n JOIN (SELECT rid, daftar FROM {source}) r
            ON r.rid = n.b"""
    )
    con.execute("DROP TABLE _calon; DROP TABLE IF EXISTS _kecil")
