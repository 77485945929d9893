"""`python -m pipelines.cli` is `satudata`."""

from pipelines.cli import main

main()
