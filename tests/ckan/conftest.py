"""One CKAN for all tests here; each test has datasets of its own on it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipelines.ckan import PushResult, patience, push, site, table, verify
from tests.ckan.faults import Proxy, proxied
from tests.ckan.release import Release
from tests.ckan.server import Site, missing, running

_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Site]:
    """A real CKAN."""
    if lacking := missing():
        pytest.skip(f"needs a real CKAN on this machine; not installed: {', '.join(lacking)}")
    with running() as ready:
        yield ready


@pytest.fixture(scope="session")
def _proxy(server: Site) -> Iterator[Proxy]:
    with proxied(server.url) as proxy:
        yield proxy


@pytest.fixture
def proxy(_proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """The way to CKAN: counts calls, and plays no fault yet. Nobody waits long."""
    _proxy.play()
    monkeypatch.setattr(patience, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr(table, "PAUSE", 0.0)
    return _proxy


@pytest.fixture
def release(tmp_path: Path) -> Release:
    """An empty release with an agency of its own."""
    return Release(tmp_path / "rilis", f"uji{next(_numbers)}")


class Portal:
    """CKAN as a test looks at it: push and verify through the proxy, everything else past it."""

    def __init__(self, server: Site, proxy: Proxy) -> None:
        self.server, self.proxy = server, proxy
        self.said: list[str] = []

    def push(self, release: Release, **options: Any) -> PushResult:
        """Push a release as the walidata."""
        return push(release.folder, self.proxy.url, self.server.admin, self.said.append, **options)

    def verify(self, release: Release) -> dict[str, list[str]]:
        """Problems of a release on CKAN."""
        return verify(release.folder, self.proxy.url, self.server.admin, self.said.append)

    def act(self, action: str, key: str | None = None, **data: Any) -> Any:
        """The result of an action, as a sysadmin or with another key ("": nobody); HTTPError if it fails."""
        asked = urllib.request.Request(f"{self.server.url}/api/action/{action}", json.dumps(data).encode())
        asked.add_header("Content-Type", "application/json")
        if key := self.server.admin if key is None else key:
            asked.add_header("Authorization", key)
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return json.load(answer)["result"]

    def package(self, name: str) -> dict[str, Any]:
        """A package as anybody sees it."""
        found: dict[str, Any] = self.act("package_show", "", id=name)
        return found

    def file(self, name: str, title: str) -> dict[str, Any]:
        """A resource of a package by its title."""
        return next(r for r in self.package(name)["resources"] if r["name"] == title)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows in the datastore, in the order they came."""
        key = self.file(name, "CSV")["id"]
        found: list[dict[str, Any]] = self.act("datastore_search", "", resource_id=key, limit=32000, sort="_id")[
            "records"
        ]
        return [{k: v for k, v in row.items() if k != "_id"} for row in found]


@pytest.fixture
def portal(server: Site, proxy: Proxy) -> Portal:
    """CKAN."""
    return Portal(server, proxy)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Call it to wait no longer than a second for an answer."""
    return lambda: monkeypatch.setattr(site, "TIMEOUT", (5.0, 1.0))
