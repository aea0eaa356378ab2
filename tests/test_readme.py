"""README's console blocks and snippets are what the program says today."""

from __future__ import annotations

import doctest
import importlib
import json
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


def test_the_snippet_of_verify(tmp_path, capsys):
    """README's lines, on S3 in place of S5, with the first network as somebody's file."""
    import torch
    from safetensors.numpy import load_file

    (snippet,) = re.findall(r"```python\n(import verify\n.*?)```", README, flags=re.S)
    trained, theirs = snippet.replace("S5", "S3").split("network = ")
    names: dict[str, object] = {}
    exec(trained, names)
    assert names["result"].verdict.sentence in capsys.readouterr().out
    weights = load_file("runs/S3/seed-0/weights.safetensors")
    torch.save({name: torch.from_numpy(value) for name, value in weights.items()}, "model.pt")
    (tmp_path / "permutations.json").write_bytes((tmp_path / "runs/S3/elements.json").read_bytes())
    exec("network = " + theirs, names)
    assert names["verdict"].networks[0].learned == names["result"].verdict.networks[0].learned
    assert (tmp_path / "lattice.pdf").stat().st_size > 1000


def test_the_published_tables_are_those_of_the_result():
    """Every figure of ours in README's table of the universality study is in catalogs/universality.json."""
    first, second, _ = json.loads((ROOT / "catalogs" / "universality.json").read_text(encoding="utf-8"))["runs"]
    sources = dict.fromkeys(("C113", "C118", "D59", "D61", "S5", "A5"), (first, "ours, default"))
    sources["A5, the paper's recipe"] = (second, "ours, published")
    figures = ("W_a", "W_b", "W_U", "hidden layer", "rho(ab)", "test loss", "excluded loss", "restricted loss")
    for title, (result, column) in sources.items():
        (line,) = re.findall(rf"^\| {title} \| (.*/.*) \|$", README, flags=re.M)
        rows = {row["figure"]: row for row in result["tables"][0]["rows"] if row["group"] == title.split(",")[0]}
        for figure, cell in zip(figures, line.split(" | "), strict=True):
            for shown, key in zip(cell.split(" / "), ("published", column), strict=True):
                assert float(shown) == pytest.approx(rows[figure][key], rel=0.06), (title, figure)
