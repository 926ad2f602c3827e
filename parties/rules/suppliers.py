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
from parties.rules.pairs import Evidence, Pairs, by_key, keep, likeness, trigrams


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Company forms, branches and remarks that clerks add; none says who the supplier is.
_FORMS = _words("""
    sa ltda ltd ltada lda limitada me mei epp eireli cia companhia ss sc matriz filial filiais sede unificado
    desativado desativada antigo antiga grupo group empresa empresas
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
    empreendimentos imobiliaria imobiliarias veiculos automoveis drogaria farmacia restaurante transportes meios
    pagamento pagamentos computadores
""")
#: The national system cuts names at fifty characters: «INVESTIMEN» is still «investimento».
_CUT_SECTOR = _SECTOR | {word[:size] for word in _SECTOR for size in range(5, len(word))}
_JOINED = ((re.compile(r"\bs a\b"), "sa"), (re.compile(r"\bs s\b"), "ss"), (re.compile(r"\bs c\b"), "sc"))
_STROKE = re.compile(r"\bS\s?/\s?A\b", re.IGNORECASE)
#: Where one supplier writes two names: «NETSHOES - NS2.COM», «CLARO/NET», «BANCO CBSS (IBI)».
_PARTS = re.compile(r"\s+[-–]\s*|\s*[-–]\s+|[/(){}\[\]@|;]")
#: What clerks tell each other: «(VER VIA VAREJO-33041260065290)», «(CNPJ BAIXADO)», «DESATIVADO - USAR TIM CELULAR».
_REMARK = re.compile(r"\s*[-(]\s*(?:ver|usar|cnpj|cip-e)\b.*", re.IGNORECASE)
#: Where a shop stands, and where a company works: «C&A – MIDWAY MALL»; ENERGISA of one state is not that of another.
_SHOPPING = _words("mall shopping")
_STATES = re.compile(
    r"\b(?:acre|alagoas|amapa|amazonas|bahia|ceara|espirito santo|goias|maranhao|mato grosso do sul|mato grosso"
    r"|minas gerais|do para|paraiba|parana|pernambuco|piaui|rio de janeiro|rio grande do norte|rio grande do sul"
    r"|rondonia|roraima|santa catarina|sao paulo|sergipe|tocantins)\b"
)
#: A long word is known by its first letters, however it ends.
_LONG, _LONG_START = 9, 7
#: A part shorter than this names nobody on its own.
_MIN_PART = 4

#: A word is common from this many names on, or from this share of them (one in …).
_COMMON_AT_LEAST, _COMMON_SHARE = 25, 400

#: A key that more names share than this brings nobody together: what they share is common.
_BLOCK = 100
#: A part of a name («VIVO») that more registrations share than this is no name.
_PART_BLOCK = 30

#: Points of a pair, out of 100, and the likeness (trigrams, 0 to 1) from which a pair counts at all.
SAME_ROOT, SAME_NAME, SAME_PART, ONLY_BEARER, HOMONYMS = 100, 90, 75, 70, 60
LIKE = 0.65
#: Two different roots are two companies, whatever they are called, unless the names are all but equal.
LIKE_OTHER_ROOT = 0.9


def core_name(name: str) -> str:
    """A name without company form, trade words and remarks: «CLARO S/A (CIP ELETRÔNICA)» is «claro».

    Where nothing would remain («COMERCIO E INDUSTRIA LTDA») the words of trade stay.
    """
    plain = normalise_name(_REMARK.sub("", name) or name)
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
    left = " ".join(word for word in core.split() if not _is_sector(word) and word not in common)
    return left if len(left.replace(" ", "")) > 1 else core


def _is_sector(word: str) -> bool:
    """A word of a sector, cut off («investimen») or misspelt after its first letters («telecomunicaes»)."""
    return word in _CUT_SECTOR or (len(word) >= _LONG and word[:_LONG_START] in _CUT_SECTOR)


def name_parts(name: str) -> list[str]:
    """The cores of a name that holds several («NETSHOES - NS2.COM»), each long enough to name somebody."""
    cores = dict.fromkeys(core_name(part) for part in _PARTS.split(_STROKE.sub("SA", _REMARK.sub("", name))))
    return [core for core in cores if _names_somebody(core)]


def _names_somebody(core: str) -> bool:
    words = core.split()
    own = [word for word in words if word not in _FORMS | _TRADE | _CUT_SECTOR]
    return len("".join(own)) >= _MIN_PART and _SHOPPING.isdisjoint(words)


def keys_of(core: str, common: Collection[str] = ()) -> set[str]:
    """What brings two cores together to be compared: a long word, two neighbouring words, the first letters."""
    words = core.split()
    keys = {word for word in words if len(word) >= _MIN_PART and word not in common}
    keys.update(f"{one} {two}" for one, two in pairwise(words))
    compact = "".join(words)
    if len(compact) >= _MIN_PART:
        keys.add(f"^{compact[:5]}")
    return keys


@dataclass(frozen=True, slots=True)
class Registration:
    """A supplier as the finder sees it: its key, the root of its CNPJ (or nothing), and every name it goes by."""

    pk: int
    root: str
    names: tuple[str, ...]

    @property
    def number(self) -> str:
        """What settles who it is."""
        return self.root


Cores = dict[str, frozenset[str]]


def find_pairs(rows: Sequence[Registration], progress: Callable[[float], None] = lambda share: None) -> Pairs:
    """Every pair of registrations that may be one supplier, with the best evidence. Natural persons stay outside.

    What is equal (root, core, part of a name) is tied to the first of its kind, so put the weightiest first; what is
    alike is compared only within small blocks, never everybody with everybody.
    """
    found: Pairs = {}
    cores = [_cores_of(row) for row in rows]
    _tie(found, rows, by_key(((row.root,) if row.root else ()) for row in rows), lambda differ: _ROOT)
    same = by_key({core.replace(" ", "") for core in own} for own in cores)
    _tie(found, rows, same, lambda differ: _HOMONYM if differ else _NAME)
    parts = by_key(_parts_of(row, own) for row, own in zip(rows, cores, strict=True))
    small = {key: block for key, block in parts.items() if len(block) <= _PART_BLOCK}
    _tie(found, rows, small, lambda differ: None if differ else _PART)
    _tie_only_bearers(found, rows, cores)
    _compare(found, rows, cores, progress)
    return found


def _tie_only_bearers(found: Pairs, rows: Sequence[Registration], cores: Sequence[Cores]) -> None:
    """A bare name («DELL») belongs to the known supplier who alone bears it, whatever is said of the sector."""
    common = common_words(core for own in cores for core in own)
    telling = by_key({telling_core(core, common).replace(" ", "") for core in own} for own in cores)
    for name, block in telling.items():
        roots = {rows[place].root for place in block} - {""}
        if len(roots) == 1 and len(name) >= _MIN_PART and len(block) <= _PART_BLOCK:
            first = next(place for place in block if rows[place].root)
            for place in block:
                if not rows[place].root:
                    keep(found, rows[first].pk, rows[place].pk, _ONLY)


_ROOT = Evidence(SAME_ROOT, "mesma raiz de CNPJ")
_NAME = Evidence(SAME_NAME, "mesmo nome")
_HOMONYM = Evidence(HOMONYMS, "mesmo nome, raízes diferentes")
_ONLY = Evidence(ONLY_BEARER, "só este fornecedor tem este nome")
_PART = Evidence(SAME_PART, "um dos nomes é o mesmo")


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
            keep(found, a.pk, b.pk, evidence(bool(a.root and b.root and a.root != b.root)))


def _compare(
    found: Pairs, rows: Sequence[Registration], cores: Sequence[Cores], progress: Callable[[float], None]
) -> None:
    """Compare the names within each small block of a shared key."""
    common = common_words(core for own in cores for core in own)
    flat = [
        _Name(rows[place], core, trigrams(telling_core(core, common)), trigrams(core), states)
        for place, own in enumerate(cores)
        for core, states in own.items()
    ]
    blocks = by_key(keys_of(name.core, common) for name in flat)
    for number, block in enumerate(blocks.values()):
        if number % 2000 == 0:
            progress(number / len(blocks))
        if len(block) > _BLOCK:
            continue
        for a, b in combinations((flat[place] for place in block), 2):
            share = likeness(a.telling, b.telling)
            if share >= LIKE and not (a.states and b.states and a.states != b.states):
                evidence = alike(a.row.root, b.row.root, min(share, likeness(a.whole, b.whole)))
                keep(found, a.row.pk, b.row.pk, evidence)


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a registration, ready to be compared."""

    row: Registration
    core: str
    telling: set[str]
    whole: set[str]
    states: frozenset[str]


def _cores_of(row: Registration) -> Cores:
    """The cores of a registration's names, each with the states that they speak of: one state's distributor is not
    another's."""
    found: Cores = {}
    for name in row.names:
        core = core_name(name)
        found[core] = found.get(core, frozenset()) | frozenset(_STATES.findall(normalise_name(name)))
    return found


def alike(root_a: str, root_b: str, share: float) -> Evidence | None:
    """The evidence of names alike to this share, or None. A root is empty where there is no CNPJ."""
    differ = bool(root_a and root_b and root_a != root_b)
    if share < (LIKE_OTHER_ROOT if differ else LIKE):
        return None
    reason = f"nome parecido ({round(share * 100)}%)"
    return Evidence(round(share * (50 if differ else 70)), f"{reason}, raízes diferentes" if differ else reason)
