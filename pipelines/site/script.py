"""Data as `<script src>` files: the one way to hand values to a page that is opened from a USB stick."""

from __future__ import annotations

import json
from pathlib import Path


def write_call(path: Path, kind: str, key: str | None, value: object) -> None:
    """Write `SatuData.muat(kind, key, value)`, the function that every page defines (aset/muat.js).

    NaN is refused (ValueError). The two line ends that JSON allows and old JavaScript does not are escaped.
    """
    words = [
        json.dumps(part, ensure_ascii=False, separators=(",", ":"), allow_nan=False) for part in (kind, key, value)
    ]
    text = f"SatuData.muat({','.join(words)});\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode())
