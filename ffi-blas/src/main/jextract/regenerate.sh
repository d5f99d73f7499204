#!/bin/sh
# Writes the bindings in dev.harpia.blas.cblas again. They are jextract's unedited output: never change them by hand.
#
# Needs jextract for JDK 25 on the PATH and the classifier jar of org.bytedeco:openblas:0.3.31-1.5.13 (any platform: the
# header is the same). A new version of OpenBLAS also means new pins in PackagedLibrary.java.
#
# usage: regenerate.sh openblas-0.3.31-1.5.13-linux-x86_64.jar
set -eu
jar=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unzip -qjo "$jar" 'org/bytedeco/openblas/*/include/*'
jextract -t dev.harpia.blas.cblas --header-class-name Cblas --output "$work/out" "@$here/openblas.args" cblas.h
cp "$work"/out/dev/harpia/blas/cblas/*.java "$here/../java/dev/harpia/blas/cblas/"
