"""A small clamd: it speaks INSTREAM on a real socket, and finds whatever holds the words it is told to fear."""

from __future__ import annotations

import socket
import struct
import threading


class FakeClamd:
    """Answers every connection on a port of its own until it is stopped."""

    def __init__(self, *, feared: bytes = b"PERIGO", answer: bytes = b"") -> None:
        self.feared, self.answer = feared, answer
        self.seen: list[bytes] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._door.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as words:
                assert words.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack("!I", words.read(4))[0]:
                    content += words.read(size)
                self.seen.append(content)
                found = b"stream: Teste.Perigoso FOUND" if self.feared in content else b"stream: OK"
                line.sendall((self.answer or found) + b"\0")

    def stop(self) -> None:
        """Answer nobody any more."""
        if self._door.fileno() < 0:
            return
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)
