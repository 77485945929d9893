"""Whether a folder holds exactly the files that its manifest lists."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipelines.home import sha256_file
from pipelines.release.manifest import UNLISTED, File, listing
from pipelines.release.problem import Problem

AGAIN = "copy it again from the release it came from"


def differences(
    folder: Path,
    files: Mapping[str, File],
    deep: bool = True,
    known: Mapping[str, str] | None = None,
    besides: Collection[str] = UNLISTED,
) -> Iterator[Problem]:
    """Each file that is missing, too many, no plain file, or not as listed (`deep`: by its hash, not its size alone).

    `files` are those that must be there, by path, and `besides` paths that may be. Files in `known`
    (path -> sha256) are not read again.
    """
    there, odd = {}, set()
    for path, entry in listing(folder):
        if entry.is_file(follow_symlinks=False):
            there[path] = entry.stat(follow_symlinks=False).st_size
        else:
            odd.add(path)
            yield Problem(path, "is a link or no plain file; it was not followed: remove it")
    for path in sorted(there.keys() - files.keys() - set(besides)):
        yield Problem(path, "is not in the manifest, so somebody added it; remove it")
    for path in sorted(files.keys() - there.keys() - odd):
        yield Problem(path, f"is missing; {AGAIN}")
    to_read = []
    for path in sorted(files.keys() & there.keys()):
        stated = files[path]
        if there[path] != stated.bytes:
            yield Problem(path, f"has {there[path]} bytes instead of {stated.bytes}; {AGAIN}")
        elif deep and (known or {}).get(path) != stated.sha256:
            to_read.append(stated)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for stated, problem in zip(to_read, pool.map(lambda f: _changed(folder, f), to_read), strict=True):
            if problem:
                yield Problem(stated.path, problem)


def _changed(folder: Path, stated: File) -> str:
    try:
        same = sha256_file(folder / stated.path) == stated.sha256
    except OSError as error:
        return f"cannot be read ({error.strerror}); {AGAIN}"
    return "" if same else f"was changed: its content is not what the manifest lists; {AGAIN}"
