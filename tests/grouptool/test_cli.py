"""The command line: three formats, exit codes, one-line errors, and nothing heavy imported for a small question."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
import pytest
from strategies import named

from grouptool import group
from grouptool.cli import elements, identity, output, progress, query, structure
from grouptool.cli.main import main

SHOW_KEYS = """
name label order exponent rank abelian cyclic nilpotent solvable supersolvable perfect simple center_order
derived_length nilpotency_class num_classes class_sizes class_orders num_subgroups num_subgroup_classes
num_normal_subgroups automorphism_order irrep_degrees frobenius_schur generators degree presentation description
"""


def test_show_s4(call):
    """The facts of the stable keys, as any book has them."""
    code, out, _ = call("show", "S4", "--format", "json")
    facts = json.loads(out)
    assert code == 0
    assert set(SHOW_KEYS.split()) <= set(facts)
    expected = {
        "order": 24, "exponent": 12, "rank": 2, "solvable": True, "nilpotent": False, "supersolvable": False,
        "simple": False, "derived_length": 3, "nilpotency_class": None, "num_subgroups": 30, "num_subgroup_classes": 11,
        "num_normal_subgroups": 4, "automorphism_order": 24, "irrep_degrees": [1, 1, 2, 3, 3], "center_order": 1,
        "class_sizes": [1, 3, 6, 8, 6], "class_orders": [1, 2, 2, 3, 4], "frobenius_schur": [1, 1, 1, 1, 1],
    }  # fmt: skip
    assert {key: facts[key] for key in expected} == expected


@pytest.mark.parametrize("command", ["show", "classes", "characters", "irreps", "subgroups"])
def test_every_query_has_three_formats(call, command):
    """Table and csv have the same cells; json parses."""
    code, table, _ = call(command, "A4")
    assert code == 0
    assert "---" in table
    code, out, _ = call(command, "A4", "--format", "csv")
    rows = list(csv.reader(io.StringIO(out)))
    assert code == 0
    assert len({len(row) for row in rows}) == 1
    code, out, _ = call(command, "A4", "--format", "json")
    assert code == 0
    assert json.loads(out)


def test_classes_json(call):
    """Keys of the contract; power maps by prime."""
    rows = json.loads(call("classes", "S3", "--format", "json")[1])
    assert rows[1] == {
        "index": 1, "representative": "(1,2)", "order": 2, "size": 3, "centralizer_order": 2,
        "real": True, "division": 1, "power_maps": {"2": 0, "3": 1},
    }  # fmt: skip


def test_characters_json_is_exact(call):
    """(1+sqrt(5))/2 as coefficients over roots of unity, with its text and its float."""
    answer = json.loads(call("characters", "A5", "--format", "json")[1])
    value = answer["characters"][1]["values"][3]
    assert value["text"] == "(1+sqrt(5))/2"
    assert value["conductor"] == 5
    total = sum(p / q * np.exp(2j * np.pi * i / 5) for i, p, q in value["coefficients"])
    assert abs(total - (1 + 5**0.5) / 2) < 1e-12
    assert value["complex"] == pytest.approx([(1 + 5**0.5) / 2, 0])
    assert [column["size"] for column in answer["classes"]] == [1, 15, 20, 12, 12]


def test_irreps_json_has_matrices(call):
    """On generators by default, on all elements when asked; they multiply as the table says."""
    few = json.loads(call("irreps", "Q8", "--format", "json", "--form", "real")[1])
    assert [len(one["matrices"]) for one in few] == [2] * 5
    assert few[4]["type"] == "H"
    assert few[4]["faithful"]
    every = json.loads(call("irreps", "Q8", "--format", "json", "--elements", "all", "--form", "real")[1])
    rho = np.array([one["matrix"] for one in every[4]["matrices"]])
    assert np.allclose(np.einsum("xij,yjk->xyik", rho, rho), rho[named("Q8").table])


def test_subgroups_json(call):
    """S3: 1, three of order 2, one of order 3, S3."""
    rows = json.loads(call("subgroups", "S3", "--format", "json")[1])
    assert [(row["order"], row["class_length"], row["normal"], row["maximal"]) for row in rows] == [
        (1, 1, True, False), (2, 3, False, True), (3, 1, True, True), (6, 1, True, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["show", "X5"], 1, "no group is called"),
        (["show", "nobody"], 1, "the catalog has no group of this name"),
        (["show", "<a, b | a^2>"], 1, "infinite"),
        (["show", "<a, b | a^2, b^3, (ab)^7, (a^-1*b^-1*a*b)^8>", "--max-cosets", "200"], 4, "unknown"),
        (["show", "S20"], 1, "limit"),
        (["show", "missing.json"], 1, "No such file"),
        (["subgroups", "C2^4", "--budget", "10"], 4, "unknown"),
        (["show"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["show", "S4", "--format", "xml"], 2, "xml"),
    ],
)
def test_errors_are_one_line_with_their_exit_code(call, arguments, code, said):
    """Refusals on stderr in one line, nothing on stdout; misuse is click's own."""
    got, out, err = call(*arguments)
    assert got == code
    assert out == ""
    assert said in err
    if code != 2:
        assert err.count("\n") == 1
        assert err.startswith("grouptool: ")


def test_every_command_has_help_and_an_example_that_runs(call, library_file, monkeypatch):
    """The example in each help text is run as it stands."""

    def walk(command, path):
        if isinstance(command, click.Group):
            for name in command.list_commands(None):
                yield from walk(command.get_command(None, name), [*path, name])
        else:
            yield path, command

    seen = []
    monkeypatch.setenv("GROUPTOOL_CATALOG", str(library_file))
    call("catalog", "add", "C2")
    call("catalog", "export", "C2", "--out", "mine.jsonl")
    Path("values.json").write_text("[1, 2, 3, 4, 5, 6]")
    for path, command in walk(main, []):
        code, out, _ = call(*path, "--help")
        assert code == 0
        assert "Example:" in out, path
        example = re.search(r"grouptool (.+)", command.help.split("Example:")[1]).group(1)
        arguments = shlex.split(example)
        assert arguments[: len(path)] == path
        seen.append(path[0])
        if path[0] == "study":  # run by the tests of studies, one by one
            continue
        code, out, err = call(*arguments)
        if any(one.endswith((".safetensors", ".npz", ".pt")) for one in arguments):  # weights of a run that is not here
            assert (code, err.count("\n")) == (1, 1), (path, err)
        else:
            assert code in (0, 3, 4), (path, code)
            assert out
    assert set(main.list_commands(None)) == set(seen)


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["order", "(1,2,3,4,5)"], {"torch", "networkx", "matplotlib", "sympy", "sqlalchemy", "numba", "verify"}),
        (["show", "S4"], {"torch", "networkx", "matplotlib", "sympy", "sqlalchemy", "numba", "verify"}),
        (["presentation", "S4"], {"torch", "networkx", "matplotlib", "sympy", "sqlalchemy", "numba", "verify"}),
        (["--version"], {"torch", "sympy", "sqlalchemy"}),
        (["--help"], {"torch", "sympy", "sqlalchemy", "matplotlib"}),
        (["characters", "A5"], {"torch", "networkx", "matplotlib", "sympy"}),
    ],
)
def test_small_questions_import_nothing_heavy(arguments, absent):
    """In a fresh process, the modules that were loaded."""
    program = (
        "import sys\nfrom grouptool.cli.main import run\n"
        f"try:\n    run({arguments!r})\nexcept SystemExit:\n    print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not absent & set(done.stderr.split())


def test_what_takes_long_says_so_on_a_terminal(monkeypatch):
    """On stderr, only once the patience is over, only on a terminal, and the line is wiped in the end."""

    class Terminal(io.StringIO):
        terminal = True

        def isatty(self):
            return self.terminal

    def shown(patience, terminal):
        stream = Terminal()
        stream.terminal = terminal
        monkeypatch.setattr(progress, "PATIENCE", patience)
        monkeypatch.setattr(sys, "stderr", stream)
        with progress.working("the order of everything"):
            time.sleep(0.5)
        return stream.getvalue()

    text = shown(0.01, True)
    assert "the order of everything [" in text
    assert text.endswith("\r\x1b[K")
    assert shown(60, True) == shown(0.01, False) == ""


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("show", "facts about S3"),
        ("classes", "classes of S3"),
        ("elements", "classes of S3"),
        ("subgroups", "subgroups of S3"),
        ("series", "series of S3"),
        ("identify", "identifying S3"),
        ("automorphisms", "automorphisms of S3"),
        ("presentation", "a presentation of S3"),
    ],
)
def test_commands_announce_what_they_work_on(call, monkeypatch, command, what):
    """Each search runs inside the progress line."""
    said = []

    @contextmanager
    def listening(text):
        said.append(text)
        yield

    for room in (query, elements, structure, identity):
        monkeypatch.setattr(room, "working", listening)
    assert call(command, "S3")[0] == 0
    assert what in said


@pytest.mark.parametrize("command", ["classes", "elements"])
def test_more_points_than_anybody_reads_are_refused(call, monkeypatch, command):
    """The control: exactly as many points as the bound."""
    monkeypatch.setattr(output, "MAX_POINTS", 6 * group("C6").degree)
    assert call(command, "C6")[0] == 0
    monkeypatch.setattr(output, "MAX_POINTS", 6 * group("C6").degree - 1)
    code, out, err = call(command, "C6")
    assert (code, out) == (1, "")
    assert "points to print" in err
    assert "give C6 on fewer points" in err
