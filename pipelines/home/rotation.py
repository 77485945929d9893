"""From one key to the next. Killed anywhere, the same call finishes the work.

The next key waits in a file of its own and in kunci.json until everything is encrypted under it; then
kunci.json names it as the key, and last its file takes the place of the old one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable

from pipelines.home.atomic import settle, sweep
from pipelines.home.key_files import (
    INIT,
    LENGTH,
    VARIABLE,
    KeyFault,
    Record,
    decode,
    in_variable,
    key_file,
    next_file,
    read_key_file,
    read_record,
    read_secret,
    write_key_file,
    write_record,
)
from pipelines.home.keys import Key, is_key_of
from pipelines.home.paths import Home

NEXT_VARIABLE = "SATUDATA_NEW_KEY"


def rotate(home: Home, rewrite: Callable[[Key, Key], None]) -> Key:
    """Give the home a new key and return it; the caller holds the home's lock.

    `rewrite(old, new)` encrypts everything anew; it must be repeatable when killed, and skip what is done.
    A key in $SATUDATA_KEY is replaced by the one in $SATUDATA_NEW_KEY. Raises KeyFault.
    """
    record, secret = read_record(home), read_secret(home)
    if record is None or secret is None:
        raise KeyFault(f"there is no key to change; put the home's key in its place, or make one with: {INIT}")
    given = in_variable()
    waiting = None if given else read_key_file(next_file(home))
    if record.baru is None and waiting and is_key_of(record.kunci, waiting):
        # Killed after everything was done but for the file.
        return _finish(home, Key.of(record.kunci, waiting), given)
    old = Key.of(record.kunci, secret)
    following = _from_variable() if given else waiting or _made(home)
    if record.baru is None:
        new = Key(following, old.naming, old.version + 1)
        if new.id == old.id:
            raise KeyFault(f"${NEXT_VARIABLE} holds the present key; put a new one there")
        write_record(home, Record(record.kunci, new.entry()))
    else:
        new = Key.of(record.baru, following)
    rewrite(old, new)
    write_record(home, Record(new.entry()))
    return _finish(home, new, given)


def _finish(home: Home, new: Key, given: bool) -> Key:
    if not given:
        try:
            settle(next_file(home), key_file(home))
        except OSError as error:
            raise KeyFault.of(error, key_file(home)) from error
    return new


def _made(home: Home) -> bytes:
    if (record := read_record(home)) and record.baru:
        raise KeyFault(f"{next_file(home)} is missing, but data is encrypted under it; restore it")
    sweep(key_file(home).parent)
    secret = secrets.token_bytes(LENGTH)
    write_key_file(next_file(home), secret)
    return secret


def _from_variable() -> bytes:
    text = os.environ.get(NEXT_VARIABLE)
    if not text:
        how = "for example the output of: openssl rand -base64 32"
        raise KeyFault(f"the key is in ${VARIABLE}; put the new one in ${NEXT_VARIABLE}, {how}")
    return decode(text, f"${NEXT_VARIABLE}")
