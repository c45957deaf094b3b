# XCU 2.15 Special Built-In Utilities

### break, continue: a wrong number is an error
# differs: bash: goes on (XCU 2.8.1)
$SH -c 'for i in 1; do break 0; done; echo on' 2>/dev/null; test $? -ne 0 && echo ended

### : does nothing but expand
: ${x=5}; echo $x; : a b c; echo $?; >f :; test -f f && echo made

### . finds a file on PATH, not the working directory
mkdir d; echo 'echo found' >d/lib; PATH=$PWD/d:$PATH; . lib

### . of a file that is not executable
echo 'x=1' >f; . ./f; echo $x

### . keeps the positional parameters without arguments
echo 'echo $# $1' >f; set -- a b; . ./f

### . with arguments
# differs: dash: ignores them (XCU 2.15 dot: unspecified; as in bash)
echo 'echo $# $1; shift' >f; set -- a b c; . ./f x; echo $# $1

### the status of . is that of the last command
echo '(exit 4)' >f; . ./f; echo $?; >f; false; . ./f; echo $?

### nested dots and functions
echo '. ./g; echo f' >f; echo 'g() { echo g; }; g' >g; . ./f; g

### eval joins with blanks
eval 'echo a' 'b;' echo c; x='$y'; y=1; eval "echo $x"; eval eval echo '\$y'

### eval of many lines
eval 'echo a
echo b'; eval 'f() {
echo f; }'; f; eval 'cat <<X
here
X
'

### the status of eval
eval false; echo $?; eval '(exit 3)'; echo $?

### exec replaces the shell
$SH -c 'exec echo a b; echo no'; $SH -c 'x=1 exec sh -c "echo \$x"'; $SH -c 'exec false'; echo $?; $SH -c 'exec nosuch_' 2>/dev/null; echo $?

### exec of a program does not run the EXIT trap
$SH -c 'trap "echo bye" EXIT; exec true'; echo end

### exec keeps the process ID
$SH -c 'echo $$; exec sh -c "echo \$\$"' | uniq | wc -l | tr -d ' '

### exec of a builtin's name runs the program
$SH -c 'exec printf "%s\n" x'

### exit in a subshell, a function, a brace group
(exit 3); echo $?; $SH -c 'f() { exit 4; }; f; echo no'; echo $?; $SH -c '{ exit 5; }'; echo $?; $SH -c 'false; exit'; echo $?

### export marks, gives values and prints
export a=1 b='x y'; sh -c 'echo $a $b'; c=3; export c; sh -c 'echo $c'; export d; d=4; sh -c 'echo $d'; export -p | tr -d "\"'" | grep -E '^export (a|b|c|d)='

### export -p can be read back
export a="it's" b='x
y'; export -p >f; unset a b; . ./f 2>/dev/null; echo "$a$b"

### an exported name without a value is not in the environment
unset e; export e; sh -c 'echo ${e-none}'; export -p | grep -w e

### assignments as arguments of export are not split
x='a b'; export y=$x; echo "$y"; readonly z=$x; echo "$z"; export h=~; test "$h" = "$HOME" && echo home

### the arguments of a declaration utility through command
# differs: dash: splits them after command (XCU 2.9.1.1: command export is one too)
x='a b'; command export y=$x; echo "$y"

### words of export that look like no assignment are split and matched
x='a=1 b=2'; export $x; echo $a $b

### readonly refuses and prints
readonly a=1; (a=2) 2>/dev/null; test $? -ne 0 && echo refused; (unset a) 2>/dev/null; test $? -ne 0 && echo refused; readonly b; readonly -p | tr -d "\"'" | grep -E '^readonly (a=|b)'

### readonly lets the environment of a command not change it
readonly a=1; (a=2 true) 2>/dev/null; echo $a; (read a <<X
3
X
) 2>/dev/null; test $? -ne 0 && echo refused; (for a in 1; do :; done) 2>/dev/null; test $? -ne 0 && echo refused; (getopts x a -x) 2>/dev/null; test $? -ne 0 && echo refused; echo $a

### return gives the low eight bits
# differs: dash: all of them (XCU 2.15 return: unspecified above 255)
$SH -c 'f() { return 300; }; f; echo $?' 2>/dev/null

### set gives positional parameters
set a b c; echo $#; set -- -x; echo $1; set --; echo $#; set x; set -f; echo $# $1; set +f

### set - and -- 
set -- a; set -; echo $#; set -u -- b c; echo $#; set +u; set -- '' ''; echo $#

### set +o prints what can be read back
# differs: mksh: set -o has columns (XCU 2.15 set: the form is unspecified)
set -fu; set +o >f; set +fu; . ./f; case $- in *f*u*|*u*f*) echo both;; esac; set +fu; set -o | grep -E '^(noglob|nounset) ' | tr -s ' \t' ' '

### set -o and +o by name
set -o noglob; echo *; set +o noglob; touch f; echo *; set -o errexit; case $- in *e*) echo e;; esac

### set -a exports what is assigned
set -a; x=1; sh -c 'echo $x'; set +a; y=2; sh -c 'echo ${y-none}'

### set -n reads only
$SH -n -c 'echo no'; echo $?; $SH -n -c 'if' 2>/dev/null; test $? -ne 0 && echo wrong

### set -n in a script stops execution
$SH -c 'echo a; set -n
echo no'; echo $?

### set -v writes the input
printf 'set -v\necho a\nfor i in 1\ndo echo $i\ndone\n' >f; $SH ./f 2>&1

### set -x writes commands
# differs: bash: writes an assignment before a command on a line of its own (XCU 2.15 set)
# differs: mksh: writes a blank after an assignment (XCU 2.15 set -x leaves the form open)
$SH -xc 'x=1; echo a $x; y=2 true; f() { :; }; f b' 2>&1

### set -x uses PS4, expanded
# differs: mksh: traces redirections too, and to the shell's own standard error (XCU 2.15 set -x)
PS4='[$n] '; n=7; set -x; { echo a; } 2>f; set +x 2>/dev/null; cat f

### set -x quotes what needs it
$SH -xc "printf '%s\n' 'a b' '' \"it's\"" 2>&1 >/dev/null | wc -l | tr -d ' '

### set -e with +e
set -e; set +e; false; echo on

### set -C by name
set -o noclobber; >f; (>f) 2>/dev/null || echo refused

### shift
set -- a b c; shift; echo $# $1; shift 2; echo $#; shift 0; echo $?; set -- 1 2; shift 2; echo $#

### times prints four times
times | grep -cE '^[0-9]+m[0-9]+\.[0-9]+s [0-9]+m[0-9]+\.[0-9]+s$'

### unset
x=1; unset x; echo ${x-none}; f() { :; }; unset -f f; f 2>/dev/null || echo gone; unset nosuch; echo $?; unset -f nosuch; echo $?; x=1; unset -v x; echo ${x-none}

### unset without -f or -v removes a variable, not a function of that name
f=1; f() { echo func; }; unset f; echo ${f-none}; f

### unset of a temporary and an exported variable
export x=1; unset x; sh -c 'echo ${x-none}'; x=2; sh -c 'echo ${x-none}'

### local from dash and bash
f() { local x=2 y; y=3; echo $x $y; g; }; g() { echo $x; x=9; }; x=1; f; echo $x ${y-none}

### a subshell of a function may have locals
f() { (local x=1; echo $x; g; echo $x); local y=2 | cat; z=$(local x=3; echo $x); echo $z $x; }
g() { local x=7; echo $x; }; x=0; f

### local in recursion
f() { local n=$1; test $n -gt 0 && f $((n-1)); echo $n; }; f 3

### local keeps an exported variable exported
# differs: mksh: local gives an unexported one (an extension)
export x=1; f() { local x=2; sh -c 'echo $x'; }; f; sh -c 'echo $x'

### source from bash
# differs: dash: has no source (an extension)
echo 'echo $1' >f; source ./f a

### dot does not look in the working directory
echo 'echo here' >f; PATH=/usr/bin:/bin; . ./f; (. f; echo not reached) 2>/dev/null || echo ended

### dot with a missing file ends a script
$SH -c '. ./nosuch; echo no' 2>/dev/null; test $? -ne 0 && echo ended; command . ./nosuch 2>/dev/null; test $? -ne 0 && echo on
