"""``python -m grouptool`` is the command ``grouptool``."""

from .cli.main import run

if __name__ == "__main__":
    run()
