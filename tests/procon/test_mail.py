"""Without a mail server, every message is a file of its own."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

from django.core.mail import EmailMessage

from procon.mail import FolderBackend


def test_each_message_is_one_whole_file(tmp_path: Path) -> None:
    backend = FolderBackend(file_path=tmp_path / "correio")

    sent = backend.send_messages(
        [EmailMessage(f"Audiência {n}", "Compareça às 14h.", "procon@example.org", ["ana@example.org"]) for n in (1, 2)]
    )

    files = sorted((tmp_path / "correio").iterdir())
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    assert sent == 2
    assert [(m["Subject"], m["To"], m.get_content().strip()) for m in read] == [
        ("Audiência 1", "ana@example.org", "Compareça às 14h."),
        ("Audiência 2", "ana@example.org", "Compareça às 14h."),
    ]
    assert {path.suffix for path in files} == {".eml"}
