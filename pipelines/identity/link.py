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

from pipelines.identity import answers as reviewed
from pipelines.identity import block, cluster, normalise, register, tiers
from pipelines.identity.compare import levels
from pipelines.identity.model import Model, learn
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
    normalise.fingerprint(con, records)
    known = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE table_name = 'xref' AND schema_name = current_schema()"
    ).fetchone()
    if not known:
        _first(con)
    fresh = anew or not known
    _records(con, records, fresh)
    reviewed.read(con, answers)
    _to_decide(con, fresh)
    tiers.share_nik(con, "_olah")
    reviewed.forbid(con, "_senik")
    if fresh:
        model = learn(con, "(FROM _senik UNION ALL SELECT a, b FROM _jawab WHERE jawaban = 'sama')")
        accept = None
        tiers.accept_nik(con, model, NIK_THRESHOLD)
        persons = _candidates(con, "SELECT rid FROM _olah ANTI JOIN _pasti ON a = rid")
        source = "rekam"
    else:
        text, accept = con.execute("SELECT isi, ambang FROM model").fetchone() or ("", None)
        model = Model.from_json(text)
        # Few records: those they may be are picked out of the index once, for all that follows.
        persons = _candidates(con, "FROM _olah")
        con.execute(
            """CREATE OR REPLACE TEMP TABLE _kecil AS FROM rekam WHERE rid IN (SELECT a FROM _calon UNION ALL SELECT
                b FROM _calon
            UNION ALL SELECT a FROM _senik UNION ALL SELECT b FROM _senik)"""
        )
        source = "_kecil"
        tiers.accept_nik(con, model, NIK_THRESHOLD, source)
        con.execute("DELETE FROM _calon WHERE a IN (SELECT a FROM _pasti) OR b IN (SELECT a FROM _pasti)")
    _score(con, model, persons, source)
    accept = cluster.choose(con, WRONG, _count(con, "_pasti"), accept)
    cluster.gather(con, accept)
    con.execute("DELETE FROM model")
    con.execute(f"INSERT INTO model VALUES ({literal(model.version)}, {accept}, {literal(model.to_json())})")
    _links(con, model)
    reviewed.apply(con)
    register.assign(con)
    _results(con, model)
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


def _records(con: duckdb.DuckDBPyConnection, records: str, fresh: bool) -> None:
    """Bring `rekam` up to date; create `_ubah` (rid): what is new, changed or gone."""
    if fresh:
        normalise.normalise(con, records, "true", "rekam", tf=True)
        con.execute("CREATE OR REPLACE TEMP TABLE _ubah AS SELECT rid FROM rekam UNION SELECT rid FROM xref")
    else:
        con.execute(
            """CREATE OR REPLACE TEMP TABLE _ubah AS SELECT rid FROM _sidik ANTI JOIN rekam USING (rid, sidik)
            UNION SELECT rid FROM rekam ANTI JOIN _sidik USING (rid)"""
        )
        normalise.normalise(con, records, "rid IN (FROM _ubah)", "_baru", tf=False)
        con.execute("DELETE FROM rekam WHERE rid IN (FROM _ubah)")
        con.execute("INSERT INTO rekam FROM _baru")
        con.execute("DROP TABLE _baru")
    con.execute("DROP TABLE _sidik")


def _to_decide(con: duckdb.DuckDBPyConnection, fresh: bool) -> None:
    """Create `_olah` (rid): the records outside the register that are to be linked."""
    # Also what hung on a record that changed or is gone, and what only an answer decided.
    also = """UNION SELECT rid FROM xref WHERE NOT daftar AND rid IN (SELECT rid FROM rekam)
        AND (metode = 'tinjau' OR lewat IN (FROM _ubah) OR wakil IN (FROM _ubah))"""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _olah AS SELECT rid FROM rekam SEMI JOIN _ubah USING (rid) WHERE NOT daftar
        {"" if fresh else also}"""
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
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _tujuan AS SELECT rid FROM rekam WHERE daftar
        UNION ALL FROM _sisa UNION ALL FROM _pusat"""
    )
    block.columns(con, "_tujuan", "_kolom")
    block.candidates(con, "_kolom", "_sisa", "_kolom", "_calon")
    if _count(con, "_pusat"):
        con.execute("CREATE OR REPLACE TEMP TABLE _baru AS FROM _kolom SEMI JOIN _ubah USING (rid) WHERE daftar")
        block.candidates(con, "_kolom", "_pusat", "_baru", "_calon_pusat")
        con.execute("INSERT INTO _calon FROM _calon_pusat; DROP TABLE _calon_pusat; DROP TABLE _baru")
    reviewed.forbid(con, "_calon")
    persons = _count(con, "_tujuan")
    con.execute("DROP TABLE _sisa; DROP TABLE _pusat; DROP TABLE _tujuan; DROP TABLE _kolom")
    return persons


def _score(con: duckdb.DuckDBPyConnection, model: Model, persons: int, source: str) -> None:
    """Create `_nilai`: the pairs of `_calon` with their levels, the odds, and whether b is of the register."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _nilai AS SELECT n.*, r.daftar
        FROM ({model.odds(levels("_calon", records=source), persons)}) n JOIN (SELECT rid, daftar FROM {source}) r
            ON r.rid = n.b"""
    )
    con.execute("DROP TABLE _calon; DROP TABLE IF EXISTS _kecil")


_METHOD = """CASE WHEN nik % 10 = 3 THEN 'nik' WHEN nik % 10 IN (1, 2) AND nama >= 2 AND lahir >= 1 THEN 'nik_dekat'
    WHEN rumah >= 200 AND nama >= 3 AND lahir >= 3 THEN 'kk' ELSE 'mirip' END"""


def _links(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Create `_tautan`: the rows of `xref`, without id, of every cluster that changes.

    lewat is the record a link was made with; wakil the centre of the cluster it leads to in the end.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _putus AS
        SELECT a AS rid, b AS lewat, 'nik' AS metode, skor FROM _pasti
        UNION ALL SELECT a, b, {_METHOD}, skor FROM _pilih JOIN _nilai USING (a, b)
        UNION ALL SELECT g.a, g.b, {_METHOD}, g.skor FROM _gugus g
            JOIN _nilai n ON n.a = least(g.a, g.b) AND n.b = greatest(g.a, g.b)
        """
    )
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _baru AS
        SELECT rid FROM _olah UNION SELECT rid FROM rekam SEMI JOIN _ubah USING (rid)"""
    )
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _kena AS
        WITH r AS (SELECT rid FROM _ubah UNION ALL FROM _olah UNION ALL SELECT rid FROM _putus UNION ALL SELECT
        lewat FROM _putus
            UNION ALL SELECT a FROM _jawab UNION ALL SELECT b FROM _jawab)
        SELECT DISTINCT wakil FROM xref WHERE rid IN (FROM r) OR wakil IN (FROM r)
        """
    )
    # Rows of clusters that change, each with the record it hangs on now.
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE _semua AS
        SELECT rid, lewat, lewat AS wakil, metode, skor, {literal(model.version)} AS versi FROM _putus
        UNION ALL SELECT rid, rid, rid, 'sendiri', 1.0, {literal(model.version)} FROM _baru ANTI JOIN _putus USING (rid)
        UNION ALL SELECT rid, CASE WHEN daftar THEN rid ELSE lewat END, CASE WHEN daftar THEN rid ELSE wakil END,
        metode, skor,
            model_versi
        FROM xref SEMI JOIN _kena USING (wakil) WHERE rid IN (SELECT rid FROM rekam)
            AND rid NOT IN (FROM _baru) AND rid NOT IN (SELECT rid FROM _putus)
        """
    )
    # A centre may itself have found a person: what hangs on it follows.
    con.execute(
        """CREATE OR REPLACE TEMP TABLE _ikut AS SELECT rid, wakil FROM _semua
        WHERE rid <> wakil AND rid IN (SELECT wakil FROM _semua WHERE rid <> wakil)"""
    )
    for _ in range(cluster.ROUNDS + 2):
        con.execute("UPDATE _ikut SET wakil = i.wakil FROM _ikut i WHERE i.rid = _ikut.wakil AND i.wakil <> _ikut.rid")
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE _tautan AS
        SELECT r.sumber, r.kunci, CASE WHEN r.daftar AND s.metode <> 'tinjau' THEN 'register' ELSE s.metode END AS
        metode, s.skor,
            s.versi AS model_versi, s.rid, s.lewat, coalesce(i.wakil, s.wakil) AS wakil, r.daftar
        FROM _semua s JOIN (SELECT rid, sumber, kunci, daftar FROM rekam) r USING (rid) LEFT JOIN _ikut i ON i.rid =
        s.wakil
        """
    )
    con.execute("UPDATE _tautan SET metode = 'register', skor = 1 WHERE daftar")
    con.execute("DROP TABLE _semua; DROP TABLE _ikut; DROP TABLE _putus; DROP TABLE _baru")


def _results(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Put the clusters that changed into xref, and what is in doubt into tinjau."""
    con.execute("DELETE FROM xref WHERE wakil IN (FROM _kena) OR rid IN (SELECT rid FROM _tautan)")
    con.execute(
        """INSERT INTO xref SELECT sumber, kunci, id, metode, skor, model_versi, rid, lewat, wakil, daftar
        FROM _tautan JOIN kunci_gugus USING (wakil)"""
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE tinjau AS
        WITH p AS (
            SELECT a, b, skor, {literal(model.version)} AS versi FROM _ragu
            UNION ALL SELECT * FROM (
                SELECT idn_rid(sumber_a, kunci_a) AS a, idn_rid(sumber_b, kunci_b) AS b, skor, model_versi FROM tinjau)
            WHERE a NOT IN (FROM _olah) AND b NOT IN (FROM _olah))
        SELECT x.sumber AS sumber_a, x.kunci AS kunci_a, y.sumber AS sumber_b, y.kunci AS kunci_b,
            max(p.skor) AS skor, any_value(versi) AS model_versi
        FROM p JOIN xref x ON x.rid = p.a JOIN xref y ON y.rid = p.b
        ANTI JOIN _jawab j ON j.a = least(p.a, p.b) AND j.b = greatest(p.a, p.b)
        WHERE x.id <> y.id GROUP BY ALL ORDER BY skor DESC, sumber_a, kunci_a, sumber_b, kunci_b
        """
    )
    for table in (
        "_tautan",
        "_ubah",
        "_olah",
        "_senik",
        "_pasti",
        "_nilai",
        "_pilih",
        "_ragu",
        "_gugus",
        "_jawab",
        "_kena",
        "kunci_gugus",
    ):
        con.execute(f"DROP TABLE IF EXISTS {table}")
