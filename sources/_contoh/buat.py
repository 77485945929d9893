"""Make the landing folder of an invented province, with faults in known places.

The exports look like what agencies send: many formats, many spellings, and wrong in every way that the
data standards know. All persons are invented; places are real, their borders schematic. The same seed
gives the same bytes.
This program shares no code with the pipeline that is tried on its output.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pembuat import (
    bantuan,
    catatan_sipil,
    daerah,
    ekonomi,
    jaminan,
    kelahiran,
    kependudukan,
    kesehatan,
    layanan,
    mart,
    pendidikan,
    prasarana,
    sosial,
)
from pembuat.dunia import Dunia
from pembuat.landing import tulis_tertanam

# The register is first, and what later exports need to know stands in earlier ones.
BAGIAN = (
    kependudukan,
    catatan_sipil,
    sosial,
    bantuan,
    pendidikan,
    kesehatan,
    kelahiran,
    jaminan,
    ekonomi,
    layanan,
    prasarana,
    daerah,
)
CONTOH = """example:
  python sources/_contoh/buat.py --landing var/contoh/landing --tertanam var/contoh/tertanam.csv
"""


def main() -> None:
    """Parse the command line and write the files."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=CONTOH, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--landing", type=Path, required=True, help="folder to fill")
    parser.add_argument("--tertanam", type=Path, required=True, help="CSV to write: planted faults")
    parser.add_argument("--orang", type=Path, help="CSV to write: the true person of each record that is accepted")
    parser.add_argument("--mart", type=Path, help="CSV to write: how many cases each mart must have")
    parser.add_argument(
        "--referensi", type=Path, help="folder for borders (default: referensi/ beside the landing folder)"
    )
    parser.add_argument("--benih", type=int, default=33, help="seed (default 33)")
    options = parser.parse_args()
    world = Dunia(options.landing, options.benih)
    for part in BAGIAN:
        part.buat(world)
    world.peta.tulis(options.referensi or options.landing.parent / "referensi")
    tulis_tertanam(options.tertanam, world.tertanam)
    if options.orang:
        world.kebenaran.tulis(options.orang)
    if options.mart:
        mart.tulis(options.mart, world.kebenaran)
    sizes = f"{len(world.dataset)} datasets, {world.baris:,} rows, {len(world.tertanam)} faults"
    print(f"{options.landing}: {sizes}")


if __name__ == "__main__":
    main()
