"""Marks of full names: 64 bits of a salted hash of a folded name, to look names up elsewhere without having them.

Marks lie in identity/ (mode 0600) with their salt and never leave it: who has both can try names out. Beside
full names the file marks their single words, so that most text is seen to hold no name without being folded.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.home import Key
from pipelines.identity.linkage.normalise import install as install_folding
from pipelines.sql import literal

PURPOSE = "nama"
SALT = "garam"


def install(con: duckdb.DuckDBPyConnection) -> None:
    """Create the temporary macro nama_tanda(words, salt): the mark of folded words, in whatever order."""
    install_folding(con)
    con.execute(
        """CREATE OR REPLACE TEMP MACRO nama_tanda(k, salt) AS
        md5_number_lower(salt || array_to_string(list_sort(k), ' '))"""
    )


def words(texts: str, only: str = "true") -> str:
    """SQL: (id, i, f), the folded words of `texts`(id, t) and their places; titles and initials are left out.

    Each word that occurs is folded once, as linkage does. `only` is a predicate over the folded word `f`.
    """
    return f"""SELECT id, i, f FROM (
            SELECT id, unnest(w) AS w, generate_subscripts(w, 1) AS i
            FROM (SELECT id, regexp_extract_all(idn_polos(t), '[a-z]{{2,}}|\\bm\\b') AS w FROM ({texts}))
        ) JOIN (
            SELECT * FROM (
                SELECT w, idn_kata(CASE w WHEN 'm' THEN 'muhammad' ELSE w END)[1] AS f FROM (
                    SELECT DISTINCT unnest(regexp_extract_all(idn_polos(t), '[a-z]{{2,}}|\\bm\\b')) AS w FROM ({texts}))
            ) WHERE length(f) > 1 AND {only}
        ) USING (w)"""


def export_names(con: duckdb.DuckDBPyConnection, names: str, key: Key, out: Path) -> None:
    """Write the marks of `names`, SQL with a text column `nama`: (tanda, kata), kata for a single word.

    Titles after a comma are dropped, as in linkage; a name of one word is left out. The same names and key give
    the same bytes.
    """
    install(con)
    salt = literal(key.derive(PURPOSE).hex())
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE _nama_kata AS SELECT list(f ORDER BY i) AS k FROM ({
            words(f"SELECT nama AS id, split_part(nama, ',', 1) AS t FROM (SELECT DISTINCT nama FROM ({names}))")
        }) GROUP BY id HAVING count(*) > 1"""
    )
    con.execute(
        f"""COPY (
            SELECT DISTINCT nama_tanda(k, {salt}) AS tanda, false AS kata FROM _nama_kata
            UNION SELECT nama_tanda([f], {salt}), true FROM (SELECT DISTINCT unnest(k) AS f FROM _nama_kata)
            ORDER BY ALL
        ) TO {literal(str(out))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{SALT}: {salt}}})"""
    )
    con.execute("DROP TABLE _nama_kata")
    out.chmod(0o600)


def salt_of(con: duckdb.DuckDBPyConnection, marks: Path) -> str:
    """The salt of a file of marks; KeyError when it is none."""
    for key, value in con.execute(
        f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({literal(str(marks))})"
    ).fetchall():
        if key == SALT:
            return str(value)
    raise KeyError(f"{marks.name} says no {SALT}; write it with export_names")
