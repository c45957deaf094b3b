# XCU 2.5 Parameters and Variables

### $# counts the positional parameters
set -- a b c; echo $#
set --; echo $#

### "$@" keeps each parameter a field, "$*" joins with the first character of IFS
set -- 'a b' c ''
printf '[%s]' "$@"; echo
printf '[%s]' "$*"; echo
IFS=-; printf '[%s]' "$*"; echo
IFS=; printf '[%s]' "$*"; echo
unset IFS; printf '[%s]' "$*"; echo

### unquoted $@ and $* are split
set -- 'a b' c '' d
printf '[%s]' $@; echo
printf '[%s]' $*; echo

### "$@" with text around it joins only the ends
set -- 1 2 3
printf '[%s]' "a$@b"; echo
set --
printf '[%s]' "a$@b"; echo
printf '[%s]' "$@"; echo

### "$@" without parameters makes no field
set --
f() { echo $#; }
f "$@"
f "$@" x
f ""$@

### positional parameters above nine need braces
set -- a b c d e f g h i j k
echo $10 ${10} ${11}

### $? is the status of the last pipeline
false; echo $?
(exit 3); echo $?
true | false; echo $?
! false; echo $?

### $- holds the option letters
set -f; case $- in *f*) echo f;; esac
set +f; case $- in *f*) echo f;; *) echo no f;; esac
set -eu; case $- in *e*u*|*u*e*) echo eu;; esac

### $$ is the same in a subshell
a=$$; b=$(echo $$); (test $a = $$ && test $a = $b && echo same)

### $! is the process ID of the last asynchronous list
sleep 0 & p=$!
wait $p && test -n "$p" && echo ok

### $0 is the name of the script
echo ${0##*/}
f() { echo ${0##*/}; }; f a

### PPID does not change in a subshell
a=$PPID; (test "$a" = "$PPID" && echo same); test "$(echo $PPID)" = "$a" && echo same

### IFS is set at start, whatever the environment says
IFS=x $SH -c 'a=1x2; echo $a; printf "[%s]" "$IFS"' | od -An -c

### OPTIND is 1 at start
echo $OPTIND

### PS4 and PS2 have their defaults
# differs: bash: leaves PS2 unset in a script (XCU 2.5.3 gives it a default in any shell)
printf '%s|' "$PS2" "$PS4"; echo

### LINENO is the number of the line, from 1
# differs: dash: Debian's is built without LINENO (XCU 2.5.3)
echo $LINENO
echo $LINENO; echo $LINENO

if true; then
	echo $LINENO
fi

### LINENO is right after a here-document and a many-line string
# differs: dash: Debian's is built without LINENO (XCU 2.5.3)
cat <<X
a
b
X
echo $LINENO
x='a
b
c'
echo $LINENO

### an assignment to LINENO of the environment does not hide it
LINENO=77 $SH -c 'echo $LINENO' | grep -c .

### PWD is taken over only if it names the directory
d=$(pwd -P)
PWD=/nonexistent $SH -c 'test "$PWD" = "$1" && echo right' x "$d"

### HOME, when set, is the value of a tilde
HOME=/h; echo ~ ~/x "~" '~' \~ a~

### a variable of the environment is exported
FOO=1 $SH -c 'FOO=2; env' | grep '^FOO='

### names of the environment that are no names are passed on
# differs: dash: drops them (XBD 8.1 lets applications expect them to be kept)
# differs: mksh, busybox: drop them (XCU 2.5.3: unspecified; programs miss them)
env 'a.b=1' $SH -c 'env' | grep '^a.b='

### an unset parameter is empty
unset x; printf '[%s]' "$x" "${x}" $x; echo

### set without operands prints what can be read back
# differs: bash: its own read-only variables refuse (XCU 2.15 set)
# differs: mksh: writes names only in POSIX mode (XCU 2.15 set)
x="it's"; y='a b
c'
set > out
x=; y=
. ./out 2>/dev/null
printf '%s\n' "$x" "$y"
