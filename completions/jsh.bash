# Completion of jsh for bash: source it, or put it into
# /usr/share/bash-completion/completions as jsh.
_jsh() {
	local cur=$2 prev=$3
	local commands='check-daemon daemonize demo doctor explain lesson ps-tree puppet quiz replay tickd timeline trace viz why'
	COMPREPLY=()
	case $prev in
	--without) mapfile -t COMPREPLY < <(compgen -W 'own-group tcsetpgrp restore-modes reap' -- "$cur"); return ;;
	-o | +o) mapfile -t COMPREPLY < <(compgen -W 'allexport emacs errexit hashall ignoreeof monitor noclobber noexec noglob nolog notify nounset pipefail verbose vi xtrace' -- "$cur"); return ;;
	trace | check-daemon) mapfile -t COMPREPLY < <(compgen -c -- "$cur"); return ;;
	demo) mapfile -t COMPREPLY < <(compgen -W '--check --notes --recorded --make-recordings' -- "$cur"); return ;;
	--recorded) mapfile -t COMPREPLY < <(compgen -f -W 'prompt eperm ctrl-c sigttin double-fork stolen-keys hang-up sighup' -- "$cur"); return ;;
	why) mapfile -t COMPREPLY < <(compgen -W "$(cd /proc && printf '%s ' [0-9]*)" -- "$cur"); return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W '-c -s -i -l --plain --record --sandbox --without --help --version' -- "$cur")
	elif [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -f -W "$commands" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}
complete -o filenames -F _jsh jsh
