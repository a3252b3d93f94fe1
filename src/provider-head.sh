#!/bin/sh
# A Terraform provider. The shell looks for Node, and Node takes the rest from this file: every further line is a section.
trap 'echo "repoform needs Node @NODE@ or newer, and found no node that starts on the PATH of Terraform (${PATH-}); install it from https://nodejs.org, or add its folder to the PATH"' 0
if [ "${NODE_OPTIONS-}" ]; then
  # Preloads and the inspector are meant for the user's own program: here they print into the handshake, wait, or are not found.
  set -f
  kept= option= valued=
  for word in $NODE_OPTIONS; do
    option="$option${option:+ }$word"
    case $option in *\"*\"*) ;; *\"*) continue ;; esac
    if [ "$valued" ]; then
      valued=
    else
      case $option in
        -r | --require | --import | --loader | --experimental-loader) valued=1 ;;
        -r=* | --require=* | --import=* | --loader=* | --experimental-loader=* | --inspect*) ;;
        *) kept="$kept $option" ;;
      esac
    fi
    option=
  done
  export NODE_OPTIONS="${kept# }"
fi
exec node -e '@START@' "$0" "$@"
