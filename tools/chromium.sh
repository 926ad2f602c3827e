#!/bin/sh
# Finds Chromium for the browser tests, or installs it where that is allowed. Never fails: without it those tests are
# skipped, and this says so.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Instalando o Chromium…"
    { apt-get install -y -qq chromium || { apt-get update -qq && apt-get install -y -qq chromium; }; } >/dev/null 2>&1 && exit 0
fi
echo "**********************************************************************" >&2
echo "AVISO: não há Chromium. Os testes de navegador serão PULADOS." >&2
echo "Instale o pacote: sudo apt-get install chromium" >&2
echo "**********************************************************************" >&2
