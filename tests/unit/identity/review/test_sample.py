"""The sample for clerical review stays what it is over nights, and what is estimated from it holds."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import Home, Key
from pipelines.identity.review import sample as review
from pipelines.identity.review import summary, worklist
from pipelines.identity.review.estimate import Share, Stratum, weigh, wilson
from tests.unit.identity.conftest import person
from tests.unit.identity.review.small import NIGHT, copied, night, records, small_home

Linked = tuple[Home, Key]


@pytest.fixture(scope="module")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Linked:
    home, key = small_home(tmp_path_factory.mktemp("malam") / "home")
    night(home, key, records())
    return home, key


@pytest.fixture
def linked(first_night: Linked, tmp_path: Path) -> Linked:
    return copied(first_night, tmp_path / "home")


def rows(linked: Linked, sql: str) -> list[tuple[object, ...]]:
    with worklist.opened(*linked) as con:
        con.execute("USE register.penduduk")
        found = con.execute(sql).fetchall()
        con.execute("USE memory")
    return found


def sample(linked: Linked) -> list[tuple[object, ...]]:
    return sorted(rows(linked, "SELECT jenis, sumber_a, kunci_a, kunci_b FROM contoh WHERE jenis <> 'sendiri'"))


def say(linked: Linked, said: str, jenis: str, count: int) -> list[str]:
    """Answer the first pairs of a kind; returns the keys of their first records."""
    with worklist.opened(*linked) as con:
        drawn = con.execute(
            f"SELECT sumber_a, kunci_a FROM register.penduduk.contoh WHERE jenis = '{jenis}' AND sumber_b IS NOT NULL "
            f"ORDER BY kunci_a LIMIT {count}"
        ).fetchall()
        pairs = [p for p in worklist.all_pairs(con).values() if (p.a.sumber, p.a.kunci) in drawn]
    worklist.answer(*linked, [(pair, said, None) for pair in pairs], "Siti")
    return [pair.a.kunci for pair in pairs]


def test_each_stratum_is_drawn_from_and_no_link_to_itself(linked: Linked) -> None:
    drawn = dict(rows(linked, "SELECT lapis, count(*) FROM contoh GROUP BY ALL"))
    sizes = dict(rows(linked, "SELECT lapis, banyak FROM lapisan"))
    assert drawn == {lapis: min(review.PER_STRATUM, n) for lapis, n in sizes.items()}
    assert {"nik dari 0,999", "ragu di bawah 0,5", "sendiri"} <= set(sizes)
    assert rows(linked, "SELECT 1 FROM contoh WHERE (sumber_a, kunci_a) = (sumber_b, kunci_b)") == []


def test_the_same_pairs_are_drawn_every_night_in_whatever_order_rows_come(linked: Linked) -> None:
    before = sample(linked)
    night(*linked, list(reversed(records())), NIGHT + timedelta(days=1))
    assert sample(linked) == before


def test_a_link_found_wrong_stays_in_the_sample_after_it_is_gone(linked: Linked) -> None:
    wrong = say(linked, "beda", "tautan", 2)
    assert len(wrong) == 2
    night(*linked, records(), NIGHT + timedelta(days=1))
    assert set(wrong) <= {row[2] for row in sample(linked)}
    (stratum,) = (s for s in told(linked)["mutu"]["lapisan"] if s["jenis"] == "tautan")
    assert (stratum["dijawab"], stratum["sama"]) == (2, 0)


def test_answers_count_on_when_a_new_model_is_learnt(linked: Linked) -> None:
    assert len(say(linked, "sama", "tautan", 5)) == 5
    assert len(say(linked, "beda", "tautan", 2)) == 2
    night(*linked, records(), NIGHT + timedelta(days=1), anew=True)
    (stratum,) = (s for s in told(linked)["mutu"]["lapisan"] if s["jenis"] == "tautan")
    assert (stratum["dijawab"], stratum["sama"]) == (5, 3)


def test_what_was_answered_goes_with_its_records(linked: Linked) -> None:
    (gone,) = say(linked, "beda", "tautan", 1)
    rest = [r for r in records() if r["kunci"] != gone]
    night(*linked, rest, NIGHT + timedelta(days=1))
    assert gone not in {row[2] for row in sample(linked)}


def test_a_record_that_stands_alone_is_shown_with_the_one_nearest_to_it(tmp_path: Path) -> None:
    linked = small_home(tmp_path / "home")
    # Of the right person all that a machine would need is gone, but a person sees it.
    of = person(7)
    night(*linked, [*records(), of | {"sumber": "opd.lain", "kunci": "X", "nik": None, "no_kk": None, "nama_ibu": None,
                                      "kode_wilayah": None, "alamat": None, "tanggal_lahir": None}])  # fmt: skip
    near = dict(rows(linked, "SELECT kunci_a, kunci_b FROM contoh WHERE jenis = 'sendiri'"))
    ((name,),) = rows(linked, f"SELECT nama_b FROM sanding WHERE kunci_a = 'X' AND kunci_b = '{near['X']}'")
    assert sorted(str(name).split()) == sorted(str(of["nama"]).split())


def told(linked: Linked) -> dict[str, dict[str, list[dict[str, object]]]]:
    with worklist.opened(*linked) as con:
        found = summary.latest(con, "register.penduduk")
    assert found
    return found[1]


def test_before_there_are_answers_only_the_scores_speak(linked: Linked) -> None:
    quality = told(linked)["mutu"]
    assert quality["presisi"] is None and quality["recall"] is None
    assert 0.9 < quality["recall_skor"] < quality["presisi_skor"] <= 1  # type: ignore[operator]


def test_answers_to_the_sample_give_precision_and_recall(linked: Linked) -> None:
    say(linked, "sama", "tautan", 18)
    say(linked, "beda", "sendiri", 20)
    say(linked, "beda", "ragu", 20)
    night(*linked, records(), NIGHT + timedelta(days=1))
    quality = told(linked)["mutu"]
    assert quality["presisi"] == pytest.approx({"nilai": 1.0, "bawah": wilson(1, 18)[0], "atas": 1.0})
    assert quality["recall"]["nilai"] == 1  # type: ignore[call-overload]
    say(linked, "beda", "tautan", 18)  # the last answer counts
    night(*linked, records(), NIGHT + timedelta(days=2))
    assert told(linked)["mutu"]["presisi"]["nilai"] == 0  # type: ignore[call-overload]


def test_a_row_a_night_says_what_changed_and_names_nobody(linked: Linked) -> None:
    assert told(linked)["perubahan"] is None
    night(*linked, records(), NIGHT + timedelta(days=1))
    assert set(told(linked)["perubahan"].values()) == {0}
    more = [*records()[1:], person(700) | {"sumber": "opd.lain", "kunci": "baru", "nik": None}]
    night(*linked, more, NIGHT + timedelta(days=2))
    changed = told(linked)["perubahan"]
    assert (changed["rekaman_baru"], changed["rekaman_hilang"], changed["kunci_baru"]) == (1, 1, 1)
    texts = "".join(str(isi) for (isi,) in rows(linked, "SELECT isi FROM ringkasan"))
    assert rows(linked, "SELECT count(*) FROM ringkasan") == [(3,)]
    for record in records():
        for field in ("nik", "no_kk", "nama", "kunci", "nama_ibu"):
            assert f'"{record[field]}"' not in texts or record[field] is None
        assert str(record["nik"]) not in texts or record["nik"] is None


def test_wilson_is_the_textbook_interval() -> None:
    assert wilson(0.9, 50) == pytest.approx((0.7864, 0.9565), abs=5e-5)
    assert wilson(1, 20) == pytest.approx((0.8389, 1), abs=5e-5)


def test_one_stratum_is_plain_wilson_and_unknown_strata_widen() -> None:
    assert weigh([Stratum("tautan", "a", 1000, 20, 20, 20)]) == Share(1, *wilson(1, 20))
    known, small = Stratum("tautan", "a", 960, 20, 20, 20), Stratum("tautan", "b", 40, 20, 3, 3)
    wider = weigh([known, small])
    assert wider and wider.bawah == pytest.approx(0.96 * wilson(1, 20)[0]) and wider.atas == 1
    assert weigh([known, Stratum("tautan", "b", 400, 20, 3, 3)]) is None
    assert weigh([]) is None


@pytest.mark.parametrize("truth", [(0.999, 0.95, 0.8), (0.97, 0.9, 0.5), (1.0, 0.999, 0.99)])
def test_the_interval_covers_the_truth_as_often_as_it_says(truth: tuple[float, ...]) -> None:
    chance, sizes = random.Random(5), (90_000, 8_000, 2_000)
    right = sum(n * p for n, p in zip(sizes, truth, strict=True)) / sum(sizes)
    covered = 0
    for _ in range(600):
        strata = [
            Stratum("tautan", str(n), n, 20, 20, sum(chance.random() < p for _ in range(20)))
            for n, p in zip(sizes, truth, strict=True)
        ]
        share = weigh(strata)
        assert share
        covered += share.bawah <= right <= share.atas
    assert covered / 600 >= 0.93


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(5, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_an_estimate_lies_in_its_interval(parts: list[tuple[int, int, int]]) -> None:
    strata = [Stratum("tautan", str(i), n, k, k, min(x, k)) for i, (n, k, x) in enumerate(parts)]
    share = weigh(strata)
    assert share and 0 <= share.bawah <= share.nilai + 1e-9 and share.nilai - 1e-9 <= share.atas <= 1
