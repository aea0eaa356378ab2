"""Equivariant layers and universal hidden sets: counts, symmetry, witnesses, fits, modules of torch, refusals."""

import itertools
import json
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from grouptool import group
from grouptool.errors import GroupToolError, NotationError, TooLargeError
from grouptool.representations import permutation_character, permutation_representation
from grouptool.structure import (
    GSet,
    gset,
    natural_action,
    on_class,
    on_cosets,
    regular_action,
    subgroup_lattice,
    trivial_action,
)
from verify.studies import load_study, run_study
from verify.studies.equivariance import (
    effective_group,
    gset_of_words,
    is_universal,
    missed_function,
    orbit_labels,
    r_squared_curve,
    tensor_orders,
    two_closure,
)
from verify.studies.equivariance.ridge import (
    chosen_points,
    difference_target,
    hidden_features,
    invariant_target,
    random_target,
)
from verify.studies.equivariance.sharing import base_size, count_by_burnside, count_by_characters, solution_dimension
from verify.studies.equivariance.symmetry import _Search
from verify.studies.equivariance.witness import blind_directions

ORACLE = json.loads((Path(__file__).parent / "equivariance_oracle.json").read_text())["groups"]
SMALL = [row for row in ORACLE if row["degree"] < 7 or 100 < row["order"] < 2000]


def made(row):
    """The group of a row of the oracle."""
    return group(row["generators"].strip("[]"))


def point(one):
    """The G-set of one point."""
    return trivial_action(one, 1)


# -- counts


@pytest.mark.parametrize("name", ["S3", "D4", "A4", "F5:4", "Q8", "C6", "C2^3", "SL(2,3)"])
def test_free_weights_agree_four_ways(name):
    """Orbits on pairs, characters, Burnside's count and the rank of W rho(g) = rho(g) W, for sets of every kind."""
    one = group(name)
    lattice = subgroup_lattice(one)
    sets = [natural_action(one), point(one), on_cosets(lattice.classes[len(lattice) // 2].subgroup)]
    sets += [sets[0] + sets[2], on_class(one[1])]
    for domain, codomain in itertools.product(sets, sets):
        count = int(orbit_labels(domain, codomain).max()) + 1
        assert count == count_by_characters(domain, codomain) == count_by_burnside(domain, codomain)
        assert count == solution_dimension(domain, codomain)
        chi, psi = permutation_character(domain), permutation_character(codomain)
        assert count == chi.inner(psi)


@pytest.mark.parametrize(
    ("name", "counts"),
    [("S3", (2, 3, 6)), ("D4", (3, 4, 8)), ("A4", (2, 4, 12)), ("F5:4", (2, 5, 20)), ("D5", (3, 5, 10)),
     ("A5", (2, 5, 60)), ("C4", (4, 4, 4))],
)  # fmt: skip
def test_free_weights_of_the_reference(name, counts):
    """N to N, N to G and G to G, as measured in the notes."""
    natural, regular = natural_action(group(name)), regular_action(group(name))
    shapes = [(natural, natural), (natural, regular), (regular, regular)]
    assert tuple(count_by_characters(*shape) for shape in shapes) == counts
    assert tuple(int(orbit_labels(*shape).max()) + 1 for shape in shapes) == counts


# -- symmetry: 2-closures, effective groups, base sizes


@pytest.mark.parametrize("row", SMALL, ids=lambda row: f"{row['degree']}.{row['number']}")
def test_closures_and_bases_agree_with_gap(row):
    """Order of the 2-closure, orbits on pairs, least base; deep networks through the natural set see the 2-closure."""
    one = made(row)
    natural = natural_action(one)
    assert one.order == row["order"]
    closure = two_closure(natural)
    assert (closure.own_order, closure.order) == (row["order"], row["two_closure"])
    assert closure.is_larger == (row["two_closure"] > row["order"])
    assert natural.rank == row["rank"] == count_by_characters(natural, natural)
    assert base_size(natural) == row["base"]
    assert effective_group(natural, natural, point(one), deep=True).order == row["two_closure"]
    rows = tensor_orders(natural)
    assert [one.order for one in rows if one.free_orbits] == [row["base"]]


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("D4", "natural"), ("D5", "cosets:1"), ("A4", "cosets:1"), ("C6", "cosets:2"), ("D6", "cosets:3"), ("A4", "point"),
     ("S4", "cosets:4")],
)  # fmt: skip
def test_effective_groups_by_trying_all_permutations(name, hidden):
    """h is in H when some permutation of the rows undoes it: by sorting the rows of labels, for every h of Sym(N)."""
    one = group(name)
    natural, through = natural_action(one), gset_of_words(one, hidden)
    labels = orbit_labels(natural, through)
    rows = sorted(map(tuple, labels.tolist()))
    count = sum(sorted(map(tuple, labels[:, list(h)].tolist())) == rows
                for h in itertools.permutations(range(len(natural))))  # fmt: skip
    found = effective_group(natural, through, point(one))
    assert found.order == count
    for h in found.extra:
        assert sorted(map(tuple, labels[:, h].tolist())) == rows
        assert not (natural.images == h).all(axis=1).any()


@pytest.mark.parametrize(
    ("graph", "order"),
    [
        (nx.petersen_graph(), 120),
        (nx.disjoint_union_all([nx.cycle_graph(3), nx.cycle_graph(6), nx.cycle_graph(3)]), 864),
        (nx.hypercube_graph(3), 48),
        (nx.frucht_graph(), 1),
    ],
)
def test_the_search_finds_automorphism_groups_of_graphs(graph, order):
    """Known orders; in a triangle, a hexagon and a triangle no refinement tells points apart, so images are refuted."""
    colours = nx.to_numpy_array(graph, dtype=int)
    points = trivial_action(group("C1"), len(colours))
    found = _Search(points, [points], colours, np.zeros(len(colours), dtype=int), 5000).run(1)
    assert found.order == order
    for h in found.extra:
        assert (colours[np.ix_(h, h)] == colours).all()


def test_a_free_hidden_set_sees_exactly_the_group():
    """Through G/1 no permutation but those of G can be hidden, for any outputs; a spent budget says unknown."""
    for name in ("A4", "F5:4", "A5"):
        one = group(name)
        natural = natural_action(one)
        for outputs in (point(one), natural):
            assert effective_group(natural, regular_action(one), outputs).order == one.order
    stopped = two_closure(natural_action(group("A5")), budget=3)
    assert stopped.order is None
    assert stopped.is_larger is None
    assert base_size(natural_action(group("A5")), budget=2) is None


def test_outputs_narrow_the_effective_group():
    """A4 through its natural set to its natural set is S4's; to the regular set the outputs tell the two apart."""
    one = group("A4")
    natural = natural_action(one)
    assert effective_group(natural, natural, natural).order == 24
    assert effective_group(natural, natural, regular_action(one)).order == 12


# -- the theorem and its witnesses


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("A4", "natural"), ("D4", "natural"), ("D5", "point"), ("S3", "natural"), ("D4", "cosets:2 + point")],
)
def test_the_missed_function_is_invariant_and_vanishes_where_units_read(name, hidden):
    """q is G-invariant, 0 on Fix(K) for every stabiliser K of the hidden set, and not 0."""
    one, rng = group(name), np.random.default_rng(0)
    natural, through = natural_action(one), gset_of_words(one, hidden)
    witness = missed_function(natural, through)
    x = rng.standard_normal((5, len(natural)))
    for step in natural.steps:
        assert np.allclose(witness(x[:, step]), witness(x))
    labels = orbit_labels(natural, through)
    for row in labels:
        weights = rng.standard_normal((5, labels.max() + 1))[:, row]
        assert np.abs(witness.polynomial(weights)).max() < 1e-9 * np.abs(witness.polynomial(x)).max()


def test_the_missed_function_is_orthogonal_to_units_by_quadrature():
    """E[t s(w.x + b)] = 0 under N(0, 1) for w with its last two entries equal, and not for others: S3 on 3 points."""
    witness = missed_function(natural_action(group("S3")), natural_action(group("S3")))
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    x = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), axis=-1).reshape(-1, 3)
    mass = np.prod(np.stack(np.meshgrid(weights, weights, weights, indexing="ij"), axis=-1).reshape(-1, 3), axis=1)
    mass /= mass.sum()
    values = witness(x) * mass
    size = np.sqrt((witness(x) ** 2 * mass).sum())
    for unit in (np.tanh, np.sin, lambda z: 1 / (1 + z**2)):
        assert abs(values @ unit(x @ [0.9, -0.6, -0.6] + 0.3)) < 1e-6 * size
    assert abs(values @ np.sin(x @ [1.5, -1.4, 0.2] + 0.3)) > 1e-3 * size


def test_universality_is_stabilisers_inside_the_kernel():
    """Regular, and any cover of G over the kernel, yes; a point no; abelian groups on a transitive set yes."""
    for name in ("C6", "C2^3", "Q8"):
        one = group(name)
        assert is_universal(regular_action(one), regular_action(one))
    d4 = group("D4")
    natural = natural_action(d4)
    assert not is_universal(natural, natural)
    assert is_universal(natural, natural * natural)  # base size 2
    assert is_universal(natural, natural + regular_action(d4))
    blocks = on_cosets(natural.stabilizer(0).normalizer)  # an action with a kernel
    assert is_universal(blocks, on_cosets(blocks.kernel))
    assert missed_function(blocks, on_cosets(blocks.kernel)) is None
    others = [one.subgroup for one in subgroup_lattice(d4).classes if one.order == 4]
    assert [is_universal(blocks, on_cosets(one)) for one in others].count(True) == 1  # of the same order as the kernel
    assert blind_directions(natural, point(d4)) == 3
    assert blind_directions(natural, natural) == 0
    assert blind_directions(natural, on_cosets(natural.stabilizer(0).normalizer)) == 2


@pytest.mark.parametrize("name", ["A4", "F5:4"])
def test_what_the_natural_set_misses_the_regular_set_fits(name):
    """On both kinds of missed function R^2 is about 0 through the natural set, at least .99 through the regular."""
    one, rng = group(name), np.random.default_rng(1)
    natural, regular, outputs = natural_action(one), regular_action(one), point(one)
    witness = missed_function(natural, natural)
    settings = {"samples": 1000, "scale": 0.5}
    target = [invariant_target(lambda x: witness(x) / 10, outputs)]
    through = r_squared_curve(natural, natural, outputs, target, (200,), rng, **settings)
    beside = r_squared_curve(natural, regular, outputs, target, (400,), rng, **settings)
    assert through.worst[0] <= 0.01
    assert beside.worst[0] >= 0.99
    symmetric = np.array(list(itertools.permutations(range(len(natural)))))
    target = [difference_target(natural, outputs, symmetric, rng, 0.5)]
    extra = np.array(effective_group(natural, natural, outputs).extra)
    through = r_squared_curve(natural, natural, outputs, target, (100,), rng, **settings)
    beside = r_squared_curve(natural, regular, outputs, target, (200,), rng, wide=True, twins=extra, **settings)
    assert through.worst[0] <= 0.01
    assert beside.worst[0] >= 0.99
    with pytest.raises(ValueError, match="not free at its first point"):
        r_squared_curve(natural, natural, outputs, target, (64,), rng, twins=extra, **settings)


def test_random_targets_and_features_commute():
    """A component at m of the target at x moved by g is the component at m ^ g; so are the hidden features."""
    one, rng = group("D4"), np.random.default_rng(2)
    natural = natural_action(one)
    target, x = random_target(natural, natural, rng, 0.7), rng.standard_normal((6, 4))
    chosen, values = chosen_points(natural)[0].tolist(), target(x)[0]
    for g in range(one.order):
        moved = natural.permutation(g)
        after = target(x[:, moved])[0]
        for place, m in enumerate(chosen):
            if moved[m] in chosen:
                assert np.allclose(after[:, place], values[:, chosen.index(moved[m])])
    assert not np.allclose(values[:, 0], values[:, 1])
    several = hidden_features(x, natural, natural, natural + point(one), rng.standard_normal((3, 3)), np.zeros((3, 1)))
    assert [part.shape for part in several] == [(6, 3, 3, 3), (6, 1, 3, 1)]
    weights, biases = rng.standard_normal((3, 8)), rng.standard_normal((3, 1))
    pooled = hidden_features(x, natural, regular_action(one), point(one), weights[:, :4], biases)[0]
    again = hidden_features(x[:, moved], natural, regular_action(one), point(one), weights[:, :4], biases)[0]
    assert np.allclose(pooled, again)


# -- words


def test_words_name_the_sets_of_decompose_and_more():
    """The words of ``grouptool decompose --action``, with powers, products, unions and brackets."""
    s4 = group("S4")
    natural = natural_action(s4)
    assert gset_of_words(s4, "natural") == natural
    assert gset_of_words(s4, "regular") == regular_action(s4)
    assert gset_of_words(s4, " cosets:(1,2),(1,2,3) + point") == on_cosets(natural.stabilizer(3)) + point(s4)
    assert gset_of_words(s4, "cosets:8") == on_cosets(subgroup_lattice(s4).classes[8].subgroup)
    assert gset_of_words(s4, "[natural + point]^2 * natural") == (natural + point(s4)) * (natural + point(s4)) * natural
    assert len(gset_of_words(s4, "conjugation").orbits) == 5


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("sideways", NotationError, "'sideways' where a G-set is expected"),
        ("", NotationError, "the end where a G-set is expected"),
        ("natural +", NotationError, "the end where"),
        ("natural natural", NotationError, "'natural' where"),
        ("[natural", NotationError, "not closed"),
        ("natural^0", NotationError, "from 1 to 64"),
        ("natural^x", NotationError, "from 1 to 64"),
        ("cosets:99", GroupToolError, "has 11 classes"),
        ("cosets:(1,9)", GroupToolError, "not in S4"),
        ("natural^30", TooLargeError, "points"),
        ("point+" * 300 + "point", NotationError, "at most 200"),
    ],
)
def test_words_that_name_no_set_are_refused(text, error, message):
    """One line: what was given, what could be."""
    with pytest.raises(error, match=message):
        gset_of_words(group("S4"), text)


# -- modules of torch


@pytest.fixture
def torch():
    """Seeded."""
    module = pytest.importorskip("torch")
    module.manual_seed(0)
    return module


@pytest.mark.parametrize("name", ["S3", "Q8", "A4", "F5:4"])
def test_layers_commute_with_every_element(torch, name):
    """Float64 to 1e-12, float32 to 1e-5, over all g, between sets of every kind; free entries do not."""
    from verify.studies.equivariance import EquivariantLinear, equivariance_error

    one = group(name)
    natural = natural_action(one)
    sets = [natural, regular_action(one), natural + point(one)]
    for domain, codomain in itertools.product(sets, sets):
        layer = EquivariantLinear(domain, codomain, 2, 3)
        assert equivariance_error(layer, domain, codomain, channels=2) < 1e-5
        assert equivariance_error(layer.double(), domain, codomain, channels=2) < 1e-12
    for g in (1, one.order - 1):  # W rho(g) = rho(g) W, with the matrices of grouptool
        full = layer.matrix()[0, :, 0].detach().numpy()
        matrices = permutation_representation(domain).matrix(g)
        assert np.allclose(full @ matrices, matrices @ full)
    free = torch.nn.Sequential(torch.nn.Linear(len(natural), len(natural)))
    assert equivariance_error(free, natural, natural) > 1e-2


@pytest.mark.parametrize(("name", "differs"), [("S3", True), ("C5", True), ("C2^3", False)])
def test_labels_of_the_wrong_hand_pass_the_count_and_fail_the_group(torch, name, differs):
    """Row g^-1 for row g of the regular set: as many labels; where every g^2 = 1 it is the same layer."""
    from verify.studies.equivariance import EquivariantLinear, equivariance_error

    one = group(name)
    natural, regular = natural_action(one), regular_action(one)
    layer = EquivariantLinear(natural, regular, dtype=torch.float64)
    wrong = layer.labels[one.inverses.tolist()]
    assert len(wrong.unique()) == len(layer.labels.unique())
    layer.labels = wrong
    assert (equivariance_error(layer, natural, regular) > 1e-3) == differs


def test_a_model_is_an_ordinary_module(torch, tmp_path):
    """Built in Sequential, trained by Adam, saved and loaded; its output is invariant; plain values in state_dict."""
    from verify.studies.equivariance import EquivariantLinear, InvariantPooling, equivariance_error, equivariant_mlp

    one = group("D4")
    natural, regular = natural_action(one), regular_action(one)

    def build():
        body = equivariant_mlp([natural, regular, natural], [1, 8, 4], torch.nn.Tanh)
        return torch.nn.Sequential(body, torch.nn.Tanh(), InvariantPooling(natural, "sum"), torch.nn.Linear(4, 1))

    model = build()
    assert {name for name, _ in model.named_parameters()} == set(model.state_dict())
    x = torch.randn(256, 1, 4)
    y = (x[:, 0, 0] * x[:, 0, 2] + x[:, 0, 1] * x[:, 0, 3])[:, None]  # opposite corners: D4-, not S4-invariant
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    losses = []
    for _ in range(250):
        optimiser.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
    assert equivariance_error(model, natural) < 1e-5
    torch.save(model.state_dict(), tmp_path / "model.pt")
    again = build()
    again.load_state_dict(torch.load(tmp_path / "model.pt", weights_only=True))
    assert torch.equal(again(x), model(x))
    assert model.training
    assert "4 to 8 points, channels 1 to 8, 4 orbits" in repr(model)
    assert EquivariantLinear(natural, natural, bias=False).bias is None


@pytest.mark.parametrize(
    ("hidden", "layers", "blind"),
    [("natural", 1, True), ("natural", 3, True), ("cosets:1", 1, True), ("cosets:1", 3, False), ("regular", 1, False)],
)
def test_networks_commute_with_their_effective_group(torch, hidden, layers, blind):
    """Through the points of A4 they are invariant under odd permutations too; through A4/C2 only with one layer."""
    from verify.studies.equivariance import InvariantPooling, equivariant_mlp

    one = group("A4")
    natural, through = natural_action(one), gset_of_words(one, hidden)
    body = equivariant_mlp([natural, *[through] * layers], [1, *[6] * layers], torch.nn.Tanh)
    model = torch.nn.Sequential(body, torch.nn.Tanh(), InvariantPooling(through)).double()
    found = effective_group(natural, through, point(one), deep=layers > 1)
    assert found.is_larger == blind
    x = torch.randn(20, 1, 4, dtype=torch.float64)
    error = (model(x[..., [1, 0, 2, 3]]) - model(x)).abs().max().item()
    assert (error < 1e-12) == blind
    for h in found.extra:
        assert torch.allclose(model(x[..., torch.tensor(h)]), model(x), rtol=0, atol=1e-12)


def test_pooling_by_orbits(torch):
    """Mean, sum and maximum over each orbit, channels outside."""
    from verify.studies.equivariance import InvariantPooling

    points = natural_action(group("S3")) + point(group("S3"))
    x = torch.tensor([[[1.0, 2.0, 6.0, -5.0], [0.0, -1.0, -2.0, 7.0]]])
    assert InvariantPooling(points)(x).tolist() == [[3, -5, -1, 7]]
    assert InvariantPooling(points, "sum")(x).tolist() == [[9, -5, -3, 7]]
    assert InvariantPooling(points, "max")(x).tolist() == [[6, -5, 0, 7]]


def test_modules_refuse_what_they_cannot_take(torch):
    """Sizes, shapes, words and sets of two groups; one line each."""
    from verify.studies.equivariance import EquivariantLinear, InvariantPooling, equivariant_mlp

    natural = natural_action(group("S4"))
    with pytest.raises(TooLargeError, match="limit is 200,000,000"):
        EquivariantLinear(natural, natural, 10_000, 10_000)
    with pytest.raises(ValueError, match="at least one"):
        EquivariantLinear(natural, natural, 0)
    with pytest.raises(ValueError, match=r"takes \(batch, 2, 4\)"):
        EquivariantLinear(natural, natural, 2)(torch.zeros(1, 4))
    with pytest.raises(ValueError, match="not to one group"):
        EquivariantLinear(natural, natural_action(group("S3")))
    with pytest.raises(ValueError, match="mean, sum and max"):
        InvariantPooling(natural, "least")
    with pytest.raises(ValueError, match="give as many"):
        equivariant_mlp([natural, natural], [1])


def test_torch_comes_only_with_the_modules():
    """The settings and the words of the study need none of it."""
    code = "import sys, verify.studies.equivariance; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# -- the study


def run(name, folder, **given):
    """A quick run."""
    settings = load_study("equivariance").settings(**({"channels": 400, "samples": 1000} | given))
    return run_study("equivariance", group(name), settings, str(folder))


def test_the_study_on_a4(tmp_path):
    """Natural: not universal at any depth, its group S4; all statements hold, all controls fail."""
    done = run("A4", tmp_path / "a4", hidden=("natural", "[natural]^2"))
    assert done.findings.verdict == "holds"
    rows = {row["hidden set"]: row for row in done.predictions["hidden"]}
    assert [rows[key]["any depth"] for key in ("regular", "natural", "[natural]^2", "point")] == [
        "universal", "not universal", "universal", "not universal"]  # fmt: skip
    assert rows["natural"]["group at any depth"] == 24
    assert done.predictions["two_closure_order"] == 24
    assert done.predictions["least_tensor_order"] == 2
    assert len(done.findings.controls) == 4
    assert all(one.verdict == "fails" for one in done.findings.controls)
    assert {one.claim.name for one in done.findings.evidence if one.verdict == "holds"} == {
        "free-weights", "commutes", "tensor-order", "universal-fits", "error-falls", "misses", "reaches"}  # fmt: skip
    for picture in done.findings.pictures:
        assert picture.draw().axes
    json.dumps(done.to_json())


def test_the_study_where_depth_is_undecided(tmp_path):
    """D4 is 2-closed: one natural layer is not universal, more are undecided here, and the words say so."""
    done = run("D4", tmp_path / "d4")
    rows = {row["hidden set"]: row for row in done.predictions["hidden"]}
    assert (rows["natural"]["one layer"], rows["natural"]["any depth"]) == ("not universal", "undecided")
    assert done.predictions["two_closed"] is True
    assert "at more layers this is undecided here" in done.findings.sentence


def test_the_study_of_a_group_that_acts_trivially_or_is_too_large_to_fit(tmp_path):
    """C1: nothing is missed; M11: proved, and the reason why nothing is fitted stands with the evidence."""
    done = run("C1", tmp_path / "c1")
    assert done.findings.verdict == "holds"
    assert not done.findings.controls
    done = run("PSL(2,8)", tmp_path / "big", samples=20_000)
    assert done.findings.verdict == "holds"
    fits = next(one for one in done.findings.evidence if one.claim.name == "universal-fits")
    assert fits.score is None
    assert "pass the bound" in fits.reason
    assert done.predictions["two_closure_order"] == 362880


def test_a_broken_layer_is_seen(tmp_path, monkeypatch):
    """With labels that merge two orbits the count, and with unequal ones the group, no longer agrees."""
    from verify.studies.equivariance import certificate, layers

    def merged(domain: GSet, codomain: GSet):
        return np.maximum(orbit_labels(domain, codomain) - 1, 0)

    monkeypatch.setattr(certificate, "orbit_labels", merged)
    done = run("S3", tmp_path / "merged")
    assert done.findings.evidence[0].verdict == "fails"
    assert done.findings.verdict == "fails"
    monkeypatch.undo()

    def shifted(domain: GSet, codomain: GSet):
        return np.roll(orbit_labels(domain, codomain), 1, axis=0)

    monkeypatch.setattr(layers, "orbit_labels", shifted)
    assert run("S3", tmp_path / "shifted").findings.evidence[1].verdict == "fails"


def test_relabelling_the_points_changes_no_answer():
    """Closure, base, universality and degree of the missed function belong to the G-set, not to its numbering."""
    one = group("F5:4")
    natural, order = natural_action(one), np.array([3, 0, 4, 1, 2])
    moved = gset(one, np.array([order[step[np.argsort(order)]] for step in natural.steps]))
    assert two_closure(moved).order == two_closure(natural).order == 120
    assert base_size(moved) == base_size(natural)
    assert missed_function(moved, moved).degree == missed_function(natural, natural).degree


def test_the_command(call):
    """Options of the study are those of the command; an unknown word is refused in one line."""
    code, out, _ = call(
        "study", "equivariance", "S3", "--hidden", "[natural]^2", "--channels", "300", "--samples", "600", "--out", "x"
    )
    assert code in (0, 4)
    assert "fails, as it must" in out
    code, _, err = call("study", "equivariance", "S3", "--inputs", "sideways")
    assert code == 1
    assert "where a G-set is expected" in err
