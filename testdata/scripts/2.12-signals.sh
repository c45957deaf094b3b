# XCU 2.12 Signals and Error Handling, 2.13 Shell Execution Environment, trap

### a trap runs when the signal comes
trap 'echo caught' USR1; kill -USR1 $$; echo after

### a trap's $? is that of the command before, and stays
trap 'echo in $?; false' USR1; (exit 3); kill -USR1 $$; echo $?

### trap '' ignores, trap - resets
trap '' TERM; kill -TERM $$; echo alive; trap - TERM; $SH -c 'trap "" TERM; kill -TERM $$; echo alive'

### trap - resets a trap
exec 2>/dev/null
$SH -c 'trap : TERM; trap - TERM; kill -TERM $$; echo no'; kill -l $?

### EXIT trap
$SH -c 'trap "echo bye" EXIT; echo hi'; $SH -c 'trap "echo bye \$?" EXIT; exit 3'; echo $?
$SH -c 'trap "echo bye" 0; (echo sub); echo hi'

### exit in the EXIT trap sets the status
$SH -c 'trap "exit 5" EXIT; exit 3'; echo $?; $SH -c 'trap "false" EXIT; exit 3'; echo $?; $SH -c 'trap "(exit 4); exit" EXIT; exit 3'; echo $?

### EXIT trap in a subshell
(trap 'echo sub' EXIT; echo a); echo b; x=$(trap 'echo t' EXIT; echo s); echo $x

### a subshell resets traps, keeps what is ignored
# differs: dash: trap prints only what is ignored (XCU 2.15 trap: what held before the subshell was entered)
# differs: mksh, busybox: list the subshell's own (XCU 2.15 trap: those of before it was entered)
trap 'echo parent' USR1; trap '' USR2; (sh -c 'kill -USR2 $PPID'; echo alive; trap)

### a signal that the parent traps is default in a subshell
exec 2>/dev/null
trap 'echo parent' USR1; (kill -USR1 $(sh -c 'echo $PPID'); echo no); kill -l $?

### a trap set in a subshell is its own
# differs: mksh: a substitution runs its last command as a child, so $PPID is the substitution (XCU 2.6.3 leaves it open)
trap 'echo p' USR1; (trap 'echo s' USR1; kill -USR1 $(sh -c 'echo $PPID')); kill -USR1 $$

### $(trap) tells the parent's traps
# differs: dash: tells nothing (XCU 2.15 trap)
# differs: mksh: lists nothing in it (XCU 2.15 trap)
trap 'echo "it'\''s"' USR1; trap 'echo bye' EXIT; x=$(trap); trap - EXIT USR1; eval "$x"; kill -USR1 $$

### trap prints what can be read back
# differs: mksh: writes a newline as $'\n' (XCU 2.15 trap allows any quoting)
trap 'echo a
b' TERM; trap "echo 'x'" INT; trap '' QUIT; trap >f; trap - TERM INT QUIT; . ./f; trap >g; cmp f g && echo same; grep -c . f

### trap -p with operands
# differs: dash: has no trap -p (XCU 2.15 trap, POSIX.1-2024)
# differs: mksh, busybox: know no -p (XCU 2.15 trap)
trap 'echo x' TERM; trap -p TERM; trap -p TERM >f; trap - TERM; . ./f; trap -p TERM

### trap -p tells the default too
# differs: dash: has no trap -p (XCU 2.15 trap, POSIX.1-2024)
# differs: bash: prints nothing for a default action (XCU 2.15 trap: with operands, each)
# differs: mksh, busybox: know no -p (XCU 2.15 trap)
#> trap -- - INT
trap -p INT

### signals by number and name
trap 'echo one' 10; kill -USR1 $$; trap 'echo two' USR1; kill -10 $$; trap - 10; trap

### a number first resets
trap 'echo a' INT TERM; trap 2 15; trap

### a wrong signal is an error that does not end the shell
trap : NOSUCH 2>/dev/null; test $? -ne 0 && echo on; trap 'echo x' USR1 NOSUCH 2>/dev/null; kill -USR1 $$

### a trap may change traps, variables, and run functions
f() { n=$((n+1)); }; n=0; trap f USR1; kill -USR1 $$; kill -USR1 $$; echo $n

### return in a trap returns from the function
f() { trap 'return 7' USR1; kill -USR1 $$; echo no; }; f; echo $?

### a trap runs in the current environment
trap 'x=2' USR1; x=1; kill -USR1 $$; echo $x

### wait is interrupted by a trapped signal
trap 'echo caught' USR1; (sleep 0.2; kill -USR1 $$) & sleep 5 & p=$!; wait $p; test $? -gt 128 && echo above; kill $p; wait $p 2>/dev/null; echo done

### a foreground command is not interrupted by a trap
trap 'echo caught' USR1; sh -c 'kill -USR1 $PPID; sleep 0.1; echo child'; echo after

### signals ignored at entry cannot be trapped
$SH -c "trap '' HUP; $SH -c 'trap \"echo no\" HUP; kill -HUP \$\$; echo alive'"

### a child gets default dispositions for trapped signals
exec 2>/dev/null
trap : TERM; sh -c 'kill -TERM $$; echo no'; kill -l $?; trap '' TERM; sh -c 'kill -TERM $$; echo alive'

### a signal that ends the shell does not run the EXIT trap
# differs: bash: runs it (XCU 2.15 trap leaves it open)
# differs: mksh: runs it (XCU 2.12: the default action; a choice)
exec 2>/dev/null
$SH -c 'trap "echo bye" EXIT; kill -TERM $$; echo no'; kill -l $?

### kill -l both ways
kill -l 15; kill -l 143; kill -l 1; kill -s TERM -- 2>/dev/null; test $? -ne 0 && echo usage

### kill -0 tests
kill -0 $$ && echo alive; kill -0 99999999 2>/dev/null; test $? -ne 0 && echo none

### the environment of a subshell: parameters, functions, options, aliases
set -- a b; f() { echo f $1; }; set -f; x=1; (echo $# $2 $x; f z; case $- in *f*) echo f;; esac)
x=$(echo $# $2; f y); echo $x
{ echo $1; f w; } | cat

### a variable's attributes in a subshell
readonly r=1; export e=2; (r=5) 2>/dev/null; test $? -ne 0 && echo refused; (env | grep '^e='); (export -p | grep ' e=' >/dev/null && echo exported)

### $! in a subshell is the parent's
sleep 0 & p=$!; (test $! = $p && echo same); wait

### $? is handed to a subshell
(exit 3); (echo $?); false; x=$(echo $?); echo $x

### umask and directory of a subshell
# differs: mksh: writes three digits (umask: the form is unspecified)
umask 027; (umask; cd /; pwd); umask; test $(cd /; pwd) = / && echo ok

### descriptors of a subshell
exec 3>f; (echo a >&3); echo b >&3; x=$(echo c >&3); exec 3>&-; cat f
exec 4<f; (read x <&4; echo $x); (read x <&4; echo $x); exec 4<&-

### closed descriptors in a subshell
(exec 1>&-; (echo x) 2>/dev/null; test $? -ne 0 && echo failed >&2) 2>&1; exec 5>&-; (echo x >&5) 2>/dev/null || echo closed

### getopts goes on in a subshell
set -- -ab -c; getopts abc o; echo $o; (getopts abc o; echo $o $OPTIND); getopts abc o; echo $o

### LINENO in a subshell
# differs: dash: Debian's has no LINENO (XCU 2.5.3)
# differs: mksh: is 0 in a substitution (XCU 2.5.3 LINENO)
(echo $LINENO)
x=$(echo $LINENO); echo $x
(
echo $LINENO
)

### break and return in a subshell in a loop and a function
f() { (return 3; echo no); echo $?; }; f

### functions with here-documents are handed over
f() { cat <<X
$1 "two" \$three
X
}
(f a); f b | cat; x=$(f c); echo "$x"

### functions with every kind of command are handed over
f() { if test $1 = 1; then for i in a b; do case $i in a) echo $i;; *) while :; do break; done; { echo b; };; esac; done; else (echo "sub $1"); fi && ! false || :; }
(f 1; f 2); f 1 | cat

### an alias is handed over
alias hi='echo hello'
(hi; eval hi); x=$(eval hi); echo $x

### $RANDOM, $SECONDS from bash
# differs: dash: has neither (extensions)
# differs: busybox: has no SECONDS (an extension)
test $RANDOM -lt 32768 && echo ok; test $SECONDS -lt 5 && echo ok

### jobs of the parent are seen in a substitution
# differs: dash: a subshell knows no jobs (jobs: RATIONALE asks for $(jobs -p))
sleep 1 >/dev/null 2>&1 & test "$(jobs -p)" = $! && echo seen; kill $!

### read is interrupted by a trapped signal
# skips: mksh: waits for ever (read: the trap runs when read has returned; 2.12)
trap 'echo caught' USR1; (sleep 0.2; kill -USR1 $$) & sleep 1 | { read x; } ; mkfifo p; exec 3<>p; (sleep 0.2; kill -USR1 $$) & read x <&3; test $? -ne 0 && echo ended

### $SECONDS and $RANDOM may be set, from bash
# differs: dash: has neither (extensions)
# differs: mksh: RANDOM is not seeded by an assignment there (an extension)
SECONDS=100; sleep 0; test $SECONDS -ge 100 && test $SECONDS -lt 105 && echo set; (sh -c :; test $SECONDS -ge 100 && echo here too); RANDOM=7; a=$RANDOM$RANDOM; RANDOM=7; test $a = $RANDOM$RANDOM && echo same
