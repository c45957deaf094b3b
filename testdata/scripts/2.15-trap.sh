# XCU 2.15 trap, 2.12 Signals and Error Handling: what 2.12-signals.sh leaves

### a trap runs before the next command of an AND-OR list
trap 'x=1' USR1; kill -USR1 $$ && [ "$x" ] && echo and; x=; ! kill -USR1 $$ || [ "$x" ] && echo or

### a trap runs after the last command too
trap 'echo caught' USR1; kill -USR1 $$

### a trap runs before the condition of a loop is asked again
trap 'n=3' USR1; n=0; while [ $n -lt 3 ]; do kill -USR1 $$; done; echo $n; until [ $n = 4 ]; do n=4; done; echo $n

### exit in a trap without operand takes $? from before the trap
# differs: bash: takes that of the trap's last command (XCU exit, DESCRIPTION)
$SH -c 'trap "false; exit" USR1; kill -USR1 $$'; echo $?

### exit in a trap ends the shell, and what else came is left
$SH -c 'trap "exit 3" USR1; trap "echo two" USR2; sh -c "kill -USR1 $$"; kill -USR2 $$; echo no'; echo $?

### break in a trap leaves the loop around the command that met the signal
# skips: mksh: refuses break in a trap, for ever (XCU 2.15 break)
trap break USR1; while :; do kill -USR1 $$; done; echo left

### a trap set in a function holds after it
f() { trap 'echo caught' USR1; }; f; kill -USR1 $$; trap

### a signal during a trap runs its trap
n=0; trap 'n=$((n+1)); [ $n -lt 5 ] && kill -USR1 $$' USR1; kill -USR1 $$; echo $n
trap 'echo usr2' USR2; trap 'kill -USR2 $$; echo usr1' USR1; kill -USR1 $$; echo end

### a trap may reset itself
exec 2>/dev/null
$SH -c 'trap "trap - USR1; echo once" USR1; kill -USR1 $$; kill -USR1 $$; echo no' 2>/dev/null; kill -l $?

### $? after a trap is that from before it
trap 'false' USR1; kill -USR1 $$; echo $?; f() { kill -USR1 $$; return 4; }; f; echo $?

### a subshell may trap what trap ignores
trap '' USR1; (trap 'echo caught' USR1; sh -c 'kill -USR1 $PPID'; :; trap); trap

### trap '' is inherited by programs, subshells and substitutions
trap '' USR1; sh -c 'kill -USR1 $$; echo a'; (sh -c 'kill -USR1 $PPID'; echo b); echo $(sh -c 'kill -USR1 $PPID'; echo c); : | { sh -c 'kill -USR1 $PPID'; echo d; }

### trap - after trap '' gives programs the default again
exec 2>/dev/null
trap '' USR1; trap - USR1; sh -c 'kill -USR1 $$; echo no'; kill -l $?

### an ignored SIGCHLD loses no status
# differs: busybox: loses the status (XCU 2.12, wait)
trap '' CHLD; (exit 3); echo $?; sh -c 'exit 4'; echo $?; (exit 5) & wait $!; echo $?

### a trap on CHLD runs
trap 'echo child' CHLD; sh -c :; trap - CHLD; echo end

### a trap on URG runs once for each signal
n=0; trap 'n=$((n+1))' URG; i=0; while [ $i -lt 200 ]; do kill -URG $$; i=$((i+1)); done; echo $n

### CONT and WINCH can be trapped
trap 'echo cont' CONT; kill -CONT $$; trap 'echo winch' WINCH; kill -WINCH $$

### signals that the Go runtime uses can be trapped and ignored
trap 'echo caught' SEGV BUS FPE ILL TRAP; for s in SEGV BUS FPE ILL TRAP; do kill -$s $$; done
trap '' SEGV BUS FPE ILL TRAP; for s in SEGV BUS FPE ILL TRAP; do kill -$s $$; done; echo alive

### a signal ends the shell as any program, without a word of its own
# differs: bash: ignores QUIT where it is not interactive too (sh, ASYNCHRONOUS EVENTS)
# differs: mksh: catches ALRM for TMOUT (XCU 2.12)
# differs: busybox: ignores QUIT (XCU 2.12: only an interactive shell does)
exec 2>/dev/null; ulimit -c 0
for s in HUP QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ VTALRM PROF PWR SYS; do (exec $SH -c "kill -$s \$\$; echo no" 2>err); echo $s $?; test ! -s err || cat err; done

### a real-time signal ends the shell and can be trapped
# differs: dash: kill and trap know no real-time signals (an extension)
# differs: mksh, busybox: kill and trap know none (an extension)
exec 2>/dev/null
$SH -c 'kill -RTMIN+3 $$; echo no'; kill -l $?; trap 'echo caught' RTMIN+1 RTMAX; kill -RTMIN+1 $$; kill -RTMAX $$

### INT ends a script; with a trap it does not
exec 2>/dev/null
$SH -c 'kill -INT $$; echo no'; kill -l $?; $SH -c 'trap "echo caught" INT; kill -INT $$; echo on'; $SH -c 'trap "echo bye; exit 9" INT; kill -INT $$; echo no'; echo $?

### what was ignored at entry is listed and cannot be reset
# differs: dash: does not list it (XCU trap, DESCRIPTION: "including signals that were ignored on entry")
# differs: mksh, busybox: let it be trapped (XCU 2.12: cannot be trapped or reset)
#> trap -- '' TERM
#> trap -- 'x' USR1
#> trap -- '' TERM
#> alive
$SH -c "trap '' TERM; exec $SH -c 'trap; trap - TERM; trap x TERM USR1; trap; trap - USR1; kill -TERM \$\$; echo alive'"

### operands are conditions where the first is a number
trap 'echo a' INT TERM EXIT; trap 0 2 TERM; trap; trap 'echo b' 15; trap

### a number first is never an action, although it is no signal
# differs: dash, bash: take it as the action (XCU trap, DESCRIPTION: all operands are conditions)
#> refused
trap 300 INT 2>/dev/null; test $? -ne 0 && echo refused; trap

### a condition that is none is refused, and the script goes on with the others
# differs: dash: leaves the others out (XCU trap, EXIT STATUS)
trap 'echo x' 300 USR1 2>/dev/null; test $? -ne 0 && echo refused; trap

### names are taken in every spelling
trap 'echo a' SIGUSR1 2>/dev/null || trap 'echo a' USR1; kill -USR1 $$; trap - USR1; trap 'echo b' usr1; kill -s usr1 $$; kill -s USR1 $$

### the list of trap -p sets all conditions again
# differs: dash: has no trap -p (XCU trap, POSIX.1-2024)
# differs: mksh, busybox: know no -p (XCU 2.15 trap)
trap 'echo x' USR1; trap '' TERM; trap 'echo "it'\''s"' EXIT; trap -p >f; trap -p INT TERM >g; trap - USR1 TERM; trap 'echo y' HUP; . ./f 2>/dev/null; trap; cat g; grep -c ' INT$' f

### a substitution of trap alone tells the traps of the shell
# differs: dash: prints nothing in a subshell (XCU trap, DESCRIPTION)
# differs: mksh, busybox: list their own in a subshell (XCU 2.15 trap: those of before it was entered)
trap 'echo A' USR1; trap '' USR2; x=$(trap); echo "$x"; (trap); trap | cat

### after a trap command a subshell lists its own
trap 'echo A' USR1; (trap 'echo B' USR2; trap); x=$(trap - USR1; trap); echo "[$x]"

### read is ended by a trapped signal
# differs: dash: 1 is the status of an end of file (XCU read, EXIT STATUS: above 128)
# skips: mksh, busybox: they read on for five seconds (XCU 2.12 leaves open whether read is interrupted)
#> caught
#> above
mkfifo f; trap 'echo caught' USR1; (exec >f; sleep 0.2; kill -USR1 $$; exec sleep 5) & p=$!
read x <f; s=$?; kill $p; [ $s -gt 128 ] && echo above

### wait is ended by a trapped signal at once, and the trap runs after it
trap 'echo caught $?' USR1; sleep 5 & p=$!; (sleep 0.2; kill -USR1 $$) & wait $p; s=$?; kill $p; kill -l $s

### wait without operands is ended by a trapped signal
trap 'echo caught' USR1; sleep 5 & p=$!; (sleep 0.2; kill -USR1 $$) & wait; s=$?; kill $p; kill -l $s

### an ignored signal does not end wait
trap '' USR1; (sleep 0.3; exit 7) & p=$!; kill -USR1 $$; wait $p; echo $?

### a substitution is not interrupted by a trap
trap 'echo caught' USR1; x=$(sh -c 'kill -USR1 $1' sh $$; echo sub); echo $x

### a pipeline is not interrupted by a trap
trap 'echo caught' USR1; sh -c 'until test -e on; do sleep 0.01; done; kill -USR1 $1; sleep 0.1; echo first' sh $$ | { : >on; cat; echo second; }; echo third

### exit in a trap leaves the opening of a FIFO
# differs: dash: the redirection fails with EINTR, after the trap (XCU 2.12)
# differs: mksh, busybox: the open fails with EINTR and the script ends before the trap (XCU 2.12: the trap is executed)
#> 6
mkfifo f; $SH -c 'trap "exit 6" TERM; (sleep 0.2; kill -TERM $$) & : >f; echo no' 2>/dev/null; echo $?

### a FIFO is opened all the same after a trap
# differs: dash: the redirection fails with EINTR (XCU 2.7: no such error)
# skips: mksh, busybox: they wait long, for the open fails with EINTR (XCU 2.7: no error of the redirection)
mkfifo f; trap 'echo caught' USR1; (sleep 0.2; kill -USR1 $$; sleep 0.1; timeout 5 cat f) & echo data >f; wait

### a script whose EXIT trap exits has that status
$SH -c 'trap "exit 7" EXIT; exit 3'; echo $?; $SH -c 'trap "exit 7" EXIT; (exit 3)'; echo $?; (trap 'exit 8' EXIT; exit 3); echo $?

### EXIT is not run again by an exit in it, and not by a subshell
$SH -c 'trap "echo bye; exit" EXIT; exit 3'; echo $?; $SH -c 'trap "echo bye" EXIT; (exit 1); (:) & wait; x=$(exit 2); echo end'

### exec leaves the EXIT trap unrun
$SH -c 'trap "echo bye" EXIT; exec sh -c "echo other"'

### INT ends the shell when the foreground command is over
# differs: bash: goes on, because the command did not die of it (sh, ASYNCHRONOUS EVENTS: the default action)
#> child
#> INT
exec 2>/dev/null
$SH -c 'sh -c "kill -INT \$PPID; sleep 0.2; echo child"; echo no'; kill -l $?

### INT ends the shell when the substitution is over
# differs: bash: goes on, because the substitution did not die of it (sh, ASYNCHRONOUS EVENTS: the default action)
#> child
#> INT
exec 2>/dev/null; exec 3>&1
$SH -c 'x=$(kill -INT $$; sleep 0.2; echo child >&3); echo no'; kill -l $?
