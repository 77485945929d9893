"""`satudata keys`: the key under which personal data is kept."""

from __future__ import annotations

from pathlib import Path

import typer

from pipelines.cli.options import HomeOption
from pipelines.cli.screen import console
from pipelines.home import Home, Key, exclusive, store
from pipelines.home.key_files import INIT, VARIABLE, in_variable, key_file, record_file
from pipelines.home.keys import init as make_key
from pipelines.home.keys import load
from pipelines.home.rotation import rotate as change_key
from pipelines.home.sample import MARK
from pipelines.identity import decisions
from pipelines.landing import rekey
from pipelines.landing.archive import root

group = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The key under which personal data is kept: make it, look at it, change it.",
)


@group.command()
def init(home: HomeOption = None) -> int:
    """Make the key of this home, or set the home up with the one in $SATUDATA_KEY or $SATUDATA_KEY_FILE.

    A key that is there is never overwritten. Without a key, deliveries with personal columns are not read.

    Exit codes: 0 the home has its key, also when it had one; 1 refused, with the reason.

    Examples:

      satudata keys init

      SATUDATA_KEY_FILE=/etc/satudata/kunci satudata keys init --home /srv/satudata
    """
    place = (Home(home) if home else Home.default()).ensure()
    had = record_file(place).exists()
    with exclusive(place):
        key, made = make_key(place)
    if had:
        _say(f"{place.root} has its key (id {key.id}, version {key.version}); nothing was changed")
        return 0
    _say(f"{place.root} is set up with the key of id {key.id}" + (f", made as {made}" if made else ""))
    _back_up(place, made)
    if (place.root / MARK).exists():
        _say("This home holds the sample province: with it the key is removed when real data comes.")
    return 0


@group.command()
def status(home: HomeOption = None) -> int:
    """Say which key this home has, where it is taken from, and how much is encrypted under it.

    Exit codes: 0 the key can be used; 1 there is none, or it cannot be used: the reason is said.

    Example:

      satudata keys status --home /srv/satudata
    """
    place = Home(home) if home else Home.default()
    key = load(place)
    if key is None:
        typer.echo(f"satudata: {place.root} has no key; make one with: {INIT}", err=True)
        return 1
    source = f"${VARIABLE}" if in_variable() else str(key_file(place))
    files = sum(1 for _ in root(place, True).glob("[0-9a-f][0-9a-f]/*"))
    _say(f"key id {key.id}, version {key.version}, from {source}; {files} archived files are encrypted")
    return 0


@group.command()
def rotate(home: HomeOption = None) -> int:
    """Change to a new key: the archive of personal data and the personal store are encrypted anew.

    Can be repeated when it was stopped: it goes on where it was. Pseudonyms in the warehouse change with the
    next night; links between records stay. If the key is in $SATUDATA_KEY, put the new one in
    $SATUDATA_NEW_KEY. Backups made before still need the old key: keep it with them.

    Exit codes: 0 done; 1 refused or stopped, with the reason.

    Examples:

      satudata keys rotate --home /srv/satudata

      SATUDATA_NEW_KEY=$(openssl rand -base64 32) satudata keys rotate
    """
    place = (Home(home) if home else Home.default()).ensure()
    counts: list[int] = []

    def rewrite(old: Key, new: Key) -> None:
        counts[:] = [rekey(place, old, new), store.rekey(place, old, new)]

    with exclusive(place), decisions.alone(place):
        key = change_key(place, rewrite)
    files, stores = counts or (0, 0)
    _say(
        f"the key is now id {key.id}, version {key.version}; {files} archived files and {stores} stores encrypted anew"
    )
    _back_up(place, None if in_variable() else key_file(place))
    return 0


def _back_up(home: Home, made: Path | None) -> None:
    what = f"{made} and {record_file(home)}" if made else f"the key and {record_file(home)}"
    _say(f"Back up {what} apart from the other backups: without the key nobody can read the personal data again.")
    if in_variable():
        _say(f"Every run needs this key in ${VARIABLE}.")


def _say(text: str) -> None:
    console.print(text, soft_wrap=True)
