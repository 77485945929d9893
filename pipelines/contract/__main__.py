"""Lint the declarations: `python -m pipelines.contract`. Exit 1 with file, line and key when one is wrong."""

from __future__ import annotations

import sys

from pipelines.contract.load import load_library
from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import REPO


def main() -> int:
    """Load the repository's contracts and the sample's; report every problem."""
    sources, failed = REPO / "sources", 0
    for root in (sources, sources / "_contoh"):
        try:
            library = load_library(root, sources / "referensi", REPO / "expectations" / "standards")
            print(f"{root.relative_to(REPO)}: {len(library.contracts)} contracts are right")
        except DeclarationError as error:
            failed = 1
            print(*error.problems, sep="\n", file=sys.stderr)
    return failed


if __name__ == "__main__":
    sys.exit(main())
