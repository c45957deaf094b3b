# XCU 2.9 Shell Commands

### assignments before a utility last for its execution
x=1; x=2 sh -c 'echo $x'; echo $x
unset y; y=3 true; echo "[$y]"; y=3 /bin/true; echo "[$y]"

### assignments before a utility are exported to it only
x=1 sh -c 'echo $x'; sh -c 'echo "[$x]"'

### assignments before a special builtin stay
x=1; x=2 :; echo $x; x=3 eval 'echo $x'; echo $x; x=4 export y=5; echo $x$y

### assignments before a function hold in it
# differs: bash: in POSIX mode they last after the function returned (XCU 2.9.1.2 leaves it unspecified)
f() { echo $x; }; x=1; x=2 f; echo $x

### assignments before a function are exported to what it runs
# differs: dash: does not export them (XCU 2.9.5: the same as for a utility)
f() { sh -c 'echo "[$x]"'; }; unset x; x=2 f

### a word that expands to nothing leaves no command
e=; $e; echo $?; $e x=1; echo "[$x]"; $(false); echo $?

### an assignment after the command name is an argument
echo x=1; printf '%s\n' a=b; echo "[$x]"

### an assignment whose value has blanks in quotes
x='a b' y="c d" z=e\ f; echo "$x$y$z"

### the status of an empty command with a substitution is the substitution's
$(exit 5); echo $?; `exit 6`; echo $?

### a command name comes from an expansion
c=echo; $c hi; c='echo a'; $c b

### a pipeline connects output to input
echo a | cat | cat -; printf '1\n2\n' | while read x; do echo "[$x]"; done

### the status of a pipeline is that of its last command
false | true; echo $?; true | false; echo $?; (exit 3) | (exit 4); echo $?; ! false | true; echo $?

### pipefail gives the last failure
# differs: dash: has no pipefail (XCU 2.15 set, POSIX.1-2024)
set -o pipefail; (exit 3) | (exit 4) | true; echo $?; false | true; echo $?; true | true; echo $?; ! (exit 2) | true; echo $?
set +o pipefail; false | true; echo $?

### each command of a pipeline runs in its own environment
x=1; echo a | x=2; echo $x; { x=3; } | cat; echo $x; echo b | read y; echo "[$y]"

### a pipeline may go on after a newline
echo a |
cat |

cat

### and-or lists have equal precedence and go from left to right
true || echo a && echo b; false && echo c || echo d; false || false && echo e; echo $?

### and-or lists go on after newlines
true &&
echo a ||

echo b

### a semicolon and an ampersand separate
echo a; echo b; true & wait; echo c

### an asynchronous list is run in a subshell
x=1; { x=2; echo $x; } & wait; echo $x

### the status of an asynchronous list's start is 0
false & echo $?; wait

### wait gives the status of an asynchronous list
(exit 7) & wait $!; echo $?; { exit 3; } & wait $!; echo $?; false && true & wait $!; echo $?

### an asynchronous list reads the null device without job control
# differs: bash: lets one in a subshell read the subshell's input (XCU 2.9.3.1)
echo data | (cat & wait); echo end
cat & wait; echo end

### an asynchronous list may have its input redirected
echo data >f; cat <f & wait

### an asynchronous list ignores INT and QUIT without job control
sh -c 'kill -INT $$; echo alive' & wait $!; echo $?
sh -c 'kill -QUIT $$; echo alive' & wait $!; echo $?

### INT stays ignored in what an asynchronous list runs
# differs: bash: a subshell as the whole list has the default again (XCU 2.12)
(sh -c 'kill -INT $$; echo alive') & wait

### INT, ignored in an asynchronous list, cannot be trapped there
# differs: bash: it can (XCU 2.12: ignored on entry; whether a subshell enters is open)
# differs: mksh: traps it; a choice (XCU 2.12 speaks of signals ignored on entry to the shell)
(trap 'echo caught' INT; sh -c 'kill -INT $PPID'; :) & wait

### a subshell does not change its parent
x=1; (x=2; cd /; umask 077; set -f; f() { :; }; trap : TERM); echo $x; case $- in *f*) echo f;; esac; trap; f 2>/dev/null; echo $?

### a brace group does
x=1; { x=2; }; echo $x; { exit 3; }

### for with words, without in, with an empty list
for i in a 'b c' d; do echo "[$i]"; done
set -- x 'y z'; for i; do echo "[$i]"; done; for i do echo "<$i>"; done
for i in; do echo no; done; echo $?
for i
do echo $i; done

### for with a semicolon before do
set -- a; for i; do echo $i; done; for i in b; do echo $i; done

### the variable of for keeps its last value
for i in 1 2 3; do :; done; echo $i

### for expands its words once
set -- a b; for i in "$@"; do set -- c; echo $i $1; done

### the status of for is that of the last command
for i in 1 2; do false; done; echo $?; false; for i in; do :; done; echo $?

### case with patterns
for x in a b ab abc '' '*' '[' 'a b'; do
	case $x in
	a) echo one;;
	b | ab) echo two;;
	'') echo empty;;
	\*) echo star;;
	'[') echo bracket;;
	*' '*) echo blank;;
	*) echo other;;
	esac
done

### case with optional parentheses and a missing last ;;
case a in (a) echo a; esac
case b in (a) echo a;; (b|c) echo b
esac
case x in esac; echo $?

### case expands patterns in order, and only as needed
case a in a) echo yes;; $(echo bad >&2)) echo no;; esac

### the status of case
case x in y) false;; esac; echo $?; case x in x) ;; esac; echo $?; case x in x) false;; esac; echo $?; false; case x in x) ;; esac; echo $?

### case falls through with ;&
# differs: dash: has no ;& (XCU 2.9.4.3, POSIX.1-2024)
# differs: busybox: knows no ;& (XCU 2.9.4.5)
case a in a) echo a;& b) echo b;& c) echo c;; d) echo d;; esac
case a in a) echo last;& esac

### case with a quoted pattern and a pattern from an expansion
p='a*'; case abc in "$p") echo literal;; $p) echo pattern;; esac
case 'a*' in "$p") echo literal;; esac

### if, elif, else
for i in 1 2 3; do if test $i = 1; then echo a; elif test $i = 2; then echo b; else echo c; fi; done

### the status of if is 0 when nothing is run
if false; then :; fi; echo $?; if true; then false; fi; echo $?; if false; then :; elif false; then :; fi; echo $?

### $? in then and else is the condition's
if (exit 3); then :; else echo $?; fi; if ! (exit 3); then echo $?; fi

### while and until
i=0; while test $i -lt 3; do echo $i; i=$((i+1)); done; until test $i = 0; do i=$((i-1)); done; echo $i

### the status of while is that of the last body
i=0; while test $i -lt 1; do i=1; (exit 4); done; echo $?; while false; do :; done; echo $?; until true; do :; done; echo $?

### while reads a file
printf 'a b\nc d\n' >f; while read x y; do echo "$y $x"; done <f

### break and continue
for i in 1 2 3 4; do case $i in 2) continue;; 4) break;; esac; echo $i; done; echo $i

### break n and continue n
# differs: mksh: warns when n is more than the loops (XCU 2.15 break: the outermost loop is left)
for i in 1 2 3; do for j in a b c; do case $i$j in 2b) continue 2;; 3b) break 2;; esac; echo $i$j; done; done; echo end
for i in 1 2; do for j in a b; do break 5; done; echo no; done; echo end

### break in while's condition
while break; do echo no; done; echo end; i=0; until i=$((i+1)); test $i -ge 3 && break; do echo $i; done; echo $i

### break in eval and if within a loop
for i in 1 2; do if true; then eval break; fi; echo no; done; echo $i

### break and continue give status 0
for i in 1; do false; break; done; echo $?; for i in 1; do false; continue; done; echo $?

### functions
f() { echo "$# $1"; return 3; }; f a b; echo $?; f; echo $1

### a function without braces
f() (echo sub; x=2); x=1; f; echo $x; g() for i in "$@"; do echo $i; done; g a b; h() if test $1 = 1; then echo one; fi; h 1; k() case $1 in a) echo A;; esac; k a

### a function name on a line of its own
f()
{
	echo f
}
f
g ( ) { echo g; }; g

### a function's positional parameters are its own
set -- a b; f() { set -- c; echo $1 $#; shift; echo $#; }; f x y; echo $1 $#

### functions see and change variables
x=1; f() { x=2; y=3; }; f; echo $x $y

### functions recurse
fac() { if test $1 -le 1; then echo 1; else echo $(( $1 * $(fac $(( $1 - 1 ))) )); fi; }; fac 6
sum() { test $1 -eq 0 && return 0; n=$((n+$1)); sum $(($1-1)); }; n=0; sum 100; echo $n

### a function may redefine or unset itself
f() { f() { echo second; }; echo first; }; f; f; g() { unset -f g; echo once; }; g; g 2>/dev/null || echo gone

### a function hides a regular builtin and a program, not a special one
echo() { printf 'mine %s\n' "$1"; }; echo a; unset -f echo; echo b; true() { return 4; }; true; echo $?; unset -f true; ls() { echo ls; }; ls

### the status of a function definition is 0
false; f() { false; }; echo $?; f; echo $?

### return without a number gives the status of the last command
f() { false; return; }; f; echo $?; f() { (exit 5); return; }; f; echo $?

### return in a loop, an if and a nested brace group
f() { for i in 1 2; do if true; then { return 6; }; fi; done; echo no; }; f; echo $?

### return in a dot file
echo 'echo a; return 5; echo b' >f; . ./f; echo $?

### a loop of the caller cannot be left from a function
# differs: bash, dash: break leaves it where the function is in the loop (XCU 2.15 break: unspecified for a loop that does not enclose it lexically)
# differs: busybox: break leaves it where the function is in the loop (XCU 2.15 break: unspecified for a loop that does not enclose it lexically)
#> 1
#> 2
f() { break 2>/dev/null; }; for i in 1 2; do f; echo $i; done

### nested functions and subshells keep the parameters
f() { (echo $1; set -- z; echo $1); echo $1; x=$(echo $1); echo $x; }; f a

### a function in a pipeline and in the background
f() { cat; }; echo a | f | f; g() { echo bg; }; g & wait

### time is a reserved word
# differs: dash: has no time (XCU 2.4: may be reserved)
# differs: busybox: time is a program there (XCU 2.4 lets it be reserved)
{ time -p true; } 2>f; grep -c . f; { time true; } 2>f; grep -c real f

### PIPESTATUS from bash
# differs: dash, bash: dash has none, bash an array (an extension)
# differs: mksh: is an array, which $PIPESTATUS takes the first member of (an extension)
# differs: busybox: has none (an extension)
#> 0 1 3
#> 0
#> 1
true | false | (exit 3); echo $PIPESTATUS; echo $PIPESTATUS; false; echo $PIPESTATUS

### a list may be empty of commands in an eval
eval ''; echo $?; false; eval ''; echo $?; eval ' '; echo $?

### deep nesting
echo $(echo $(echo $(echo $(echo $(echo $(echo $(echo 8)))))))
( ( ( ( ( ( (echo a) ) ) ) ) ) )
{ { { { { echo b; }; }; }; }; }
if if if true; then true; fi; then true; fi; then echo c; fi

### what a builtin writes into a pipeline arrives, however much it is
x=$(i=0; while [ $i -lt 400 ]; do printf '%0100d' $i; i=$((i+1)); done); echo "$x" | cksum; y=$x$x$x$x; echo "$y" | cksum; echo "$y$y$y$y$y$y$y$y$y$y" | cksum; printf '%s\n' a b | { read x; read y; echo $y $x; }

### a builtin at the head of a pipeline changes nothing and sees $?
x=1; (exit 3); echo $? | cat; { x=2; cd /; echo $x; } | cat; echo $x; test "$PWD" = / || echo back; (exit 4); echo a | { echo $?; cat; }

### the status of a builtin at the head of a pipeline
# differs: dash: has no pipefail (XCU 2.15 set, POSIX.1-2024)
set -o pipefail; false | cat; echo $?; true | cat; echo $?; false | (exit 3); echo $?; echo a | false; echo $?; ! false | cat; echo $?

### errors of a builtin at the head of a pipeline stay there
unset u; { echo ${u?gone} | cat; } 2>/dev/null; echo $?; set -e; false | cat; echo on; { false; echo not reached; } | cat; echo end

### standard input of the first and the others
printf '1\n2\n' >f; { read a; echo "got $a" | cat; cat; } <f; echo in | while read x; do echo "<$x>"; done; echo a | cat | cat - | { cat; }

### the commands of a pipeline run at the same time
mkfifo p q; { echo one; read x <p; echo "two $x"; } | { read y; echo "got $y"; echo back >p; read z; echo "got $z"; }
echo "$(cat q)" | { echo through >q; cat; }
