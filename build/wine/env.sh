# Sourced by winjava and build/wine/prepare, with $root set.
WINJAVA_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/nettypipe
WINJAVA_JRE_VERSION=$(sed -n 's:.*<windows.jre.version>\(.*\)</.*:\1:p' "$root/pom.xml")
WINJAVA_JRE=$WINJAVA_CACHE/jre-$WINJAVA_JRE_VERSION
WINEPREFIX=${WINEPREFIX:-$WINJAVA_CACHE/wineprefix}
case $WINEPREFIX in
    /*) ;;
    *) WINEPREFIX=$PWD/$WINEPREFIX ;;   # Wine takes no relative path
esac
WINEDEBUG=${WINEDEBUG:--all}
# Without the first two Wine would offer to download Mono and Gecko. The last one complains on the programs' standard
# error, whatever WINEDEBUG says, where there is no XDG_RUNTIME_DIR (Wine 10).
WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree=;mshtml=;winewayland.drv=}
WINEARCH=win64
# Debian sid keeps it beside Wine's libraries.
if ! command -v wineserver >/dev/null; then
    for folder in /usr/lib/wine /usr/lib/*/wine; do
        [ ! -x "$folder/wineserver" ] || PATH=$PATH:$folder
    done
fi
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES WINEARCH
