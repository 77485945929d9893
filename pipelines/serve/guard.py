"""Who may look: the browser that was given the address with the secret, on this machine, and nobody else.

The pages show personal data, so: a secret in the printed address, then a cookie that scripts and other sites
cannot use; only under its own host name, or a foreign page could reach it by a name that points here; forms
carry a second secret; nothing is cached; and an error tells neither the page nor the log what was in it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp

ENTRANCE = "/masuk"
PUBLIC = ("/gaya.css", "/tombol.js")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_LARGEST = 16 << 10  # bytes of a form
Refuse = Callable[[int, str], Response]


class Session:
    """The secrets of one `satudata serve`, and the port it listens on. They end with it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token, self.cookie, self.form = (secrets.token_urlsafe(32) for _ in range(3))

    @property
    def cookie_name(self) -> str:
        """One for each port, as browsers keep the cookies of a host together."""
        return f"satudata_{self.port}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a browser may call this server."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def address(self) -> str:
        """The address that lets a browser in."""
        return f"http://{self.hosts[0]}{ENTRANCE}?kunci={self.token}"


class Guard(BaseHTTPMiddleware):
    """Lets through what comes from the browser that was let in. `refuse` makes the page of a refusal, `report` is
    told the kind of an error, never its text.
    """

    def __init__(self, app: ASGIApp, session: Session, refuse: Refuse, report: Callable[[str], None]) -> None:
        super().__init__(app)
        self._session, self._refuse, self._report = session, refuse, report

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Answer a request, or refuse it in words."""
        try:
            response = await self._admit(request) or await call_next(request)
        except Exception as error:  # its text may hold what a person is called
            self._report(type(error).__name__)
            response = self._refuse(500, "Terjadi kesalahan program. Muat ulang halaman ini; jawaban yang sudah "
                                         "dikirim tetap tersimpan.")  # fmt: skip
        response.headers.update(HEADERS)
        return response

    async def _admit(self, request: Request) -> Response | None:
        if request.headers.get("host", "") not in self._session.hosts:
            return self._refuse(400, "Alamat ini tidak dikenal. Buka alamat yang ditampilkan oleh satudata serve.")
        if request.url.path == ENTRANCE:
            return self._enter(request)
        if request.url.path in PUBLIC:
            return None
        if not _equal(request.cookies.get(self._session.cookie_name, ""), self._session.cookie):
            return self._refuse(403, "Buka alamat lengkap yang ditampilkan oleh satudata serve di terminal.")
        if request.method in ("GET", "HEAD"):
            return None
        origin = request.headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._session.hosts}:
            return self._refuse(403, "Formulir ini dikirim dari halaman lain, jadi tidak diterima.")
        if int(request.headers.get("content-length") or _LARGEST + 1) > _LARGEST:
            return self._refuse(413, "Formulir ini terlalu besar.")
        if not _equal((await form(request)).get("formulir", ""), self._session.form):
            return self._refuse(403, "Formulir ini sudah tidak berlaku. Muat ulang halamannya, lalu jawab lagi.")
        return None

    def _enter(self, request: Request) -> Response:
        if not _equal(request.query_params.get("kunci", ""), self._session.token):
            return self._refuse(403, "Alamat ini tidak berlaku (lagi). Buka alamat yang ditampilkan oleh "
                                     "satudata serve yang sekarang berjalan.")  # fmt: skip
        response = RedirectResponse("/", 303)
        response.set_cookie(self._session.cookie_name, self._session.cookie, httponly=True, samesite="strict", path="/")
        return response


async def form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, each once."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in fields.items()}


def _equal(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())
