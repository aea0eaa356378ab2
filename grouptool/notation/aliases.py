"""Other systems' names for what the notation names: GAP's, Sage's, SymPy's and the ATLAS's.

Public: named, QUOTED, WEYL.
A name that is not here stays as it is written: which families exist is known to ``grouptool.construct``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from ..errors import NotationError
from .nodes import Extraspecial, Label, Named, Power, Product, Spec
from .tokens import excerpt

__all__ = ["AUTOMORPHISM_GROUPS", "ORTHOGONAL", "QUOTED", "WEYL", "named"]

Arguments = tuple[int | str, ...]

WEYL = ("W", "Weyl", "WeylGroup")
"""The names whose argument is a Cartan type, E6."""
QUOTED = (*WEYL, "ExtraspecialGroup")
"""The names that may have an argument in quotes."""

AUTOMORPHISM_GROUPS = {"Hol": "Hol", "Holomorph": "Hol", "Aut": "Aut", "AutomorphismGroup": "Aut", "Out": "Out"}
"""The names whose argument is a group, and how they are printed."""

_ORTHOGONAL = {
    "GeneralOrthogonalGroup": "GO",
    "GO": "GO",
    "O": "POmega",  # O7(3), O8+(2) in the ATLAS
    "Omega": "Omega",
    "PGO": "PGO",
    "POmega": "POmega",
    "ProjectiveGeneralOrthogonalGroup": "PGO",
    "ProjectiveOmega": "POmega",
    "ProjectiveSpecialOrthogonalGroup": "PSO",
    "PSO": "PSO",
    "SO": "SO",
    "SpecialOrthogonalGroup": "SO",
}
ORTHOGONAL = frozenset(_ORTHOGONAL)
"""The names that may have a sign, GO+(4,3) or O8+(2), or, as in GAP, 1, -1 or 0 as the first of three arguments."""
_TYPES: dict[int | str, str] = {1: "+", 0: "", -1: "-"}

_SAME = {
    "Alt": "A",
    "AlternatingGroup": "A",
    "CyclicGroup": "C",
    "GeneralLinearGroup": "GL",
    "GeneralSemilinearGroup": "GammaL",
    "GeneralUnitaryGroup": "GU",
    "MathieuGroup": "M",
    "ProjectiveGeneralLinearGroup": "PGL",
    "ProjectiveGeneralUnitaryGroup": "PGU",
    "ProjectiveSpecialLinearGroup": "PSL",
    "ProjectiveSpecialUnitaryGroup": "PSU",
    "ProjectiveSymplecticGroup": "PSp",
    "SpecialLinearGroup": "SL",
    "SpecialSemilinearGroup": "SigmaL",
    "SpecialUnitaryGroup": "SU",
    "SuzukiGroup": "Sz",
    "Sym": "S",
    "SymmetricGroup": "S",
    "SymplecticGroup": "Sp",
    "Weyl": "W",
    "WeylGroup": "W",
    "Z": "C",
}
_ATLAS = {"L": "PSL", "U": "PSU"}  # L2(7), U3(3)


def named(name: str, arguments: Arguments) -> Spec:
    """The specification of a name with arguments, other systems' names turned into ours."""
    if len(arguments) == 2 and name in _ATLAS:
        return Named(_ATLAS[name], arguments)
    if (name, arguments) in (("V", (4,)), ("K", (4,))):
        return Power(Named("C", (2,)), 2)
    if name == "AbelianGroup":
        factors = tuple(Named("C", (order,)) for order in arguments)
        return factors[0] if len(factors) == 1 else Product(factors)
    if name in WEYL and not (len(arguments) == 1 and re.fullmatch("[A-Z][0-9]{1,9}", str(arguments[0]))):
        raise NotationError(f"{excerpt(name)} needs a Cartan type, as in W(A4), W(F4) or W(E6)")
    if name in _BY_ORDER:
        return _by_order(name, arguments)
    if (unsigned := name.rstrip("+-")) in _ORTHOGONAL:
        return _orthogonal(unsigned, name[len(unsigned) :], arguments)
    return Named(_SAME.get(name, name), arguments)


def _orthogonal(name: str, sign: str, arguments: Arguments) -> Spec:
    family = _ORTHOGONAL[name]
    if len(arguments) == 3 and not sign:
        if arguments[0] not in _TYPES:
            raise NotationError(f"{name} with three arguments begins with 1, -1 or 0, as in GAP, not {arguments[0]}")
        sign, arguments = _TYPES[arguments[0]], arguments[1:]
    return Named(family + sign, arguments)


def _by_order(name: str, arguments: Arguments) -> Spec:
    usage, make = _BY_ORDER[name]
    if len(arguments) != usage.count(",") + 1 or isinstance(arguments[0], str):
        raise NotationError(f"{name} has the wrong arguments; write {usage}")
    return make(*arguments)


def _dihedral(order: int) -> Spec:
    if order % 2 or order < 2:
        raise NotationError(
            f"DihedralGroup({order}): the argument is the order, as in GAP, and that is even; "
            f"the symmetries of the {order}-gon (Sage's and SymPy's DihedralGroup({order})) are D{order}"
        )
    return Named("D", (order // 2,))


def _quaternion(order: int) -> Spec:
    return Named("Q", (order,)) if order & (order - 1) == 0 else _dicyclic(order)


def _dicyclic(order: int) -> Spec:
    if order % 4 or order < 4:
        raise NotationError(f"the argument of GAP's DicyclicGroup and QuaternionGroup is the order, 4n, not {order}")
    return Named("Dic", (order // 4,))


def _elementary_abelian(order: int) -> Spec:
    prime, exponent = _prime_power(order, "ElementaryAbelianGroup")
    return Power(Named("C", (prime,)), exponent)


def _extraspecial(order: int, kind: int | str) -> Spec:
    prime, exponent = _prime_power(order, "ExtraspecialGroup")
    signs: dict[int | str, str] = {"+": "+", "-": "-"}
    if prime > 2:  # GAP also takes the exponent of the group
        signs |= {prime: "+", prime**2: "-"}
    if exponent < 3 or exponent % 2 == 0 or kind not in signs:
        raise NotationError(
            f'ExtraspecialGroup({order},{kind}) does not exist; examples are ExtraspecialGroup(27,"+") and (32,"-")'
        )
    return Extraspecial(prime, exponent, signs[kind])


def _prime_power(order: int, name: str) -> tuple[int, int]:
    """The prime and the exponent; orders are at most 10^9, so trial division ends before 32,000."""
    prime = next((d for d in range(2, math.isqrt(order) + 1) if order % d == 0), order)
    exponent, rest = 0, order
    while rest > 1 and rest % prime == 0:
        rest //= prime
        exponent += 1
    if rest != 1 or not exponent:
        raise NotationError(f"{name}({order}) does not exist: {order} is no power of a prime")
    return prime, exponent


_BY_ORDER: dict[str, tuple[str, Callable[..., Spec]]] = {
    "DicyclicGroup": ("DicyclicGroup(12)", _dicyclic),
    "DihedralGroup": ("DihedralGroup(10)", _dihedral),
    "ElementaryAbelianGroup": ("ElementaryAbelianGroup(8)", _elementary_abelian),
    "ExtraspecialGroup": ('ExtraspecialGroup(27,"+")', _extraspecial),
    "QuaternionGroup": ("QuaternionGroup(8)", _quaternion),
    "SmallGroup": ("SmallGroup(24,12)", Label),
}
