"""The pages of `satudata serve`: which places have pairs to look at, one pair, and what was answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pipelines.check.report import thousands
from pipelines.home import Home, HomeError, Key, KeyFault
from pipelines.home.keys import load
from pipelines.identity.decisions import ANSWERS, WITHDRAWN
from pipelines.identity.review import worklist
from pipelines.identity.review.worklist import NOWHERE, NothingLinked
from pipelines.identity.subject import access_log
from pipelines.identity.subject.access_log import Entry
from pipelines.serve import differences
from pipelines.serve.guard import Guard, Session, form
from pipelines.serve.places import names

_HERE = Path(__file__).parent
_SHARED = _HERE.parent / "check"  # the style of the quality report
_LONGEST_NOTE = 500
NO_KEY = "Folder kerja ini belum punya kunci. Minta walidata menjalankan: satudata keys init"
NOTHING = "Belum ada data penduduk yang dipadankan. Minta walidata menjalankan: satudata run"
LOCKED = "Data belum dapat dibuka. Coba lagi sebentar; bila tetap begini, beri tahu walidata pesan ini:"


def environment() -> jinja2.Environment:
    """The templates of this folder, as pages that escape every value."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([_HERE, _SHARED]), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    made.filters["ribuan"] = thousands
    return made


@dataclass
class Pages:
    """The pages for one person over one home. Files are opened for a moment at each request, so a night may run."""

    home: Home
    who: str
    session: Session
    began: datetime = field(default_factory=lambda: datetime.now(UTC).replace(tzinfo=None))
    _seen: set[str] = field(default_factory=set)
    _env: jinja2.Environment = field(default_factory=environment)

    def app(self, report: Callable[[str], None]) -> Starlette:
        """The whole application; `report` is told the kinds of errors."""
        routes = [
            Route("/", self._told(self.places)),
            Route("/periksa", self._told(self.pair)),
            Route("/jawab", self._told(self.answer), methods=["POST"]),
            Route("/urungkan", self._told(self.undo), methods=["POST"]),
            Route("/gaya.css", self.style),
            Route("/tombol.js", self.keys),
        ]
        guard = Middleware(Guard, session=self.session, refuse=self.message, report=report)
        return Starlette(routes=routes, middleware=[guard], exception_handlers={404: self._missing, 405: self._missing})

    async def places(self, request: Request) -> Response:
        """The places directly in `di`, or all kabupaten and kota, with how many pairs each has."""
        di = request.query_params.get("di", "")
        with worklist.opened(self.home, self._key()) as con:
            listed, whole = worklist.below(con, di), worklist.tally(con, di)
        return self._page("wilayah.html.j2", di=di, listed=listed, whole=whole, names=names(self.home), NOWHERE=NOWHERE)

    async def pair(self, request: Request) -> Response:
        """The pair `pasangan`, else the next open one in `di`; who saw it is noted before it is shown."""
        di, code = (request.query_params.get(name, "") for name in ("di", "pasangan"))
        with worklist.opened(self.home, self._key()) as con:
            found = worklist.find(con, code) if code else None
            if found is None:
                found = next(iter(worklist.open_pairs(con, di, limit=1)), None)
            whole, last = worklist.tally(con, di), worklist.last_by(con, self.who, self.began)
        shared: dict[str, Any] = {"di": di, "whole": whole, "last": last, "lost": code and found and found.code != code}
        if found is None:
            return self._page("selesai.html.j2", **shared)
        if found.code not in self._seen:
            entry = Entry(self.who, "periksa pasangan", "daftar kerja padanan", None, f"ditampilkan {found.code}")
            access_log.write(self.home, entry)
            self._seen.add(found.code)
        called = names(self.home)
        lines = differences.rows(found, called)
        words = None if found.sample else differences.likely(found.score)
        return self._page("pasangan.html.j2", pair=found, rows=lines, words=words, names=called, **shared)

    async def answer(self, request: Request) -> Response:
        """Note the answer to a pair, for good, and go on to the next."""
        fields = await form(request)
        di, said = fields.get("di", ""), fields.get("jawaban", "")
        if said not in ANSWERS:
            return self.message(400, "Jawaban itu tidak dikenal. Kembali, lalu pilih Sama, Beda atau Tidak tahu.")
        key = self._key()
        with worklist.opened(self.home, key) as con:
            found = worklist.find(con, fields.get("pasangan", ""))
        if found is None:
            return self.message(410, "Pasangan ini sudah tidak ada, karena datanya berubah. Kembali ke daftar wilayah.")
        note = " ".join(fields.get("catatan", "").split())[:_LONGEST_NOTE]
        worklist.answer(self.home, key, [(found, said, note or None)], self.who)
        return _go("/periksa", di=di)

    async def undo(self, request: Request) -> Response:
        """Take back the last answer of this person since `satudata serve` began, and show its pair again."""
        di, key = (await form(request)).get("di", ""), self._key()
        with worklist.opened(self.home, key) as con:
            last = worklist.last_by(con, self.who, self.began)
        if last is None:
            return _go("/periksa", di=di)
        worklist.answer(self.home, key, [(last, WITHDRAWN, None)], self.who)
        return _go("/periksa", di=di, pasangan=last.code)

    async def style(self, request: Request) -> Response:
        """The style of all pages."""
        return Response(self._env.get_template("serve.css.j2").render(), media_type="text/css")

    async def keys(self, request: Request) -> Response:
        """The script that lets keys press buttons; the pages work without."""
        return Response((_HERE / "tombol.js").read_text(encoding="utf-8"), media_type="text/javascript")

    def message(self, status: int, text: str, detail: str = "") -> Response:
        """A page that says one thing."""
        return self._page("pesan.html.j2", status, text=text, detail=detail)

    def _page(self, template: str, status: int = 200, **values: Any) -> Response:
        text = self._env.get_template(template).render(formulir=self.session.form, oleh=self.who, **values)
        return HTMLResponse(text, status)

    def _told(self, page: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """A page that says what to do where there is no key, no register, or a file that cannot be opened."""

        async def told(request: Request) -> Response:
            try:
                return await page(request)
            except NothingLinked:
                return self.message(503, NOTHING)
            except _NoKey:
                return self.message(503, NO_KEY)
            except (KeyFault, HomeError) as error:
                return self.message(503, LOCKED, str(error))

        return told

    def _key(self) -> Key:
        key = load(self.home)  # each time: it may be rotated meanwhile
        if key is None:
            raise _NoKey
        return key

    async def _missing(self, request: Request, error: Exception) -> Response:
        return self.message(404, "Halaman ini tidak ada.")


class _NoKey(Exception):  # noqa: N818 - it reads as what it says
    pass


def _go(path: str, **query: str) -> Response:
    return RedirectResponse(f"{path}?{urlencode({k: v for k, v in query.items() if v})}", 303)
