"""A proxy in front of a real CKAN that counts what goes through and plays the faults of a network."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["500", "cut", "lost", "slow", "413", "429", "html", "moved", "unknown"]
"""'cut': the connection breaks before CKAN hears of it; 'lost': CKAN does it, and the answer is lost on the way;
'slow': CKAN does it, and the answer takes longer than anybody waits; 'html': another web server answers."""
READS = ("_show", "_list", "_search", "_info", "_for_user")
_ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "500": (500, {}, b"Internal Server Error"),
    "413": (413, {}, b"<html>Request Entity Too Large</html>"),
    "429": (429, {"Retry-After": "1"}, b"slow down"),
    "html": (200, {}, b"<html>Under maintenance</html>"),
    "moved": (301, {"Location": "https://baru.contoh.invalid/api/action/status_show"}, b""),
    "unknown": (404, {}, b'{"success": false, "error": {"__type": "Not Found Error", "message": "Not found"}}'),
}


@dataclass
class Fault:
    """Play `kind` for calls of an action (or any write, 'write'), after `after` of them, `times` times."""

    action: str
    kind: Kind
    after: int = 0
    times: int = 1

    def meets(self, action: str) -> bool:
        """Whether this call is to go wrong; counts."""
        if self.action not in (action, "any") and not (self.action == "write" and is_write(action)):
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return self.times >= 0


def is_write(action: str) -> bool:
    """Whether an action changes CKAN."""
    return not action.endswith(READS)


@dataclass
class Proxy:
    """Where to push to; `calls` are the actions that were asked for, in order."""

    url: str
    target: str
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    dead_after: int | None = None

    @property
    def writes(self) -> list[str]:
        """The calls that change CKAN."""
        return [action for action in self.calls if is_write(action)]

    def play(self, *faults: Fault) -> None:
        """Forget the calls so far, and play these faults from now on."""
        self.calls, self.faults, self.dead_after = [], list(faults), None

    def fault(self, action: str) -> str:
        """What is to go wrong with a call, if anything."""
        self.calls.append(action)
        if self.dead_after is not None and len(self.writes) > self.dead_after:
            return "cut"
        return next((f.kind for f in self.faults if f.meets(action)), "")


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """A running proxy to a CKAN."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        proxy = Proxy(f"http://127.0.0.1:{server.server_port}", target)
        server.proxy = proxy  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, daemon=True).start()
        yield proxy
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        proxy: Proxy = self.server.proxy  # type: ignore[attr-defined]
        action = self.path.rsplit("/", 1)[-1]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = proxy.fault(action) if self.command == "POST" else ""
        if kind == "cut":
            self.close_connection = True
        elif kind in _ANSWERS:
            self._send(*_ANSWERS[kind])
        else:
            answer = self._forward(proxy.target, body)
            if kind == "slow":
                time.sleep(1.5)
            if kind == "lost":
                self.close_connection = True
            else:
                self._send(*answer)

    def _forward(self, target: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(urlsplit(target).netloc, timeout=60)
        try:
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            return answer.status, {"Content-Type": answer.headers.get("Content-Type", "")}, answer.read()
        finally:
            connection.close()

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # nobody waits any more
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at the calls."""
