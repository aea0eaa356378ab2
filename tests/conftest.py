"""One thread a process, one profile for property tests (no deadlines, the same examples), and fixtures for commands."""

import os
import shutil

os.environ["OMP_NUM_THREADS"] = "1"  # before torch: spinning threads beside a second test process cost a factor of ten

import pytest
from hypothesis import settings

from grouptool.cli.main import run

pytest_plugins = ["catalog_places"]

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("steady")


@pytest.fixture(autouse=True)
def own_places(monkeypatch, tmp_path, tmp_path_factory, request):
    """No test touches the user's catalog or folder; the catalog of commands is empty, which is quicker than shipped."""
    place = tmp_path_factory.mktemp("own") / "catalog.sqlite"
    monkeypatch.setenv("GROUPTOOL_CATALOG", str(place))
    monkeypatch.chdir(tmp_path)
    if "call" in request.fixturenames:
        shutil.copy(request.getfixturevalue("empty_catalog"), place)


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
