"""Where a release is served and who answers for the whole of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from pipelines.catalogue.parts import Produsen

_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+")


@dataclass(frozen=True)
class Portal:
    """The installation: its address, its name, the address to write to, and what it is for.

    Without `base_url` every address in the catalogue is relative to the document it stands in, so that a copy
    on a USB stick leads to its own files.
    """

    base_url: str | None = None
    nama: str = "Portal Satu Data"
    email: str | None = None
    deskripsi: str = "Data terbuka pemerintah daerah: diperiksa menurut standar data, berkode referensi, siap pakai."
    pengelola: str = "Walidata"

    def address(self, path: str) -> str:
        """Address of a file of the release, percent-encoded."""
        return f"{self.base_url.rstrip('/')}/{quote(path)}" if self.base_url else quote(path)

    def contact(self, produsen: Produsen) -> str | None:
        """The mail address of the agency, else of the portal; None if neither is known or looks like one."""
        return next((a for a in (produsen.surel, self.email) if a and _EMAIL.fullmatch(a)), None)

    def page(self, slug: str) -> str:
        """Address of a dataset's page in the catalogue site."""
        return self.address(f"situs/{slug}.html")


def web(address: str | None) -> str | None:
    """A web address, if it is one; what people type into a list of agencies often is not."""
    return address if address and _WEB.fullmatch(address) else None
