# XCU 2.13 Shell Execution Environment: subshells that need no process (shell/inside.go).
# Standard output is made a file, so that ( … ) is run inside too.

### variables, parameters and the directory of a subshell stay in it
exec >out; cd /usr; set -- p q; y=orig
( shift; y=sub z=new; cd bin; pwd; echo $# $1 $y $z; ( cd ../lib; pwd; y=deep ); echo $y; pwd )
echo $# $1 $y ${z-unset} $PWD; pwd; x=$(cd /; y=other; shift; pwd; echo $#); echo $x $y $#; cat "$OLDPWD/out"

### exit, return and errors end the subshell alone
exec >out; f() { local v=$1; echo "in $v"; return 3; echo no; }
x=$(f a); echo $? $x; x=$(echo a; exit 7; echo no); echo $? $x; (exit 4); echo $?
(: ${nosuch?message}; echo no) 2>/dev/null || echo failed
readonly r=1; x=$(r=2; echo no) 2>/dev/null || echo failed $x; (r=2; echo no) 2>/dev/null || echo failed; cat out

### set -e acts in the subshell as outside
exec >out; (set -e; false; echo no); echo $?
set -e; x=$(false; true; echo yes) || echo no; echo $x; if (false; echo if); then echo then; fi
( true; false ) || echo or; ( false ); echo no

### loops, case and functions
exec >out; g() { for k in "$@"; do case $k in c) break;; esac; printf '%s;' "$k"; done; k=done; }
k=before; x=$(g a b c d; while :; do echo w; break; done; if [ -n "$k" ]; then echo $k; fi); echo "$x" $k
r() { [ $1 -gt 0 ] || return 0; echo $1; r $(($1-1)); }; echo $(r 3); cat out

### what expansions assign stays in the subshell
exec >out; x=$(echo ${new:=val} $((n=5))); echo $x ${new-unset} ${n-unset}
PATH=$PATH:/x; x=$(PATH=/nosuch; echo $PATH); echo $x; ls / >/dev/null && echo found; cat out

### output: trailing newlines go, what is nested is caught apart
exec >out; e=$(printf 'a\n\n\n'); echo "$e."; x=$(echo $(echo in; exit 2)-$(echo two)); echo $? "$x"; x=`echo \`echo back\``; echo $x; cat out

### the exported value of the subshell reaches its programs only
exec >out; export E=1; x=$(E=2; y=$(sh -c 'echo $E'); echo $y $E); echo $x $E; sh -c 'echo $E'; cat out

### an EXIT trap is the shell's alone
exec >out; trap 'echo bye; cat out >&2' EXIT; x=$(echo a; exit 1); echo $x; (echo b; exit)

### a trapped signal's action runs in the shell, not in the substitution
exec >out; trap 'echo caught $y' USR1; y=outer; x=$(y=inner; kill -USR1 $$; echo $y); echo "$x"; cat out

### an empty substitution succeeds
false; x=$(); echo $?; false; x=$(# nothing
); echo $?

### redirections of the subshell end with it, and one that fails fails it
( echo one; echo two ) >f; ( echo three ) >>f; echo out; cat f; set -C; ( echo no ) >f 2>/dev/null || echo refused; ( echo x ) >/nonexistent/f 2>/dev/null || echo refused; cat f

### PIPESTATUS and ! see the subshell's status
exec >out; ! (exit 3); echo $?; (exit 3) || echo $?; cat out

### redirections of what runs in it
exec >out 2>err; w() { echo warn >&2; { echo lost; } >/dev/null; } 2>/dev/null
x=$(cd /nosuch 2>/dev/null || echo none; echo a >/dev/null 2>&1; echo b >&2; echo c); echo "$x"; ( echo d >&2; [ 1 -eq x ] 2>/dev/null; echo $? )
x=$(w; [ a = b ] >/dev/null; echo e); echo $x; echo f; cat out; cat err >&2; cat err

### a reader that is gone ends the subshell, not the shell
exec 2>/dev/null 4>&1; mkfifo p; : <p & exec >p; wait
( echo a; echo b ); echo $? >&4

### a pipeline alone in a substitution
x=$(echo a b | tr a-z A-Z); echo $x $?; x=$(false | true); echo $?; x=$(true | (exit 3)); echo $?; x=$(! true | false); echo $?
x=$(echo a | nosuch 2>/dev/null); echo $?; x=$(nosuch 2>/dev/null | cat); echo $? "$x"; x=$(yes | head -n 2); echo $x
y=o; x=$(echo in | { read y; echo got $y; }); echo $x $y; x=$(cd / | pwd); [ "$x" = "$PWD" ] && echo stays
sleep 5 & p=$!; x=$(echo a | cat); [ $p = $! ] && echo same; kill $p
x=$(echo $(echo deep | cat) | cat); echo $x; x=$(echo lost | cat >/dev/null | echo last); echo $x

### set -e and set -o pipefail with a pipeline in a substitution
# differs: dash: has no pipefail (XCU 2.15 set, -o pipefail)
#> 0
#> 1
#? 1
set -e; x=$(false | true); echo $?; set +e -o pipefail; x=$(false | true); echo $?; set -e; x=$(true | false); echo no
