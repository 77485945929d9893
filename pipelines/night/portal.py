"""`sources/referensi/portal.yml`: what the catalogue says of the whole portal, and where it is served."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from pipelines.catalogue import Portal
from pipelines.contract.explain import validate
from pipelines.contract.part import Part
from pipelines.contract.yaml_lines import read_yaml
from pipelines.home import REPO

PORTAL = REPO / "sources" / "referensi" / "portal.yml"


class _Declared(Part):
    nama: str = Field(min_length=3, description="Name of the portal")
    deskripsi: str = Field(min_length=10, description="What it is, in one sentence")
    pengelola: str = Field(min_length=3, description="The walidata who runs it")
    surel: str | None = Field(default=None, description="Address to write to, for agencies that have none of their own")
    alamat: str | None = Field(default=None, pattern="^https?://", description="Where releases/latest is served")


def load_portal(path: Path = PORTAL) -> Portal:
    """The portal as declared; raises DeclarationError."""
    told = validate(_Declared, read_yaml(path))
    return Portal(told.alamat, told.nama, told.surel, told.deskripsi, told.pengelola)
