#!/bin/sh
# What `make install` needs, checked before anything is installed: on Debian and macOS alike. $1: a Python, if one was found.
# Prints what is missing and how to get it, all of it at once, and ends with 1.
python=$1
needed_mb=${BROADSHEET_INSTALL_MB:-3500} # 1.4 GB of packages, 2 GB for the first newsroom
faults=0
fault() {
    faults=1
    printf '  - %s\n' "$1" >&2
}

system=$(uname -s)
case "$system/$(uname -m)" in
Linux/x86_64 | Linux/aarch64 | Darwin/arm64 | Darwin/x86_64) ;;
*) fault "This is $system on $(uname -m). The object store comes for Linux and macOS on x86_64 and arm64 only." ;;
esac

if [ -z "$python" ]; then
    case "$system" in
    Darwin) fault "Python 3.11, 3.12 or 3.13 is missing: brew install python@3.13" ;;
    *) fault "Python 3.11, 3.12 or 3.13 is missing: apt install python3 python3-venv" ;;
    esac
elif ! "$python" -c 'import venv, ssl, sqlite3' 2>/dev/null; then
    case "$system" in
    Darwin) fault "$python lacks venv, ssl or sqlite3: brew install python@3.13" ;;
    *) fault "$python lacks venv, ssl or sqlite3: apt install python3-venv (a Python built by hand: libssl-dev libsqlite3-dev first)" ;;
    esac
fi

free_mb=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
if [ ! -d .venv ] && [ "${free_mb:-0}" -lt "$needed_mb" ]; then
    fault "$free_mb MB are free on this disk, and $needed_mb MB are needed for packages and the first newsroom."
fi
[ -w . ] || fault "This folder cannot be written to. Clone the repository where you may write."

if [ "$faults" -ne 0 ]; then
    echo "Nothing was installed. Mend the above and try again." >&2
    exit 1
fi
