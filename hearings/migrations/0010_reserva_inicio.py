"""When each resource's reservations begin, by a plain index: by it is counted when all rooms are full (decision 111)."""

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the office goes on writing meanwhile
    dependencies = [("hearings", "0009_fila_curta")]

    operations = [
        AddIndexConcurrently(
            "reserva",
            models.Index(
                models.F("recurso"),
                RangeStartsWith("durante"),
                include=("durante", "audiencia"),
                name="reserva_inicio",
            ),
        ),
    ]
