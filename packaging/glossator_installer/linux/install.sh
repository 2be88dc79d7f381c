#!/bin/sh
# Glossator @VERSION@: installs itself for one person, without root. Start it with --help.
#
# Below the last line of this script lies the program as a compressed archive, hence everything is
# in functions, and the shell never reads that far. The program itself keeps this script alone as
# install.sh, for --uninstall.
#
# A new version is unpacked beside the one that is installed and takes its place by renaming, so
# that a full disk or an interruption leaves the old one working.

set -u
export LC_ALL=C # what tools say is looked at below

VERSION='@VERSION@'
MACHINE='@MACHINE@'
OLDEST_GLIBC_MINOR='@OLDEST_GLIBC_MINOR@'
HEADER_BYTES='@HEADER_BYTES@'
PAYLOAD_BYTES='@PAYLOAD_BYTES@'
PAYLOAD_SHA256='@PAYLOAD_SHA256@'
NEEDED_KILOBYTES='@NEEDED_KILOBYTES@'

usage() {
    cat <<END
Glossator $VERSION for Linux on $MACHINE

    sh $self [--prefix DIR] [--force]   install, or take the place of an older version
    sh $self --uninstall [--prefix DIR] remove it; projects, settings and models are left
    sh $self --extract DIR              unpack the files into DIR and install nothing

Without --prefix it goes into glossator/app below \$XDG_DATA_HOME or ~/.local/share. With --force
it does so although the installed version is running.
END
}

say() {
    printf '%s\n' "$*"
}

refuse() {
    printf '%s\n' "$*" >&2
    exit 1
}

misused() {
    printf '%s (--help says more)\n' "$*" >&2
    exit 2
}

main() {
    self=$0
    action=install
    prefix=
    force=no
    while [ $# -gt 0 ]; do
        case $1 in
            --prefix | --extract)
                [ -n "${2:-}" ] || misused "$1 needs a folder."
                [ "$1" = --prefix ] || action=extract
                prefix=$2
                shift
                ;;
            --prefix=?*) prefix=${1#*=} ;;
            --extract=?*) action=extract prefix=${1#*=} ;;
            --uninstall) action=uninstall ;;
            --force) force=yes ;;
            --help | -h) usage && exit ;;
            *) misused "There is no option $1." ;;
        esac
        shift
    done
    staging='' former='' lock=''
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    find_places
    case $action in
        install) install ;;
        uninstall) uninstall ;;
        extract) extract ;;
    esac
}

# Whatever happens, the version that was installed is in its place afterwards.
clean_up() {
    if [ -n "$former" ] && [ -d "$former" ] && [ ! -d "$target" ]; then
        mv "$former" "$target"
    fi
    [ -z "$staging" ] || rm -rf "$staging"
    [ -z "$lock" ] || rm -rf "$lock"
}

find_places() {
    [ -n "${HOME:-}" ] || refuse "Nothing was done: HOME, which names your own folder, is not set."
    data=$HOME/.local/share
    # A relative path in it is to be ignored, says the standard.
    case ${XDG_DATA_HOME:-} in /*) data=$XDG_DATA_HOME ;; esac
    target=$data/glossator/app
    if [ -n "$prefix" ]; then
        target=$prefix
    elif own=$(cd "$(dirname "$self")" 2>/dev/null && pwd -P) && is_glossator "$own"; then
        target=$own # this is the script inside of an installed program
    fi
    case $target in /*) ;; *) target=$PWD/$target ;; esac
    while [ "$target" != "${target%/}" ]; do target=${target%/}; done
    case $target in
        '') refuse "Nothing was done: the folder / itself cannot be Glossator's; name another." ;;
        *"
"*) refuse "Nothing was done: there is a line break in the path $target; name another folder." ;;
    esac
    parent=$(dirname "$target")
    name=$(basename "$target")
}

# Only a folder that is surely Glossator's is ever replaced or removed.
is_glossator() {
    [ -f "$1/install.sh" ] && [ -f "$1/glossator-window" ] && [ -d "$1/_internal" ]
}

# --- what must be true beforehand ------------------------------------------------------------

check_machine() {
    found=$(uname -m)
    [ "$found" = "$MACHINE" ] || refuse "Nothing was installed: this file is for processors of" \
        "the kind $MACHINE, and this one is $found. Take the file for it."
    glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 0
    glibc=${glibc#glibc 2.}
    case $glibc in '' | *[!0-9]*) return 0 ;; esac
    [ "$glibc" -ge "$OLDEST_GLIBC_MINOR" ] || refuse "Nothing was installed: Glossator needs a" \
        "system with glibc 2.$OLDEST_GLIBC_MINOR or later, and this one has 2.$glibc. Use it on a" \
        "newer system (Debian 12, Ubuntu 22.04, Fedora 35 or later)."
}

check_tools() {
    for tool in tar xz sha256sum; do
        command -v "$tool" >/dev/null 2>&1 || refuse "Nothing was installed: the program $tool" \
            "is missing here. Install it with your system's package manager (xz is in the package" \
            "xz-utils or xz) and start this file again."
    done
}

check_payload() {
    [ -f "$self" ] || refuse "Nothing was installed: $self cannot be read; start the file itself."
    bytes=$(($(wc -c <"$self")))
    [ "$bytes" -ne "$HEADER_BYTES" ] || refuse "Nothing was installed: this is the script that" \
        "removes Glossator, without the program itself. Take the file that it came in."
    whole=$((HEADER_BYTES + PAYLOAD_BYTES))
    [ "$bytes" -ge "$whole" ] || refuse "Nothing was installed: $self is incomplete, $bytes of" \
        "$whole bytes. Fetch it again."
    say "Checking that the file is whole ..."
    sum=$(payload | sha256sum)
    [ "${sum%% *}" = "$PAYLOAD_SHA256" ] || refuse "Nothing was installed: $self is damaged, as" \
        "its SHA-256 is not the one it was made with. Fetch it again."
}

payload() { tail -c "+$((HEADER_BYTES + 1))" "$self"; }

check_writable() {
    if ! mkdir -p "$parent" 2>/dev/null || ! [ -w "$parent" ]; then
        refuse "Nothing was installed: the folder $parent cannot be made or written to." \
            "Allow writing there, or choose another place with --prefix DIR."
    fi
    parent=$(cd "$parent" && pwd -P) || exit 1
    target=$parent/$name
}

check_space() {
    # Nothing to compare where df does not know, as on some network drives.
    free=$(df -Pk "$parent" 2>/dev/null | sed -n '2s/.* \([0-9][0-9]*\)  *[0-9][0-9]*% .*/\1/p')
    [ -z "$free" ] || [ "$free" -ge "$NEEDED_KILOBYTES" ] || refuse "Nothing was installed:" \
        "Glossator needs $((NEEDED_KILOBYTES / 1024 + 1)) MB in $parent, and $((free / 1024)) MB" \
        "are free. Free some space, or choose another place with --prefix DIR."
}

check_not_running() {
    [ "$force" = no ] || return 0
    running=$(processes_below "$1")
    [ -z "$running" ] || refuse "Nothing was changed: Glossator is running from $1 (process" \
        "${running% }). Close it and start this again; --force goes on all the same."
}

processes_below() {
    for process in /proc/[0-9]*; do
        program=$(readlink "$process/exe" 2>/dev/null) || continue
        case $program in "$1"/*) printf '%s ' "${process#/proc/}" ;; esac
    done
}

# Two installations at once would rename each other's folders.
take_lock() {
    place=$parent/.$name.lock
    if ! mkdir "$place" 2>/dev/null; then
        holder=$(cat "$place/pid" 2>/dev/null)
        if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
            refuse "Nothing was changed: another installation (process $holder) is at work in" \
                "$parent. Wait until it is done."
        fi
        # Else it was left behind by one that was killed.
        mkdir -p "$place" 2>/dev/null || refuse "Nothing was changed: the folder $parent cannot" \
            "be written to. Allow writing there, or choose another with --prefix DIR."
    fi
    lock=$place
    echo $$ >"$lock/pid"
}

# What an installation that was killed has left: the old version goes back to its place.
mend() {
    if [ -d "$parent/.$name.old" ]; then
        if [ -d "$target" ]; then
            rm -rf "$parent/.$name.old"
        else
            mv "$parent/.$name.old" "$target"
        fi
    fi
    rm -rf "$parent/.$name.new."*
}

# --- the three things it does ----------------------------------------------------------------

install() {
    check_machine
    check_tools
    check_payload
    check_writable
    take_lock
    mend
    if [ -e "$target" ] && ! is_glossator "$target" && ! rmdir "$target" 2>/dev/null; then
        refuse "Nothing was installed: $target holds something that is not Glossator, and it was" \
            "not touched. Choose another folder with --prefix DIR."
    fi
    check_not_running "$target"
    check_space
    unpack
    application=$staging/usr/lib/glossator
    head -c "$HEADER_BYTES" "$self" >"$application/install.sh" || refuse "Nothing was installed:" \
        "$parent cannot be written to any more. What was there before is unchanged."
    if [ -d "$target" ]; then
        check_not_running "$target" # it may have been started while this unpacked
        former=$parent/.$name.old
        mv "$target" "$former" || refuse "Nothing was installed: $target cannot be renamed." \
            "The version that was there is unchanged."
    fi
    mv "$application" "$target" || refuse "Nothing was installed: $target cannot be made." \
        "What was there before is back in its place."
    [ -z "$former" ] || rm -rf "$former"
    add_entries
    say "Glossator $VERSION is installed in $target."
    say "Start it from the menu, or with: $starter"
    say "To remove it: sh '$target/install.sh' --uninstall"
}

# A pipe tells how its last program ended; the file "whole" tells it of the others.
unpack() {
    staging=$(mktemp -d "$parent/.$name.new.XXXXXX" 2>/dev/null) || refuse "Nothing was" \
        "installed: the folder $parent cannot be written to. Allow writing there, or choose" \
        "another with --prefix DIR."
    chmod 755 "$staging"
    say "Unpacking ..."
    # xz uses all cores where it can; another program of that name overlooks the variable.
    if words=$(
        {
            { payload | XZ_DEFAULTS=-T0 xz -dc && : >"$staging/whole"; } |
                tar -xof - -C "$staging"
        } 2>&1
    ) && rm "$staging/whole" 2>/dev/null; then
        return
    fi
    case $words in
        *'No space left'* | *'uota exceeded'*)
            refuse "Nothing was installed: the disk became full while unpacking in $parent. What" \
                "was there is unchanged. Free $((NEEDED_KILOBYTES / 1024 + 1)) MB and try again." ;;
    esac
    refuse "Nothing was installed: unpacking in $parent failed (${words%%
*}). What was there before is unchanged."
}

uninstall() {
    if ! parent=$(cd "$parent" 2>/dev/null && pwd -P); then
        refuse "Nothing was removed: there is no folder $target. If Glossator is elsewhere, name" \
            "the folder with --prefix DIR."
    fi
    target=$parent/$name
    take_lock
    mend
    is_glossator "$target" || refuse "Nothing was removed: there is no Glossator in $target. If" \
        "it is elsewhere, name the folder with --prefix DIR."
    check_not_running "$target"
    # Half a program must not be what an interruption leaves.
    staging=$parent/.$name.new.removed
    mv "$target" "$staging" || refuse "Nothing was removed: $target cannot be renamed." \
        "Allow writing in $parent and start this again."
    remove_entries
    clean_up
    staging='' lock=''
    [ "$name" != app ] || rmdir "$parent" 2>/dev/null
    say "Glossator was removed from $target. Your projects, settings and models are left."
}

extract() {
    check_tools
    check_payload
    check_writable
    if [ -e "$target" ] && ! rmdir "$target" 2>/dev/null; then
        refuse "Nothing was unpacked: $target is there already, and it was not touched. Name a" \
            "folder that is new or empty."
    fi
    check_space
    unpack
    mv "$staging" "$target" || refuse "Nothing was unpacked: $target cannot be made."
    staging=
    say "Unpacked into $target; the program is $target/usr/lib/glossator/glossator-window."
}

# --- how a desktop and a shell know of it ----------------------------------------------------

add_entries() {
    share=$staging/usr/share
    if copy_entries 2>/dev/null; then
        refresh_caches
    else
        say "The entry for the menu could not be written below $data; all else is in place."
    fi
    starter=$target/glossator-window
    add_launcher
}

copy_entries() {
    (cd "$share" && find icons mime man -type f) | while IFS= read -r file; do
        mkdir -p "$data/$(dirname "$file")" && cp "$share/$file" "$data/$file" || exit 1
    done || return 1
    entry=$data/applications/glossator.desktop
    mkdir -p "$data/applications" &&
        desktop_entry <"$share/applications/glossator.desktop" >"$entry.new" &&
        mv "$entry.new" "$entry"
}

desktop_entry() {
    while IFS= read -r line; do
        case $line in Exec=*) line=$(exec_line) ;; esac
        printf '%s\n' "$line" || return 1
    done
}

# The path is quoted for the command, and the backslashes of that once more for the file.
exec_line() {
    quoted=$(printf '%s\n' "$target/glossator-window" |
        sed -e 's/["`$\]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
    printf 'Exec="%s" %%f\n' "$quoted"
}

add_launcher() {
    link=$HOME/.local/bin/glossator
    if { [ -e "$link" ] || [ -L "$link" ]; } && ! is_our_link; then
        say "Another program is called $link; it was left as it is."
        return
    fi
    mkdir -p "$HOME/.local/bin" 2>/dev/null || return
    ln -sf "$target/glossator" "$link" 2>/dev/null || return
    case ":$PATH:" in
        *":$HOME/.local/bin:"*) starter=glossator ;;
        *) starter=$link ;;
    esac
}

# It leads into this or another Glossator, or to where one was.
is_our_link() {
    leads_to=$(readlink "$link") || return 1
    [ "$leads_to" = "$target/glossator" ] || [ ! -e "$link" ] || is_glossator "${leads_to%/*}"
}

remove_entries() {
    link=$HOME/.local/bin/glossator
    [ "$(readlink "$link" 2>/dev/null)" != "$target/glossator" ] || rm -f "$link"
    entry=$data/applications/glossator.desktop
    # Another Glossator, in another folder, may be what the menu starts.
    if [ -f "$entry" ] && ! grep -qxF -e "$(exec_line)" "$entry"; then
        return
    fi
    rm -f "$entry" "$data/mime/packages/glossator.xml" "$data/man/man1/glossator.1.gz"
    rm -f "$data"/icons/hicolor/*/apps/glossator.*
    rm -f "$data"/icons/hicolor/*/mimetypes/application-x-glossator.*
    refresh_caches
}

refresh_caches() {
    refresh update-desktop-database "$data/applications"
    refresh update-mime-database "$data/mime"
    # A newer folder is what tells programs to look; only where there is a cache is it in the way.
    touch "$data/icons/hicolor" 2>/dev/null
    [ ! -f "$data/icons/hicolor/icon-theme.cache" ] ||
        refresh gtk-update-icon-cache -f -t "$data/icons/hicolor"
}

refresh() {
    ! command -v "$1" >/dev/null || "$@" >/dev/null 2>&1
}

main "$@"
exit
