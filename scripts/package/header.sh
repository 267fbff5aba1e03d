#!/bin/sh
# nbu_exporter @VERSION@ (commit @COMMIT@), in one file: this script, and behind it, compressed, the
# program as one JavaScript module and Deno @DENO_VERSION@, which runs it.
#
# Deno is Copyright the Deno authors, under the MIT License:
# https://github.com/denoland/deno/blob/v@DENO_VERSION@/LICENSE.md
#
# Both are unpacked once, into a folder that only this user can enter, and verified before each start:
# owner, mode and checksum. Then Deno takes the place of this script, as the same process.

set -fu
umask 077
# A reload that is asked for this early must not end the process. Ignored stays ignored until the
# program listens to it.
trap '' HUP

id=@ID@
program_size=@PROGRAM_SIZE@
runtime_size=@RUNTIME_SIZE@
runtime_cksum='@RUNTIME_CKSUM@'

fail() {
  printf 'nbu_exporter: %s\n' "$1" >&2
  exit 1
}

# BLAKE2b takes less than half the time of SHA-256, which counts with 100 MB.
if command -v b2sum >/dev/null 2>&1; then
  sum=b2sum program_digest=@PROGRAM_BLAKE2B@ runtime_digest=@RUNTIME_BLAKE2B@
elif command -v sha256sum >/dev/null 2>&1; then
  sum=sha256sum program_digest=@PROGRAM_SHA256@ runtime_digest=@RUNTIME_SHA256@
elif command -v shasum >/dev/null 2>&1; then
  sum='shasum -a 256' program_digest=@PROGRAM_SHA256@ runtime_digest=@RUNTIME_SHA256@
else
  fail 'b2sum, sha256sum or shasum is needed to verify what was unpacked, and none is installed'
fi

uid=$(id -u) || fail 'the program "id" is needed, and cannot be run'

# facts_of FILE: sets "mode" and "owner"; neither follows a symbolic link.
facts_of() {
  set -- $(LC_ALL=C ls -ldn -- "$1" 2>/dev/null)
  # The character behind the nine rights: "." is a security label. "+" is an access list, which stays.
  mode=${1:-} owner=${3:-}
  mode=${mode%.}
}

# is_safe_parent DIRECTORY: nobody else can put another folder in place of one in it.
is_safe_parent() {
  facts_of "$1/."
  [ "$owner" = "$uid" ] || [ "$owner" = 0 ] || return 1
  case $mode in
  d????-??-?) return 0 ;; # written by the owner only
  d????????[tT]) return 0 ;; # as /tmp: entries belong to who made them
  esac
  return 1
}

# is_private DIRECTORY: it is this user's, and nobody else can enter it.
is_private() {
  facts_of "$1"
  [ "$mode" = drwx------ ] && [ "$owner" = "$uid" ]
}

# use PARENT: takes the folder below it, made where it is missing. Sets "folder".
use() {
  folder=$1/nbu_exporter-$uid
  case $folder in /*) ;; *) return 1 ;; esac
  is_safe_parent "$1" || return 1
  mkdir "$folder" 2>/dev/null
  is_private "$folder" && [ -w "$folder" ] || return 1
  mkdir "$folder/$id" 2>/dev/null
  is_private "$folder/$id"
}

# is_file FILE MODE: it is a regular file of this user's with this mode.
is_file() {
  facts_of "$1"
  [ "$mode" = "$2" ] && [ "$owner" = "$uid" ]
}

# has_digest FILE DIGEST
has_digest() {
  set -- "$2" $($sum <"$1" 2>/dev/null)
  [ "$1" = "${2:-}" ]
}

# has_runtime FILE: it is Deno as it was packed, so far as can be told in a moment. Nobody else can write
# to the file, so that a CRC will do where it costs a fifth of a digest: in coreutils 9 and newer, which
# are those that know "-a".
has_runtime() {
  if cksum -a crc </dev/null >/dev/null 2>&1; then
    set -- $(cksum <"$1" 2>/dev/null)
    [ "${1:-} ${2:-}" = "$runtime_cksum" ]
  else
    has_digest "$1" "$runtime_digest"
  fi
}

is_unpacked() {
  is_file "$program" -r-------- && is_file "$runtime" -r-x------ && [ -x "$runtime" ] &&
    has_digest "$program" "$program_digest" && has_runtime "$runtime"
}

# Starts at the same time each unpack for themselves; a rename replaces a file by the same content.
unpack() {
  [ ! -t 2 ] || printf 'nbu_exporter: unpacking into %s, once\n' "$folder" >&2
  # What killed starts and earlier versions have left there more than a day ago.
  find "$folder" ! -path "$folder" -prune -type d -mtime +0 ! -name "$id" ! -name deno \
    -exec rm -rf {} + 2>/dev/null
  part=$(mktemp -d "$folder/part.XXXXXX") || fail "cannot write to $folder"
  trap 'rm -rf "$part"' EXIT
  trap 'exit 143' TERM
  trap 'exit 130' INT
  tail -c $((program_size + runtime_size)) "$0" | head -c $program_size | gzip -dc >"$part/program" &&
    tail -c $runtime_size "$0" | gzip -dc >"$part/runtime" ||
    fail "cannot unpack into $folder: is its disk full, or $0 damaged?"
  chmod 400 "$part/program" && chmod 500 "$part/runtime" || fail "cannot set modes in $folder"
  has_digest "$part/program" "$program_digest" || fail "$0 is damaged: copy it again"
  [ -x "$part/runtime" ] ||
    fail "programs may not be run in $folder: set CACHE_DIRECTORY to a folder without noexec"
  has_digest "$part/runtime" "$runtime_digest" || fail "$0 is damaged: copy it again"
  mv -f "$part/program" "$program" && mv -f "$part/runtime" "$runtime" ||
    fail "cannot rename in $folder"
  rm -rf "$part"
  trap - EXIT TERM INT
}

if [ -n "${CACHE_DIRECTORY:-}" ]; then
  # Of several directories systemd makes one list.
  cache=${CACHE_DIRECTORY%%:*}
  use "$cache" || fail "cannot use $cache/nbu_exporter-$uid: CACHE_DIRECTORY must be an absolute path
that only user $uid or root can write to, and the folder in it theirs, with mode 0700"
else
  cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
  [ -d "$cache" ] || mkdir -p "$cache" 2>/dev/null
  use "$cache" || use "${TMPDIR:-/tmp}" ||
    fail "cannot use $cache/nbu_exporter-$uid, nor $folder: it must belong to user $uid, with mode 0700;
set CACHE_DIRECTORY to a folder that only this user can write to"
fi

runtime=$folder/$id/nbu_exporter
program=$folder/$id/nbu_exporter.js
is_unpacked || unpack

# Deno keeps the compiled program there, so that the next start is faster.
export DENO_DIR="$folder/deno" DENO_NO_UPDATE_CHECK=1 DENO_NO_PACKAGE_JSON=1
# It reads .npmrc in the home folder, which is none of its business here, and ends when it cannot.
if [ ! -d "${HOME:-/}" ] || [ -e "${HOME:-/}/.npmrc" ]; then export HOME="$folder"; fi
# glibc is to give freed memory back.
export MALLOC_MMAP_THRESHOLD_="${MALLOC_MMAP_THRESHOLD_:-@MALLOC_MMAP_THRESHOLD@}"
exec "$runtime" run @FLAGS@ "$program" "$@"
