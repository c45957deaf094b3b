# XCU 2.8 Exit Status and Errors: the table of 2.8.1, and 2.8.2

### a syntax error ends a script
# differs: mksh: goes on after one in a dot script (XCU 2.8.1: shall exit)
$SH -c 'echo a; if; echo b' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'eval "if"; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
echo 'if' >f; $SH -c '. ./f; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### an error of a special builtin ends a script
# differs: bash: goes on after some of them (XCU 2.8.1: shall exit)
# differs: mksh: goes on after unset of what is no name (XCU 2.8.1)
# differs: busybox: goes on after an unknown name of set -o, and after a shift too far (XCU 2.8.1)
for c in 'set -o nosuch' 'set -Z' 'shift 5' '. ./nosuch' 'export 1a=b' 'readonly 1a=b' 'unset -Z' 'unset 1a' 'export -Z' 'exec /nonexistent/x' 'return x' 'exit x' 'break x' 'continue -1' 'trap -Z'; do
	$SH -c "for i in 1; do $c; done; echo on" >/dev/null 2>&1; test $? -ne 0 && echo "$c: ended" || echo "$c: on"
done

### an error of another builtin does not
for c in 'cd /nonexistent' 'read 1a </dev/null' 'kill -Z' 'umask 999' 'alias nosuch' 'wait x' 'getopts' 'fg' 'hash nosuch_' 'type nosuch_' 'command -Z' 'unalias -Z' 'ulimit -Z'; do
	$SH -c "$c; echo on" 2>/dev/null | grep -q on || echo "$c: ended"
done
echo end

### command takes the property of ending the shell from a special builtin
command . ./nosuch 2>/dev/null; test $? -ne 0 && echo on
command shift 5 2>/dev/null; test $? -ne 0 && echo on
command export 1a=b 2>/dev/null; test $? -ne 0 && echo on
command : >/nonexistent/f 2>/dev/null; test $? -ne 0 && echo on
command exec /nonexistent/x 2>/dev/null; test $? -ne 0 && echo on
command eval 'false'; echo $?

### a redirection error of a special builtin ends a script
for c in ':' 'eval true' 'set --' 'export x' 'trap : TERM' 'exec'; do
	$SH -c "$c >/nonexistent/f; echo on" >/dev/null 2>&1; test $? -ne 0 && echo "$c: ended"
done

### a variable assignment error ends a script
$SH -c 'readonly a=1; a=2; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'readonly a=1; a=2 :; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'readonly a=1; for a in 1; do :; done; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'readonly a=1; export a=2; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### unset of a read-only variable ends a script
# differs: bash: goes on (XCU 2.8.1: error of a special builtin)
# differs: mksh: goes on (XCU 2.15 unset, 2.8.1: an error of a special builtin)
$SH -c 'readonly a=1; unset a; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### a variable assignment error before a utility ends a script
# differs: bash: goes on after one before a utility that is no special builtin (XCU 2.8.1 row: shall exit)
$SH -c 'readonly a=1; a=2 true; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'readonly a=1; a=2 /bin/true; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### an expansion error ends a script
$SH -c 'echo ${u?}; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'set -u; echo $u; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'echo $((1/0)); echo not reached' 2>/dev/null; test $? -ne 0 && echo ended
$SH -c 'echo ${u!bad}; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### command not found is 127 and does not end
nosuch_ 2>/dev/null; echo $?
/nonexistent/x 2>/dev/null; echo $?
./nosuch 2>/dev/null; echo $?

### found and not executable is 126
touch f; ./f 2>/dev/null; echo $?
mkdir d; ./d 2>/dev/null; echo $?

### a file on PATH that is not executable
# differs: dash: says 127 (XCU 2.9.1.6: found but not an executable utility is 126)
touch f; PATH=$PWD:$PATH; f 2>/dev/null; echo $?

### an interpreter that is not there
# differs: dash, bash: say 127 or 126 as the errno goes (XCU 2.8.2: found, and not run, is 126)
# differs: busybox: 127; a choice (XCU 2.9.1.6: found, but not executable is 126; the exec fails with ENOENT)
#> 126
#!
printf '#!/nonexistent/interp\n' >f; chmod +x f; ./f; echo $?

### a file without a known format is run as a script
printf 'echo script $1 $#\n' >f; chmod +x f; ./f a b

### a signal gives more than 128
exec 2>/dev/null
sh -c 'kill -TERM $$'; s=$?; test $s -gt 128 && kill -l $s
(kill -9 $(sh -c 'echo $PPID')); s=$?; test $s -gt 128 && kill -l $s

### the status of a syntax error is more than 0
$SH -c '(' 2>/dev/null; test $? -gt 0 && echo ok
$SH -c 'echo "' 2>/dev/null; test $? -gt 0 && echo ok

### the status of an empty script
$SH -c ''; echo $?
$SH -c '# x'; echo $?
false; $SH -c ''; echo $?

### a script that cannot be opened is 127
# differs: dash: 2 (sh, EXIT STATUS)
# differs: busybox: 2 (sh, EXIT STATUS: 127)
$SH ./nosuch 2>/dev/null; echo $?

### commands before a syntax error are run
$SH -c 'echo a
if
echo b' 2>/dev/null; test $? -ne 0 && echo ended

### the shell's exit status is that of the last command
$SH -c 'false'; echo $?; $SH -c 'exit 7'; echo $?; $SH -c '(exit 9)'; echo $?

### set -e ends at a failed command
$SH -c 'set -e; false; echo not reached'; echo $?
$SH -c 'set -e; (exit 3); echo not reached'; echo $?
$SH -c 'set -e; true | false; echo not reached'; echo $?
$SH -c 'set -e; x=$(false); echo not reached'; echo $?

### set -e does not act in conditions
$SH -c 'set -e; if false; then :; fi; while false; do :; done; until true; do :; done; ! true; false || true; false && true; echo on'

### set -e does not act on all but the last of an and-or list
$SH -c 'set -e; false && false; echo on; true && false; echo not reached'; echo $?
$SH -c 'set -e; false || false; echo not reached'; echo $?

### set -e is ignored in a function called in a condition
set -e; f() { false; echo on; }; if f; then echo yes; fi; f || :; ! f; echo end

### set -e is ignored in a subshell in a condition
set -e; if (false; echo on); then echo yes; fi; (false; echo on2) || echo no

### set -e is ignored in a subshell of a function in a condition
# differs: dash: not in a command substitution (XCU 2.13: it inherits the environment)
# differs: mksh: observes -e in a substitution whose caller ignores it (XCU 2.15 set -e 2)
set -e; f() { (false; echo on); x=$(false; echo in); echo $x; }; f && echo end

### set -e in a compound command's last command
$SH -c 'set -e; { false; }; echo not reached'; echo $?
$SH -c 'set -e; if true; then false; fi; echo not reached'; echo $?
$SH -c 'set -e; for i in 1; do false; done; echo not reached'; echo $?
$SH -c 'set -e; { true && false; }; echo on'; echo $?
$SH -c 'set -e; f() { true && false; }; f; echo not reached'; echo $?
$SH -c 'set -e; (true && false); echo not reached'; echo $?

### set -e with a failed last command of a pipeline only
$SH -c 'set -e; false | true; echo on'; echo $?

### set -e and eval and dot
$SH -c 'set -e; eval "false; echo x"; echo not reached'; echo $?
echo 'false; echo x' >f; $SH -c 'set -e; . ./f; echo not reached'; echo $?

### set -e and command substitution in an argument
$SH -c 'set -e; echo $(false) on'; echo $?

### a subshell with set -e ends itself only
$SH -c '(set -e; false; echo not reached); echo $?'

### set -e runs the EXIT trap
$SH -c 'set -e; trap "echo trap \$?" EXIT; false'; echo $?

### unset with set -u
$SH -c 'set -u; unset x; echo ${x-d} ${x+a}"" ${#}; echo "$@" $*; echo $x; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### set -u with $!
$SH -c 'set -u; echo $!; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### set -u with arithmetic and length
$SH -c 'set -u; echo ${#x}; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### an expansion error ends a script with a status that zgrep takes for trouble
# differs: bash: says 127, which means not found (sh, EXIT STATUS: 1 to 125)
# differs: mksh: 1, which 2.8.1 allows too
$SH -c ': ${1?message}' 2>/dev/null; echo $?
$SH -c 'set -u; : $x' 2>/dev/null; echo $?
(: $((1/0)); echo not reached) 2>/dev/null; echo $?
