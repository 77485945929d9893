"""What happens to a person's data on the way into a file: one function for each kind of damage."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

SHORT = {"muhammad": ["moh.", "muh.", "m.", "mohammad", "mochamad", "mhd"], "ahmad": ["achmad", "akhmad", "a."],
         "abdul": ["abd.", "abdoel"], "siti": ["st.", "sitti"], "nurul": ["nur"], "sri": ["sr."]}  # fmt: skip
OLD = [("j", "dj"), ("u", "oe"), ("c", "tj"), ("sy", "sj"), ("y", "j"), ("kh", "ch")]
KEYS = "abcdefghijklmnopqrstuvwxyz"


def spoil(rng: Any, people: dict[str, Any], chosen: Any, age: Any, errors: dict[str, Any], empty: dict[str, float],
          words: dict[str, Any]) -> dict[str, Any]:  # fmt: skip
    """The chosen persons as one file writes them (arrays in that order)."""
    n = len(chosen)
    rows = {k: v[chosen].copy() for k, v in people.items() if k != "desa_semua"}

    def some(share: float, among: Any = None) -> Any:
        hit = rng.random(n) < share
        return np.flatnonzero(hit if among is None else hit & among)

    _move(rng, rows, some(errors["pindah"]["desa_lain"]), people["desa_semua"], errors["pindah"])
    married = np.array([s is not None for s in rows["suami"]])
    variants = some(errors["nama"]["variasi"])
    _each(rng, rows["nama"], variants, errors["nama"]["jenis_variasi"], _name_kinds(rng, words))
    ny = some(errors["nama"]["ny_suami"], married)
    rows["nama"][ny] = [str(rng.choice(["Ny. ", "Ny ", "Ny."])) + rows["suami"][i] for i in ny]
    _each(
        rng, rows["nama_ibu"], some(errors["ibu"]["variasi"]), errors["nama"]["jenis_variasi"], _name_kinds(rng, words)
    )
    _addresses(rng, rows["alamat"], some(errors["alamat"]["tulis_lain"]))
    nik = errors["nik"]
    _each(rng, rows["nik"], some(nik["salah_ketik"]), nik["jenis_salah"], _nik_kinds(rng))
    child = some(nik["nik_orang_tua"], (age < 17) & np.array([p is not None for p in rows["nik_orang_tua"]]))
    rows["nik"][child] = rows["nik_orang_tua"][child]
    shared = some(nik["dipakai_bersama"])
    owners = rng.choice(rows["nik"], max(1, len(shared) // nik["pemakai_per_nik"]))
    rows["nik"][shared] = rng.choice(owners, len(shared))
    rows["nik"][some(nik["hilang"])] = None
    _dates(rng, rows["lahir"], some(errors["lahir"]["salah"]), errors["lahir"]["jenis_salah"])
    rows["lahir"] = rows["lahir"].astype("datetime64[D]")
    rows["lahir"][some(errors["lahir"]["hilang"])] = np.datetime64("NaT")
    sex = some(errors["kelamin"]["salah"])
    rows["jenis_kelamin"][sex] = np.where(rows["jenis_kelamin"][sex] == "L", "P", "L")
    rows["jenis_kelamin"][some(errors["kelamin"]["hilang"])] = None
    for column, share in empty.items():
        rows[column][some(share)] = None
    return rows


def _each(rng: Any, column: Any, at: Any, kinds: dict[str, float], make: dict[str, Callable[[str], str]]) -> None:
    share = np.array(list(kinds.values()))
    for i, kind in zip(at, rng.choice(list(kinds), len(at), p=share / share.sum()), strict=True):
        column[i] = make[kind](column[i])


def _name_kinds(rng: Any, words: dict[str, Any]) -> dict[str, Callable[[str], str]]:
    def title(name: str) -> str:
        front = rng.random() < 0.6
        return (
            f"{rng.choice(words['gelar']['depan'])} {name}"
            if front
            else name + str(rng.choice(words["gelar"]["belakang"]))
        )

    def short(name: str) -> str:
        return " ".join(str(rng.choice(SHORT[w])) if w in SHORT else w for w in name.split())

    def order(name: str) -> str:
        return " ".join(rng.permutation(name.split()))

    def old(name: str) -> str:
        fits = [(new, was) for new, was in OLD if new in name]
        return name.replace(*fits[rng.integers(len(fits))]) if fits else typo(name)

    def initial(name: str) -> str:
        parts = name.split()
        return " ".join([*parts[:-1], parts[-1][0] + "."]) if len(parts) > 1 else name

    def drop(name: str) -> str:
        parts = name.split()
        gone = rng.integers(len(parts))
        return " ".join(p for i, p in enumerate(parts) if i != gone) or name

    def typo(name: str) -> str:
        at, kind = int(rng.integers(len(name))), rng.integers(4)
        letter = KEYS[rng.integers(26)]
        return [name[:at] + letter + name[at + 1 :], name[:at] + name[at + 1 :], name[:at] + letter + name[at:],
                name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]][kind]  # fmt: skip

    return {"gelar": title, "singkatan": short, "urutan": order, "ejaan_lama": old, "inisial": initial,
            "salah_ketik": typo, "hilang": drop}  # fmt: skip


def _nik_kinds(rng: Any) -> dict[str, Callable[[str], str]]:
    def digit(nik: str) -> str:
        at = int(rng.integers(16))
        return nik[:at] + str((int(nik[at]) + int(rng.integers(1, 10))) % 10) + nik[at + 1 :]

    def swap(nik: str) -> str:
        at = int(rng.integers(15))
        return nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]

    return {"digit": digit, "tukar": swap, "enambelas_nol": lambda nik: nik[:15] + "0"}


def _dates(rng: Any, column: Any, at: Any, kinds: dict[str, float]) -> None:
    share = np.array(list(kinds.values()))
    for i, kind in zip(at, rng.choice(list(kinds), len(at), p=share / share.sum()), strict=True):
        year, month, day = (int(part) for part in str(column[i]).split("-"))
        if kind == "tukar" and day <= 12:
            month, day = day, month
        elif kind == "satu_januari":
            month, day = 1, 1
        elif rng.random() < 0.5:
            year = min(2025, year + int(rng.choice([-10, -2, -1, 1, 2])))
        else:
            day = 1 + (day + int(rng.integers(1, 27))) % 28
        column[i] = np.datetime64(f"{year:04}-{month:02}-{min(day, 28):02}")


def _move(rng: Any, rows: dict[str, Any], at: Any, desa: Any, rules: dict[str, Any]) -> None:
    """Another desa (of the same kecamatan, of the same kabupaten, of anywhere), another address, often another KK."""
    spread = rng.random(len(at))
    depth = np.where(
        spread < rules["dalam_kecamatan"],
        8,
        np.where(spread < rules["dalam_kecamatan"] + rules["dalam_kabupaten"], 5, 2),
    )
    for i, size in zip(at, depth, strict=True):
        prefix = rows["kode_wilayah"][i][:size]
        first, last = np.searchsorted(desa, [prefix, prefix + "~"])
        rows["kode_wilayah"][i] = desa[rng.integers(first, last)]
        rows["alamat"][i] = re.sub(r"RT \d+ RW \d+", f"RT {rng.integers(1, 13):03} RW {rng.integers(1, 9):03}",
                                   rows["alamat"][rng.integers(len(rows["alamat"]))])  # fmt: skip
        if rng.random() < rules["kk_baru"]:
            rows["no_kk"][i] = rows["no_kk"][i][:12] + f"{rng.integers(1, 9999):04}"


def _addresses(rng: Any, column: Any, at: Any) -> None:
    for i in at:
        forms = [("Jl. ", "Jalan "), ("Dusun ", "Dsn. "), (" No. ", " no "), (" RT ", " RT/RW ")]
        new = column[i]
        for was, now in forms:
            if rng.random() < 0.5:
                new = new.replace(was, now)
        column[i] = new.replace("RT/RW", "RT") if rng.random() < 0.5 else re.sub(r"RW? 0*(\d+)", r"\1", new)
