# The regular builtins (XCU 3), as far as they are the shell's own.

### cd changes PWD and OLDPWD
d=$PWD; mkdir a; cd a; test "$PWD" = "$d/a" && echo in; test "$OLDPWD" = "$d" && echo old; cd - >/dev/null; test "$PWD" = "$d" && echo back

### cd without operands goes home
mkdir h; HOME=$PWD/h; cd; echo ${PWD##*/}

### cd without operands and without HOME
# differs: busybox: says nothing and returns 0 (cd: implementation-defined)
# differs: dash: stays where it is (cd, step 1: implementation-defined)
unset HOME; cd 2>/dev/null || echo no home

### cd - prints the directory
mkdir a; cd a; cd - | sed 's,.*/,,'

### cd -L and -P with a symbolic link
mkdir -p real/sub; ln -s real/sub link; cd link; echo ${PWD##*/}; cd ..; echo ${PWD##*/} | grep -c work; cd -P link; echo ${PWD##*/}; cd -P ..; echo ${PWD##*/}

### pwd -L and -P
mkdir real; ln -s real link; cd link; pwd | sed 's,.*/,,'; pwd -P | sed 's,.*/,,'; pwd -L | sed 's,.*/,,'

### CDPATH
# differs: mksh: does not try the operand itself (cd, DESCRIPTION 6)
mkdir -p p/sub q; CDPATH=$PWD/p; cd q; cd sub | sed 's,.*/work,,'; echo ${PWD##*/}
cd ..; CDPATH=:$CDPATH; mkdir own; cd own; echo ${PWD##*/}; cd ./nosuch 2>/dev/null || echo no

### cd of what is no directory
touch f; cd f 2>/dev/null || echo no; cd nosuch 2>/dev/null || echo no; cd -- / && pwd

### cd of an empty name is an error
# differs: bash, dash: stay where they are (cd, OPERANDS, POSIX.1-2024)
# differs: mksh, busybox: stay where they are and return 0 (cd, DESCRIPTION: an empty operand is an error)
#> 1
cd '' 2>/dev/null; echo $?

### cd with dots
mkdir -p a/b; cd a/./b/../b; echo ${PWD##*/a}; cd ..; echo ${PWD##*/}; cd /; cd ..; pwd; cd //; cd /./../usr/.; pwd

### the environment's PWD follows
mkdir a; cd a; sh -c 'echo ${PWD##*/}'

### command -v
command -v nosuch_; test $? -ne 0 && echo none
for n in cd export while; do command -v $n; done; f() { :; }; command -v f; command -v sh | grep -c '^/.*/sh$'; alias hi='echo x'; command -v hi; command -v ./nosuch; test $? -ne 0 && echo none

### command -v of a file
touch x; chmod +x x; command -v ./x | sed 's,.*/,,'; PATH=$PWD:$PATH; command -v x | grep -c '^/'

### command -V and type say something for each
for n in cd export sh if; do command -V $n >/dev/null && type $n >/dev/null && echo ok; done; type nosuch_ >/dev/null 2>&1; test $? -ne 0 && echo none; command -V nosuch_ >/dev/null 2>&1; test $? -ne 0 && echo none

### command runs no function
echo() { printf 'function\n'; }; echo a; command echo b; command printf '%s\n' c; ls() { :; }; command ls -d /

### command -p uses the standard PATH
PATH=/nonexistent; command -p ls -d /; command -p sh -c 'echo x'

### command with nothing, and --
command; echo $?; command -- echo a; command command command echo b

### command nosuch is 127
command nosuch_ 2>/dev/null; echo $?

### echo writes its arguments
echo a b 'c  d'; echo; echo ''; echo -; echo --

### false and true ignore arguments
true a; echo $?; false a; echo $?

### getopts
# differs: dash: leaves OPTARG empty (getopts: unset where there is no argument)
# differs: mksh: OPTIND is already past -cd within it (getopts: the next argument to be processed)
# differs: busybox: OPTARG is set, and OPTIND past -cd within it (getopts, DESCRIPTION)
set -- -a -b val -cd arg -x; while getopts ab:cd o 2>/dev/null; do echo "$o ${OPTARG-none} $OPTIND"; done; echo $o $OPTIND; shift $((OPTIND-1)); echo $#

### getopts with groups and --
set -- -abval -- -c; while getopts ab: o; do echo "$o ${OPTARG-}"; done; shift $((OPTIND-1)); echo $1

### getopts, silent
set -- -x -b; while getopts :ab: o; do echo "$o $OPTARG"; done

### getopts with own arguments and OPTIND reset
getopts a o -a; echo $o $OPTIND; OPTIND=1; getopts b o -b; echo $o; OPTIND=1; getopts :a o -z; echo $o $OPTARG; OPTIND=1; getopts a o; echo $? $o

### getopts: a missing argument and an unknown option are said
OPTIND=1; getopts a: o -a; echo $o ${OPTARG-none} $?

### getopts: a lone dash is an operand
set -- - a; getopts a o; echo $? $OPTIND

### getopts in a function
f() { OPTIND=1; while getopts xy: o; do echo $o $OPTARG; done; shift $((OPTIND-1)); echo $*; }; f -x -y 1 a b; f -y2 c

### hash remembers and forgets
# differs: mksh: hash of an unknown name returns 0 (hash, EXIT STATUS)
hash -r; hash ls; echo $?; hash nosuch_ 2>/dev/null; test $? -ne 0 && echo none; hash | grep -c ls; PATH=$PATH; hash -r

### a changed PATH is searched anew
mkdir d; printf 'echo mine\n' >d/ls; chmod +x d/ls; ls >/dev/null; PATH=$PWD/d:$PATH; ls

### a program that goes away is found elsewhere
mkdir d e; printf 'echo d\n' >d/p; printf 'echo e\n' >e/p; chmod +x d/p e/p; PATH=$PWD/d:$PWD/e:$PATH; p; rm d/p; p 2>/dev/null || p

### read splits into variables
printf 'a b  c d \n' | { read x y z; echo "[$x][$y][$z]"; }; echo '  lead  trail  ' | { read x; echo "[$x]"; }; echo a | { read x y; echo "[$x][$y]"; }

### read with other separators
echo a:b::c | { IFS=: read w x y z; echo "[$w][$x][$y][$z]"; }; echo 'a : b' | { IFS=' :' read x y; echo "[$x][$y]"; }; echo a:b: | { IFS=: read x y; echo "[$x][$y]"; }; echo a:b:c: | { IFS=: read x y; echo "[$x][$y]"; }; echo a:b:: | { IFS=: read x y; echo "[$x][$y]"; }

### read with an empty IFS keeps all
echo '  a  ' | { IFS= read -r x; echo "[$x]"; }

### read: backslashes quote and join lines
printf 'a\\ b c\\\nd\n' | { read x y; echo "[$x][$y]"; }; printf 'a\\tb\n' | { read -r x; printf '[%s]\n' "$x"; }

### read at the end of the file
printf 'last' | { read x; echo $? $x; }; printf '' | { read x; echo $? "[$x]"; }; </dev/null read x; echo $?

### read takes one line only
printf '1\n2\n' | { read x; cat; }

### read from a here-document and in a loop
while read x; do echo "<$x>"; done <<X
a
b c
X

### read -d
# differs: dash: has no -d (read, POSIX.1-2024)
printf 'a:b:c' | { read -d : x; echo $x; read -d : x; echo $x; read -d : x; echo $? $x; }; printf 'a\0b\0' | { read -d '' x; read -d '' y; echo $x $y; }

### read -n, -t and -p from bash
# differs: dash: has none of them (extensions)
# differs: mksh: -p reads from a coprocess (an extension)
# differs: busybox: the status after a timeout is 1 (an extension)
printf 'abcdef\n' | { read -n 3 x; echo $x; read y; echo $y; }; sleep 1 | { read -t 0.1 x; test $? -gt 128 && echo timeout; }; echo a | { read -t 5 x; echo $x; }; echo b | { read -p 'prompt' x; echo $x; }

### read without a name
# differs: dash: wants one (read: unspecified; REPLY as in bash)
echo 'a b' | { read; echo "$REPLY"; }

### test and [
test a = a; echo $?; [ a = b ]; echo $?; [ -n '' ]; echo $?; [ ! -e nosuch ]; echo $?; [ 1 -lt 2 -a 3 -gt 2 ] 2>/dev/null; echo $?; [ '' ]; echo $?; [ ]; echo $?

### umask in octal and symbols
# differs: mksh: writes three digits (umask: the form is unspecified)
umask 022; umask; umask -S; umask u=rwx,g=rx,o=; umask; umask g-x; umask; umask a+r; umask; umask -S; umask 0; umask; umask =; umask; umask 777; umask

### umask with permissions copied
# differs: bash: knows no copying (umask refers to chmod's symbolic modes)
# differs: dash: copies what was before the whole mode (chmod: clauses from left to right)
# differs: mksh: copies those of before the first clause (umask, chmod: clauses apply in turn)
#> 0111
umask 777; umask u=rw,go=u; umask

### umask acts
umask 077; >f; ls -l f | cut -c1-10; umask u=,g=,o=; umask

### umask -S can be read back
# differs: mksh: writes three digits (umask: the form is unspecified)
umask 027; m=$(umask -S); umask 0; umask $m; umask

### ulimit
ulimit -n 100; ulimit -n; ulimit -Hn; sh -c 'ulimit -n'; ulimit -c 0; ulimit -c; ulimit -f unlimited; ulimit -f; ulimit

### ulimit -S keeps the hard limit
ulimit -S -n 50; ulimit -H -n 200; ulimit -S -n; ulimit -H -n; (ulimit -n 20; ulimit -n); ulimit -n

### unalias and alias status
alias a=b; unalias a; echo $?; unalias a 2>/dev/null; test $? -ne 0 && echo none; unalias -a; echo $?

### wait
sleep 0 & wait; echo $?; wait 99999999 2>/dev/null; echo $?; (exit 4) & p=$!; (exit 5) & q=$!; wait $p $q; echo $?

### wait for several, the last counts
(exit 1) & a=$!; (exit 2) & b=$!; wait $b $a; echo $?

### wait -n from bash
# differs: dash: has no -n (an extension)
# differs: mksh: has no -n (an extension)
# differs: busybox: its -n waits for any child, and forgets it (an extension)
(exit 3) & wait -n; echo $?; wait -n; echo $?

### kill
# skips: mksh: sleep is built in, and sleeps through HUP (XCU 2.12)
sleep 10 & kill $!; wait $! 2>/dev/null; kill -l $?; sleep 10 & kill -s KILL $!; wait $! 2>/dev/null; kill -l $?; sleep 10 & kill -9 $!; wait $! 2>/dev/null; kill -l $?; sleep 10 & kill -HUP $!; wait $! 2>/dev/null; kill -l $?

### jobs -p
# differs: dash: a command substitution knows no jobs (jobs: EXAMPLES use $(jobs -p))
sleep 5 >/dev/null 2>&1 & test "$(jobs -p)" = $! && echo same; kill $!

### printf
printf '%s-%s\n' a b c; printf '%d %x %o %c %5s|%-5s|%05d\n' 10 255 8 xyz ab cd 42; printf '%b' 'a\tb\n'; printf '%%\n'; printf '\101\n'

### type tells what a name means
type cd | grep -c builtin; f() { :; }; type f | grep -c function; alias hi=x; type hi | grep -c alias; type sh | grep -c /sh

### fc, bg and fg without job control
bg 2>/dev/null; test $? -ne 0 && echo none; fg 2>/dev/null; test $? -ne 0 && echo none

### times, type and hash with redirections
times >f; wc -l <f | tr -d ' '; type cd >f; wc -l <f | tr -d ' '

### [[ ]] from bash
# differs: dash: has none (an extension)
# differs: busybox: [[ is a command there (an extension)
x='a b'; [[ $x = 'a b' ]] && echo eq; [[ $x == a* ]] && echo pat; [[ $x == "a*" ]] || echo lit; [[ -n $x && -z $nosuch ]] && echo and; [[ 1 -lt 2 || x = y ]] && echo or; [[ ! x = y ]] && echo not; [[ ( a = a ) && b < c ]] && echo group

### [[ =~ ]] from bash
# differs: dash, mksh, busybox: have none (an extension)
#> prefix
#> no
#> quoted
#> alternative
#> 2
#> date
x=a.b; [[ $x =~ ^a\. ]] && echo prefix; [[ $x =~ ^b ]] || echo no; [[ a.b =~ "$x" ]] && ! [[ axb =~ "$x" ]] && echo quoted
[[ foo =~ ^(foo|bar)$ ]] && echo alternative; [[ a =~ '(' ]]; re='a('; [[ a =~ $re ]] 2>/dev/null; echo $?
[[ 2024-06-14 =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] && echo date

### read and field splitting with a separator of several bytes
# differs: dash, mksh, busybox: split at its bytes (XCU 2.6.5: the characters of IFS)
# differs: bash: a backslash quotes its first byte only (read, DESCRIPTION: the character)
#> <a><b>pé q
#> x|yéz
#> x|y|
#> xéy
LC_ALL=C.UTF-8 IFS=é; x=aéb; printf '<%s>' $x; set -- 'p' ' q'; echo "$*"
echo xéyéz | { read a b; echo "$a|$b"; }; echo xéyé | { read a b c; echo "$a|$b|$c"; }; echo 'x\éy' | { read a b; echo "$a$b"; }
