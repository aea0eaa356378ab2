"""The one-layer transformer: the folded step and the reading against the whole network, files, resuming, judging."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from strategies import named

from grouptool.errors import NetworkError, NoEvidenceError
from verify.architecture import Transformer
from verify.attention import TRANSFORMER_NAMES, read_attention
from verify.claims import Subject
from verify.experiment import run
from verify.foreign import load_circuit
from verify.groupdata import GroupData
from verify.jobs import train_all
from verify.networks import initial_weights, loss_and_gradients, predict
from verify.networks.transformer import logits_of
from verify.plan import Experiment
from verify.reading import Circuit, answers, read_out
from verify.recipes import RECIPES
from verify.runs import RunFolder

SMALL = Transformer(embedding=12, hidden=10, heads=3)


def _weights(network=SMALL, order=6, *, biases=False, larger=3.0):
    """Random weights in float64, large enough that attention is far from uniform."""
    weights = {name: larger * w.double() for name, w in initial_weights(network, order, 0).items()}
    if biases:
        h, d, e, m = network.heads, network.embedding, network.embedding // network.heads, network.hidden
        shapes = {f"blocks.0.attn.b_{one}": (h, e) for one in "QKV"} | {"blocks.0.attn.b_O": (d,)}
        shapes |= {"blocks.0.mlp.b_in": (m,), "blocks.0.mlp.b_out": (d,), "unembed.b_U": (order,)}
        generator = torch.Generator().manual_seed(1)
        weights |= {
            name: torch.randn(shape, generator=generator, dtype=torch.float64) for name, shape in shapes.items()
        }
    return weights


def _whole_network(weights, tokens):
    """Every position of a causal transformer as TransformerLens computes it, without folding; logits at the last."""
    get = lambda name: weights.get(name, torch.zeros(1, dtype=torch.float64))  # noqa: E731
    stream = weights["embed.W_E"][tokens] + weights["pos_embed.W_pos"][: tokens.shape[1]]
    q, k, v = (
        torch.einsum("bpd,hde->bphe", stream, weights[f"blocks.0.attn.W_{one}"]) + get(f"blocks.0.attn.b_{one}")
        for one in "QKV"
    )
    scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / q.shape[-1] ** 0.5
    causal = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    pattern = scores.masked_fill(~causal, -torch.inf).softmax(dim=-1)
    z = torch.einsum("bhqk,bkhe->bqhe", pattern, v)
    stream = stream + torch.einsum("bqhe,hed->bqd", z, weights["blocks.0.attn.W_O"]) + get("blocks.0.attn.b_O")
    hidden = torch.relu(stream @ weights["blocks.0.mlp.W_in"] + get("blocks.0.mlp.b_in"))
    stream = stream + hidden @ weights["blocks.0.mlp.W_out"] + get("blocks.0.mlp.b_out")
    return (stream @ weights["unembed.W_U"] + get("unembed.b_U"))[:, -1], pattern[:, :, -1], hidden[:, -1]


def _tokens(order):
    x, y = (torch.from_numpy(part.ravel()) for part in np.indices((order, order)))
    return x, y, torch.stack((x, y, torch.full_like(x, order)), dim=1)


@pytest.mark.parametrize("cells", [1 << 24, 500])
def test_the_folded_step_is_the_whole_network_s(cells, monkeypatch):
    """Loss and every gradient in float64, in one piece and in chunks; answers too."""
    monkeypatch.setattr("verify.networks.transformer.CHUNK_CELLS", cells)
    weights = _weights()
    x, y, tokens = _tokens(6)
    z = torch.from_numpy(named("S3").table.astype(np.int64).ravel())
    leaves = {name: w.clone().requires_grad_() for name, w in weights.items()}
    logits, _, _ = _whole_network(leaves, tokens)
    reference = torch.nn.functional.cross_entropy(logits, z)
    reference.backward()
    loss, gradients = loss_and_gradients(SMALL, weights, x, y, z)
    assert loss == pytest.approx(reference.item(), rel=1e-12)
    assert list(gradients) == list(weights) == list(SMALL.shapes(6)) == list(TRANSFORMER_NAMES)
    for name, leaf in leaves.items():
        assert torch.allclose(gradients[name], leaf.grad, rtol=1e-9, atol=1e-12), name
        assert not weights[name].requires_grad
    assert torch.allclose(logits_of(SMALL, weights, x, y), logits, atol=1e-11)
    assert (predict(SMALL, weights, x, y) == logits.argmax(dim=1)).all()


@pytest.mark.parametrize("biases", [False, True])
def test_the_reading_is_the_whole_network(biases):
    """Logits of all pairs, attention patterns and the hidden layer, from plain tables, exactly."""
    weights = _weights(biases=biases)
    circuit = Circuit.fold({name: w.numpy() for name, w in weights.items()})
    logits, pattern, hidden = _whole_network(weights, _tokens(6)[2])
    for form in (circuit, circuit.balanced()):
        read = np.stack([row for _, row in form.rows()])
        assert np.allclose(read.reshape(36, 6), logits.numpy(), atol=1e-10)
    assert np.allclose(np.stack([row for row, _ in circuit.rows()]).reshape(36, -1), hidden.numpy(), atol=1e-10)
    ours = np.stack([circuit.attention.pattern(x) for x in range(6)]).reshape(36, 3, 3)
    assert np.allclose(ours, pattern.numpy(), atol=1e-12)
    assert np.allclose(circuit.attention.mean_pattern, pattern.numpy().mean(axis=0))
    assert (answers(circuit).ravel() == logits.argmax(dim=1).numpy()).all()


def test_the_additive_part_is_the_best_one():
    """L and R are the least-squares fit of the pre-activations; the share is what the fit explains."""
    weights = {name: w.numpy() for name, w in _weights().items()}
    attention, _ = read_attention(weights)
    inner = np.stack([attention.row(x)[0] for x in range(6)])  # (x, y, m)
    left, right, share = attention.additive
    design = np.zeros((36, 12))
    design[np.arange(36), np.arange(36) // 6] = 1
    design[np.arange(36), 6 + np.arange(36) % 6] = 1
    flat = inner.reshape(36, -1)
    fitted = design @ np.linalg.lstsq(design, flat, rcond=None)[0]
    assert np.allclose((left[:, None] + right[None]).reshape(36, -1), fitted)
    total = ((flat - flat.mean(axis=0)) ** 2).sum()
    assert share == pytest.approx(1 - ((flat - fitted) ** 2).sum() / total)
    assert 0 < share < 0.999


def test_reordering_moves_the_elements():
    """Logits of renamed elements, with attention and what goes past the hidden layer."""
    circuit = Circuit.fold({name: w.numpy() for name, w in _weights(biases=True).items()})
    places = np.random.default_rng(0).permutation(6)
    logits, moved = (np.stack([row for _, row in one.rows()]) for one in (circuit, circuit.reordered(places)))
    assert np.allclose(moved, logits[np.ix_(places, places, places)])


def test_claims_read_the_exact_logits():
    """A subject in balanced form has the transformer's own answers; claims for one hidden layer are silent."""
    data = GroupData(named("S3"))
    circuit = Circuit.fold({name: w.numpy() for name, w in _weights().items()})
    subject = Subject(data, circuit)
    assert (subject.readout.predictions == read_out(circuit, data.group).predictions).all()
    with pytest.raises(NoEvidenceError, match="this one is a transformer"):
        circuit.require("relu")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda w: w.pop("unembed.W_U"), "lack unembed.W_U"),
        (lambda w: w.update({"blocks.1.attn.W_Q": w["blocks.0.attn.W_Q"]}), "has no blocks.1.attn.W_Q"),
        (lambda w: w.update({"ln_final.w": np.ones(12)}), "without layer norm has no ln_final.w"),
        (lambda w: w.update({"blocks.0.mlp.W_in": np.ones((9, 12))}), r"W_in has shape \(9, 12\); expected \(12, 12\)"),
        (lambda w: w.update({"embed.W_E": np.ones(3)}), r"W_E has shape \(3,\)"),
        (lambda w: w.update({"unembed.b_U": np.ones(3)}), r"b_U has shape \(3,\); expected \(6,\)"),
        (lambda w: w.update({"embed.W_E": np.full((7, 12), np.nan)}), "not finite"),
        (lambda w: w.update({"pos_embed.W_pos": np.ones((2, 12))}), r"W_pos has shape \(2, 12\)"),
    ],
)  # fmt: skip
def test_transformers_that_do_not_fit(change, complaint):
    """What was found and what was expected."""
    weights = {name: w.numpy() for name, w in _weights().items()}
    change(weights)
    with pytest.raises(NetworkError, match=complaint):
        Circuit.fold(weights)


@pytest.mark.parametrize("shape", [(), (3,), (0, 0), (2, 2, 2), (2, 2, 2, 2)])
@pytest.mark.parametrize("name", TRANSFORMER_NAMES)
def test_tensors_of_any_shape_are_refused(name, shape):
    """Wherever one of them stands: one of our own errors."""
    weights = {one: w.numpy() for one, w in _weights().items()}
    weights[name] = np.ones(shape)
    with pytest.raises(NetworkError):
        Circuit.fold(weights)


@pytest.mark.parametrize("settings", [{"heads": 5}, {"hidden": 0}, {"activation": "product"}])
def test_transformers_that_make_no_sense(settings):
    """Heads divide the embedding, sizes are positive, the hidden layer has an activation."""
    with pytest.raises(NetworkError):
        Transformer(**settings)


def test_a_vocabulary_with_the_end_among_the_answers(tmp_path):
    """Networks that can also answer "=": that logit is dropped; buffers of TransformerLens are ignored."""
    weights = {name: w.numpy() for name, w in _weights(biases=True).items()}
    circuit = Circuit.fold(weights)
    weights["unembed.W_U"] = np.hstack((weights["unembed.W_U"], np.ones((12, 1))))
    weights["unembed.b_U"] = np.append(weights["unembed.b_U"], 7)
    weights |= {"blocks.0.attn.mask": np.ones((3, 3)), "blocks.0.attn.IGNORE": np.array(-1e5)}
    save_file({name: np.ascontiguousarray(w) for name, w in weights.items()}, tmp_path / "w.safetensors")
    found = load_circuit(tmp_path / "w.safetensors", 6)
    assert np.allclose(next(iter(found.rows()))[1], next(iter(circuit.rows()))[1])


def test_a_transformer_learns_and_is_judged(tmp_path):
    """C5 with the default recipe: every answer right, the reading in the verdict, the file judged again alike."""
    settings = {"kind": "transformer", "embedding": 32, "hidden": 64, "seeds": (0,), "steps": 600, "fraction": 0.9}
    folder = RunFolder(tmp_path / "run")
    result = run(Experiment.on(named("C5"), **settings), folder, workers=0)
    assert result.training["seed-0"]["train_accuracy"] == 1.0
    written = json.loads((tmp_path / "run" / "verdict.json").read_text())
    assert written["network"] == {
        "kind": "transformer",
        "embedding": 32,
        "hidden": 64,
        "activation": "relu",
        "heads": 4,
    }
    reading = written["seeds"][0]["attention"]
    assert all(sum(head.values()) == pytest.approx(1) for head in reading["heads"])
    assert len(reading["heads"]) == 4
    circuit = load_circuit(tmp_path / "run" / "seed-0" / "weights.safetensors", 5)
    assert (answers(circuit) == result.subjects[0].readout.predictions).all()


def test_a_killed_transformer_resumes_to_the_same_bits(tmp_path, monkeypatch):
    """Autograd's steps too."""
    settings = {"kind": "transformer", "embedding": 8, "hidden": 12, "seeds": (0,), "steps": 60, "checkpoints": 3}
    experiment = Experiment.on(named("S3"), **settings)
    train_all(experiment, RunFolder(tmp_path / "whole"), 0, None)
    monkeypatch.setattr("verify.jobs.CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr("verify.jobs.REPORT_STEPS", 1)

    def stop(job, step, loss):
        if job != "memoriser" and step == 33:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_all(experiment, RunFolder(tmp_path / "killed"), 0, stop)
    train_all(experiment, RunFolder(tmp_path / "killed"), 0, None)
    for place in (tmp_path / "whole" / "seed-0").glob("*"):
        if not place.name.startswith("training.json"):
            assert place.read_bytes() == (tmp_path / "killed" / "seed-0" / place.name).read_bytes(), place.name


def test_initial_weights_have_the_stated_variance():
    """One over the number of inputs."""
    weights = initial_weights(Transformer(), 60, 0)
    for name, inputs in {"embed.W_E": 128, "blocks.0.attn.W_Q": 128, "blocks.0.attn.W_O": 128, "blocks.0.mlp.W_in": 128,
                         "blocks.0.mlp.W_out": 512, "unembed.W_U": 128}.items():  # fmt: skip
        assert weights[name].std() == pytest.approx(inputs**-0.5, rel=0.05)
    for weight in initial_weights(Transformer(), 60, 0, "gpt2").values():
        assert weight.std() == pytest.approx(0.8 * 128**-0.5, rel=0.1)
    uniform = initial_weights(Transformer(), 60, 0, "torch")
    assert uniform["embed.W_E"].std() == pytest.approx(1, rel=0.05)
    assert 0.9 * 512**-0.5 < uniform["blocks.0.mlp.W_out"].abs().max() <= 512**-0.5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--network", "transformer", "--tied"], "--tied does not go with --network transformer"),
        (["--network", "mlp", "--heads", "2"], "--heads does not go"),
        (["--network", "product", "--activation", "abs"], "--activation does not go"),
    ],
)
def test_options_of_another_network_are_misuse(arguments, said, call):
    """Exit code 2."""
    code, out, err = call("verify", "S3", "--no-catalog", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_the_command_trains_a_transformer(call):
    """A few steps to a verdict; the papers' sizes by default."""
    code, out, _ = call(
        "verify", "S3", "--network", "transformer", "--heads", "2", "--seeds", "1", "--steps", "5", "--workers", "1",
        "--no-catalog", "--format", "json", "--checkpoints", "2",
    )  # fmt: skip
    assert code == 4
    expected = {"kind": "transformer", "embedding": 128, "hidden": 512, "activation": "relu", "heads": 2}
    assert json.loads(out)["network"] == expected
    theirs = Experiment.on(named("S5"), kind="transformer", recipe=RECIPES["published"])
    assert (theirs.fraction, theirs.budget, theirs.network) == (0.6, 50_000, Transformer())
    assert theirs.recipe.initialisation == "gpt2"


# -- TransformerLens


def _exported(tmp_path, call, **settings):
    """A network on S3 and the tensors and configuration of its export."""
    network = Transformer(embedding=12, hidden=10, heads=3, **settings)
    weights = {name: 3 * w for name, w in initial_weights(network, 6, 0).items()}
    save_file({name: w.numpy() for name, w in weights.items()}, tmp_path / "w.safetensors")
    arguments = ["--to", "transformerlens", "--out", "tl.safetensors", "--activation", network.activation]
    code, out, err = call("export", "w.safetensors", *arguments, "--format", "json")
    assert (code, err) == (0, "")
    with safe_open(tmp_path / "tl.safetensors", "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
        cfg = json.loads(file.metadata()["cfg"])
    assert json.loads(out) == {"file": "tl.safetensors", "to": "transformerlens", **cfg}
    return network, weights, tensors, cfg


def test_an_export_has_every_parameter_and_the_same_logits(tmp_path, call):
    """Biases are there and 0; position by position the file computes what the network does, and is judged alike."""
    network, weights, tensors, cfg = _exported(tmp_path, call)
    x, y, tokens = _tokens(6)
    logits, _, _ = _whole_network(tensors, tokens)
    assert torch.allclose(logits, logits_of(network, weights, x, y), atol=1e-3)
    assert {name: tuple(one.shape) for name, one in tensors.items() if ".b_" in name} == {
        "blocks.0.attn.b_Q": (3, 4), "blocks.0.attn.b_K": (3, 4), "blocks.0.attn.b_V": (3, 4),
        "blocks.0.attn.b_O": (12,), "blocks.0.mlp.b_in": (10,), "blocks.0.mlp.b_out": (12,), "unembed.b_U": (6,),
    }  # fmt: skip
    assert (cfg["d_vocab"], cfg["d_vocab_out"], cfg["n_ctx"], cfg["d_head"]) == (7, 6, 3, 4)
    again = load_circuit(tmp_path / "tl.safetensors", 6)
    before = load_circuit(tmp_path / "w.safetensors", 6)
    assert all(np.allclose(one, other) for (_, one), (_, other) in zip(again.rows(), before.rows(), strict=True))


@pytest.mark.parametrize("activation", ["relu", "gelu", "silu"])
def test_transformerlens_computes_the_same_logits(activation, tmp_path, call):
    """Its own model, from the file, on every pair. Needs the extra ``tl``."""
    lens = pytest.importorskip("transformer_lens", reason="needs pip install 'grouptool[tl]'")
    network, weights, tensors, cfg = _exported(tmp_path, call, activation=activation)
    model = lens.HookedTransformer(lens.HookedTransformerConfig(**cfg))
    missing = model.load_state_dict(tensors, strict=False)
    assert not missing.unexpected_keys
    assert not [name for name in missing.missing_keys if "mask" not in name and "IGNORE" not in name]
    x, y, tokens = _tokens(6)
    assert torch.allclose(model(tokens)[:, -1], logits_of(network, weights, x, y), atol=1e-3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--activation", "abs", "--out", "x.safetensors"], "no activation abs"),
        (["--out", "x.pt"], "chosen by its ending"),
        (["--out", "x.safetensors"], "lack embed.W_E"),
    ],
)
def test_what_cannot_be_exported(arguments, said, tmp_path, call):
    """One line each; nothing is written."""
    save_file({"unembed.W_U": np.ones((3, 3))}, tmp_path / "w.safetensors")
    code, out, err = call("export", "w.safetensors", *arguments)
    assert (code, out) == (1, "")
    assert said in err
    assert not (tmp_path / "x.safetensors").exists()
