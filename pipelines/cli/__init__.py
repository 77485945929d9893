"""The command line: `satudata run | check | publish | release | query | serve | doctor | wilayah | keys | identity |
subject`.

Exit codes: 0 all is well; 1 nothing was promoted, or the command could not do its work;
2 `check` found the file DIKEMBALIKAN; 3 `run` finished, but some sources were returned or are late;
64 the command line is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import typer

from pipelines.contract.yaml_lines import DeclarationError
from pipelines.home import Busy, HomeError

WRONG_COMMAND_LINE = 64
# Each is a module here of that name, with a function of that name or a `group` of commands.
COMMANDS = (
    "run", "check", "publish", "release", "query", "serve", "doctor", "wilayah", "keys", "identity", "subject",
)  # fmt: skip


def application(words: Sequence[str]) -> typer.Typer:
    """The command line; of its commands only the one that `words` begin with is imported, since that takes a second.

    The others are there by name, and by what the first line of their module says of them.
    """
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        help=f"Satu Data warehouse.\n\n{__doc__.partition(chr(10) * 2)[2]}" if __doc__ else None,
    )
    for name in COMMANDS:
        if name not in words[:1]:
            app.command(name, help=_summary(name))(lambda: None)
            continue
        module = import_module(f"{__name__}.{name}")
        if hasattr(module, "group"):
            app.add_typer(module.group, name=name)
        else:
            app.command()(getattr(module, name))
    return app


def main() -> None:
    """Entry point of `satudata`."""
    try:
        code = application(sys.argv[1:])(standalone_mode=False)
    except typer.TyperException as error:
        # The exceptions of a wrong command line are Typer's own, not those of the package click.
        show = getattr(error, "show", None)
        show() if show else print(f"satudata: {error}", file=sys.stderr)
        code = WRONG_COMMAND_LINE
    except DeclarationError as error:
        print("The declarations cannot be used:", *error.problems, sep="\n  ", file=sys.stderr)
        code = 1
    except (Busy, HomeError) as error:
        print(f"satudata: {error}", file=sys.stderr)
        code = 1
    except (typer.Abort, KeyboardInterrupt):
        print("satudata: stopped; the next run finishes the work", file=sys.stderr)
        code = 1
    except BrokenPipeError:
        code = 0
    sys.exit(code or 0)


def _summary(name: str) -> str:
    with Path(__file__).with_name(f"{name}.py").open(encoding="utf-8") as file:
        said = file.readline().strip().strip('"').partition(": ")[2]
    return said[:1].upper() + said[1:]
