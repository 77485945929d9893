import base64
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.home import Home, KeyFault
from pipelines.release import Approval, ReleaseFault, approval, approve, public_file, signing_key
from pipelines.release.minisign import SecretKey, check, read_public, read_secret, sign
from pipelines.release.signature import secret_file
from tests.unit.release.kit import BY

MINISIGN = shutil.which("minisign")
needs_minisign = pytest.mark.skipif(
    not MINISIGN, reason="the program minisign is not on this Linux: apt install minisign"
)
KEY = SecretKey(bytes(range(32)), b"\x01\x02\x03\x04\x05\x06\x07\x08")


def minisign(*arguments: object) -> subprocess.CompletedProcess[str]:
    assert MINISIGN
    return subprocess.run([MINISIGN, *map(str, arguments)], capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """A signed file and the public key."""
    file, public = tmp_path / "berkas.json", tmp_path / "walidata.pub"
    file.write_bytes(b"isi\n" * 100_000)
    public.write_text(KEY.public.text())
    sign(file, KEY, BY.comment())
    return file, public


def test_a_signature_tells_who_and_why(signed: tuple[Path, Path]) -> None:
    assert Approval.of(check(*signed), signed[0]) == BY
    assert BY.comment().isascii() and "\n" not in BY.comment()
    assert json.loads(BY.comment()) == {"oleh": BY.oleh, "alasan": BY.alasan, "waktu": BY.waktu}


@needs_minisign
def test_minisign_confirms_our_signature(signed: tuple[Path, Path]) -> None:
    file, public = signed
    done = minisign("-Vm", file, "-p", public)
    assert done.returncode == 0, done.stderr
    assert f"Trusted comment: {BY.comment()}" in done.stdout
    assert minisign("-VHm", file, "-p", public).returncode == 0  # -H: nothing but a hash was signed
    file.write_bytes(b"lain")
    assert minisign("-Vm", file, "-p", public).returncode != 0


@needs_minisign
def test_we_confirm_the_signature_of_minisign(tmp_path: Path) -> None:
    secret, public, file = tmp_path / "kunci", tmp_path / "kunci.pub", tmp_path / "berkas"
    file.write_bytes(b"isi")
    assert minisign("-GW", "-s", secret, "-p", public).returncode == 0
    assert minisign("-SHm", file, "-s", secret, "-t", BY.comment()).returncode == 0
    assert Approval.of(check(file, public), file) == BY
    key = read_secret(secret.read_text(), "kunci")
    assert key.public == read_public(public)
    sign(file, key, "lagi")
    assert minisign("-Vm", file, "-p", public).returncode == 0


@needs_minisign
def test_minisign_signs_with_our_key(tmp_path: Path, home: Home) -> None:
    key = signing_key(home)
    file = tmp_path / "berkas"
    file.write_bytes(b"isi")
    assert minisign("-SHm", file, "-s", secret_file(home), "-t", BY.comment()).returncode == 0
    assert check(file, public_file(home)) == BY.comment()
    assert key.public.id in public_file(home).read_text()


def test_every_changed_byte_of_a_signature_is_found(signed: tuple[Path, Path]) -> None:
    file, public = signed
    where = file.with_name(file.name + ".minisig")
    whole = where.read_bytes()
    first = whole.index(b"\n") + 1  # the line before is the untrusted comment
    for offset in range(first, len(whole) - 1):
        where.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
        with pytest.raises(ReleaseFault):
            check(file, public)


def test_a_file_or_key_that_is_another_one(signed: tuple[Path, Path], tmp_path: Path) -> None:
    file, public = signed
    file.write_bytes(b"isi\n" * 99_999 + b"isj\n")
    with pytest.raises(ReleaseFault, match="changed after it was signed"):
        check(file, public)
    public.write_text(SecretKey(KEY.seed, b"anothern").public.text())
    with pytest.raises(ReleaseFault, match=r"another key \(0807060504030201\)"):
        check(file, public)
    for text in ("", "satu baris", "a\nbukan base64\n", "a\n" + "QQ==\n", "\0", "a\n" + "A" * 56 + "\n"):
        public.write_text(text)
        with pytest.raises(ReleaseFault, match="minisign"):
            check(file, public)
    public.write_bytes(b"\xff")
    with pytest.raises(ReleaseFault, match="no file of minisign"):
        check(file, public)
    public.unlink()
    with pytest.raises(ReleaseFault, match="No such file"):
        check(file, public)


@given(st.binary(max_size=300))
def test_no_bytes_make_the_check_fail_otherwise(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        file, public = Path(place, "a"), Path(place, "b")
        file.touch()
        public.write_text(KEY.public.text())
        Path(place, "a.minisig").write_bytes(b"untrusted comment: x\n" + data)
        with pytest.raises(ReleaseFault):
            check(file, public)


@pytest.mark.parametrize("comment", ["dua\nbaris", "tab\t", "\u2028", "x" * 8001])
def test_a_comment_is_one_short_line(tmp_path: Path, comment: str) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(ReleaseFault, match="one line"):
        sign(tmp_path / "a", KEY, comment)


@pytest.mark.parametrize("who", [Approval("", "a", "b"), Approval("a", "  ", "b"), Approval("a", "b", "")])
def test_nobody_approves_without_name_and_reason(release: Path, who: Approval) -> None:
    with pytest.raises(ReleaseFault, match="without a name"):
        approve(release, KEY, who)
    assert approval(release) == BY


@pytest.mark.parametrize("comment", ["timestamp:1", "[]", '{"oleh": "a"}', '{"oleh": 1, "alasan": "b", "waktu": "c"}'])
def test_a_signature_that_names_nobody_is_no_approval(release: Path, home: Home, comment: str) -> None:
    sign(release / "manifest.json", signing_key(home), comment)
    with pytest.raises(ReleaseFault, match="approve it again"):
        approval(release)


def test_the_key_is_made_once_and_for_this_user_alone(home: Home) -> None:
    key = signing_key(home)
    assert signing_key(home) == key
    assert secret_file(home).stat().st_mode & 0o777 == 0o600
    assert secret_file(home).parent == home.identity
    assert repr(key.seed) not in repr(key)
    public_file(home).unlink()
    assert signing_key(home) == key and public_file(home).exists()


def test_the_key_lies_where_the_other_key_lies(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUDATA_KEY_FILE", str(tmp_path / "brankas/kunci"))
    signing_key(home)
    assert secret_file(home) == tmp_path / "brankas/walidata.key" and secret_file(home).exists()


def test_a_key_that_cannot_be_trusted_is_not_used(home: Home) -> None:
    signing_key(home)
    path = secret_file(home)
    path.chmod(0o640)
    with pytest.raises(KeyFault, match="chmod 600"):
        signing_key(home)
    path.chmod(0o600)
    whole = path.read_text()
    for text in (
        "",
        whole[:-20],
        whole.replace("RWQA", "RWRT", 1),
        whole[:60] + "x" + whole[61:150] + "AAAA" + whole[154:],
    ):
        path.write_text(text)
        with pytest.raises(KeyFault) as told:
            signing_key(home)
        assert whole.splitlines()[1] not in str(told.value)
    path.write_text(SecretKey(b"x" * 32, b"12345678").text())
    with pytest.raises(KeyFault, match="does not belong to"):
        signing_key(home)
    path.unlink()
    with pytest.raises(KeyFault, match="restore it from its backup"):
        signing_key(home)


def test_a_key_under_a_password_is_refused() -> None:
    line = KEY.text().splitlines()[1]
    body = bytearray(base64.b64decode(line))
    body[2:4] = b"Sc"
    with pytest.raises(ReleaseFault, match="under a password"):
        read_secret(f"x\n{base64.b64encode(bytes(body)).decode()}\n", "kunci")
