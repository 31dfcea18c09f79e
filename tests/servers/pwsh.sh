#!/usr/bin/env bash
# PowerShell and Pester for the tests, from NuGet, in the versions given here and in .config/dotnet-tools.json.
#   pwsh.sh install    installs them under PEAKS3FEED_TEST_HOME, unless they are installed
#   eval "$(pwsh.sh env)"    puts this pwsh first on the PATH, and Pester into its module path
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=$(realpath -m "${PEAKS3FEED_TEST_HOME:-${TMPDIR:-/tmp}/peaks3feed-tests}")
tools=$here/../../.config/dotnet-tools.json
version=$(sed -n '/"powershell"/,/}/s/.*"version": "\([^"]*\)".*/\1/p' "$tools")
pester=$(sed -n 's/.*Include="Pester" Version="\[\([^]]*\)\]".*/\1/p' "$here/pester.proj")
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//; s,/$,,')
powershell_sha512=SQMYQqUseEab3UWv+X03OSfG3oXisatt1E7PtHTbKoKzkKFk0eDnEEmt+1QXuXcjC0Ly9xSS7Zfo6CAyY5Tzcg==
pester_sha512=bTYjnYWsZqASC2OGVhU8+MV16+jMEC25nO+BykRNdAk2/WrCyIzOxI6fg9dI+KuANwIqzJR38awZA1A/QT6UgA==
program=$packages/powershell/$version/tools/net10.0/any/unix/pwsh.dll
bin=$home/pwsh/$version
modules=$home/modules

verify() { # package, version, SHA-512: checks that NuGet serves the package that was reviewed
  local found
  found=$(cat "$packages/$1/$2/$1.$2.nupkg.sha512")
  [ "$found" = "$3" ] || { echo "The package $1 $2 differs from the one that the tests are locked to: its SHA-512 is $found." >&2; return 1; }
}

install() {
  [ -f "$program" ] || (cd "$here" && dotnet tool restore)
  [ -d "$packages/pester/$pester/tools" ] || dotnet restore "$here/pester.proj"
  verify powershell "$version" "$powershell_sha512"
  verify pester "$pester" "$pester_sha512"
  # The tool's own pwsh is a launcher that starts the shell as a child, so a test that kills it would not kill the shell.
  mkdir -p "$bin" "$modules/Pester"
  printf '#!/bin/sh\nexec dotnet %s "$@"\n' "'$program'" >"$bin/pwsh"
  chmod +x "$bin/pwsh"
  [ -d "$modules/Pester/$pester" ] || cp -r "$packages/pester/$pester/tools" "$modules/Pester/$pester"
}

case ${1:-} in
  install) install ;;
  env)
    echo "export PATH=${bin@Q}:\"\$PATH\""
    echo "export PSModulePath=${modules@Q}\${PSModulePath:+:\$PSModulePath}"
    ;;
  *) echo "usage: ${0##*/} install|env" >&2; exit 2 ;;
esac
