"""Measure who-is-who linkage against a truth that is known: ours, exact NIK alone, and Splink's defaults.

    python bench/identity.py [--errors FILE] [--seed N] [--size N] [--files DIR] [--no-baselines] [--tuned]

Makes a register and five files (bench/identity/generate.py) or takes those of DIR: <name>.parquet or
<name>.csv with the columns that docs/identity.md lists, and truth.parquet or truth.csv (sumber, kunci, orang).
Each measured step is a process of its own. Writes var/bench/identity.json, and beside it
identity_truth.parquet and identity_links.parquet.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
from identity import baselines, ours, score
from identity.generate import generate, settings
from identity.splink_tuned import splink_tuned

OUT = Path(__file__).resolve().parents[1] / "var" / "bench"
STEPS = {
    "ours": ours.first_night,
    "second_night": ours.second_night,
    "deterministic": baselines.deterministic,
    "splink_default": baselines.splink_default,
    "splink_tuned": splink_tuned,
}


def measure(step: str, files: Path, work: Path) -> dict[str, float]:
    """Seconds and peak memory of one step as a process of its own; what it links lies in work/<step>.parquet."""
    command = [
        sys.executable,
        str(Path(__file__).resolve()),
        "--step",
        step,
        "--files",
        str(files),
        "--work",
        str(work),
    ]
    started = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"The step {step} failed (status {status}): see above")
    figures: dict[str, float] = json.loads((work / f"{step}.json").read_text())
    return figures | {
        "process_seconds": time.perf_counter() - started,
        # What other work on the machine does not change much.
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_gib": usage.ru_maxrss / 1024**2,
    }


def run(files: Path, out: Path, names: list[str]) -> dict[str, object]:
    """All steps on the files of a folder, scored against their truth."""
    work = out / "identity_work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    first = measure("ours", files, work)
    second = measure("second_night", files, work)
    result = score.figures(files, work / "ours.parquet") | first
    result["second_night_ratio"] = second["seconds"] / first["seconds"]
    result["second_night_seconds"] = second["seconds"]
    result["second_night_cpu_seconds"] = second["cpu_seconds"]
    shutil.copy(work / "ours.parquet", out / "identity_links.parquet")
    duckdb.sql(f"COPY {score.truth(files)} TO '{out}/identity_truth.parquet'")
    result["baselines"] = {}
    for name in names:
        try:
            result["baselines"][name] = measure(name, files, work) | score.figures(files, work / f"{name}.parquet")
        except SystemExit as error:
            print(f"{name}: not measured: {error}", file=sys.stderr)
            result["baselines"][name] = None
    shutil.rmtree(work)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", type=Path, help="distributions laid over bench/identity/errors.yml")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=1_000_000, help="rows of the register; the files scale")
    parser.add_argument("--files", type=Path, help="a folder made elsewhere, instead of generating")
    parser.add_argument("--out", type=Path, default=OUT, help="where the figures land (var/bench)")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument(
        "--tuned", action="store_true", help="also Splink set up like ours (slow: 20 minutes a million)"
    )
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        figures = STEPS[options.step](options.files, options.work)
        (options.work / f"{options.step}.json").write_text(json.dumps(figures))
        return
    files = options.files or options.out / "identity_files"
    if not options.files:
        shutil.rmtree(files, ignore_errors=True)
        # In a process of its own: a child's peak memory starts at that of its parent.
        maker = multiprocessing.get_context("spawn").Process(
            target=generate, args=(files, options.size, options.seed, settings(options.errors))
        )
        maker.start()
        maker.join()
        if maker.exitcode:
            raise SystemExit(f"Making the files failed (status {maker.exitcode}): see above")
    else:
        score.read(files)
        score.truth(files)
    options.out.mkdir(parents=True, exist_ok=True)
    made = (
        {"size": options.size, "seed": options.seed, "errors": str(options.errors)}
        if not options.files
        else {"files": str(files)}
    )
    names = [] if options.no_baselines else ["deterministic", "splink_default"]
    names += ["splink_tuned"] if options.tuned else []
    result = run(files, options.out, names) | made | {"duckdb": duckdb.__version__}
    (options.out / "identity.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
