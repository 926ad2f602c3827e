#!/bin/sh
# Finds Chromium for the browser tests, or installs it where that is allowed. Never fails: without it those tests are
# skipped, and this says so. The shell is wanted first: the same engine without a browser's own windows, so that a page
# opens at about half the work.
any() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}
get() { apt-get install -y -qq -o Acquire::Retries=0 "$1" >/dev/null 2>&1; }

command -v chromium-headless-shell >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Instalando o Chromium sem janelas…"
    get chromium-headless-shell && exit 0
    any && exit 0
    apt-get update -qq >/dev/null 2>&1
    { get chromium-headless-shell || get chromium; } && exit 0
fi
any && exit 0
echo "**********************************************************************" >&2
echo "AVISO: não há Chromium. Os testes de navegador serão PULADOS." >&2
echo "Instale o pacote: sudo apt-get install chromium-headless-shell" >&2
echo "**********************************************************************" >&2
