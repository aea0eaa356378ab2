"""A line on the terminal while a search runs longer than two seconds.

Public: working.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

__all__ = ["working"]

PATIENCE = 2.0  # seconds


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show what is being done and for how long, on stderr, from two seconds on and only on a terminal.

    How much is left is not known to a search, so the bar runs to and fro.
    """
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    shown = threading.Thread(target=_show, args=(what, done), daemon=True)
    shown.start()
    try:
        yield
    finally:
        done.set()
        shown.join()


def _show(what: str, done: threading.Event) -> None:
    start = time.monotonic()
    if done.wait(PATIENCE):
        return
    width = 12
    step = 0
    while not done.wait(0.2):
        place = abs((step % (2 * width)) - width)
        bar = "." * place + "###" + "." * (width - place)
        click.echo(f"\r{what} [{bar}] {time.monotonic() - start:.0f} s", nl=False, err=True)
        step += 1
    click.echo("\r\x1b[K", nl=False, err=True)
