# XCU 2.11 Job Control, bg, fg, jobs, kill and wait, without a terminal

### with -m each job is a process group of its own
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m
g() { sed 's/.*) //' /proc/self/stat | cut -d' ' -f3; }
g >f & wait; test "$(cat f)" != $$ && echo own; (g) >h; test "$(cat h)" != $$ && echo own; cat /proc/self/stat /proc/self/stat | sed 's/.*) //' | cut -d' ' -f3 | sort -u | wc -l | tr -d ' '

### without -m all are in the shell's group
cat /proc/self/stat | sed 's/.*) //' | cut -d' ' -f3 >f & wait; cut -d' ' -f5 /proc/$$/stat | cmp - f && echo same

### with -m an asynchronous list does not ignore INT and QUIT
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sh -c 'kill -INT $$; echo no' 2>/dev/null & wait $!; kill -l $?; sh -c 'kill -QUIT $$; echo no' 2>/dev/null & wait $!; kill -l $?

### with -m its standard input stays
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; echo data >f; { cat & wait; } <f

### jobs -p, jobs, and a job that is done is told once
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sleep 5 & p=$!; test "$(jobs -p)" = $p && echo pid; jobs | grep -c sleep; kill $p; wait $p 2>/dev/null; jobs >/dev/null 2>&1; jobs | grep -c sleep

### jobs -l tells the process ID
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sleep 5 & p=$!; jobs -l | grep -c $p; kill $p; wait 2>/dev/null; :

### job IDs: %% %+ %n %string %?string
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sleep 51 & a=$!; sleep 52 & b=$!; test $(jobs -p %%) = $b && echo current; test $(jobs -p %+) = $b && echo current; test $(jobs -p %-) = $a && echo previous; test $(jobs -p %1) = $a && echo first; test $(jobs -p '%?52') = $b && echo holds; kill %1 %2; wait 2>/dev/null; exec 2>/dev/null; jobs %7; test $? -ne 0 && echo none

### kill with a job ID kills its process group
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sh -c 'sleep 50 & echo $! >f; sleep 50' & until test -s f; do sleep 0.01; done; kill %1; wait %1 2>/dev/null; test $? -gt 128 && echo killed; while kill -0 $(cat f) 2>/dev/null && ! grep -q ') [ZX]' /proc/$(cat f)/stat 2>/dev/null; do sleep 0.01; done; echo gone

### a stopped job is told, and continued by bg
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sleep 50 & p=$!; kill -STOP $p; until jobs | grep -q Stopped; do sleep 0.01; done; echo stopped; bg %1 >/dev/null 2>&1; until jobs | grep -q Running; do sleep 0.01; done; echo running; kill $p; wait $p 2>/dev/null; kill -l $?

### wait gives 127 for what was no child, and for a job that there is not
# differs: dash, busybox: remember it still (wait: may be discarded once it was told)
exec 2>/dev/null; wait 1; echo $?; wait $$; echo $?; wait %9; test $? -ne 0 && echo none; sh -c : & p=$!; wait $p; wait $p; echo $?

### wait tells the same status again before it is told twice
(exit 3) & a=$!; (exit 4) & b=$!; wait $b; echo $?; wait $a; echo $?

### wait without operands waits for all and returns 0
(sleep 0.1; echo late; exit 3) & (exit 4) & wait; echo $?

### wait for the process of a pipeline is its last command's
sh -c 'exit 1' | sh -c 'exit 5' & wait $!; echo $?

### kill -0 only looks
sleep 5 & kill -0 $! && echo there; kill $!; wait $! 2>/dev/null; kill -0 $! 2>/dev/null || echo gone

### kill -l names signals, numbers and statuses
exec 2>/dev/null; kill -l 1; kill -l 9; kill -l 15; kill -l 130; kill -l $((128+15)); { sh -c 'kill -TERM $$'; } 2>/dev/null; kill -l $?; test $(kill -l | wc -w) -gt 20 && echo list

### kill takes names in several ways, and several operands
# skips: mksh: sleep is built in, and sleeps through signals
for o in -TERM -15 '-s TERM' '-s 15' -term; do sleep 5 & a=$!; kill $o $a 2>/dev/null || kill $a; wait $a 2>/dev/null; kill -l $?; done; sleep 5 & a=$!; sleep 5 & b=$!; kill $a $b; wait $a 2>/dev/null; wait $b 2>/dev/null; kill -l $?

### kill of what is not there, or is no signal, fails
exec 2>/dev/null; kill 99999999; test $? -ne 0 && echo fails; kill -NOSUCH $$; test $? -ne 0 && echo fails; kill; test $? -ne 0 && echo fails; kill -l NOSUCH; test $? -ne 0 && echo fails; kill abc; test $? -ne 0 && echo fails

### kill goes on after an operand that fails
# skips: mksh: sleep is built in, and sleeps through signals
# differs: bash: is content with one (kill, EXIT STATUS: each)
sleep 5 & kill 99999999 $! 2>/dev/null; test $? -ne 0 && echo fails; wait $! 2>/dev/null; kill -l $?

### kill 0 reaches the process group
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
exec 2>/dev/null; set -m; sh -c 'trap "echo got" TERM; kill 0; :' & wait $!

### a notice does not come on standard error of a script
# skips: dash, busybox: they refuse -m where there is no terminal (XCU 2.15 set -m)
# differs: mksh: tells it all the same (XCU 2.11)
{ set -m; sleep 0 & wait; sh -c :; } 2>f; test -s f || echo quiet
