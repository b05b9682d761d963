#!/usr/bin/env bash
# The one door to this program on Linux: sets up what is missing, then starts what is asked for.
set -u
root=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
venv=$root/.venv
python='' # the interpreter that .venv is made with; find_python names it

usage() {
    cat <<'TEXT'
./run.sh WORD [arguments]

  demo      the demonstration, with or without a screen or a camera
  kiosk     any command of the program; `./run.sh kiosk --help` lists them
  doctor    says what is wrong with this machine, and changes nothing
  setup     looks at all that `demo` and `kiosk` need, installs what is missing, starts nothing
  test      the tests (arguments go to pytest)
  lint      the static checks: format, lint, types, imports
  check     the one door for changes: the static checks, then the tests
  bench     the benchmarks; with names (`bench verify`) those files of benchmarks/ alone
  fuzz      a million hostile certificates, or as many as told; `--guided SECONDS` by coverage
  shots     pictures of every screen, state, language and size, and a page to leaf through them
  coverage  the tests, and what of kiosk/core they do not reach; fails below 100 %
  mutate    faults put into the core, and how many the tests find; with names those modules alone
  help      this text

The first run installs what is missing: on Debian and Ubuntu some system libraries (sudo may
ask for your password), and the pinned Python packages into .venv. Later runs start at once.
KIOSK_SKIP_SYSTEM=1 leaves the system libraries alone.
TEXT
}

say() { printf 'run.sh: %s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 2
}

# --- Python ---------------------------------------------------------------------------------

# The upper end is that of PySide6 6.11.
suits() { "$1" -I -S -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; }

find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        suits "$name" && python=$(command -v "$name") && return
    done
    say "This program needs Python 3.11 to 3.14; here is $(python3 --version 2>/dev/null || echo 'no python3')."
    say 'Remedy: Debian 12, Ubuntu 24.04 and later have one: apt-get install python3 (as root).'
    fail 'Elsewhere, install python3.11 beside the old one: run.sh finds it in PATH by that name.'
}

# --- System packages ------------------------------------------------------------------------

# What they are for, then the packages.
needed_libraries() {
    cat <<'TEXT'
Qt, even without a window: libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0 libbrotli1 libx11-6 libgssapi-krb5-2
a Qt window: libwayland-cursor0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1 libxcb-randr0 libxkbcommon-x11-0 libx11-xcb1
camera and sound: libpulse0 libxrandr2 libxext6
pyzbar, which reads codes: libzbar0
TEXT
}

# Prints the lines of needed_libraries, left with the packages that are not installed.
missing_libraries() {
    local names installed purpose packages package missing
    names=$(needed_libraries | cut -d: -f2)
    # Debian 13 and Ubuntu 24.04 renamed some libraries to NAMEt64; those still provide the old
    # name, so that apt-get takes it, but dpkg-query has to be asked for both.
    # shellcheck disable=SC2046,SC2086,SC2016  # words are meant to split; ${} is dpkg-query's
    installed=" $(dpkg-query -W -f '${db:Status-Abbrev}${Package} ' $names $(printf '%st64 ' $names) 2>/dev/null)"
    needed_libraries | while IFS=: read -r purpose packages; do
        missing=''
        for package in $packages; do
            case $installed in
                *" ii $package "* | *" ii ${package}t64 "*) ;;
                *) missing="$missing $package" ;;
            esac
        done
        [ -z "$missing" ] || printf '%s:%s\n' "$purpose" "$missing"
    done
}

# Debian's python3 comes without ensurepip; the package that brings it is named after the version.
missing_venv() {
    "$python" -I -c 'import ensurepip, venv' 2>/dev/null ||
        "$python" -I -c 'import sys; print("Python environments: python%d.%d-venv" % sys.version_info[:2])'
}

install_packages() {
    local by_hand="apt-get install -y --no-install-recommends $*" as_root=sudo
    [ "$(id -u)" -ne 0 ] || as_root=''
    if [ -n "$as_root" ] && ! command -v sudo >/dev/null; then
        say 'You are not root, and there is no sudo. Have the administrator run, as root:'
        say "    $by_hand"
        fail 'and start again. (KIOSK_SKIP_SYSTEM=1 tries without them.)'
    fi
    # A desktop's updater often holds the lock right after the start: wait for it.
    local apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120"
    $apt update >&2 ||
        say 'apt-get update did not succeed in full; going on with the package lists that are here.'
    $apt install -y --no-install-recommends "$@" >"$scratch/log" 2>&1 && return
    cat "$scratch/log" >&2
    say 'The system packages could not be installed; the lines above tell why. By hand, as root:'
    say "    $by_hand"
    fail 'and start again. (KIOSK_SKIP_SYSTEM=1 tries without them.)'
}

ensure_system() {
    [ -z "${KIOSK_SKIP_SYSTEM:-}" ] || return 0
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say 'This is not Debian or Ubuntu: see to these libraries yourself (Debian names), if missing:'
        needed_libraries >&2
        return 0
    fi
    local missing
    missing=$(missing_venv; missing_libraries)
    [ -n "$missing" ] || return 0
    say 'Installing system packages:'
    printf '%s\n' "$missing" | sed 's/^/    /' >&2
    # shellcheck disable=SC2046  # one word per package
    install_packages $(printf '%s\n' "$missing" | cut -d: -f2)
}

# --- Python packages ------------------------------------------------------------------------

# Where .venv stands and for which Python: the commands in it hold the path of the folder, and
# a new Python of the system looks for its packages in another place.
identity() {
    printf '%s ' "$root"
    "$venv/bin/python" -I -S -c 'import sys; print(sys.implementation.cache_tag)' 2>/dev/null || echo none
}

# A file of requirements, then those that it begins with (its lines of -r).
with_parents() {
    local parent
    echo "$1"
    sed -n 's/^-r //p' "$root/$1" | while IFS= read -r parent; do with_parents "$parent"; done
}

# The lines of a file of requirements and of those that it begins with.
lines_of() { with_parents "$1" | while IFS= read -r file; do cat "$root/$file"; done; }

# Everything that the contents of .venv follow from; $1 is the file of requirements.
stamp_of() { { identity; lines_of "$1"; } | cksum; }

holds() { [ -e "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# `unfinished` stands in .venv while something is being put in: a set-up that was killed shows by it.
up_to_date() { [ ! -e "$venv/unfinished" ] && holds "$venv/stamp-$1" "$(stamp_of "$1")"; }

make_venv() {
    [ ! -e "$venv/unfinished" ] || say 'The last set-up was cut short; beginning again.'
    rm -rf -- "$venv"
    mkdir -- "$venv" || fail "The folder $root cannot be written to."
    : >"$venv/unfinished"
    if ! "$python" -m venv "$venv" >"$scratch/log" 2>&1; then
        cat "$scratch/log" >&2
        fail 'Python could not make .venv; the lines above tell why.'
    fi
    # The program itself, as a line of path: needs no build and no network, and follows edits.
    "$venv/bin/python" -I -c 'import sys, sysconfig
with open(sysconfig.get_path("purelib") + "/kiosk.pth", "w") as line: print(sys.argv[1], file=line)' "$root" &&
        printf '#!/bin/sh\nexec "%s/bin/python" -m kiosk "$@"\n' "$venv" >"$venv/bin/kiosk" &&
        chmod +x "$venv/bin/kiosk" &&
        identity >"$venv/made-for"
}

# Shows of pip's words only the downloads that take time. --only-binary: no compiler is asked for.
# The benchmarks' packages ask for an older cbor2 than they need; all pins are complete anyway.
pip_install() (
    set -o pipefail
    deps=''
    [ "$1" != requirements-bench.txt ] || deps=--no-deps
    # shellcheck disable=SC2086  # nothing, or one word
    "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off $deps \
        --only-binary :all: -r "$root/$1" 2>"$scratch/log" |
        while IFS= read -r line; do
            case $line in
                *Downloading*' MB)'*) say "    ${line#"${line%%[! ]*}"}" ;;
            esac
        done
)

install_wheels() {
    local result=0 file
    say "Installing $(lines_of "$1" | grep -c '==') pinned Python packages into .venv, where missing ..."
    : >"$venv/unfinished"
    pip_install "$1" || result=$?
    # After an error of its own pip has taken back what it began: what .venv was good for, it
    # still is. Only a pip that was killed (128 and more) leaves halves.
    [ "$result" -ge 128 ] || rm -f -- "$venv/unfinished"
    if [ "$result" -ne 0 ]; then
        cat "$scratch/log" >&2
        fail 'The Python packages could not be installed; the lines above tell why. Is there a connection?'
    fi
    for file in $(with_parents "$1"); do stamp_of "$file" >"$venv/stamp-$file"; done
}

# Two set-ups in one folder would tear at the same .venv. The lock is on the folder, so it leaves
# no file, and a pip that outlives a killed run.sh still holds it.
wait_for_others() {
    command -v flock >/dev/null || return 0
    exec 9<"$root"
    flock -n 9 && return
    say 'Another set-up is at work in this folder; waiting for it ...'
    flock 9
}

# $1: requirements.txt for the program; the others begin with it and add what their words need
set_up() {
    trap 'say "Interrupted. The next run repairs what is half done."; exit 130' INT TERM
    scratch=$(mktemp -d) || exit 1
    trap 'rm -rf -- "$scratch"' EXIT
    find_python
    wait_for_others
    ensure_system
    if [ -e "$venv/unfinished" ] || ! holds "$venv/made-for" "$(identity)"; then
        make_venv
    fi
    install_wheels "$1"
    say 'Ready.'
    rm -rf -- "$scratch"
    trap - INT TERM EXIT
    exec 9<&-
}

# --- The words ------------------------------------------------------------------------------

# What another program (a desktop, opencv-python, an IDE) set for its own Qt or Python would
# break ours; which platform Qt uses is the user's to say.
clear_environment() {
    local name
    unset PYTHONPATH PYTHONHOME
    for name in "${!QT_@}"; do
        [ "$name" = QT_QPA_PLATFORM ] || unset "$name"
    done
}

# -P: a json.py in the folder that one stands in is not the program's business.
kiosk() { exec "$venv/bin/python" -P -m kiosk "$@"; }

# Looks at the machine as it is: sets nothing up, and makes do with a bare Python.
doctor() {
    python=$venv/bin/python
    suits "$python" || find_python
    PYTHONPATH=$root exec "$python" -P -m kiosk.cli.doctor "$@"
}

tests() { QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m pytest "$@"; }

step() {
    printf '\n== %s\n' "$1"
    "${@:2}" || failed="$failed $1"
}

finish() { [ -z "$failed" ] || fail "Failed:$failed"; }

# Every check runs, even after one has failed.
lint() {
    failed=''
    step format "$venv/bin/ruff" format --check
    step lint "$venv/bin/ruff" check
    step types "$venv/bin/mypy"
    step imports "$venv/bin/lint-imports"
}

# $@: names of files in benchmarks/, with or without .py, all of them without any; then options
bench() {
    local names=()
    failed=''
    while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
        names+=("benchmarks/$(basename -- "$1" .py).py")
        shift
    done
    [ ${#names[@]} -gt 0 ] || names=(benchmarks/*.py)
    for name in "${names[@]}"; do step "$name" "$venv/bin/python" "$name" "$@"; done
    finish
}

# Asked before anything is installed for them.
benchmarks_exist() {
    local name
    while [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; do
        name=$(basename -- "$1" .py)
        [ -e "$root/benchmarks/$name.py" ] ||
            fail "There is no benchmark \"$name\"; here are: $(cd "$root/benchmarks" && echo *.py | sed 's/\.py//g')"
        shift
    done
}

# Without the tests of windows and cameras, which reach nothing more of the core and take long.
coverage() {
    local result=0
    mkdir -p build
    QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m coverage run -m pytest \
        --ignore-glob='*/test_gui_*' --ignore=tests/test_bootstrap.py --ignore=tests/test_camera.py \
        --ignore=tests/test_demo.py --ignore=tests/test_webcam.py "$@" || result=1
    "$venv/bin/python" -m coverage report || result=1
    return $result
}

# What a word needs; $@: the word and its arguments
requirements_for() {
    case $1 in
        demo | kiosk) echo requirements.txt ;;
        test | lint | check | coverage | shots) echo requirements-test.txt ;;
        bench) echo requirements-bench.txt ;;
        mutate) echo requirements-mutate.txt ;;
        fuzz)
            case " $* " in
                *" --guided"*) echo requirements-fuzz.txt ;;
                *) echo requirements-test.txt ;;
            esac
            ;;
    esac
}

main() {
    local word=${1:-help} needs
    needs=$(requirements_for "$word" "$@")
    [ $# -eq 0 ] || shift
    [ "$word" != bench ] || benchmarks_exist "$@"
    clear_environment
    case $needs in
        requirements-*) cd -- "$root" || exit 1 ;; # a word for who works on the program
    esac
    [ -z "$needs" ] || up_to_date "$needs" || set_up "$needs"
    case $word in
        demo) kiosk demo "$@" ;;
        kiosk) kiosk "$@" ;;
        setup) set_up requirements.txt ;;
        doctor) doctor "$@" ;;
        test) tests "$@" ;;
        lint) lint && finish ;;
        check) lint && step tests tests "$@" && finish ;;
        bench) bench "$@" ;;
        fuzz) "$venv/bin/python" -m tests.fuzz "$@" ;;
        shots) "$venv/bin/python" -m tests.shots "$@" ;;
        coverage) coverage "$@" ;;
        mutate) "$venv/bin/python" -m tests.mutation "$@" ;;
        help | --help | -h) usage ;;
        *)
            usage >&2
            fail "There is no word \"$word\"."
            ;;
    esac
}

main "$@"
