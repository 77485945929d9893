"""Killed at any point, readers see the last release whole, and the next run makes the new one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipelines.home import REPO, Home
from pipelines.release import verify

from .conftest import HARGA, World, content, make_contract

MORE = HARGA + ", ('33.03', 2024, 'teh', 7, NULL, NULL)"
# Makes a release in each home given, in a process of its own that dies when it first calls the function named.
KILL = """
import importlib, json, os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from publish.conftest import World, make_contract
from pipelines.contract.load import load_standards
from pipelines.home import REPO, Home

standards = load_standards(REPO / "expectations" / "standards")
for point, folder in json.loads(sys.argv[2]).items():
    child = os.fork()
    if child == 0:
        module, *parts, name = point.split(":")
        target = importlib.import_module(module)
        for part in parts:
            target = getattr(target, part)
        setattr(target, name, lambda *a, **k: os._exit(9))
        try:
            World(Home(Path(folder)), standards).release(make_contract())
        finally:
            os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
POINTS = [
    "pipelines.gate:Gate:data",
    "pipelines.publish.dataset:put_text",
    "pipelines.publish.assembly:write_manifest",
    "pipelines.publish.release:approve",
    "pipelines.publish.release:promote",
    "pipelines.release.switch:promote_dir",
    "pathlib:Path:rename",
    "pathlib:Path:symlink_to",
]


def test_killed_anywhere_readers_see_the_last_release_whole(world: World, tmp_path: Path) -> None:
    first = world.release(make_contract())
    whole = content(first.path)
    world.harga(MORE)
    homes = {point: tmp_path / f"killed{i}" for i, point in enumerate(POINTS)}
    for home in homes.values():
        shutil.copytree(world.home.root, home, symlinks=True, copy_function=os.link)
    arguments = [str(REPO / "tests" / "unit"), json.dumps({k: str(v) for k, v in homes.items()})]
    done = subprocess.run(
        [sys.executable, "-c", KILL, *arguments], cwd=REPO, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["9"] * len(POINTS), done.stderr
    for point, root in homes.items():
        killed = World(Home(root), world.standards)
        assert killed.latest.readlink() == Path(first.version), point
        assert content(killed.latest) == whole, point
        result = killed.release(make_contract())
        assert result.changed and b"33.03" in killed.csv() and verify(result.path, deep=False) == [], point
        there = {p.name for p in killed.home.releases.iterdir()}
        assert there == {first.version, result.version, "latest"}, f"{point}: leftovers are cleaned"
        assert not list((root / "draft").glob("*")), point
