"""README's console blocks and snippets are what the program says today."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
from pathlib import Path

import pytest

from grouptool.cli.main import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ grouptool (.*?)\n(.*?)```", README, flags=re.S)


@pytest.mark.parametrize(("command", "shown"), [block for block in BLOCKS if not block[0].startswith("verify")])
def test_console_blocks(command, shown, capsys, tmp_path, monkeypatch):
    """The commands print what README shows; rounding errors may differ in their digits."""
    monkeypatch.setenv("GROUPTOOL_CATALOG", str(tmp_path / "catalog.sqlite"))
    with pytest.raises(SystemExit) as end:
        run(shlex.split(command))
    assert end.value.code == 0

    def plain(text):
        return [re.sub(r"\d\.\de-1\d", "small", line.rstrip()) for line in text.strip().splitlines()]

    assert plain(capsys.readouterr().out) == plain(shown)


def test_the_library_snippets():
    """The pycon blocks run as one session."""
    session = "\n".join(re.findall(r"```pycon\n(.*?)```", README, flags=re.S))
    test = doctest.DocTestParser().get_doctest(session, {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def _modules_with_examples():
    for path in sorted((ROOT / "grouptool").rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("module", list(_modules_with_examples()))
def test_docstring_examples(module):
    """Examples in docstrings run."""
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted
    assert found.failed == 0


def test_the_python_snippet_is_the_library_s():
    """The names that README imports exist."""
    (snippet,) = re.findall(r"```python\n(from grouptool import group\n.*?)```", README, flags=re.S)
    lines = [f">>> {line}" for line in snippet.splitlines() if line.startswith("from ")]
    assert len(lines) == 3
    test = doctest.DocTestParser().get_doctest("\n".join(lines), {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0
