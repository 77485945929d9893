"""The command line: `satudata run | check | query | serve | doctor | wilayah | keys | identity | subject`.

Exit codes: 0 all is well; 1 nothing was promoted, or the command could not do its work;
2 `check` found the file DIKEMBALIKAN; 3 `run` finished, but some sources were returned or are late;
64 the command line is wrong.
"""

from __future__ import annotations

import sys

import typer

from pipelines.cli.check import check
from pipelines.cli.doctor import doctor
from pipelines.cli.identity import group as identity_group
from pipelines.cli.keys import group as keys
from pipelines.cli.query import query
from pipelines.cli.run import run
from pipelines.cli.serve import serve
from pipelines.cli.subject import group as subject_group
from pipelines.cli.wilayah import group as wilayah
from pipelines.cli.wilayah_alias import alias
from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import Busy, HomeError
from pipelines.landing import ArchiveError

WRONG_COMMAND_LINE = 64

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=f"Satu Data warehouse.\n\n{__doc__.partition(chr(10) * 2)[2]}" if __doc__ else None,
)
for command in (run, check, query, serve, doctor):
    app.command()(command)
wilayah.command()(alias)
app.add_typer(wilayah, name="wilayah")
app.add_typer(keys, name="keys")
app.add_typer(identity_group, name="identity")
app.add_typer(subject_group, name="subject")


def main() -> None:
    """Entry point of `satudata`."""
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        # The exceptions of a wrong command line are Typer's own, not those of the package click.
        show = getattr(error, "show", None)
        show() if show else print(f"satudata: {error}", file=sys.stderr)
        code = WRONG_COMMAND_LINE
    except DeclarationError as error:
        print("The declarations cannot be used:", *error.problems, sep="\n  ", file=sys.stderr)
        code = 1
    except (Busy, HomeError, ArchiveError) as error:
        print(f"satudata: {error}", file=sys.stderr)
        code = 1
    except (typer.Abort, KeyboardInterrupt):
        print("satudata: stopped; the next run finishes the work", file=sys.stderr)
        code = 1
    except BrokenPipeError:
        code = 0
    sys.exit(code or 0)
