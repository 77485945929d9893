"""A night with personal data: without a key it is refused, with one no byte of it lies outside identity/."""

from __future__ import annotations

from pathlib import Path

from tests.integration.conftest import satudata
from tests.integration.small import Small

NIK, NAME = "3302026543210002", "Wartini binti Sukarno"
COLUMNS = {
    "nik": {"dari": "NIK", "standar": "nik", "wajib": True},
    "nama": {"dari": "Nama", "standar": "nama_orang", "wajib": True},
    "kabupaten": {"dari": "Kabupaten", "standar": "nama_wilayah", "tingkat": "kabupaten_kota", "wajib": True},
    "kasus": {"dari": "Kasus", "standar": "bilangan", "satuan": "kasus", "terbit": True},
}
ROWS = [(NIK, NAME, "Kabupaten Banyumas", "1"), (f"{NIK[:-1]}x", NAME, "Kabupaten Cilacap", "y")]
CONTENT = "".join(";".join(row) + "\n" for row in [("NIK", "Nama", "Kabupaten", "Kasus"), *ROWS]).encode()


def leaks(small: Small) -> list[Path]:
    """Files with planted values where none may be; findings go back to their own produsen."""
    allowed = (small.home / "identity", small.home / "findings" / "dukcapil")
    files = [p for p in small.home.rglob("*") if p.is_file() and not any(a in p.parents for a in allowed)]
    return [p for p in files if any(text.encode() in p.read_bytes() for text in (NIK[:-1], NAME, "Wartini"))]


def test_refused_without_a_key_then_loaded_and_never_in_clear(tmp_path: Path) -> None:
    small = Small(tmp_path)
    small.declare("dinkes.kasus")
    small.deliver("dinkes.kasus")
    small.declare("dukcapil.warga", COLUMNS, batas={"ditolak_maks": "60%"})
    small.deliver("dukcapil.warga", CONTENT)

    def night() -> tuple[int, str]:
        done = small.call("run", "--landing", small.root / "landing")
        assert "Traceback" not in done.err
        assert leaks(small) == []
        assert list((small.home / "identity" / "tmp").iterdir()) == []
        return done.code, done.out

    code, said = night()
    assert (code, "satudata keys init" in said) == (3, True)
    assert not (small.home / "archive" / "manifes" / "dukcapil").exists()
    assert (small.home / "archive" / "manifes" / "dinkes").exists()
    assert "keys init" in (small.home / "findings" / "laporan.html").read_text()
    assert satudata("keys", "init", home=small.home).code == 0
    code, said = night()
    assert "dukcapil.warga,DIKEMBALIKAN,1,2," in said
    assert satudata("keys", "rotate", home=small.home).code == 0
    code, said = night()
    assert "no work done" in said, "a new key alone changes no version"
