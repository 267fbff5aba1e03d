#!/bin/sh
# Installs nbu_exporter as a service, or takes it away again. May be run again at any time.
set -eu
umask 022

usage() {
  cat <<END
Usage:
  install.sh --site NAME --host HOST [options]
  install.sh --uninstall [--purge] [options]

Installs the executable, a system user, a systemd unit, and, where there is none yet, a configuration
for one primary with its API key and the certificate of its CA. Then it runs "nbu_exporter doctor" and
starts the service. Whatever stands where the executable and the unit go is kept aside, and put back
by --uninstall.

Options:
  --site NAME         value of the label "site", as in "berlin"
  --host HOST         host name of the primary, as in its certificate
  --port PORT         port of its web services (default: 1556)
  --key-file FILE     file with the API key; "-" is standard input (default: asks on the terminal)
  --fingerprint HEX   SHA-256 fingerprint of the CA's certificate, in place of a question; repeatable
  --binary FILE       executable to install (default: nbu_exporter beside this script)
  --user NAME         user that the service runs as (default: that of the unit which is there, or
                      else nbu_exporter)
  --prefix DIR        puts all of it below DIR, for good; no user unless --user is given, no service
  --no-start          does not start the service
  --uninstall         takes away executable, unit and cache; configuration, key, state and user stay
  --purge             with --uninstall: takes those away as well, as far as they were made here
  --help              prints this

Exit codes: 0 done; 1 something failed, and the message says what; 2 the options make no sense.
END
}

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
misuse() {
  printf 'install.sh: %s; see "install.sh --help"\n' "$*" >&2
  exit 2
}

here=$(dirname -- "$0")
site='' host='' port=1556 key_file='' fingerprints='' binary=$here/nbu_exporter
user='' prefix='' start=yes uninstall=no purge=no

while [ $# -gt 0 ]; do
  case $1 in
  --site | --host | --port | --key-file | --fingerprint | --binary | --user | --prefix)
    [ $# -ge 2 ] || misuse "$1 needs a value"
    case $1 in
    --site) site=$2 ;;
    --host) host=$2 ;;
    --port) port=$2 ;;
    --key-file) key_file=$2 ;;
    --fingerprint) fingerprints="$fingerprints $2" ;;
    --binary) binary=$2 ;;
    --user) user=$2 ;;
    --prefix) prefix=${2%/} ;;
    esac
    shift 2
    ;;
  --no-start) start=no && shift ;;
  --uninstall) uninstall=yes && shift ;;
  --purge) purge=yes && shift ;;
  --help | -h) usage && exit 0 ;;
  *) misuse "unknown option \"$1\"" ;;
  esac
done

[ "$purge" = no ] || [ "$uninstall" = yes ] || misuse '--purge goes with --uninstall only'
case $prefix in '' | /*) ;; *) misuse '--prefix must be an absolute path' ;; esac
case $prefix in *[!A-Za-z0-9/._-]*) misuse "--prefix \"$prefix\" may hold letters, digits, . _ - and / only" ;; esac
case $user in *[!A-Za-z0-9._-]* | -*) misuse "\"$user\" is no name of a user" ;; esac
etc=$prefix/etc/nbu_exporter
state=$prefix/var/lib/nbu_exporter
cache=$prefix/var/cache/nbu_exporter
program=$prefix/usr/local/bin/nbu_exporter
unit=$prefix/etc/systemd/system/nbu_exporter.service
# What was made here, one line each: "user NAME" or "file PATH".
manifest=$etc/installed
# Whoever comes from the Go exporter keeps its user, whom the files there belong to.
if [ -z "$prefix" ] && [ -z "$user" ]; then
  [ ! -f "$unit" ] || user=$(sed -n 's/^User=//p' "$unit")
  user=${user:-nbu_exporter}
fi
if [ -n "$user" ] && [ "$(id -u)" != 0 ]; then
  fail 'must be run as root; --prefix DIR without --user needs no root'
fi
has_systemd() { [ -z "$prefix" ] && [ -d /run/systemd/system ]; }

made() { [ -f "$manifest" ] && grep -Fqx -- "$1" "$manifest"; }
remember() { made "$1" || printf '%s\n' "$1" >>"$manifest"; }

# give FILE MODE [OWNER]: by default it is root's, and the service's user may read it as its group.
give() {
  [ -z "$user" ] || chown "${3:-root}:$group" "$1"
  chmod "$2" "$1"
}

# put SOURCE TARGET MODE: what was there before the first installation is kept aside.
put() {
  if [ -e "$2" ] && ! made "file $2" && [ ! -e "$2.before-install" ]; then
    mv "$2" "$2.before-install"
    say "kept aside: $2.before-install"
  fi
  # A rename, as a program that runs cannot be written to.
  cp "$1" "$2.new"
  chmod "$3" "$2.new"
  mv -f "$2.new" "$2"
  remember "file $2"
}

# take_back TARGET: removes what put() has put there, and puts back what it has kept aside.
take_back() {
  made "file $1" || return 0
  rm -f "$1"
  [ ! -e "$1.before-install" ] || mv "$1.before-install" "$1"
  say "removed: $1"
}

remove_all() {
  [ -f "$manifest" ] || fail "nothing is installed: there is no $manifest"
  if has_systemd; then systemctl disable --now nbu_exporter.service || true; fi
  take_back "$unit"
  take_back "$program"
  if has_systemd; then
    systemctl daemon-reload
    if [ -f "$unit" ]; then systemctl enable --now nbu_exporter.service; fi
  fi
  # Removing the user leaves files that another user could get later, so it goes only with them.
  if [ "$purge" = yes ]; then
    sed -n 's/^file //p' "$manifest" | while IFS= read -r file; do
      case $file in "$etc"/*) rm -f "$file" && say "removed: $file" ;; esac
    done
    rm -rf "$state" "$cache"
    sed -n 's/^user //p' "$manifest" | while IFS= read -r name; do
      userdel "$name" && say "removed: user $name"
    done
    rm -f "$manifest"
    rmdir "$etc" 2>/dev/null || say "left: $etc, with files that were not made here"
  else
    rm -rf "$cache"
    say "left: $etc and $state; --uninstall --purge takes them away too"
    grep -v -e "^file $unit\$" -e "^file $program\$" "$manifest" >"$manifest.new" || true
    mv "$manifest.new" "$manifest"
  fi
  exit 0
}

[ "$uninstall" = no ] || remove_all

# Everything is checked before anything is changed.
[ -f "$binary" ] || fail "there is no executable \"$binary\"; name it with --binary"
[ -f "$here/nbu_exporter.service" ] || fail "there is no nbu_exporter.service beside this script"
if [ ! -e "$etc/config.yaml" ]; then
  [ -n "$site" ] && [ -n "$host" ] ||
    misuse "there is no $etc/config.yaml yet, so that --site and --host are needed"
fi
case $site in *[!A-Za-z0-9._-]*) misuse "--site \"$site\" may hold letters, digits, . _ and - only" ;; esac
case $host in *[!A-Za-z0-9.:-]*) misuse "--host \"$host\" is no host name" ;; esac
case $port in *[!0-9]* | '') misuse "--port \"$port\" is no number" ;; esac
for tool in curl openssl; do
  [ -e "$etc/config.yaml" ] || command -v $tool >/dev/null 2>&1 || fail "\"$tool\" is not installed"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# fetch_ca: asks the primary for its authorities, and makes sure that they are the right ones.
fetch_ca() {
  case $host in *:*) at="[$host]" ;; *) at=$host ;; esac
  url=https://$at:$port/netbackup/security/cacert
  # Nothing can verify this connection yet; the fingerprint is what does.
  curl --insecure --silent --show-error --fail --max-time 30 --output "$scratch/ca.json" "$url" ||
    fail "cannot fetch $url"
  # One line for each line of each certificate, whatever JSON stands around them.
  sed 's/\\r//g; s/\\n/\
/g' "$scratch/ca.json" | awk -v to="$scratch/" '
    /-----BEGIN CERTIFICATE-----/ { sub(/.*-----BEGIN/, "-----BEGIN"); n++; inside = 1 }
    inside && /-----END CERTIFICATE-----/ { sub(/-----END CERTIFICATE-----.*/, "-----END CERTIFICATE-----") }
    inside { print > (to n ".pem") }
    /-----END CERTIFICATE-----/ { inside = 0 }
  '
  [ -f "$scratch/1.pem" ] || fail "$url has no certificate"
  say "$url has these certificates of authorities:"
  : >"$scratch/ca.pem" && : >"$scratch/unknown"
  for file in "$scratch"/[0-9]*.pem; do
    print=$(openssl x509 -in "$file" -noout -fingerprint -sha256) || fail "$url has a bad certificate"
    print=${print#*=}
    # NetBackup repeats its CA in two lists.
    if grep -Fqx "$print" "$scratch/seen" 2>/dev/null; then continue; fi
    say "$print" >>"$scratch/seen"
    openssl x509 -in "$file" -noout -subject -enddate | sed 's/^/  /'
    say "  SHA-256 fingerprint: $print"
    cat "$file" >>"$scratch/ca.pem"
    is_expected "$print" || say "$print" >>"$scratch/unknown"
  done
  [ -s "$scratch/unknown" ] || return 0
  [ -z "$fingerprints" ] || fail "--fingerprint does not name $(cat "$scratch/unknown")"
  say 'Compare with "nbcertcmd -listCACertDetails" on the primary.'
  [ -t 0 ] || fail 'nobody is there to confirm: give --fingerprint HEX for each of them'
  printf 'Is this the CA of your primary? [y/N] '
  read -r answer
  case $answer in y | Y | yes) ;; *) fail 'the CA was not confirmed: nothing is installed' ;; esac
}

plain() { printf '%s' "$1" | tr -d ': ' | tr 'A-F' 'a-f'; }
is_expected() {
  for one in $fingerprints; do
    [ "$(plain "$one")" != "$(plain "$1")" ] || return 0
  done
  return 1
}

# read_key: puts the API key into $scratch/key.
read_key() {
  (umask 077 && : >"$scratch/key")
  if [ "$key_file" = - ]; then
    cat >"$scratch/key"
  elif [ -n "$key_file" ]; then
    cat "$key_file" >"$scratch/key" || fail "cannot read the key"
  else
    [ -t 0 ] || fail 'nobody is there to type the API key: give --key-file FILE'
    printf 'API key (it is not shown): '
    stty -echo
    trap 'stty echo; rm -rf "$scratch"' EXIT
    IFS= read -r key
    stty echo
    trap 'rm -rf "$scratch"' EXIT
    say ''
    printf '%s\n' "$key" >"$scratch/key"
  fi
  [ -n "$(tr -d '[:space:]' <"$scratch/key")" ] || fail 'the API key is empty'
}

fresh=no
if [ ! -e "$etc/config.yaml" ]; then
  fresh=yes
  fetch_ca
  read_key
fi

group=$user
if [ -n "$user" ] && ! id -u "$user" >/dev/null 2>&1; then
  shell=/usr/sbin/nologin
  [ -x $shell ] || shell=/sbin/nologin
  useradd --system --user-group --no-create-home --home-dir "$state" --shell $shell "$user"
  say "made: user $user"
  new_user=yes
elif [ -n "$user" ]; then
  group=$(id -gn "$user")
fi
if [ ! -d "$etc" ]; then
  mkdir -p "$etc"
  give "$etc" 0750
fi
mkdir -p "$state" "$cache" "$(dirname "$program")" "$(dirname "$unit")"
give "$state" 0700 "${user:-root}"
give "$cache" 0700 "${user:-root}"
[ -e "$manifest" ] || : >"$manifest"
give "$manifest" 0644
[ -z "${new_user:-}" ] || remember "user $user"

put "$binary" "$program" 0755
sed -e "s|^User=.*|User=${user:-nbu_exporter}|" -e "s|^Group=.*|Group=${group:-nbu_exporter}|" \
  -e "s|/usr/local/bin/nbu_exporter|$program|" -e "s|/etc/nbu_exporter|$etc|" \
  "$here/nbu_exporter.service" >"$scratch/unit"
put "$scratch/unit" "$unit" 0644
if [ $fresh = yes ]; then
  key=$etc/$site.key ca=$etc/$site-ca.pem
  (umask 077 && cp "$scratch/key" "$key")
  give "$key" 0640
  cp "$scratch/ca.pem" "$ca"
  give "$ca" 0644
  cat >"$scratch/config.yaml" <<END
nbuservers:
  - site: "$site"
    host: "$host"
    port: $port
    apiKeyFile: $key
    caFile: $ca
END
  cp "$scratch/config.yaml" "$etc/config.yaml"
  give "$etc/config.yaml" 0640
  for file in "$key" "$ca" "$etc/config.yaml"; do remember "file $file"; done
  say "made: $etc/config.yaml"
else
  say "kept: $etc/config.yaml"
fi
say "installed: $program, $unit"

# As the service runs it; keys may come from the unit's EnvironmentFile.
as_user() {
  if [ -n "$user" ]; then runuser -u "$user" -- "$@"; else "$@"; fi
}
environment=$etc/nbu_exporter.env
if [ -f "$environment" ]; then
  # Read as systemd reads it: nothing in it is executed.
  while IFS= read -r line || [ -n "$line" ]; do
    name=${line%%=*} value=${line#*=}
    case $name in "$line" | '' | [0-9]* | *[!A-Za-z0-9_]*) continue ;; esac
    case $value in \"*\" | \'*\') value=${value#?} value=${value%?} ;; esac
    export "$name=$value"
  done <"$environment"
fi
say 'nbu_exporter doctor:'
if ! as_user env CACHE_DIRECTORY="$cache" "$program" doctor --config "$etc/config.yaml"; then
  fail "doctor has found something to correct; then run this script again, or start the service with
\"systemctl enable --now nbu_exporter\""
fi
if has_systemd; then
  systemctl daemon-reload
  if [ "$start" = yes ]; then
    systemctl enable nbu_exporter.service
    systemctl restart nbu_exporter.service
  fi
fi
say 'done'
