"""Files: whole or not at all, and numbers read back as what they were."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from grouptool.errors import InputFileError
from grouptool.files import check_place, read_numbers, write_atomically


def test_a_file_is_written_and_replaced(tmp_path):
    """Nothing else is in the folder afterwards."""
    path = tmp_path / "x.npz"
    for content in (b"one", b"", b"two"):
        write_atomically(path, content)
        assert path.read_bytes() == content
        assert os.listdir(tmp_path) == ["x.npz"]


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")])
def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch, step, error):
    """A full disk or a folder that nobody may write to, at each step: the old file, and no other."""
    path = tmp_path / "x.npz"
    path.write_bytes(b"old")

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(InputFileError, match=f"cannot write .*x.npz: {error.strerror}"):
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["x.npz"]
    assert path.read_bytes() == b"old"


def test_an_interrupt_leaves_nothing_half_written(tmp_path, monkeypatch):
    """Control-C while the disk is slow."""

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "x.npz", b"new")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["no/x.npz", "file/x.npz", "x" * 300 + ".npz"])
def test_places_that_are_none(tmp_path, name):
    """A folder that is not there, a file in place of a folder, a name that is too long."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputFileError, match="cannot write"):
        write_atomically(tmp_path / name, b"new")
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("x.txt", r"\.npz or \.json"), ("x", "ending"), ("no/x.npz", "no folder"), ("folder.npz", "it is a folder")],
)
def test_places_are_looked_at_before_the_work(tmp_path, name, said):
    """Ending, folder, and a folder where the file would be."""
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(InputFileError, match=said):
        check_place(tmp_path / name, [".npz", ".json"])
    assert check_place(tmp_path / "y.json", [".npz", ".json"]) == tmp_path / "y.json"


@pytest.mark.parametrize(
    "given",
    [
        np.arange(6),
        np.arange(6.0).reshape(2, 3) / 7,
        np.arange(4) + 1j / 3,
        np.array([True, False]),
        np.arange(4, dtype=">i2"),
        np.arange(4, dtype=">f4"),
        np.arange(4, dtype=np.float16),
        np.arange(4, dtype=np.longdouble),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
        np.array(7),
        np.array([2**63], dtype=np.uint64),
    ],
    ids=lambda one: f"{one.dtype}{one.shape}",
)
def test_npy_files_read_back(tmp_path, given):
    """In one of three dtypes, in the machine's byte order."""
    np.save(tmp_path / "x.npy", given)
    found = read_numbers(tmp_path / "x.npy")
    assert found.dtype in (np.int64, np.float64, np.complex128)
    assert found.dtype.isnative
    assert found.shape == given.shape
    assert (found == given).all()


def test_json_and_csv_read_back(tmp_path):
    """Integers, decimals and complex numbers; csv of one column is a list."""
    values = [1, -2.5, 3 + 0.25j]
    rows = [{"re": v.real, "im": v.imag} if isinstance(v, complex) else v for v in values]
    (tmp_path / "x.json").write_text(json.dumps([rows, rows]))
    (tmp_path / "x.csv").write_text("1,-2.5, 3+0.25j\n\n1,-2.5,3 + 0.25j\n")
    (tmp_path / "column.csv").write_text("1\n-2.5\n3+.25j\n")
    (tmp_path / "real.csv").write_text("1\n2\n")
    assert read_numbers(tmp_path / "x.json").tolist() == read_numbers(tmp_path / "x.csv").tolist() == [values] * 2
    assert read_numbers(tmp_path / "column.csv").tolist() == values
    assert read_numbers(tmp_path / "real.csv").dtype == np.float64


HEADER = b"\x93NUMPY\x01\x00v\x00"


def npy(kind, shape, data=b""):
    """An npy file whose header says what we like."""
    said = b"{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (kind, shape)
    return (HEADER + said).ljust(127) + b"\n" + data


REFUSED = [
    ("objects.npy", npy(b"|O", b"1,", b"\0" * 8), "no array of numbers"),
    ("claims.npy", npy(b"<f8", b"200000, 200000", b"\0" * 64), "no array of numbers"),
    ("cut.npy", npy(b"<f8", b"4,", b"\0" * 8), "no array of numbers"),
    ("archive.npy", b"PK\x03\x04" + b"0" * 100, "no array of numbers"),
    ("pickle.npy", b"\x80\x04\x95" + b"0" * 100, "no array of numbers"),
    ("code.npy", npy(b"<i8", b"__import__('os')"), "no array of numbers"),
    ("empty.npy", b"", "no array of numbers"),
    ("text.npy", npy(b"|S1", b"1,", b"a"), "something else than finite numbers"),
    ("nan.npy", npy(b"<f8", b"1,", np.array([np.nan]).tobytes()), "something else than finite numbers"),
    ("large.npy", npy(b"<f8", b"1,", np.array([1e300]).tobytes()), r"above 1e\+100"),
    ("nan.json", b"[1, NaN]", "something else than finite numbers"),
    ("endless.json", b"[1, 1e999]", "something else than finite numbers"),
    ("integer.json", b"[1" + b"0" * 50 + b"]", "something else than finite numbers"),
    ("part.json", b'[{"re": 1' + b"0" * 400 + b', "im": 0}]', "no array of numbers"),
    ("large.json", b'[{"re": 1e308, "im": 1e308}]', r"above 1e\+100"),
    ("half.json", b'[{"re": 1}]', "no array of numbers: 'im'"),
    ("words.json", b'["a"]', "'a' is not a number"),
    ("truth.json", b"[true]", "'True' is not a number"),
    ("none.json", b"[null]", "'None' is not a number"),
    ("ragged.json", b"[[1, 2], [3]]", "no array of numbers"),
    ("deep.json", b"[" * 100_000, "no array of numbers"),
    ("cut.json", b"[1, 2", "no array of numbers"),
    ("latin1.json", b'["\xff"]', "no array of numbers"),
    ("ragged.csv", b"1,2\n3\n", "no array of numbers"),
    ("words.csv", b"1\nx\n", "no array of numbers"),
    ("nan.csv", b"1\nnan\n", "something else than finite numbers"),
    ("numbers.txt", b"1", r"\.npy, \.json or \.csv"),
    ("numbers", b"1", "by their ending"),
]


@pytest.mark.parametrize(("name", "content", "said"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_files_that_hold_no_numbers(tmp_path, name, content, said):
    """One line, nothing executed, and no memory that only a header asks for."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputFileError, match=said) as refusal:
        read_numbers(tmp_path / name)
    assert "\n" not in str(refusal.value)


def test_missing_and_strange_files(tmp_path):
    """None of them is opened, so none blocks."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.npy").mkdir()
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    for name in ("pipe.csv", "folder.npy", "zero.json"):
        with pytest.raises(InputFileError, match="no ordinary file"):
            read_numbers(tmp_path / name)
    with pytest.raises(InputFileError, match="No such file"):
        read_numbers(tmp_path / "missing.json")
    with (tmp_path / "large.json").open("wb") as stream:
        stream.truncate(200_000_001)
    with pytest.raises(InputFileError, match="more than 200,000,000 bytes"):
        read_numbers(tmp_path / "large.json")
