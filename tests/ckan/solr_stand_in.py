"""What CKAN needs of Solr, over HTTP and in memory: CKAN's search service cannot be had from the package registries.

It is not a search engine: no ranking, no text analysis, no facets. It keeps the documents that CKAN indexes and
finds them by the exact fielded queries that CKAN itself writes. Nothing here is used outside the tests.
"""

from __future__ import annotations

import argparse
import json
import re
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlsplit

Document = dict[str, Any]
_TOKEN = re.compile(r'\s*([()+]|"(?:\\.|[^"\\])*"|(?:\\.|[^\s()":\\])+:?|:)')


class Query:
    """A query of the form that CKAN writes: `+field:value`, `"..."`, `*`, AND, OR, parentheses."""

    def __init__(self, text: str) -> None:
        self.tokens = _TOKEN.findall(text)
        self.at = 0

    def matches(self, document: Document) -> bool:
        """Whether the whole query holds for a document."""
        self.at = 0
        found = self._any(document, "text")
        if self.at != len(self.tokens):
            raise ValueError(f"the stand-in does not know this query: {' '.join(self.tokens)}")
        return found

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _any(self, document: Document, field: str) -> bool:
        found = self._all(document, field)
        while self._next() == "OR":
            self.at += 1
            found = self._all(document, field) or found
        return found

    def _all(self, document: Document, field: str) -> bool:
        found = self._one(document, field)
        while self._next() not in ("", ")", "OR"):
            if self._next() == "AND":
                self.at += 1
            found = self._one(document, field) and found
        return found

    def _one(self, document: Document, field: str) -> bool:
        while self._next() == "+":
            self.at += 1
        token = self._next()
        self.at += 1
        if token == "(":
            found = self._any(document, field)
            self.at += 1
            return found
        if token.endswith(":") and token != ":":
            return self._one(document, token[:-1])
        return _holds(document, field, re.sub(r"\\(.)", r"\1", token.strip('"')))


def _holds(document: Document, field: str, value: str) -> bool:
    if value == "*":
        return True
    held = document.get(field, [])
    return value in [str(v) for v in (held if isinstance(held, list) else [held])]


class Index(ThreadingHTTPServer):
    """Documents by their `index_id`, and CKAN's own schema file, which it asks for to learn the version."""

    daemon_threads = True

    def __init__(self, port: int, schema: bytes) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.documents: dict[str, Document] = {}
        self.schema = schema
        self.lock = Lock()

    def update(self, body: str) -> None:
        """Take documents, sent as a list in JSON, or carry out a `<delete>` as Solr's XML has it."""
        with self.lock:
            if body.startswith("["):
                self.documents |= {document["index_id"]: document for document in json.loads(body)}
                return
            for element in ElementTree.fromstring(body).iter("query"):
                gone = Query(element.text or "")
                self.documents = {k: d for k, d in self.documents.items() if not gone.matches(d)}

    def select(self, asked: dict[str, list[str]]) -> Document:
        """The answer to /select: documents for which `q` and every `fq` hold, sorted by name."""
        queries = [Query(q) for q in (asked.get("q") or ["*:*"]) + asked.get("fq", [])]
        with self.lock:
            found = [d for d in self.documents.values() if all(q.matches(d) for q in queries)]
        found.sort(key=lambda d: d.get("name", ""))
        start, rows = int(asked.get("start", ["0"])[0]), int(asked.get("rows", ["10"])[0])
        response = {"numFound": len(found), "start": start, "docs": found[start : start + rows]}
        return {"response": response, "facet_counts": {"facet_fields": {}}}


class Handler(BaseHTTPRequestHandler):
    """/select, /update and /schema of one core."""

    protocol_version = "HTTP/1.1"
    server: Index

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.rstrip("/").endswith("/schema"):
            self._send(self.server.schema, "application/xml")
        else:
            self._select(parse_qs(parts.query))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if "/select" in self.path:
            self._select(parse_qs(body))
            return
        try:
            self.server.update(body)
            self._send(b'{"responseHeader": {"status": 0}}', "application/json")
        except (ValueError, KeyError, ElementTree.ParseError) as error:
            self._send(str(error).encode(), "text/plain", 400)

    def _select(self, asked: dict[str, list[str]]) -> None:
        try:
            self._send(json.dumps(self.server.select(asked)).encode(), "application/json")
        except ValueError as error:
            self._send(str(error).encode(), "text/plain", 400)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say which queries came, for whoever looks into the log."""
        super().log_message("%s", unquote_plus(format % args))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("schema", type=Path, help="CKAN's config/solr/schema.xml")
    options = parser.parse_args()
    Index(options.port, options.schema.read_bytes()).serve_forever()
