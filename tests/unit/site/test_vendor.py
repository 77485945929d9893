"""What is brought in from others: pinned, from nowhere in particular, and clear about a network that is missing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipelines.site import vendor


def test_the_lock_pins_hashes_and_names_no_registry() -> None:
    lock = json.loads((vendor.HERE / "package-lock.json").read_text(encoding="utf-8"))
    wanted = json.loads((vendor.HERE / "package.json").read_text(encoding="utf-8"))
    packages = {path: one for path, one in lock["packages"].items() if path}
    assert len(packages) > 10
    for path, one in packages.items():
        assert "resolved" not in one, path
        assert one["integrity"].startswith("sha512-"), path
    for name, version in (wanted["dependencies"] | wanted["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert packages[f"node_modules/{name}"]["version"] == version


def test_nothing_is_done_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "_run", lambda *_: pytest.fail("it was brought in already"))
    (tmp_path / vendor.MARK).write_text(vendor.fingerprint())
    assert vendor.fetch(tmp_path) is False


def test_another_recipe_has_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = vendor.fingerprint()
    for name in vendor.RECIPE:
        (tmp_path / name).write_bytes((vendor.HERE / name).read_bytes())
    monkeypatch.setattr(vendor, "HERE", tmp_path)
    assert vendor.fingerprint() == before
    (tmp_path / "pack.cjs").write_text("// changed")
    assert vendor.fingerprint() != before


def test_without_a_network_it_says_so_and_keeps_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    target = tmp_path / "vendor"
    target.mkdir()
    (target / "mesin.js").write_text("old")
    with pytest.raises(vendor.VendorError, match=r"(?s)npm ci: .*ECONNREFUSED.*make setup"):
        vendor.fetch(target)
    assert [p.name for p in target.iterdir()] == ["mesin.js"]
    assert not list(tmp_path.glob(".aside-*"))
