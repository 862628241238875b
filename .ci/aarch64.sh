#!/usr/bin/env bash
# Builds the tests for aarch64 and runs them under qemu: .ci/aarch64.sh [arguments of cargo test]
#
# For Debian 12 on amd64, as root. A standard library for another target needs the compiler that it
# was built by, so both are Debian's (the package rustc-web, which follows new versions of Rust). They
# are unpacked into the target folder, and no installed compiler is touched.
#
# Exit code 77, with the reason on the last line: this machine cannot do it.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/apt.sh

cannot() {
  echo "$1"
  exit 77
}

[ "$(uname -m)" = x86_64 ] || cannot "not on amd64"
debian_install aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross ||
  cannot "apt-get has no cross compiler"
debian_install qemu-aarch64 qemu-user || cannot "apt-get has no qemu-user"

toolchain=$state/rust-aarch64
if [ ! -x "$toolchain/rustc" ]; then
  debian_lists || cannot "apt-get update has failed"
  version=$(debian apt-cache madison rustc-web | awk '{ print $3 }' | sort -V | tail -1)
  [ -n "$version" ] || cannot "Debian has no rustc-web"
  release=$(cut -d. -f1,2 <<<"$version")
  needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  [ "$(printf '%s\n' "$needed" "$release" | sort -V | head -1)" = "$needed" ] ||
    cannot "Debian's rustc-web is $release and this needs $needed"
  llvm=$(debian apt-cache show "libstd-rust-web-$release=$version" |
    grep -oE 'libllvm[0-9]+' | sort -u | tail -1) || cannot "rustc-web $version is incomplete"

  rm -rf "$toolchain"
  mkdir -p "$toolchain/debs"
  (cd "$toolchain/debs" && debian apt-get download "rustc-web=$version" \
    "libstd-rust-web-$release=$version" "libstd-rust-web-dev=$version" \
    "libstd-rust-web-dev:arm64=$version" "$llvm") || cannot "rustc-web $version cannot be had"
  for deb in "$toolchain"/debs/*.deb; do
    dpkg -x "$deb" "$toolchain"
  done
  rm -r "$toolchain/debs"
  cat >"$toolchain/rustc.new" <<END
#!/bin/sh
LD_LIBRARY_PATH=$toolchain/usr/lib/x86_64-linux-gnu exec $toolchain/usr/bin/rustc "\$@"
END
  chmod +x "$toolchain/rustc.new"
  "$toolchain/rustc.new" --version || cannot "rustc-web $version does not run here"
  mv "$toolchain/rustc.new" "$toolchain/rustc"
fi

export RUSTC=$toolchain/rustc
export CARGO_BUILD_TARGET=aarch64-unknown-linux-gnu
export CARGO_TARGET_DIR=$state/aarch64
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="qemu-aarch64 -L /usr/aarch64-linux-gnu"
if [ $# != 0 ]; then
  cargo test "$@"
  exit
fi
# All tests of the kernels, and of the crate those that depend on the CPU: emulation takes ten times as long. The examples
# of the documentation need a rustdoc of that version, which there is not.
cargo test -p lanesum-kernels --lib --test it
cargo test -p lanesum --test it -- backends golden special stream
