"""The form as a server reads it."""

from __future__ import annotations

import io
from email.parser import BytesParser
from email.policy import HTTP

from hypothesis import given
from hypothesis import strategies as st

from pipelines.ckan.multipart import PIECE, Form


def read(form: Form) -> dict[str, tuple[str | None, bytes]]:
    """Field or file by name: file name and content, read by the parser of the standard library."""
    head = f"Content-Type: {form.content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP.clone(linesep="\r\n")).parsebytes(head + b"".join(form))
    found = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found[str(part.get_param("name", header="content-disposition"))] = (part.get_filename(), content)
    return found


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")))
def test_text_arrives(text: str) -> None:
    assert read(Form({b"judul": text.encode()}, {}))["judul"][1].decode() == text


def test_files_arrive_and_can_be_sent_again() -> None:
    content = bytes(range(256)) * (PIECE // 100)
    form = Form({b"id": b"1"}, {"upload": ("a.bin", io.BytesIO(content), "application/octet-stream")})
    once = b"".join(form)
    assert b"".join(form) == once
    assert len(form) == len(once)
    assert content in once
    assert max(map(len, form)) <= PIECE


def test_a_name_cannot_break_the_form() -> None:
    form = Form({}, {"upload": ('a"; name="kunci"\r\nX: y.csv', io.BytesIO(b"isi"), "text/csv")})
    assert list(read(form)) == ["upload"]
    assert b"\r\nX: y" not in b"".join(form)
