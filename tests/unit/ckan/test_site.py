"""Addresses and keys that cannot be ones, before anything is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pipelines.ckan import CkanError, push
from pipelines.ckan.errors import PassingError, forbidden, invalid
from pipelines.ckan.site import Site


@pytest.mark.parametrize(
    "url", ["", "data.example.go.id", "ftp://a.id", "https://[a", "https://", "https://u:rahasia@a.id"]
)
def test_an_address_that_cannot_be_one(url: str) -> None:
    with pytest.raises(CkanError, match="address of CKAN") as error:
        Site(url, "kunci")
    assert "rahasia" not in str(error.value)


@pytest.mark.parametrize("key", ["", "  ", "kunci rahasia", "kunci\nrahasia", "kunci\u200brahasia"])
def test_a_key_that_cannot_be_one_is_not_shown(key: str) -> None:
    with pytest.raises(CkanError, match="API key") as error:
        Site("https://data.example.go.id", key)
    assert "rahasia" not in str(error.value)


def test_a_key_with_a_line_end_from_its_file_is_taken() -> None:
    Site("https://data.example.go.id/ckan/", "kunci\n")


@pytest.mark.parametrize(
    ("url", "is_open"), [("http://a.id", True), ("https://a.id", False), ("http://127.0.0.1:5000", False)]
)
def test_an_open_road_is_known(url: str, is_open: bool) -> None:
    assert Site(url, "kunci").open is is_open


def test_a_folder_that_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(CkanError, match="holds no dataset"):
        push(tmp_path, "https://data.example.go.id", "kunci", print)


def test_messages_are_bounded() -> None:
    assert len(str(invalid("package_create", {"title": ["x" * 10_000], "__type": "Validation Error"}))) < 1000
    assert len(str(forbidden("package_create", "x" * 10_000))) < 1000


class _Answers(BaseHTTPRequestHandler):
    """A file that is cut off, and a CKAN that has moved."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"setengah")

    def do_POST(self) -> None:
        self.send_response(308)
        self.send_header("Location", "/baru")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def odd() -> Iterator[Site]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with Site(f"http://127.0.0.1:{server.server_port}", "kunci") as site:
            yield site
        server.shutdown()


def test_a_download_that_is_cut_off_may_pass(odd: Site) -> None:
    with pytest.raises(PassingError, match="was cut off"):
        list(odd.download("http://elsewhere.example.id/berkas.csv"))


def test_where_it_has_moved_to_is_an_address(odd: Site) -> None:
    with pytest.raises(CkanError, match=f"moved to {odd.url}:"):
        odd.read("status_show")
