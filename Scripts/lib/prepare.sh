# Sourced by the commands beside this folder: finds the package, installs what is missing, builds.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say ""
  say "fluxbridge: $1"
  shift
  for line in "$@"; do say "  $line"; done
  exit 1
}

# Debian packages that building and running need; the last line is for figures, which load theirs when they are drawn.
packages="liblua5.4-dev libnetcdf-dev libhdf5-dev libopenblas-dev libreadline-dev libudunits2-dev libdeflate-dev libnlopt0 libzmq5 pkg-config
  libgmt6 gmt-common gmt-gshhg-low ghostscript poppler-utils libchafa0"

install_packages() {
  missing=""
  for package in $packages "$@"; do
    state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null 2>&1 || fail "this system has no apt-get, and these packages are missing:$missing" \
    "Install them (or their equals) by your system's own means and run this again."
  sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "installing$missing needs root, and there is no sudo" \
      "As root: apt-get install$missing"
    sudo=sudo
  fi
  say "Installing$missing"
  log=$(mktemp)
  if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    if grep -qiE 'could not resolve|temporary failure|connection (failed|timed out|refused)|unable to connect|network is unreachable' "$log"; then
      fail "the package archive cannot be reached; missing:$missing" \
        "Connect to the network and run this again. The log is $log"
    fi
    tail -n 5 "$log" >&2
    fail "apt could not install$missing" "The log is $log"
  fi
  rm -f "$log"
}

require_swift() {
  command -v swift >/dev/null 2>&1 || fail "there is no 'swift' command" \
    "Install Swift 6 or newer (https://www.swift.org/install/linux/) and put its usr/bin on PATH."
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] && [ "$version" -ge 6 ] || fail "Swift ${version:-of unknown version} is too old" \
    "Install Swift 6 or newer (https://www.swift.org/install/linux/)."
}

# Makes a Python with Jupyter in .build/jupyter, for the tests of the kernel and the notebooks; they are skipped without it. JupyterLab and
# playwright are for Scripts/checks/jupyterlab, which is skipped without them and where there is no chromium.
prepare_jupyter() {
  ! .build/jupyter/bin/python -c 'import jupyter_kernel_test, nbclient, html5lib, jupyterlab, playwright' 2>/dev/null || return 0
  say "Installing Jupyter into .build/jupyter"
  log=$(mktemp)
  if ! { python3 -m venv .build/jupyter && .build/jupyter/bin/pip install --quiet jupyter_kernel_test nbclient ipykernel html5lib; } >"$log" 2>&1; then
    rm -rf .build/jupyter
    say "  it could not be installed, so the kernel's 6 tests with Jupyter are skipped; the log is $log"
    return 0
  fi
  if ! .build/jupyter/bin/pip install --quiet jupyterlab playwright >"$log" 2>&1; then
    say "  JupyterLab could not be installed, so its test is skipped; the log is $log"
    return 0
  fi
  rm -f "$log"
}

# Runs a build step quietly; shows its output only when it fails.
build() {
  log=$(mktemp)
  say "Building (a few minutes the first time)"
  if ! "$@" >"$log" 2>&1; then
    grep -E 'error:|warning: .*not found' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
    fail "the build failed" "The log is $log"
  fi
  rm -f "$log"
}
