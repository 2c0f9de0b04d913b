#!/bin/sh
# Prints every package that an installation of ours ends up with, at the version it got.
# Usage: constraints.sh PYTHON
set -eu
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
"$1" -m venv "$venv"
"$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-input \
    --requirement requirements-dev.txt
echo "# Written by \`make constraints\`: the versions that were installed and tested together."
"$venv/bin/python" -m pip freeze --exclude pip --exclude setuptools
