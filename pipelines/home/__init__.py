"""The home: its folders, its lock, and writing that never leaves half of anything."""

from pipelines.home.atomic import (
    as_json,
    aside,
    promote_dir,
    put_text,
    sha256_file,
    sweep,
    write_bytes,
    write_json,
    write_text,
)
from pipelines.home.key_files import KeyFault
from pipelines.home.keys import Key
from pipelines.home.lock import Busy, exclusive
from pipelines.home.paths import REPO, Home, HomeError, machine_faults

__all__ = [
    "REPO",
    "Busy",
    "Home",
    "HomeError",
    "Key",
    "KeyFault",
    "as_json",
    "aside",
    "exclusive",
    "machine_faults",
    "promote_dir",
    "put_text",
    "sha256_file",
    "sweep",
    "write_bytes",
    "write_json",
    "write_text",
]
