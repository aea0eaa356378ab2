"""Tables and representations in .npz files: read back, proved, and refused where they are false."""

from __future__ import annotations

import io
import os
import re
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import named, relabelled, small_groups

from grouptool.catalog.formats import (
    read_irreps,
    read_table,
    write_irreps,
    write_table,
)
from grouptool.catalog.formats.arrays import load_sealed, save_sealed
from grouptool.errors import InputFileError, TooLargeError
from grouptool.group import cycle_notation
from grouptool.representations import character_table, irreps
from grouptool.representations.characters import product_table


@given(small_groups(), st.integers(0, 9))
def test_tables_round_trip(tmp_path_factory, given_group, seed):
    """Classes, rows, names and exact values, in the order that they had; also where elements are numbered otherwise."""
    path = tmp_path_factory.mktemp("tables") / "x.npz"
    for one in (given_group, relabelled(given_group, seed)[0]):
        table = character_table(one)
        write_table(path, table)
        found = read_table(path)
        same_table(found, table)


def same_table(found, table):
    """Equal exact values at equal places."""
    assert (found.group.name, found.names, len(found)) == (table.group.name, table.names, len(table))
    places = found.classes.representatives
    assert np.array_equal(
        found.group.permutations[places], table.group.permutations[table.classes.representatives]
    ) or not len(table.group.generators)
    assert found.classes.class_of[places].tolist() == list(range(len(table)))
    assert np.array_equal(found.classes.inverse_map, table.classes.inverse_map)
    for i in range(len(table)):
        assert [found.value(i, j) for j in range(len(table))] == [table.value(i, j) for j in range(len(table))]


@pytest.mark.parametrize("name", ["1.1", "C1", "C2", "S4", "Q8", "64.134", "PSL(2,7)", "C3 : C4 {a^b = a^-1}"])
def test_irreps_round_trip(name, tmp_path):
    """The same exact matrices, rows and names; some rows alone as well; what was read can be written."""
    made = irreps(character_table(named(name)))
    path = tmp_path / "x.npz"
    for chosen in (made, made[::-2]):
        write_irreps(path, chosen)
        found = read_irreps(path)
        assert [(one.row, one.name, one.degree) for one in found] == [(one.row, one.name, one.degree) for one in chosen]
        assert all(one.exact == other.exact for one, other in zip(found, chosen, strict=True))
        assert all(one.representation.check() < 1e-10 for one in found)
    before = path.read_bytes()
    write_irreps(path, found)
    assert path.read_bytes() == before


def test_the_layout_is_as_documented(tmp_path):
    """Read with numpy alone: values from orders, exponents and coefficients; classes as permutations; no pickle."""
    table = character_table(named("SL(2,3)"))
    write_irreps(tmp_path / "x.npz", irreps(table))
    with np.load(tmp_path / "x.npz", allow_pickle=False) as arrays:
        held = {key: arrays[key] for key in arrays.files}
    terms = held["value_coefficients"] * np.exp(
        2j * np.pi * held["value_exponents"] / np.repeat(held["value_orders"], np.diff(held["value_starts"]))
    )
    values = np.add.reduceat(terms, held["value_starts"][:-1])[held["characters"]]
    assert values == pytest.approx(table.complex)
    assert [cycle_notation(row) for row in held["representatives"]] == list(table.classes.labels)
    assert dict(zip(held["primes"].tolist(), held["power_maps"].tolist(), strict=True)) == {
        prime: row.tolist() for prime, row in table.classes.power_maps.items()
    }
    row = int(held["rows"][-1])
    numerators = held[f"irrep_{row}_numerators"] / held[f"irrep_{row}_denominator"]
    zeta = np.exp(2j * np.pi * np.arange(numerators.shape[-1]) / held[f"irrep_{row}_conductor"])
    on_generators = table.classes.class_of[list(table.group.generators)]
    assert np.trace(numerators @ zeta, axis1=1, axis2=2) == pytest.approx(values[row, on_generators])


def changed(key, place, by=1):
    def change(arrays):
        arrays[key] = arrays[key].copy()
        arrays[key][place] += by

    return change


def exchanged(key, i, j):
    def change(arrays):
        arrays[key] = arrays[key].copy()
        arrays[key][[i, j]] = arrays[key][[j, i]]

    return change


def put(key, value):
    return lambda arrays: arrays.update({key: np.array(value)})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("value_coefficients", 0), "the value of character 0 on class 0 is 1"),
        (changed("value_orders", 0, 4), "do not divide the exponent 12"),
        (changed("value_orders", 0, -1), "do not divide the exponent"),
        (changed("value_starts", 1, -1), "no sums of roots of unity"),
        (exchanged("characters", 3, 4), "the value of character 3 on class 2 is 1"),
        (changed("characters", (0, 0), 200), "no square array of values"),
        (exchanged("representatives", 3, 1), "not sorted by element order"),
        (exchanged("representatives", 0, 1), "are not one of each of the 5 classes"),
        (put("representatives", [[0, 1, 2, 3]] * 5), "are not one of each of the 5 classes"),
        (put("representatives", [[0, 1, 2]] * 5), "have 3 points, the group 4"),
        (put("representatives", [[0, 0, 2, 3]] * 5), "the representative of class 0 lies in another group"),
        (changed("sizes", 1), "its sizes are not those of the group"),
        (changed("power_maps", (0, 1)), "its power maps are not those of the group"),
        (put("primes", [2, 5]), "its primes are not those of the group"),
        (changed("indicators", 2), "its indicators are not those of the group"),
        (put("order", 25), "generate 24 elements, not 25"),
        (put("order", 23), "more than 23 elements"),
        (put("order", 10**12), "order 1,000,000,000,000 on 4 points is out of bounds"),
        (put("order", [24]), "no array order of integers with 0 axes"),
        (put("generators", [[1, 1, 2, 3]]), "generator 1 is not a permutation"),
        (put("generators", np.zeros((1, 0), dtype=int)), "on 0 points is out of bounds"),
        (put("generators", [[1, 0, 2, 3]]), "generate 2 elements, not 24"),
        (put("names", ["1a"]), "no array names of texts of shape (5,)"),
        (put("sizes", [2**64 - 1] * 5), "integers beyond 63 bits"),
        (lambda arrays: arrays.pop("sizes"), "no array sizes of integers"),
    ],
)
def test_a_table_that_is_sealed_but_false(change, reason, tmp_path):
    """A right checksum opens no door: everything is computed again."""
    path = tmp_path / "x.npz"
    write_table(path, character_table(named("S4")))
    arrays = {
        k: v for k, v in load_sealed(path, "character table").items() if k not in ("format", "version", "checksum")
    }
    change(arrays)
    save_sealed(path, "character table", arrays)
    with pytest.raises(InputFileError, match=re.escape(f"{path} is no character table of its group: ")) as refusal:
        read_table(path)
    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (changed("irrep_3_numerators", (0, 0, 0, 0)), "holds no representation in row 3"),
        (changed("irrep_3_denominator", ()), "holds no representation in row 3"),
        (lambda arrays: arrays.update(irrep_3_numerators=arrays["irrep_4_numerators"]), "is not its character at"),
        (put("irrep_3_numerators", np.zeros((2, 3, 3, 1), dtype=int)), "holds no representation in row 3"),
        (put("irrep_3_numerators", np.full((2, 3, 3, 1), 2**62)), "holds no representation in row 3"),
        (put("irrep_3_numerators", [[[[1]]]]), "have shape (1, 1, 1, 1), not (2, 3, 3, 1)"),
        (put("irrep_3_conductor", 5), "have shape (2, 3, 3, 1), not (2, 3, 3, 4)"),
        (put("irrep_3_conductor", 10**9), "no exact matrices for row 3"),
        (put("irrep_3_denominator", 0), "not (2, 3, 3, 1)"),
        (put("rows", [0, 7]), "no array rows of rows of its table"),
        (put("rows", [2, 9**9]), "no array rows of rows of its table"),
        (lambda arrays: arrays.pop("irrep_3_conductor"), "no exact matrices for row 3"),
        (changed("value_coefficients", 0), "is no character table of its group"),
    ],
)
def test_irreps_that_are_sealed_but_false(change, reason, tmp_path):
    """The homomorphism and the traces are proved again."""
    path = tmp_path / "x.npz"
    write_irreps(path, irreps(character_table(named("S4"))))
    arrays = {k: v for k, v in load_sealed(path, "irreps").items() if k not in ("format", "version", "checksum")}
    change(arrays)
    save_sealed(path, "irreps", arrays)
    with pytest.raises(InputFileError) as refusal:
        read_irreps(path)
    assert reason in str(refusal.value)


def test_damaged_files_are_refused(tmp_path):
    """Every seventh byte flipped, and every cut: refused, or a byte that means nothing and the same table."""
    path = tmp_path / "x.npz"
    table = character_table(named("S3"))
    write_table(path, table)
    whole, refused = path.read_bytes(), 0
    for place in range(0, len(whole), 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0x11
        path.write_bytes(bytes(damaged))
        try:
            found = read_table(path)
        except InputFileError:
            refused += 1
        else:
            same_table(found, table)
    assert refused > 0.6 * len(whole) / 7
    for length in range(0, len(whole), 101):
        path.write_bytes(whole[:length])
        with pytest.raises(InputFileError, match=r"is no \.npz file, or it is damaged"):
            read_table(path)


def raw(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)


def header(shape, descr="<i8"):
    held = io.BytesIO()
    np.lib.format.write_array_header_1_0(held, {"descr": descr, "fortran_order": False, "shape": shape})
    return held.getvalue()


def test_arrays_that_lie(tmp_path):
    """A pickle, a header that claims more than there is, a bomb, an array twice, another kind, another version."""
    path = tmp_path / "x.npz"
    np.savez(path, sizes=np.array([{}], dtype=object))
    with pytest.raises(InputFileError, match="holds neither integers nor texts"):
        read_table(path)
    np.savez(path, sizes=np.array([0.5]))
    with pytest.raises(InputFileError, match="holds neither integers nor texts"):
        read_table(path)
    raw(path, [("sizes.npy", header((10**15,)) + b"12345678")])
    with pytest.raises(InputFileError, match="the array sizes is not as long as it claims"):
        read_table(path)
    raw(path, [("sizes.npy", header((-1,)))])
    with pytest.raises(InputFileError):
        read_table(path)
    raw(path, [("sizes.npy", header((10**15, 0), "<U1"))])
    with pytest.raises(InputFileError, match="holds no character table"):
        read_table(path)
    raw(path, [("sizes.npy", b"not an array")])
    with pytest.raises(InputFileError, match="damaged: the magic string"):
        read_table(path)
    raw(path, [(f"{i}.npy", b"") for i in range(20_001)])
    with pytest.raises(InputFileError, match="20,001 arrays"):
        read_table(path)
    with pytest.warns(UserWarning, match="Duplicate name"):
        raw(path, [("a.npy", header(())), ("a.npy", header(()))])
    with pytest.raises(InputFileError, match="an array twice"):
        read_table(path)
    write_table(path, character_table(named("S3")))
    with pytest.raises(InputFileError, match="holds no irreps"):
        read_irreps(path)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    """Its size is in the file's own list, before anything is unpacked."""
    path = tmp_path / "x.npz"
    write_table(path, character_table(named("S3")))
    monkeypatch.setattr("grouptool.catalog.formats.arrays.LARGEST_ARRAYS", -20_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(InputFileError, match=r"18 arrays of 3,... bytes"):
        read_table(path)


def test_arrays_beside_an_old_checksum(tmp_path):
    """Packed anew by another program, with a change that no other check would see."""
    path = tmp_path / "x.npz"
    write_table(path, character_table(named("S3")))
    arrays = load_sealed(path, "character table")
    np.savez(path, **arrays)
    assert read_table(path).group.name == "S3"
    np.savez(path, **arrays | {"name": np.array("S4")})
    with pytest.raises(InputFileError, match="is damaged: its checksum does not match"):
        read_table(path)


def test_arrays_of_another_version(tmp_path, monkeypatch):
    """Written by a later grouptool."""
    path = tmp_path / "x.npz"
    monkeypatch.setattr("grouptool.catalog.formats.arrays.VERSION", 2)
    write_table(path, character_table(named("S3")))
    monkeypatch.undo()
    with pytest.raises(InputFileError, match="has version 2; this version of grouptool reads 1"):
        read_table(path)


def test_what_cannot_be_written(tmp_path, monkeypatch):
    """Tables without elements, arrays beyond the bound, other endings, irreps of two tables; nothing is left behind."""
    table = character_table(named("S3"))
    with pytest.raises(TooLargeError, match="was made without its elements"):
        write_table(tmp_path / "x.npz", product_table(table, table))
    with pytest.raises(InputFileError, match=r"ending, \.npz"):
        write_table(tmp_path / "x.json", table)
    for chosen in ([], irreps(table)[:1] * 2, [*irreps(table)[:1], *irreps(character_table(named("S3")))[1:2]]):
        with pytest.raises(ValueError, match="write at least one, each once, all of one character table"):
            write_irreps(tmp_path / "x.npz", chosen)
    monkeypatch.setattr("grouptool.catalog.formats.arrays.LARGEST_ARRAYS", 100)
    with pytest.raises(TooLargeError, match="the limit is 100"):
        write_table(tmp_path / "x.npz", table)
    assert os.listdir(tmp_path) == []
