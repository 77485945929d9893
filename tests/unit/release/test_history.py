import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.release import Change, ReleaseFault, history

CHANGE = Change("dinas-harga", "Harga", "berubah", 5, 6, 1, 0, 2, ("1 baris baru.",))
NOTHING = {"tanggal": None, "sebelum": None, "dataset": []}


def told(release: Path, content: object) -> None:
    (release / "riwayat.json").write_text(json.dumps(content))


def test_the_newest_is_first_and_knows_the_one_before(release: Path) -> None:
    first = history(None, release.name, "2025-01-06", [replace(CHANGE, jenis="baru", baris_lama=None)])
    assert first[0]["sebelum"] is None and first[0]["dataset"][0]["baris_lama"] is None
    told(release, first)
    both = history(release, "0123456789ab", "2025-02-06", [CHANGE])
    assert [entry["versi"] for entry in both] == ["0123456789ab", release.name]
    assert both[0] == {
        "versi": "0123456789ab",
        "tanggal": "2025-02-06",
        "sebelum": release.name,
        "dataset": [
            {
                "slug": "dinas-harga",
                "judul": "Harga",
                "jenis": "berubah",
                "baris_lama": 5,
                "baris_baru": 6,
                "ditambah": 1,
                "dihapus": 0,
                "diubah": 2,
                "kalimat": ["1 baris baru."],
            }
        ],
    }
    assert json.loads(json.dumps(both)) == both


def test_the_same_version_again_adds_nothing(release: Path) -> None:
    told(release, [{"versi": release.name, **NOTHING}])
    assert history(release, release.name, "2025-02-06", [CHANGE]) == [{"versi": release.name, **NOTHING}]


def test_it_does_not_grow_for_ever(release: Path) -> None:
    told(release, [{"versi": f"{n:012}", **NOTHING} for n in range(200)])
    found = history(release, "0123456789ab", None, [])
    assert len(found) == 200 and found[0]["versi"] == "0123456789ab" and found[-1]["versi"] == f"{198:012}"


def test_a_release_of_an_earlier_program_begins_a_new_history(tmp_path: Path) -> None:
    assert len(history(tmp_path, "0123456789ab", None, [])) == 1


@pytest.mark.parametrize("text", ["", "{}", "[1]", "[{}]", "[null]"])
def test_a_damaged_history_is_not_thrown_away(release: Path, text: str) -> None:
    (release / "riwayat.json").write_text(text)
    with pytest.raises(ReleaseFault, match=r"riwayat\.json cannot be read"):
        history(release, "0123456789ab", None, [])


@pytest.mark.parametrize("left_out", ["versi", "tanggal", "sebelum", "dataset"])
def test_an_entry_that_lacks_something_is_damage(release: Path, left_out: str) -> None:
    (entry,) = history(None, release.name, "2025-01-06", [CHANGE])
    told(release, [{key: value for key, value in entry.items() if key != left_out}])
    with pytest.raises(ReleaseFault, match="cannot be read"):
        history(release, "0123456789ab", "2025-02-06", [CHANGE])
