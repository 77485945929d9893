"""A form with files, sent piece by piece: a file of any size takes no more memory than one piece."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import BinaryIO

PIECE = 1 << 18


class Form:
    """Body of a multipart/form-data request (RFC 7578). Can be sent more than once: files are read from their start."""

    def __init__(self, fields: Mapping[bytes, bytes], files: Mapping[str, tuple[str, BinaryIO, str]]) -> None:
        boundary = f"satudata-{secrets.token_hex(16)}"
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._plain = [self._head(boundary, key.decode()) + value + b"\r\n" for key, value in fields.items()]
        self._files = [
            (self._head(boundary, key, f'; filename="{_quoted(name)}"', f"Content-Type: {kind}\r\n"), file)
            for key, (name, file, kind) in files.items()
        ]
        self._end = f"--{boundary}--\r\n".encode()

    def __len__(self) -> int:
        files = sum(len(head) + file.seek(0, 2) + 2 for head, file in self._files)
        return sum(map(len, self._plain)) + files + len(self._end)

    def __iter__(self) -> Iterator[bytes]:
        yield from self._plain
        for head, file in self._files:
            yield head
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece
            yield b"\r\n"
        yield self._end

    @staticmethod
    def _head(boundary: str, key: str, more: str = "", line: str = "") -> bytes:
        disposition = f'Content-Disposition: form-data; name="{_quoted(key)}"{more}'
        return f"--{boundary}\r\n{disposition}\r\n{line}\r\n".encode()


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
