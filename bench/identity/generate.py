"""A register of persons in families and five files about them, with errors drawn from a file of distributions.

Everything is made up here from words and a seed; the places are the real desa of one province.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from identity.errors import spoil

HERE = Path(__file__).parent
REPO = HERE.parents[1]
COLUMNS = [
    "sumber",
    "kunci",
    "nik",
    "no_kk",
    "nama",
    "jenis_kelamin",
    "tanggal_lahir",
    "nama_ibu",
    "alamat",
    "kode_wilayah",
]
TODAY = np.datetime64("2025-06-30")


def settings(path: Path | None) -> dict[str, Any]:
    """The distributions of errors.yml, with those of `path` laid over them."""
    base = yaml.safe_load((HERE / "errors.yml").read_text())
    for part, values in (yaml.safe_load(path.read_text()) or {}).items() if path else ():
        base[part] = values if part == "files" else base[part] | values
    return base


def generate(out: Path, size: int, seed: int, errors: dict[str, Any]) -> None:
    """Write register.parquet, a file of each OPD and truth.parquet (sumber, kunci, orang) to `out`."""
    rng = np.random.default_rng(seed)
    words = yaml.safe_load((HERE / "names.yml").read_text())
    people = _people(rng, size, errors["penduduk"], words)
    n = len(people["nik"])
    listed = np.sort(rng.permutation(n)[: min(size, n)])
    out.mkdir(parents=True, exist_ok=True)
    truth = [_write(out, "register", people, listed, people["nik"][listed])]
    age = ((TODAY - people["lahir"]).astype(int) // 365.25).astype(int)
    for name, file in errors["files"].items():
        count = round(file["size"] * size)
        pool = np.flatnonzero((age >= file["umur"][0]) & (age <= file["umur"][1]))
        chosen = rng.choice(pool, min(count, len(pool)), replace=False)
        twice = rng.choice(chosen, round(len(chosen) * errors["berkas"]["ganda"]), replace=False)
        chosen = rng.permutation(np.concatenate([chosen, twice]))
        rows = spoil(rng, people, chosen, age[chosen], errors, file.get("kosong", {}), words)
        keys = np.array([f"{name[:2].upper()}{k:07}" for k in rng.permutation(len(chosen))], dtype=object)
        truth.append(_write(out, name, rows, np.arange(len(chosen)), keys, chosen))
    pq.write_table(pa.concat_tables(truth), out / "truth.parquet")


def _write(out: Path, name: str, rows: dict[str, Any], at: Any, keys: Any, who: Any = None) -> pa.Table:
    born = rows["lahir"][at].astype("datetime64[D]").astype(object)
    columns = {
        "sumber": np.full(len(at), name, dtype=object),
        "kunci": keys,
        "tanggal_lahir": [None if day is None else day.isoformat() for day in born],
        "nama": [text.upper() if name != "dinkes" else text.title() for text in rows["nama"][at]],
    } | {c: rows[c][at] for c in ("nik", "no_kk", "jenis_kelamin", "nama_ibu", "alamat", "kode_wilayah")}
    pq.write_table(pa.table({c: pa.array(columns[c], pa.string()) for c in COLUMNS}), out / f"{name}.parquet")
    persons = at if who is None else who
    return pa.table({"sumber": pa.array(columns["sumber"], pa.string()), "kunci": pa.array(keys, pa.string()),
                     "orang": pa.array(persons, pa.int64())})  # fmt: skip


def _people(rng: Any, size: int, rules: dict[str, Any], words: dict[str, Any]) -> dict[str, Any]:
    """Persons in families, a few more than `size`; arrays of one length."""
    desa = duckdb.sql(
        f"SELECT kode FROM read_csv('{REPO}/sources/referensi/wilayah/2025.csv.gz', all_varchar = true)"
        " WHERE kode LIKE '33.__.__.____' ORDER BY kode"
    ).fetchnumpy()["kode"]
    target = round(size * (1 + rules["tak_terdaftar"]))
    families = int(target / 3.0) + 10
    weight = rng.lognormal(0, 0.6, len(desa))
    home = rng.choice(len(desa), families, p=weight / weight.sum())
    head = np.clip(rng.gamma(9, 5.2, families), 20, 92)  # age of the head
    alone = rng.random(families) < 0.12
    children = np.where(alone, 0, rng.poisson(np.clip(2.2 - np.abs(head - 42) / 18, 0.05, None)))
    parts: list[dict[str, Any]] = []

    def add(family: Any, age: Any, sex: Any, role: str) -> None:
        born = TODAY - (np.clip(age, 0.01, 99) * 365.25).astype("timedelta64[D]")
        parts.append({"keluarga": family, "lahir": born, "laki": sex, "peran": np.full(len(family), role)})

    every = np.arange(families)
    add(every, head, np.where(alone, rng.random(families) < 0.4, True), "kepala")
    couple = every[~alone]
    add(
        couple,
        _grown(rng, head[couple] - rng.normal(3.5, 3.5, len(couple))),
        np.zeros(len(couple), bool),
        "istri",
    )
    for order in range(int(children.max())):
        have = every[children > order]
        age = head[have] - 24 - order * 3.2 - rng.gamma(2, 1.5, len(have))
        have, age = have[age > 0], age[age > 0]
        add(have, age, rng.random(len(have)) < 0.51, "anak")
        twin = rng.random(len(have)) < rules["kembar"]
        same = parts[-1]["laki"][twin] ^ (rng.random(twin.sum()) < 0.3)
        add(have[twin], age[twin], same, "anak")
    people = {k: np.concatenate([p[k] for p in parts]) for k in parts[0]}
    n = len(people["laki"])
    keep = np.sort(rng.permutation(n)[:target])
    family = people["keluarga"]
    place = desa[home][family]
    people["nama"] = _names(rng, people["laki"], people["lahir"], rules, words)
    _namesakes(rng, people, place, rules["senama_desa"])
    spouse = np.full(families, -1)
    spouse[family[people["peran"] == "istri"]] = np.flatnonzero(people["peran"] == "istri")
    chief = np.arange(families)  # the heads come first
    other = _names(rng, np.zeros(n, bool), people["lahir"] - np.timedelta64(25 * 365), rules, words)
    child = people["peran"] == "anak"
    people["nama_ibu"] = np.where(child & (spouse[family] >= 0), people["nama"][spouse[family]], other)
    people["suami"] = np.where(people["peran"] == "istri", people["nama"][chief[family]], None)
    people["orang_tua"] = np.where(child, np.where(rng.random(n) < 0.6, spouse[family], chief[family]), -1)
    people["jenis_kelamin"] = np.where(people["laki"], "L", "P").astype(object)
    people["kode_wilayah"] = place
    elsewhere = rng.random(n) < np.where(child, 0.08, 0.2)
    issue = np.where(elsewhere, desa[rng.integers(0, len(desa), n)], place)
    people["nik"] = _nik(issue, people["lahir"], people["laki"])
    since = TODAY - rng.integers(100, 6000, families).astype("timedelta64[D]")
    people["no_kk"] = _nik(desa[home], since, np.ones(families, bool))[family]
    road = rng.choice(words["jalan"], families).astype(object)
    hamlet = rng.choice(words["dusun"], families).astype(object)
    number, rt, rw = rng.integers(1, 150, families), rng.integers(1, 13, families), rng.integers(1, 9, families)
    named = rng.random(families) < 0.4
    people["alamat"] = np.array(
        [f"{'Jl. ' + road[f] + f' No. {number[f]}' if named[f] else 'Dusun ' + hamlet[f]} RT {rt[f]:03} RW {rw[f]:03}"
         for f in range(families)], dtype=object)[family]  # fmt: skip
    people["desa"] = np.broadcast_to(np.arange(n), n)
    order = {k: v[keep] for k, v in people.items() if k not in ("desa", "orang_tua")}
    order["nik_orang_tua"] = np.where(people["orang_tua"] >= 0, people["nik"][people["orang_tua"]], None)[keep]
    order["desa_semua"] = desa
    return order


def _grown(rng: Any, age: Any) -> Any:
    """Ages of wives: none under 18, and those that would be spread over some years."""
    return np.where(age < 18, 18 + rng.random(len(age)) * 8, age)


def _nik(place: Any, day: Any, male: Any) -> Any:
    """Sixteen digits: kecamatan, birth date (women: day + 40), and a serial that counts within these."""
    text = np.char.replace(place.astype(str), ".", "").astype("U6")
    iso = np.datetime_as_string(day.astype("datetime64[D]"))
    date = [f"{int(d[8:]) + (0 if m else 40):02}{d[5:7]}{d[2:4]}" for d, m in zip(iso, male, strict=True)]
    prefix = np.char.add(text, np.array(date))
    order = np.argsort(prefix, kind="stable")
    ranked = prefix[order]
    start = np.r_[True, ranked[1:] != ranked[:-1]]
    first = np.maximum.accumulate(np.where(start, np.arange(len(ranked)), 0))
    serial = np.empty(len(prefix), int)
    serial[order] = np.arange(len(ranked)) - first + 1
    return np.array([f"{p}{s:04}" for p, s in zip(prefix, serial, strict=True)], dtype=object)


def _draw(rng: Any, options: list[str], n: int, rules: dict[str, Any]) -> Any:
    used = options[: max(4, round(len(options) * rules["kosakata"]))]
    weight = 1 / np.arange(2, len(used) + 2) ** rules["zipf"]
    return rng.choice(np.array(used, dtype=object), n, p=weight / weight.sum())


def _names(rng: Any, male: Any, born: Any, rules: dict[str, Any], words: dict[str, Any]) -> Any:
    """Old people more often have one Javanese word, young ones two or three."""
    n = len(male)
    year = born.astype("datetime64[Y]").astype(int) + 1970
    old = rng.random(n) < np.clip((1990 - year) / 50, 0.05, 0.8)
    one = rng.random(n) < np.where(old, 2 * rules["satu_kata"], 0.4 * rules["satu_kata"])
    three = rng.random(n) < np.where(old, 0.03, 0.25)
    result = np.empty(n, dtype=object)
    for sex, part in ((True, words["laki"]), (False, words["perempuan"])):
        ends = words["suku"]["laki" if sex else "perempuan"]
        at = np.flatnonzero(male == sex)
        java = _draw(rng, words["suku"]["awal"], len(at), rules) + _draw(rng, ends, len(at), rules)
        first = _draw(rng, part["depan"], len(at), rules)
        last = _draw(rng, part["belakang"], len(at), rules)
        middle = _draw(rng, part["depan"] + part["belakang"], len(at), rules)
        start = np.where(old[at] & (rng.random(len(at)) < 0.6), java, first)
        name = np.where(one[at], start, start + " " + last)
        result[at] = np.where(three[at] & ~one[at], start + " " + middle + " " + last, name)
    return result


def _namesakes(rng: Any, people: dict[str, Any], place: Any, share: float) -> None:
    """Give `share` of the persons the name of another person of their desa and sex."""
    order = np.lexsort((rng.random(len(place)), people["laki"], place))
    here, after = order[:-1], order[1:]
    good = (place[here] == place[after]) & (people["laki"][here] == people["laki"][after])
    pick = good & (rng.random(len(here)) < share)
    pick[1:] &= ~pick[:-1]
    people["nama"][after[pick]] = people["nama"][here[pick]]
