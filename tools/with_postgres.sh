#!/bin/bash
# Runs a command with DATABASE_URL set to a PostgreSQL server made for it alone.
#
# The server has its own data in a new folder under the system's temporary one, listens on a
# socket in that folder and on no port, and is removed with everything in it when the command
# ends, however it ends. A PostgreSQL that runs on the machine already is not touched.
# Usage: with_postgres.sh COMMAND [ARGUMENT…]
set -euo pipefail

bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
bin=${bin:-$(command -v initdb || true)}
if [ -z "$bin" ]; then
    echo "PostgreSQL is missing. On Debian: sudo apt install postgresql" >&2
    exit 1
fi
bin=$(dirname "$bin")

folder=$(mktemp -d "${TMPDIR:-/tmp}/nap-postgres.XXXXXX")
as=()
if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses to run as root
    owner=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$owner" "$folder"
    as=(setpriv --reuid="$owner" --regid="$(id -g "$owner")" --clear-groups)
fi

remove() {
    trap '' INT TERM HUP
    "${as[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap remove EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

export PGUSER=nap
inside() { (cd "$folder" && "$@"); }  # the server's account may not enter the current folder
inside "${as[@]}" "$bin/initdb" -D "$folder/data" -U "$PGUSER" -A trust -E UTF8 --locale=C.UTF-8 \
    --no-sync >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
# Nothing here has to outlive a power cut: speed instead of fsync.
inside "${as[@]}" "$bin/pg_ctl" start -w -D "$folder/data" -l "$folder/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off \
        -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" \
    >/dev/null || { cat "$folder/server.log" >&2; exit 1; }
inside "$bin/createdb" -h "$folder" nap

status=0
DATABASE_URL="postgres:///$folder/nap" "$@" || status=$?
exit "$status"
