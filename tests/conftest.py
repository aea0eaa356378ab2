"""One thread a process, one profile for property tests (no deadlines, the same examples), and fixtures for commands."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before torch: spinning threads beside a second test process cost a factor of ten

import pytest
from hypothesis import settings

from grouptool.cli.main import run

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def own_places(monkeypatch, tmp_path):
    """No test touches the user's catalog or folder."""
    monkeypatch.setenv("GROUPTOOL_CATALOG", str(tmp_path / "catalog.sqlite"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["plain", "compiled"])
def kernels(request, monkeypatch):
    """Once with the plain twins, once with the compiled kernels."""
    monkeypatch.setenv("GROUPTOOL_KERNELS", request.param)
    return request.param


@pytest.fixture
def call(capsys):
    """Run a command line; gives exit code, stdout and stderr."""

    def run_it(*arguments):
        with pytest.raises(SystemExit) as end:
            run(arguments)
        printed = capsys.readouterr()
        return end.value.code, printed.out, printed.err

    return run_it
