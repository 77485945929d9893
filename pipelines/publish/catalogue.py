"""`data.json` at the root of a release: the catalogue in DCAT-US 1.1, which the national harvester reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.contract.load import Produsen
from pipelines.contract.model import Contract
from pipelines.publish.metadata import DESCRIPTOR, LICENCES, description, keywords

CATALOGUE = "data.json"
SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
# ISO 8601 repeating intervals, as DCAT-US 1.1 wants them.
PERIODS = {
    "harian": "R/P1D",
    "mingguan": "R/P1W",
    "bulanan": "R/P1M",
    "triwulanan": "R/P3M",
    "tahunan": "R/P1Y",
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Portal:
    """Where the release is served and who answers for agencies that name no address of their own.

    Without `base_url` the addresses in the catalogue are relative to data.json itself.
    """

    base_url: str | None = None
    email: str | None = None

    def address(self, path: str) -> str:
        """Address of a file of the release."""
        return f"{self.base_url.rstrip('/')}/{path}" if self.base_url else path


def catalogue(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole catalogue, datasets in the order of their identifiers."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": sorted(entries, key=lambda e: str(e["identifier"])),
    }


def entry(contract: Contract, agency: Produsen, modified: date, portal: Portal) -> dict[str, Any]:
    """One dataset of the catalogue. `identifier` is the slug, which no change of title or address touches.

    `contactPoint.hasEmail` is left out, never invented, where neither the agency nor the portal has one.
    """
    publisher: dict[str, Any] = {"@type": "org:Organization", "name": agency.nama}
    if agency.instansi:
        publisher["subOrganizationOf"] = {"@type": "org:Organization", "name": agency.instansi}
    contact = {"@type": "vcard:Contact", "fn": agency.nama}
    if address := email(agency, portal):
        contact["hasEmail"] = f"mailto:{address}"
    descriptor = portal.address(f"{contract.slug}/{DESCRIPTOR}")
    result: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "identifier": contract.slug,
        "title": contract.judul,
        "description": description(contract),
        "keyword": keywords(contract),
        "modified": modified.isoformat(),
        "accrualPeriodicity": PERIODS[contract.jadwal],
        "language": ["id"],
        "accessLevel": "public",
        "publisher": publisher,
        "contactPoint": contact,
        "describedBy": descriptor,
        "describedByType": "application/json",
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": f"{contract.judul} ({name})",
                "format": name,
                "mediaType": mediatype,
                "downloadURL": portal.address(f"{contract.slug}/{contract.slug}.{name.lower()}"),
                "describedBy": descriptor,
                "describedByType": "application/json",
            }
            for name, mediatype in (("CSV", "text/csv"), ("Parquet", "application/vnd.apache.parquet"))
        ],
    }
    if contract.lisensi in LICENCES:
        result["license"] = LICENCES[contract.lisensi]
    return result


def email(agency: Produsen, portal: Portal) -> str | None:
    """The address to write to, if one is known and looks like one."""
    return next((a for a in (agency.surel, portal.email) if a and _EMAIL.fullmatch(a)), None)
