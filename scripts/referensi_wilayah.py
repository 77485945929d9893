"""Make sources/referensi/wilayah/<edition>.csv.gz from the npm package idn-area-data.

    npm pack idn-area-data@4.0.1
    python scripts/referensi_wilayah.py idn-area-data-4.0.1.tgz 2025

The four levels of the package become one table `kode,nama`; nothing else is changed. The same
archive gives the same bytes. The counts of Jawa Tengah are checked, because an older archive would
pass for a newer one without them (Kepmendagri 300.2.2-2138/2025, amended by 300.2.2-2430/2025).
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
import tarfile
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "sources" / "referensi" / "wilayah"
LEVELS = ("provinces", "regencies", "districts", "villages")
CODE = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
JAWA_TENGAH = {2: 1, 5: 35, 8: 576, 13: 8563}


def rows_of(archive: Path) -> list[tuple[str, str]]:
    """Every (kode, nama) of the package, by code."""
    rows: list[tuple[str, str]] = []
    with tarfile.open(archive) as tar:
        for level in LEVELS:
            member = tar.extractfile(f"package/data/{level}.csv")
            if member is None:
                raise SystemExit(f"{archive}: package/data/{level}.csv is not a file")
            text = io.TextIOWrapper(member, encoding="utf-8", newline="")
            rows += [(row["code"], row["name"]) for row in csv.DictReader(text)]
    return sorted(rows)


def verify(rows: list[tuple[str, str]]) -> None:
    """Stop where a code is malformed, repeated or without its parent, or the edition is another one."""
    codes = {kode for kode, _ in rows}
    wrong = [k for k in codes if not CODE.fullmatch(k) or ("." in k and k.rpartition(".")[0] not in codes)]
    if wrong or len(codes) != len(rows):
        raise SystemExit(f"malformed, repeated or orphaned codes: {sorted(wrong)[:5]}")
    found = Counter(len(kode) for kode in codes if kode.startswith("33"))
    if found != JAWA_TENGAH:
        raise SystemExit(f"Jawa Tengah has {dict(found)} codes by length, the edition has {JAWA_TENGAH}")


def main() -> None:
    """Write the gzip; its header carries neither a time nor a file name."""
    if len(sys.argv) != 3:
        raise SystemExit("usage: referensi_wilayah.py ARCHIVE.tgz EDITION")
    archive, edition = Path(sys.argv[1]), sys.argv[2]
    rows = rows_of(archive)
    verify(rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("kode", "nama"))
    writer.writerows(rows)
    packed = gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
    target = FOLDER / f"{edition}.csv.gz"
    target.write_bytes(packed)
    print(f"{target.name}: {len(rows):,} codes, {len(packed):,} bytes")


if __name__ == "__main__":
    main()
