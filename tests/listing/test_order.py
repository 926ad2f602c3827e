"""Names stand where a reader looks for them, not where their bytes would put them."""

from __future__ import annotations

from accounts.models import User
from cases.models import Assunto
from listing.order import by_name


def test_an_accented_initial_stands_with_its_letter(db: None) -> None:
    for codigo, name in enumerate(("Banco", "água", "Zíper", "Óculos", "Pão")):
        Assunto.objects.create(codigo=900_000 + codigo, area="Ordem", descricao=name)
    names = Assunto.objects.filter(area="Ordem").values_list("descricao", flat=True)

    assert list(names) == ["água", "Banco", "Óculos", "Pão", "Zíper"]
    assert list(names.order_by(by_name("descricao").desc())) == ["Zíper", "Pão", "Óculos", "Banco", "água"]


def test_people_stand_by_their_names(db: None) -> None:
    for login, name in (("z", "Zeca"), ("a", "Átila"), ("b", "Bruno")):
        User.objects.create_user(login, nome=name)

    assert [user.nome for user in User.objects.filter(usuario__in="abz")] == ["Átila", "Bruno", "Zeca"]
