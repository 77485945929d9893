"""Invented personal numbers with valid check digits and dates, and the ways to disguise them."""

from __future__ import annotations

import random
from collections.abc import Callable

LABEL = {"nik": "NIK", "no_kk": "No. KK", "nip": "NIP", "npwp": "NPWP", "no_bpjs": "No BPJS", "telepon": "HP"}


def numbers(seed: int = 7) -> dict[str, list[str]]:
    """200 numbers by kind."""
    r = random.Random(seed)
    place = lambda: f"33{r.randint(1, 29):02}{r.randint(1, 20):02}"  # noqa: E731
    day = lambda: f"{r.randint(1, 28):02}{r.randint(1, 12):02}"  # noqa: E731
    year = lambda: f"{r.randint(1950, 2009)}"  # noqa: E731
    return {
        "nik": [f"{place()}{r.randint(1, 28) + 40 * (i % 2):02}{r.randint(1, 12):02}{year()[2:]}{r.randint(1, 9999):04}"
                for i in range(60)],
        "no_kk": [f"{place()}{day()}{r.randint(5, 24):02}{r.randint(1, 9999):04}" for _ in range(30)],
        "nip": [f"{year()}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randint(2000, 2024)}{r.randint(1, 12):02}"
                f"{r.randint(1, 2)}{r.randint(1, 999):03}" for _ in range(30)],
        "npwp": [_npwp(r) for _ in range(25)],
        "no_bpjs": [f"000{r.randint(10**9, 10**10 - 1)}" for _ in range(20)],
        "telepon": [f"08{r.choice(['12', '13', '21', '52', '57'])}{r.randint(10**6, 10**8 - 1)}" for _ in range(35)],
    }  # fmt: skip


def _npwp(r: random.Random) -> str:
    """Fifteen digits, the ninth a check digit (Luhn)."""
    first = f"0{r.randint(1, 9)}{r.randint(0, 999_999):06}"
    total = sum(int(c) if i % 2 == 0 else sum(divmod(2 * int(c), 10)) for i, c in enumerate(first))
    return f"{first}{-total % 10}{r.randint(1, 999):03}000"


def _groups(mark: str) -> Callable[[str, str], str]:
    return lambda v, _: mark.join(v[i : i + 4] for i in range(0, len(v), 4))


def _script(zero: int) -> Callable[[str, str], str]:
    return lambda v, _: "".join(chr(zero + int(d)) for d in v)


DISGUISES: dict[str, Callable[[str, str], str]] = {
    "polos": lambda v, _: v,
    "spasi": _groups(" "),
    "titik": _groups("."),
    "strip": _groups("-"),
    "garis_miring": _groups("/"),
    "garis_bawah": _groups("_"),
    "satu_satu": lambda v, _: " ".join(v),
    "petik": lambda v, _: f"'{v}",
    "lebar_penuh": _script(0xFF10),
    "arab": _script(0x0660),
    "tanpa_lebar": _groups("\u200b"),
    "nbsp": _groups("\u00a0"),
    "kurung": lambda v, _: "".join(f"({v[i : i + 4]})" for i in range(0, len(v), 4)),
    "kurung_siku": lambda v, _: f"[{v[:8]}] [{v[8:]}]",
    "huruf": lambda v, _: v.replace("0", "O").replace("1", "l"),
    "catatan": lambda v, label: f"warga RT 02 {label}: {v}, sudah diperiksa",
    "diselingi": lambda v, label: f"{label}: {v[:6]} terus {v[6:]}" if label != "HP" else f"{label}: {v[:4]} {v[4:]}",
    "alamat_web": lambda v, _: f"https://contoh.id/lihat?kode={v[:4]}%20{v[4:]}&hal=2",
    "melekat": lambda v, _: f"Berkas{v}.pdf",
    "desimal": lambda v, _: f"{v}.0",
    "pisah_baris": lambda v, _: f"{v[:8]}\n{v[8:]}",
}
