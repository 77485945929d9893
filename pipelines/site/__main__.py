"""Bring in what the site takes from others: `python -m pipelines.site`. Exit 1 and the reason where it cannot be."""

from __future__ import annotations

import sys

from pipelines.site.vendor import VENDOR, VendorError, fetch


def main() -> int:
    """Make `pipelines/site/vendor/` what the lock says, or say that it is."""
    try:
        changed = fetch()
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{VENDOR.name}: {'brought in' if changed else 'unchanged'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
