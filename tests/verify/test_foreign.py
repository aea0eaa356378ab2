"""Networks from elsewhere: files of every kind and spelling, any order of the elements, and hostile files."""

from __future__ import annotations

import json
import math
import pickle
import struct
import zipfile

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_tensors
from strategies import named

from grouptool.errors import GroupToolError, InputFileError, NetworkError
from verify.controls import lookup_table, plant_cosets, random_circuit
from verify.elements import own_order, placed_by_answers, placed_by_file
from verify.foreign import load_circuit
from verify.reading import Circuit, answers

ORDER, EMBEDDING, HIDDEN = 6, 5, 4


def _arrays(*, seed=0, concat=True):
    rng = np.random.default_rng(seed)
    shapes = {
        "W_x": (ORDER, EMBEDDING),
        "W_y": (ORDER, EMBEDDING),
        "W": ((2 if concat else 1) * EMBEDDING, HIDDEN),
        "b": (HIDDEN,),
        "W_U": (HIDDEN, ORDER),
        "b_U": (ORDER,),
    }
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def _logits(circuit):
    return np.maximum(circuit.L[:, None] + circuit.R[None], 0) @ circuit.U


def _forward(weights, x, y, *, concat=True):
    """The network by torch's own layers."""
    pair = [torch.from_numpy(weights[name][one]) for name, one in (("W_x", x), ("W_y", y))]
    inner = torch.cat(pair) if concat else pair[0] + pair[1]
    hidden = torch.relu(
        torch.nn.functional.linear(inner, torch.from_numpy(weights["W"].T), torch.from_numpy(weights["b"]))
    )
    return torch.nn.functional.linear(
        hidden, torch.from_numpy(weights["W_U"].T), torch.from_numpy(weights["b_U"])
    ).numpy()


def _save(kind, weights, place):
    """One file of each kind, the same arrays."""
    path = place / f"weights.{kind}"
    if kind == "npz":
        np.savez(path, **weights)
    elif kind == "safetensors":
        save_file({name: np.ascontiguousarray(one) for name, one in weights.items()}, path)
    else:
        torch.save({name: torch.from_numpy(np.array(one)) for name, one in weights.items()}, path)
    return path


def _modules(weights):
    """The spelling of torch modules: linear layers outputs first."""
    return {
        "lembed.weight": weights["W_x"],
        "rembed.weight": weights["W_y"],
        "linear.weight": weights["W"].T,
        "linear.bias": weights["b"],
        "unembed.weight": weights["W_U"].T,
        "unembed.bias": weights["b_U"],
    }


@pytest.mark.parametrize("kind", ["npz", "safetensors", "pt"])
@pytest.mark.parametrize("concat", [True, False])
@pytest.mark.parametrize("spelling", [dict, _modules])
def test_every_kind_of_file_is_the_same_function(kind, concat, spelling, tmp_path):
    """Parameters or modules, concatenated or summed: the logits are the forward pass, biases included."""
    weights = _arrays(concat=concat)
    logits = _logits(load_circuit(_save(kind, spelling(weights), tmp_path), ORDER))
    for x, y in np.ndindex(ORDER, ORDER):
        assert np.allclose(logits[x, y], _forward(weights, x, y, concat=concat), atol=1e-12)


@pytest.mark.parametrize("names", [("W_x",), ("W_U",), ("W",), ("W_x", "W_y", "W", "W_U")])
def test_transposed_matrices_are_turned(names, tmp_path):
    """Shapes say which axis is which, when they can."""
    weights = _arrays()
    turned = {name: one.T if name in names else one for name, one in weights.items()}
    assert np.allclose(
        load_circuit(_save("npz", turned, tmp_path), ORDER).U, load_circuit(_save("npz", weights, tmp_path)).U
    )
    assert np.allclose(_logits(load_circuit(_save("npz", turned, tmp_path), ORDER))[2, 3], _forward(weights, 2, 3))


def test_one_hot_inputs_and_no_hidden_weights(tmp_path):
    """A first layer on one-hot pairs is both tables; embeddings without hidden weights are the pre-activations."""
    circuit = random_circuit(ORDER, 8, HIDDEN, np.random.default_rng(0))
    modules = {"fc1.weight": np.vstack((circuit.L, circuit.R)).T, "fc2.weight": circuit.U.T}
    assert np.allclose(_logits(load_circuit(_save("pt", modules, tmp_path), ORDER)), _logits(circuit))
    bare = {"W_x": circuit.L, "W_y": circuit.R, "W_U": circuit.U}
    assert np.allclose(_logits(load_circuit(_save("npz", bare, tmp_path), ORDER)), _logits(circuit))
    product = load_circuit(_save("npz", bare, tmp_path), ORDER, "product")
    assert (answers(product) == ((circuit.L[:, None] * circuit.R[None]) @ circuit.U).argmax(axis=2)).all()


def test_wrapped_and_prefixed_state_dicts(tmp_path):
    """As training scripts save them, in half precision too."""
    weights = _arrays()
    state = {f"module.{name}": torch.from_numpy(one).float() for name, one in weights.items()}
    torch.save({"model_state_dict": state, "epoch": 7}, tmp_path / "a.pt")
    assert np.allclose(_logits(load_circuit(tmp_path / "a.pt", ORDER))[1, 2], _forward(weights, 1, 2), atol=1e-5)
    save_tensors({name: torch.from_numpy(one).bfloat16() for name, one in weights.items()}, tmp_path / "b.safetensors")
    assert np.allclose(_logits(load_circuit(tmp_path / "b.safetensors"))[1, 2], _forward(weights, 1, 2), atol=0.3)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda w: w.pop("W_U"), "lack W_U; expected W_x and W_y"),
        (lambda w: w.update(W_z=w["W"]), r"W_z \(10, 4\)"),
        (lambda w: w.update(W=w["W"][:-1]), r"W \(9, 4\) do not fit"),
        (lambda w: w.update(b=w["b"][:-1]), r"b has shape \(3,\); expected \(4,\)"),
        (lambda w: w.update(b_U=w["b_U"][:-1]), r"b_U has shape \(5,\); expected \(6,\)"),
        (lambda w: w.update(W_U=w["W_U"][:-1]), r"W_U has shape \(3, 6\); expected \(4, 6\)"),
        (lambda w: w.clear(), "lack W_x, W_y, W_U"),
        (lambda w: w.update(b=w["b"] * np.nan), "not finite"),
        (lambda w: w.update(W=w["W"] * 1j), "real numbers"),
    ],
)
def test_what_does_not_fit_is_named(change, complaint, tmp_path):
    """What was found and what was expected."""
    weights = _arrays()
    change(weights)
    with pytest.raises(NetworkError, match=complaint):
        load_circuit(_save("npz", weights, tmp_path), ORDER)


class _Bomb:
    def __reduce__(self):
        return (open, ("executed", "w"))


def _npy(header):
    text = repr(header).encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def _write_hostile(name, path):
    if name == "pickle in a PyTorch file":
        torch.save({"W": _Bomb()}, path)
    elif name == "bare pickle":
        path.write_bytes(pickle.dumps(_Bomb()))
    elif name == "objects in npz":
        np.savez(path, W=np.array([_Bomb()], dtype=object))
    elif name == "huge header":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("W.npy", _npy({"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 1 << 20)}))
    elif name == "zip bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in range(9):
                archive.writestr(f"{part}.npy", bytes(1 << 27))
    elif name == "another zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", "<xml/>")
    elif name == "large view":
        torch.save({"W": torch.zeros(1).expand(1 << 40)}, path)
    elif name == "truncated":
        np.savez(path, W=np.zeros(1000))
        path.write_bytes(path.read_bytes()[:600])
    elif name == "list":
        torch.save([torch.zeros(3)], path)
    elif name == "empty":
        path.write_bytes(b"")
    elif name == "safetensors header":
        path.write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    elif name == "folder":
        path.mkdir()


@pytest.mark.parametrize(
    "name",
    [
        "pickle in a PyTorch file", "bare pickle", "objects in npz", "huge header", "zip bomb", "another zip",
        "large view", "truncated", "list", "empty", "safetensors header", "folder", "missing",
    ],
)  # fmt: skip
def test_hostile_files(name, tmp_path, call):
    """One line, exit code 1, nothing executed."""
    path = tmp_path / "hostile.npz"
    _write_hostile(name, path)
    code, out, err = call("judge", "--weights", str(path), "--group", "S3")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert not (tmp_path / "executed").exists()


# -- the order of the elements


def _network(name, seed=1):
    """A network with all answers right, its rows in a random order, and that order."""
    made = named(name)
    places = np.random.default_rng(seed).permutation(made.order)
    rows = np.argsort(places)  # row r is element rows[r]
    return made, lookup_table(made).reordered(rows), places


@pytest.mark.parametrize("name", ["S3", "Q8", "C7:C3", "C6", "S4"])
def test_the_order_is_found_from_the_answers(name):
    """Up to an automorphism: afterwards every answer is the group's."""
    made, shuffled, _ = _network(name)
    placement = placed_by_answers(shuffled, made)
    assert (answers(shuffled.reordered(placement.places)) == made.table).all()
    assert "found from the network's answers" in placement.how


def test_the_stated_order_is_taken_as_it_is():
    """A network that is right in the group's own order is not moved by an automorphism."""
    made = named("S4")
    assert (placed_by_answers(lookup_table(made), made).places == np.arange(24)).all()


def test_wrong_answers_are_outvoted():
    """A tenth of the answers of a shuffled network are spoiled; the order is found all the same."""
    made, shuffled, _ = _network("S4")
    rng = np.random.default_rng(0)
    spoiled = shuffled.U.copy()
    for pair in rng.choice(576, 58, replace=False):
        spoiled[pair] = np.roll(spoiled[pair], int(rng.integers(1, 24)))
    network = shuffled.with_tables(shuffled.L, shuffled.R, spoiled)
    placement = placed_by_answers(network, made)
    right = (answers(network.reordered(placement.places)) == made.table).mean()
    assert right == pytest.approx(1 - 58 / 576)
    assert "58 of 576 answers outvoted" in placement.how


@pytest.mark.parametrize(
    ("circuit", "group", "complaint"),
    [
        (lambda: _network("Q8")[1], "D4", "not isomorphic to D4"),
        (lambda: random_circuit(6, 8, 8, np.random.default_rng(0)), "S3", "--elements FILE"),
        (lambda: _network("S3")[1], "A4", "6 elements, but A4 has 12"),
    ],
)
def test_an_order_that_cannot_be_found_is_refused(circuit, group, complaint):
    """Another group, an untrained network, another order: said in one line."""
    with pytest.raises(NetworkError, match=complaint):
        placed_by_answers(circuit(), named(group))


def _listing(kind, made, places, path):
    """The elements in the order of the rows, as one of the files that are read."""
    rows = np.argsort(places)
    images = made.permutations[rows].astype(int)
    table = places[made.table[np.ix_(rows, rows)]]
    if kind == "images from 0":
        path.with_suffix(".json").write_text(json.dumps(images.tolist()))
    elif kind == "images from 1":
        path.with_suffix(".csv").write_text("\n".join(",".join(map(str, row + 1)) for row in images))
    elif kind == "cycles":
        path.with_suffix(".json").write_text(json.dumps({"elements": [made.cycles(int(one)) for one in rows]}))
    elif kind == "lines of cycles":
        path.with_suffix(".txt").write_text("\n".join(made.cycles(int(one)) for one in rows))
    elif kind == "grouptool elements":
        listed = [{"index": i, "element": made.cycles(int(one))} for i, one in enumerate(rows)]
        path.with_suffix(".json").write_text(json.dumps(listed))
    elif kind == "products":
        np.save(path.with_suffix(".npy"), table)
    return next(path.parent.glob(path.stem + ".*"))


@pytest.mark.parametrize(
    "kind", ["images from 0", "images from 1", "cycles", "lines of cycles", "grouptool elements", "products"]
)
def test_the_order_is_read_from_a_file(kind, tmp_path):
    """Permutations in four spellings name the very elements; products name them up to an automorphism."""
    made, shuffled, places = _network("S4")
    placement = placed_by_file(_listing(kind, made, places, tmp_path / "order"), shuffled, made)
    assert (answers(shuffled.reordered(placement.places)) == made.table).all()
    if kind != "products":
        assert (placement.places == places).all()


def test_a_file_decides_for_a_network_that_learned_nothing(tmp_path):
    """Nothing in the weights says which row is which, the file does."""
    made, _, places = _network("S4")
    circuit = random_circuit(24, 8, 8, np.random.default_rng(0))
    placement = placed_by_file(_listing("cycles", made, places, tmp_path / "order"), circuit, made)
    assert sorted(placement.places) == list(range(24))


def test_products_from_right_to_left(tmp_path):
    """A network trained on 'first the right one' with the same list of permutations."""
    made, _, places = _network("S4")
    network = lookup_table(made)
    pairs = np.arange(576)
    unembedding = np.zeros((576, 24))
    unembedding[pairs, made.table.T.ravel()] = 1
    opposite = network.with_tables(network.L, network.R, unembedding)
    assert (answers(opposite) == made.table.T).all()
    shuffled = opposite.reordered(np.argsort(places))
    placement = placed_by_file(_listing("cycles", made, places, tmp_path / "order"), shuffled, made)
    assert (answers(shuffled.reordered(placement.places)) == made.table).all()
    assert "right to left" in placement.how


def test_permutations_on_other_points(tmp_path):
    """S3 on six points, as its regular representation: matched by an isomorphism."""
    made, shuffled, places = _network("S3")
    rows = np.argsort(places)
    regular = [[*made.table[:, one].tolist(), 6] for one in rows]  # a fixed point, so that it is no table
    (tmp_path / "order.json").write_text(json.dumps(regular))
    placement = placed_by_file(tmp_path / "order.json", shuffled, made)
    assert (answers(shuffled.reordered(placement.places)) == made.table).all()
    assert "by an isomorphism to S3" in placement.how


@pytest.mark.parametrize(
    ("content", "error", "complaint"),
    [
        ("nonsense", InputFileError, "lists no elements"),
        ("[[0,1],[1,0]]", NetworkError, "lists 2 elements; S3 has 6"),
        ("[[0,0],[1,0]]", InputFileError, "no permutation"),
        ('["S3"]', InputFileError, "lists no elements"),
        (json.dumps([[0, 1, 2, 3]] * 6), NetworkError, "listed twice"),
        (json.dumps([[0, 1, 2, 3], [1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2], [3, 1, 2, 0], [1, 2, 3, 0]]), NetworkError,
         "not in the list"),
        (json.dumps([[(i + j) % 6 for j in range(6)] for i in range(6)]), NetworkError, "not isomorphic to S3"),
        ("[" * 100_000, InputFileError, "lists no elements"),
        ("[[1e999]]", InputFileError, "lists no elements"),
        ("{}", InputFileError, "lists no elements"),
    ],
)  # fmt: skip
def test_files_that_name_no_order(content, error, complaint, tmp_path):
    """Refused in one line that says what is missing."""
    (tmp_path / "order.json").write_text(content)
    with pytest.raises(error, match=complaint) as caught:
        placed_by_file(tmp_path / "order.json", lookup_table(named("S3")), named("S3"))
    assert isinstance(caught.value, GroupToolError)
    assert len(str(caught.value)) < 1000


def test_the_command_judges_a_shuffled_network(call, tmp_path):
    """One command: a coset network in any order, as a PyTorch file, is found and its verdict is the planted one."""
    made = named("S4")
    circuit = plant_cosets(made, [np.flatnonzero(made.permutations[:, 0] == 0)])
    shuffled = circuit.reordered(np.random.default_rng(3).permutation(24))
    state = {name: torch.from_numpy(np.array(getattr(shuffled, name))) for name in ("L", "R", "U")}
    torch.save(state, tmp_path / "model.pt")
    code, out, err = call("judge", "--weights", "model.pt", "--group", "S4", "--format", "json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert {one["theory"]: one["verdict"] for one in answer["theories"]}["cosets"] == "holds"
    assert answer["elements"].startswith("found from the network's answers")
    code, out, _ = call("judge", "--weights", "model.pt", "--group", "S4")
    assert code == 0
    assert out.startswith("elements: found from")
    code, out, err = call("judge", "--weights", "model.pt", "--group", "S4", "--elements", "own")
    assert code == 4  # in a wrong order nothing was learned
    code, out, err = call("judge", "--weights", "model.pt", "--group", "S3")
    assert (code, out) == (1, "")
    assert "24 elements, but S3 has 6" in err


def test_own_order_is_the_group_s():
    """Rows as 'grouptool elements' lists them."""
    assert (own_order(named("S3")).places == np.arange(6)).all()


def test_an_output_bias_is_one_constant_neuron():
    """Whatever the activation, and without weight in claims about neurons."""
    rng = np.random.default_rng(0)
    for activation in ("relu", "abs", "square", "gelu", "silu", "tanh", "product"):
        plain = Circuit(
            rng.standard_normal((6, 4)), rng.standard_normal((6, 4)), rng.standard_normal((4, 6)), activation
        )
        bias = rng.standard_normal(6)
        biased = plain.with_output_bias(bias)
        ours, theirs = (one.hidden(one.L[:, None], one.R[None]) @ one.U for one in (biased, plain))
        assert np.allclose(ours, theirs + bias)
        assert biased.neuron_weights[-1] == 0
        assert math.isclose(biased.neuron_weights.sum(), 1)


def test_square_matrices_go_by_their_names(tmp_path):
    """Where both ways round have the same shape, torch modules are outputs first and parameters inputs first."""
    rng = np.random.default_rng(0)
    shapes = {"W_x": (6, 3), "W_y": (6, 3), "W": (6, 6), "b": (6,), "W_U": (6, 6), "b_U": (6,)}
    weights = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    for spelling in (dict, _modules):
        logits = _logits(load_circuit(_save("npz", spelling(weights), tmp_path), 6))
        assert np.allclose(logits[4, 1], _forward(weights, 4, 1))


@pytest.mark.parametrize("shape", [(), (3,), (0, 0), (6, 0), (2, 2, 2)])
@pytest.mark.parametrize("name", ["W_x", "W_y", "W", "b", "W_U", "b_U", "L", "R", "U"])
def test_arrays_of_any_shape_are_refused_by_name(name, shape, tmp_path):
    """No axis, one, three, or an empty one, wherever it stands: one of our own errors."""
    weights = _arrays()
    if name in "LRU":
        weights = {one: np.ones((6, 4)) for one in "LR"} | {"U": np.ones((4, 6))}
    weights[name] = np.ones(shape)
    with pytest.raises(NetworkError):
        load_circuit(_save("npz", weights, tmp_path), ORDER)


def test_wide_embeddings_without_hidden_weights_take_no_square(tmp_path):
    """A million columns are a million neurons, not a matrix of a million rows."""
    rng = np.random.default_rng(0)
    weights = {"W_x": rng.random((2, 10**6)), "W_y": rng.random((2, 10**6)), "W_U": rng.random((10**6, 2))}
    assert load_circuit(_save("npz", weights, tmp_path), 2).width == 10**6
