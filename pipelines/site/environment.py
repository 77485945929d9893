"""The templates of the site and the few filters that they share."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from pipelines.catalogue import Portal

TEMPLATES = Path(__file__).parent / "halaman"
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember")  # fmt: skip


@cache
def environment(portal: Portal) -> jinja2.Environment:
    """Templates that escape every value and stop at an unknown name; `portal`, `akar` and `di` have defaults."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined, auto_reload=False,
    )  # fmt: skip
    made.filters |= {"angka": number, "ukuran": size, "hari": day, "web": web}
    made.globals |= {"portal": portal, "akar": "../", "di": ""}
    return made


def web(address: str | None) -> str | None:
    """An address that a link may lead to: no other scheme, such as javascript:, which a descriptor could hold."""
    return address if address and address.startswith(("https://", "http://")) else None


def number(value: float) -> Markup:
    """12785.5 -> 12.785,5, marked so that the English switch can write it its own way."""
    text = f"{value:,.10g}" if isinstance(value, float) else f"{value:,}"
    shown = text.translate(str.maketrans(",.", ".,"))
    exact = f"{value:.10g}" if isinstance(value, float) else value
    return Markup(f'<data value="{exact}">{shown}</data>')  # digits and signs: nothing to escape


def size(count: int) -> str:
    """Bytes in the unit that keeps it short, alike in both languages: 3980 -> 4 kB, 1260000 -> 1,3 MB."""
    if count < 1000:
        return f"{count} B"
    if count < 999_500:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def day(value: date) -> Markup:
    """A date in words: 21 November 2026, as a <time> that the English switch can write its own way."""
    return Markup(f'<time datetime="{value.isoformat()}">{value.day} {MONTHS[value.month - 1]} {value.year}</time>')
