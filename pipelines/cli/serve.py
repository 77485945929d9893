"""`satudata serve`: the pairs that wait for a person, in a browser on this machine."""

from __future__ import annotations

import getpass
import socket
from contextlib import suppress
from typing import Annotated

import typer

from pipelines.cli.options import HomeOption
from pipelines.home import Home

PORT = 8021


def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")] = PORT,
    oleh: Annotated[
        str | None, typer.Option(metavar="NAMA", help="Who answers; kept with each answer. Default: the system user.")
    ] = None,
    home: HomeOption = None,
) -> int:
    """Show the pairs of records that may be one person, two side by side, and keep what is answered.

    Only this machine can reach it, and only a browser in which the printed address was opened. A night may run
    meanwhile. The next night uses the answers. Stop it with Ctrl-C.

    Exit codes: 0 stopped; 1 it could not start, with the reason.

    Examples:

      satudata serve --oleh "Siti Aminah"

      satudata serve --port 8030 --home /srv/satudata
    """
    # Imported here: the other commands need no web server, and it takes a third of a second.
    import uvicorn

    from pipelines.serve.guard import Session
    from pipelines.serve.pages import Pages

    place = (Home(home) if home else Home.default()).ensure()
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        typer.echo(f"satudata: cannot listen on port {port}: {error}; choose another with --port", err=True)
        return 1
    session = Session(listener.getsockname()[1])
    pages = Pages(place, oleh or getpass.getuser(), session)
    app = pages.app(lambda kind: typer.echo(f"satudata: a page failed: {kind}", err=True))
    # Its own log would hold addresses and, after a fault, values.
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, log_level="critical", access_log=False, server_header=False)
    )
    typer.echo(f"Open this address in a browser on this machine (it holds a secret):\n{session.address}")
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0
