"""When two registrations are probably one supplier: the pure part, names and points. No database.

A name is reduced to its core (no company form, no words that say nothing of who it is), names that could be alike are
brought together by keys, and a pair is judged by the roots of its CNPJs and the likeness of its cores.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from parties.identifiers import normalise_name


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Company forms, branches and remarks that clerks add; none says who the supplier is.
_FORMS = _words("""
    sa ltda ltd ltada lda limitada me mei epp eireli cia companhia ss sc matriz filial filiais sede unificado
    desativado desativada antigo antiga grupo empresa empresas
""")
#: Words of trade and geography that many names share, with the abbreviations in which they appear.
_TRADE = _words("""
    comercio com comercial industria ind industrial servicos serv servico brasil bras brasileira br participacoes
    sociedade soc importacao exportacao imp exp importadora distribuidora do da de dos das e em o a os as para por na no
    recuperacao judicial cip eletronica
""")
#: What a supplier deals in: says something, but is shared by competitors («TAM LINHAS AEREAS», «AZUL LINHAS AEREAS»).
_SECTOR = _words("""
    credito cred financiamento financ fin finan investimento investimentos invest inv financeira financeiras cfi banco
    multiplo linhas aereas administradora adm cartoes cartao consorcio consorcios telefonia telefonica celular movel
    fixo telecomunicacoes telecom educacional educacao ensino universidade faculdade faculdades seguros seguro
    seguradora energia distribuicao distribuicoes dist eletrica loja lojas varejo moveis eletrodomesticos eletronico
    eletronica eletronicos magazine supermercado supermercados mercado editora internet tecnologia informatica turismo
    viagens assistencia saude planos medica operadora associacao instituto centro construtora incorporadora engenharia
    empreendimentos imobiliaria imobiliarias veiculos automoveis drogaria farmacia restaurante transportes
""")
#: The national system cuts names at fifty characters: «INVESTIMEN» is still «investimento».
_CUT_SECTOR = _SECTOR | {word[:size] for word in _SECTOR for size in range(5, len(word))}
_JOINED = ((re.compile(r"\bs a\b"), "sa"), (re.compile(r"\bs s\b"), "ss"), (re.compile(r"\bs c\b"), "sc"))
_STROKE = re.compile(r"\bS\s?/\s?A\b", re.IGNORECASE)
#: Where one supplier writes two names: «NETSHOES - NS2.COM», «CLARO/NET», «BANCO CBSS (IBI)».
_PARTS = re.compile(r"\s+[-–]\s*|\s*[-–]\s+|[/(){}\[\]@|;]")
#: A part shorter than this names nobody on its own.
_MIN_PART = 4

#: A word is common from this many names on, or from this share of them (one in …).
_COMMON_AT_LEAST, _COMMON_SHARE = 25, 400

#: A key that more names share than this brings nobody together: what they share is common.
_BLOCK = 100
#: A part of a name («VIVO») that more registrations share than this is no name.
_PART_BLOCK = 30

#: Points of a pair, out of 100, and the likeness (trigrams, 0 to 1) from which a pair counts at all.
SAME_ROOT, SAME_NAME, SAME_PART, HOMONYMS = 100, 90, 75, 60
LIKE = 0.65
#: Two different roots are two companies, whatever they are called, unless the names are all but equal.
LIKE_OTHER_ROOT = 0.9


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two registrations may be one: points and the reason in the auditor's words."""

    pontos: int
    motivo: str


def core_name(name: str) -> str:
    """A name without company form, trade words and remarks: «CLARO S/A (CIP ELETRÔNICA)» is «claro».

    Where nothing would remain («COMERCIO E INDUSTRIA LTDA») the words of trade stay.
    """
    plain = normalise_name(name)
    for pattern, joined in _JOINED:
        plain = pattern.sub(joined, plain)
    words = [word for word in plain.split() if word not in _FORMS]
    telling = [word for word in words if word not in _TRADE]
    return " ".join(telling or words or plain.split())


def common_words(cores: Iterable[str]) -> frozenset[str]:
    """Words that so many of these cores share that they tell nobody apart («materiais», «construcao»)."""
    distinct = set(cores)
    counts = Counter(word for core in distinct for word in set(core.split()))
    limit = max(_COMMON_AT_LEAST, len(distinct) // _COMMON_SHARE)
    return frozenset(word for word, n in counts.items() if n > limit)


def telling_core(core: str, common: Collection[str] = ()) -> str:
    """What is left of a core without the words of its sector and the common ones; the core itself where nothing is."""
    left = " ".join(word for word in core.split() if word not in _CUT_SECTOR and word not in common)
    return left if len(left.replace(" ", "")) > 1 else core


def name_parts(name: str) -> list[str]:
    """The cores of a name that holds several («NETSHOES - NS2.COM»), each long enough to name somebody."""
    cores = dict.fromkeys(core_name(part) for part in _PARTS.split(_STROKE.sub("SA", name)))
    return [core for core in cores if _names_somebody(core)]


def _names_somebody(core: str) -> bool:
    own = [word for word in core.split() if word not in _FORMS | _TRADE | _CUT_SECTOR]
    return len("".join(own)) >= _MIN_PART


def keys_of(core: str, common: Collection[str] = ()) -> set[str]:
    """What brings two cores together to be compared: a long word, two neighbouring words, the first letters."""
    words = core.split()
    keys = {word for word in words if len(word) >= _MIN_PART and word not in common}
    keys.update(f"{one} {two}" for one, two in pairwise(words))
    compact = "".join(words)
    if len(compact) >= _MIN_PART:
        keys.add(f"^{compact[:5]}")
    return keys


def trigrams(text: str) -> set[str]:
    """The runs of three letters of each word, padded as pg_trgm pads them."""
    return {f"  {word} "[place : place + 3] for word in text.split() for place in range(len(word) + 1)}


def likeness(one: set[str], other: set[str]) -> float:
    """The share of trigrams in common, 0 to 1; what pg_trgm calls similarity."""
    return len(one & other) / (len(one | other) or 1)


@dataclass(frozen=True, slots=True)
class Registration:
    """A supplier as the finder sees it: its key, the root of its CNPJ (or nothing), and every name it goes by."""

    pk: int
    root: str
    names: tuple[str, ...]


Pairs = dict[tuple[int, int], Evidence]


def find_pairs(rows: Sequence[Registration], progress: Callable[[float], None] = lambda share: None) -> Pairs:
    """Every pair of registrations that may be one supplier, with the best evidence. Natural persons stay outside.

    What is equal (root, core, part of a name) is tied to the first of its kind, so put the weightiest first; what is
    alike is compared only within small blocks, never everybody with everybody.
    """
    found: Pairs = {}
    cores = [tuple(dict.fromkeys(map(core_name, row.names))) for row in rows]
    _tie(found, rows, _by(((row.root,) if row.root else ()) for row in rows), lambda differ: _ROOT)
    same = _by({core.replace(" ", "") for core in own} for own in cores)
    _tie(found, rows, same, lambda differ: _HOMONYM if differ else _NAME)
    parts = _by(_parts_of(row, own) for row, own in zip(rows, cores, strict=True))
    small = {key: block for key, block in parts.items() if len(block) <= _PART_BLOCK}
    _tie(found, rows, small, lambda differ: None if differ else _PART)
    _compare(found, rows, cores, progress)
    return found


_ROOT = Evidence(SAME_ROOT, "mesma raiz de CNPJ")
_NAME = Evidence(SAME_NAME, "mesmo nome")
_HOMONYM = Evidence(HOMONYMS, "mesmo nome, raízes diferentes")
_PART = Evidence(SAME_PART, "um dos nomes é o mesmo")


def _by(keys: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Places by key, those keys that at least two places share."""
    blocks: dict[str, list[int]] = {}
    for place, own in enumerate(keys):
        for key in own:
            blocks.setdefault(key, []).append(place)
    return {key: block for key, block in blocks.items() if len(block) > 1}


def _parts_of(row: Registration, cores: Iterable[str]) -> set[str]:
    return {part for name in row.names for part in name_parts(name)} | {core for core in cores if _names_somebody(core)}


def _tie(
    found: Pairs,
    rows: Sequence[Registration],
    blocks: dict[str, list[int]],
    evidence: Callable[[bool], Evidence | None],
) -> None:
    """Tie each place of a block to the block's first; `evidence` is asked whether their roots differ."""
    for first, *others in blocks.values():
        for place in others:
            a, b = rows[first], rows[place]
            _keep(found, a.pk, b.pk, evidence(bool(a.root and b.root and a.root != b.root)))


def _keep(found: Pairs, a: int, b: int, evidence: Evidence | None) -> None:
    """Remember the evidence of a pair if it is the best so far."""
    if evidence is None or a == b:
        return
    pair = (a, b) if a < b else (b, a)
    known = found.get(pair)
    if known is None or known.pontos < evidence.pontos:
        found[pair] = evidence


def _compare(
    found: Pairs, rows: Sequence[Registration], cores: Sequence[Sequence[str]], progress: Callable[[float], None]
) -> None:
    """Compare the names within each small block of a shared key."""
    common = common_words(core for own in cores for core in own)
    flat = [(place, core, telling_core(core, common)) for place, own in enumerate(cores) for core in own]
    blocks = _by(keys_of(core, common) for _, core, _ in flat)
    for number, block in enumerate(blocks.values()):
        if number % 2000 == 0:
            progress(number / len(blocks))
        if len(block) > _BLOCK:
            continue
        grams = [(rows[flat[i][0]], trigrams(flat[i][2]), trigrams(flat[i][1])) for i in block]
        for (a, short_a, whole_a), (b, short_b, whole_b) in combinations(grams, 2):
            share = likeness(short_a, short_b)
            if share >= LIKE:
                _keep(found, a.pk, b.pk, alike(a.root, b.root, min(share, likeness(whole_a, whole_b))))


def alike(root_a: str, root_b: str, share: float) -> Evidence | None:
    """The evidence of names alike to this share, or None. A root is empty where there is no CNPJ."""
    differ = bool(root_a and root_b and root_a != root_b)
    if share < (LIKE_OTHER_ROOT if differ else LIKE):
        return None
    reason = f"nome parecido ({round(share * 100)}%)"
    return Evidence(round(share * (50 if differ else 70)), f"{reason}, raízes diferentes" if differ else reason)


def star_groups(pairs: Pairs, order: Iterable[int]) -> list[tuple[int, dict[int, Evidence]]]:
    """Groups of one hub and those directly like it: nobody joins a group through a third.

    In this order (CNPJ known, most cases first) registrations become hubs; each is in one group at most.
    """
    near: dict[int, dict[int, Evidence]] = {}
    for (one, two), evidence in pairs.items():
        near.setdefault(one, {})[two] = evidence
        near.setdefault(two, {})[one] = evidence
    taken: set[int] = set()
    groups = []
    for hub in order:
        if hub in taken:
            continue
        members = {key: evidence for key, evidence in near.get(hub, {}).items() if key not in taken}
        if members:
            taken.update(members, [hub])
            groups.append((hub, members))
    return groups
