# Sourced by the scripts beside it: packages of Debian, with at most one update of their lists.
#
# The lists lie in a folder of their own and name amd64 and arm64, so that the system keeps its own
# lists and stays single-architecture. Nothing is printed: apt's errors would name a mirror.
# shellcheck shell=bash

state=${CARGO_TARGET_DIR:-target}/ci
mkdir -p "$state"
state=$(realpath "$state")

# apt-get or apt-cache on those lists.
debian() {
  DEBIAN_FRONTEND=noninteractive "$1" -qq \
    -o Dir::State::lists="$state/lists" \
    -o APT::Architectures::=amd64 -o APT::Architectures::=arm64 \
    -o APT::Sandbox::User=root \
    "${@:2}" 2>>"$state/apt.log" </dev/null
}

# The one update. It is not tried twice: what fails once fails again, and slowly.
debian_lists() {
  [ ! -e "$state/apt-update-failed" ] || return 1
  [ ! -e "$state/apt-update-done" ] || return 0
  mkdir -p "$state/lists/partial"
  touch "$state/apt-update-failed"
  debian apt-get update >>"$state/apt.log" || return 1
  mv "$state/apt-update-failed" "$state/apt-update-done"
}

# debian_install COMMAND PACKAGE..: installs the packages where there is no such command.
debian_install() {
  ! command -v "$1" >/dev/null || return 0
  command -v apt-get >/dev/null && debian_lists || return 1
  debian apt-get install -y --no-install-recommends "${@:2}" >>"$state/apt.log"
}
