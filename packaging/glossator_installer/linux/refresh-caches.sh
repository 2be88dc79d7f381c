#!/bin/sh
# Runs after Glossator's package was installed or removed: what desktops remember of menu entries,
# types of files and icons is brought up to date, where they have the tools for it. Nobody's project
# is looked at. DPKG_ROOT is set where a package is installed into another folder than /.
set -e

share="${DPKG_ROOT:-}/usr/share"

refresh() {
    if command -v "$1" >/dev/null 2>&1; then
        "$@" || true
    fi
}

case "$1" in
    configure | remove | purge | abort-*)
        if [ -d "$share/applications" ]; then
            refresh update-desktop-database -q "$share/applications"
        fi
        if [ -d "$share/mime/packages" ]; then
            refresh update-mime-database "$share/mime"
        fi
        if [ -d "$share/icons/hicolor" ]; then
            refresh gtk-update-icon-cache -f -t -q "$share/icons/hicolor"
        fi
        ;;
esac
