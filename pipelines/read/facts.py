"""Facts that stand in the path of a file."""

from __future__ import annotations

import re

from pipelines.read.error import Reading

_PLACEHOLDER = re.compile(r"{(\w+)}")


def path_facts(reading: Reading) -> dict[str, str]:
    """Return the values that `baca.dari_berkas` finds at the end of '<dataset>/<name>', as delivered.

    `{x}` stands for text without '/', the rest must be equal. Raises ReadError where the path does not match.
    """
    pattern = reading.contract.baca.dari_berkas
    if pattern is None:
        return {}
    path = f"{reading.contract.dataset}/{reading.name}"
    found = re.search(_expression(pattern), path)
    if found is None:
        raise reading.refusal(
            f"Nama berkas tidak mengikuti pola '{pattern}' yang ditetapkan di kontrak.",
            f"Beri nama dan folder sesuai pola '{pattern}', lalu kirim kembali.",
        )
    return found.groupdict()


def _expression(pattern: str) -> str:
    expression, seen = "(?:^|/)", set()
    for index, part in enumerate(_PLACEHOLDER.split(pattern.lstrip("/"))):
        if index % 2 == 0:
            expression += re.escape(part)
        elif part in seen:
            expression += f"(?P={part})"
        else:
            seen.add(part)
            expression += f"(?P<{part}>[^/]+)"
    return expression + r"\Z"
