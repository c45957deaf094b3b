# The pages of the builtins, what builtins.sh and 2.15-*.sh leave. The name of the
# builtin stands first in each title.

### alias: several operands, printing what can be read back
alias a1='echo one' a2="echo 'two'"; alias a1 a2 >f; unalias a1 a2; sed 's/^alias //; s/^/alias /' f >g; . ./g; eval a1; eval a2; alias a1=x; unalias -a; alias a1 2>/dev/null >&2 || echo none

### unalias: an unknown name fails, the others go
alias a=1 b=2; unalias a nosuch b 2>/dev/null; test $? -ne 0 && echo fails; alias a b >/dev/null 2>&1 || echo gone

### break and continue in nested loops of several sorts
for i in 1 2 3; do while :; do until false; do test $i = 2 && break 3; continue 3; done; echo no; done; done; echo $i; n=0; while test $n -lt 3; do n=$((n+1)); for j in a b; do continue 2; done; echo no; done; echo $n

### : expands its operands, and takes its redirections
: ${x:=set} >f; echo $x; test -f f && echo file; : -x --help; echo $?

### . returns the status of the last command, or 0
echo 'false' >f; . ./f; echo $?; : >g; false; . ./g; echo $?; echo 'return 5' >h; . ./h; echo $?; echo 'x=1; f() { echo f; }' >i; . ./i; f $x

### eval of nothing is 0
false; eval; echo $?; false; eval ''; echo $?; eval 'echo a' 'b;' echo c; eval 'exit 3' & wait $!; echo $?; eval 'x=$y'; echo "[$x]"; y=1 eval 'echo $y'

### exec: 126 and 127, assignments and redirections
exec 2>/dev/null
(exec ./nosuch); echo $?; : >f; (exec ./f); echo $?; (exec nosuch_); echo $?; (x=1 exec sh -c 'echo $x'); (exec sh -c 'echo out' >g); cat g; (exec 3>h; echo three >&3; cat h)

### exit: takes the last status, the low eight bits, and runs the trap
(false; exit); echo $?; (exit 0); echo $?; (trap 'echo bye' EXIT; exit 7); echo $?; $SH -c 'exit 256'; echo $?; f() { exit 4; }; (f; echo no); echo $?

### export: an unset name gets its mark when it is set
export x; sh -c 'echo ${x-unset}'; x=1; sh -c 'echo $x'; export y=2 z="a b"; sh -c 'echo $y $z'; unset x; x=3; sh -c 'echo ${x-unset}'

### false and true take their redirections
false >f; echo $?; true >g; echo $?; test -f f && test -f g && echo files

### getopts: the status, the variable and OPTIND at the end
set -- -a op; getopts a v; echo $? $v $OPTIND; getopts a v; s=$?; echo $((s > 0)) $v $OPTIND; set -- ; OPTIND=1; getopts a v; s=$?; echo $((s > 0)) $v $OPTIND

### getopts: an option argument that is attached, separate, and empty
set -- -ax -a y -a '' z; while getopts a: o; do echo "[$OPTARG] $OPTIND"; done; shift $((OPTIND-1)); echo "$@"

### getopts: a colon and a question mark among the options
# differs: dash, busybox: take the colon for an option (getopts, OPERANDS)
set -- -: ; getopts :a o; echo "$o $OPTARG"; OPTIND=1; set -- -x; getopts :a o; echo "$o $OPTARG"; OPTIND=1; set -- -a; getopts :a: o; echo "$o $OPTARG"; OPTIND=1; getopts a: o 2>f; echo "$o ${OPTARG-unset}"; test -s f && echo said

### hash: prints, forgets, and refuses what is not there
# differs: mksh: hash of an unknown name returns 0 (hash, EXIT STATUS)
hash ls cat; hash >f; grep -c cat f; hash -r; hash nosuch_ 2>/dev/null; test $? -ne 0 && echo fails; hash -r; ls >/dev/null; hash | grep -c '/ls'

### pwd: -P after -L takes effect, the last counts
# differs: bash, dash, mksh, busybox: know the directory apart from PWD (pwd -L: what PWD says if that is right, otherwise as -P)
#> real
#> link
#> real
mkdir real; ln -s real link; cd link; pwd -L -P | sed 's,.*/,,'; pwd -P -L | sed 's,.*/,,'; PWD=/nosuch; pwd | sed 's,.*/,,'

### cd: a directory that vanished, and one without permission
# differs: dash, mksh, busybox: go to the parent all the same (cd, step 8b: what stands before .. must be a directory)
mkdir a; cd a; rmdir ../a; cd . 2>/dev/null; cd ..; echo ${PWD##*/}; cd a 2>/dev/null; test $? -ne 0 && echo fails; echo ${PWD##*/}

### cd: - without OLDPWD, two operands
# differs: dash, busybox: take an unset OLDPWD for the working directory, and ignore further operands (cd, OPERANDS)
unset OLDPWD; exec 2>/dev/null; cd -; test $? -ne 0 && echo fails; cd / /tmp; test $? -ne 0 && echo fails; cd /; cd -L .; cd -P .; pwd

### read: the status, and variables that get nothing
printf 'a b\n' | { read x y z; echo "$? $x $y [$z]"; }; z=old; printf '' | { read z; echo "$? [$z]"; }; printf 'no newline' | { read z; echo "$? [$z]"; }; printf '\n' | { read a b; echo "$? [$a$b]"; }

### read: IFS white space and others, at the ends and within
for i in ' ' ':' ' :' ''; do printf '  a : b:c  :\n' | { IFS=$i; read x y; printf '[%s]' "$x" "$y"; echo; }; done; echo ' a:b:c ' | { IFS=: read x y; echo "[$x][$y]"; }; echo 'a:b:' | { IFS=: read x y; echo "[$x][$y]"; }; echo 'a:b::' | { IFS=: read x y; echo "[$x][$y]"; }

### read: backslashes, with and without -r
printf 'a\\b c\\ d \\\\ \\\ne\n' | { read x y; echo "[$x][$y]"; }; printf 'a\\b \\\nno\n' | { read -r x y; printf '[%s]' "$x" "$y"; echo; }

### read: a name that is none or read-only is an error
# differs: bash, busybox: 1 for a name that is none (read, EXIT STATUS: above 1)
exec 2>/dev/null; echo a | { read 1x; test $? -gt 1 && echo error; }; (readonly r=1; echo a | { read r; test $? -gt 0 && echo error; }; echo $r)

### readonly: cannot be assigned, unset, exported anew with a value
# differs: bash, mksh: go on after unset (XCU 2.15 unset, 2.8.1: an error of a special builtin)
readonly r=1; exec 2>/dev/null; for c in 'r=2' 'unset r' 'export r=2' 'readonly r=3' 'read r </etc/hostname' 'for r in 2; do :; done' ': $((r=2))' 'getopts a r -a' 'r=2 :'; do (eval "$c"; exit 0) && echo "$c: $r"; done; echo $r; export r; sh -c 'echo $r'

### return: in a function, a loop in it, and a dot script
f() { for i in 1 2; do return $i; done; }; f; echo $?; f() { return; }; false; f; echo $?; f() { false; return; }; f; echo $?; f() { (return 3); echo $?; }; f

### set: options and parameters in one command, -- and -
set -f -- a b; echo $- | grep -c f; echo $#; set +f c; echo $1 $#; set --; echo $#; set -- -x +y; echo $*; set -fu; set +uf; case $- in *[fu]*) echo no;; *) echo off;; esac

### shift: by 0, by all, and too far
# differs: bash, busybox: go on, as XCU 2.15 shift allows
set -- a b c; shift 0; echo $#; shift 2; echo $*; shift; echo $#; (shift 2>/dev/null; echo on) ; set -- a; (shift 2) 2>/dev/null; test $? -ne 0 && echo error

### test: strings, numbers, and the number of arguments
# differs: mksh: takes a for a variable (test: n1 is an integer)
test; echo $?; test a; test '' || echo empty; test ! ''; echo $?; test ! a; echo $?; test -n; echo $?; test = ; echo $?; test a = a && echo eq; test a != b && echo ne; test ! a = b && echo not; test '(' = ')' || echo three; test '(' a ')' && echo par; test ! -n; echo $?; test 010 -eq 10 && echo dec; test -1 -lt 0 && echo neg; test ' 7 ' -eq 7 && echo blanks; exec 2>/dev/null; test a -eq 1; test $? -gt 1 && echo error; test a b; test $? -gt 1 && echo error; [ a; test $? -gt 1 && echo error; test 1 -eq; test $? -gt 1 && echo error

### test: files
# differs: dash, busybox: wants both files for -nt (test -nt, POSIX.1-2024)
: >e; echo x >s; mkdir d; ln -s s l; ln -s nosuch dang; mkfifo p; chmod +x s; for o in b c d e f g h L p r S s u w x; do for f in e s d l dang p nosuch /dev/null; do test -$o $f && printf '%s ' "$o:$f"; done; done; echo; test e -ef ./e && echo same; touch -d '2001-01-01' old; test s -nt old && echo newer; test old -ot s && echo older; test nosuch -nt s || echo none; test s -nt nosuch && echo newer; test -t 0 </dev/null || echo no terminal

### times: two lines of two times
times | grep -cE '^[0-9]+m[0-9]+[.][0-9]+s [0-9]+m[0-9]+[.][0-9]+s$'

### type: builtins, functions, programs, reserved words, nothing
f() { :; }; for n in cd f ls if; do type $n | grep -q $n && echo $n; done; type nosuch_ >/dev/null 2>&1; test $? -ne 0 && echo fails

### command: -v of a builtin, function, alias, reserved word, path, nothing
f() { :; }; alias a='echo x'; command -v cd; command -v f; command -v if; command -v /bin/sh; command -v a | grep -c 'echo x'; command -v nosuch_; test $? -ne 0 && echo fails

### command: suppresses functions, and what is special about special builtins
ls() { echo function; }; command ls -d /; exec 2>/dev/null; command . ./nosuch; echo on; command set -o nosuch; echo on; command exec >/nosuch/f; echo on; command shift 9; echo on

### ulimit: -f is in 512-byte blocks, the soft limit alone changes, unlimited
(ulimit -f 100; ulimit -f; ulimit -S -f 50; ulimit -f; ulimit -H -f); (ulimit -S -n 40; ulimit -n; ulimit -S -n unlimited 2>/dev/null || echo refused); (ulimit -f 1; ulimit -f 2 2>/dev/null; ulimit -f) | head -1

### umask: files get what it leaves
umask 077; : >a; mkdir d; ls -ld a d | cut -c1-10; umask u+w,g=r,o-x; : >b; ls -l b | cut -c1-10; umask -- -w 2>/dev/null; exec 2>/dev/null; umask 8; test $? -ne 0 && echo error; umask 1000000; umask u=z; test $? -ne 0 && echo error

### unset: variables, functions, several, what is not set
x=1 y=2; f() { echo f; }; unset x y nosuch; echo $? ${x-unset} ${y-unset}; unset -f f nosuch; echo $?; f 2>/dev/null; test $? = 127 && echo gone; x=1; x() { echo f; }; unset -v x; echo ${x-unset}; x

### echo: operands with one blank between, nothing is an empty line
echo a   b 'c  d'; echo; echo ''; echo -; echo --; echo a >f b; cat f; echo '*' "$(echo)"

### printf: conversions, widths, and the format again for more arguments
printf '%d %i %o %x %X %u %c %s %%\n' 1 -2 8 255 255 3 abc str; printf '[%5d][%-5d][%05d][%+d][% d]\n' 42 42 42 42 42; printf '[%5s][%-5s][%.2s][%*s]\n' ab ab abc 4 x; printf '%s-%s\n' a b c; printf '%d\n' 0x1f 010 "'A" '"B'; printf 'no newline'; echo; printf '%b' 'a\tb\n\0101\n' 'x\cy' z; echo; printf '\101\t\\\n'

### printf: arguments that are no numbers, missing ones, and statuses
# differs: busybox: writes 0 for 12x (printf: what could be converted)
printf '%d %s|\n'; printf '%s\n'; exec 2>/dev/null; printf '%d\n' abc; test $? -ne 0 && echo error; printf '%d\n' 12x; test $? -ne 0 && echo error; printf; test $? -ne 0 && echo error; printf '%f %e %g\n' 1.5 1.5 1.5

### wait: of what ended by a signal, and of several
sh -c 'kill -TERM $$' & wait $! 2>/dev/null; kill -l $?; (exit 1) & a=$!; (exit 2) & wait $! $a; echo $?

### fg and bg: fail where there is no job control
# skips: mksh: its own sleep outlives kill, and the script
exec 2>/dev/null; sleep 5 & p=$!; fg; test $? -ne 0 && echo fails; bg; test $? -ne 0 && echo fails; kill $p
