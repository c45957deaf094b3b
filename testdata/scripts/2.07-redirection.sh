# XCU 2.7 Redirection

### output, append, input
echo a >f; echo b >>f; cat <f; cat < f > g; cat g

### any descriptor of one digit
exec 3>f 4>g; echo three >&3; echo four >&4; exec 3>&- 4>&-; cat f g

### a descriptor of two digits
# differs: dash: takes one digit only (XCU 2.7: at least 0 to 9; two digits are an extension)
# differs: mksh: takes one digit only (XCU 2.7: 0 to 9 at the least)
exec 12>f; echo x >&12; exec 12>&-; cat f

### redirections are made from left to right
{ echo out; echo err >&2; } >f 2>&1; sort f
{ echo out; echo err >&2; } 2>&1 >f | cat; cat f

### a redirection may stand anywhere in a simple command
>f echo a; <f cat; echo b >g c; cat g

### duplicating a closed descriptor is an error
(echo a >&9) 2>/dev/null; test $? -ne 0 && echo failed
(cat <&8) 2>/dev/null; test $? -ne 0 && echo failed

### closing standard output makes writing fail
(echo x >&-) 2>/dev/null; test $? -ne 0 && echo failed

### closing standard input
cat <&- 2>/dev/null; test $? -ne 0 && echo failed
read x <&- 2>/dev/null; test $? -ne 0 && echo failed

### a program gets no descriptor that was closed
exec 3>f; ls /proc/self/fd/3 >/dev/null 2>&1 && echo open
exec 3>&-; ls /proc/self/fd/3 >/dev/null 2>&1 || echo closed

### closed standard descriptors are closed in a child
sh -c 'test -e /proc/$$/fd/0 && echo open || echo closed' <&-
sh -c 'test -e /proc/$$/fd/2 && echo open || echo closed' 2>&-

### a file opened over a closed descriptor
exec 0<&-; echo hello >f; exec 0<f; read x; echo $x

### exec with redirections keeps them
exec 3>&1 >f; echo into file; exec >&3 3>&-; echo out; cat f

### redirections of a command do not stay
echo a >f; echo b; { echo c; } >f; echo d; cat f

### redirections of compound commands
if true; then echo a; fi >f; cat f
for i in 1 2; do echo $i; done >f; cat f
while read x; do echo "[$x]"; done <f
case a in a) echo b;; esac >f; cat f
(echo c) >f; cat f
until read y; do :; done <f; echo $y

### redirections of a function are made at each call
f() { echo $1; } >>out
f a; f b; cat out

### read and write
echo abc >f; exec 3<>f; read x <&3; echo $x; echo def >&3; exec 3>&-; cat f

### moving through a file with a shared offset
printf '1\n2\n3\n' >f; { read a; read b; cat; } <f; echo $a $b

### here-document
cat <<EOF
a $((1+1)) `echo b` $(echo c) \$x \a \\ "q" 'q'
EOF

### a quoted delimiter keeps the text
cat <<'EOF'
$x `y` \a \\ \$
EOF
cat <<E\OF
$x
EOF
cat <<"EOF"
$x
EOF

### here-document without leading tabs
cat <<-EOF
	a
		b
	 c
	EOF

### two here-documents
cat <<A; cat <<B
a
A
b
B

### here-documents on other descriptors and in compound commands
cat 3<<X <&3
three
X
while read l; do echo "[$l]"; done <<X
1
2
X

### a here-document in a command substitution
x=$(cat <<X
inner
X
); echo $x

### a here-document in a function
f() { cat <<X
arg $1
X
}
f a; f b

### a here-document's delimiter may be followed by more of the line
cat <<X && echo and | cat
text
X

### a backslash-newline in a here-document joins unless quoted
cat <<X
a\
b
X
cat <<'X'
a\
b
X

### a big here-document
x=$(i=0; while [ $i -lt 2000 ]; do echo "line $i of a text that is longer than a pipe holds"; i=$((i+1)); done)
cat <<X | cksum
$x
X

### a here-document with an empty body
cat <<X
X
echo end

### expansions of a here-document are not split nor matched
touch a; x='*  y'
cat <<X
$x * ${x}
X

### quotes in a here-document's parameter expansion
unset u
cat <<X
${u-"a b"} ${u-'c'} "${u-d}"
X

### noclobber
set -C; echo a >f; (echo b >f) 2>/dev/null || echo refused; echo c >|f; cat f; echo d >>f; cat f; echo x >/dev/null; echo $?

### noclobber does not mind what is no regular file
set -C; mkfifo p; cat p & echo a >p; wait

### a failed redirection of a builtin or function does not end the shell
{ echo x >/nonexistent/f; } 2>/dev/null; test $? -ne 0 && echo on
f() { :; }; { f >/nonexistent/f; } 2>/dev/null; test $? -ne 0 && echo on
{ { :; } >/nonexistent/f; } 2>/dev/null; test $? -ne 0 && echo on

### a failed redirection of a subshell is its status
# differs: dash: reports 0 where it is in a brace group (XCU 2.8.1)
# differs: busybox: returns 0 where the redirection of a { } around it failed (XCU 2.8.1)
{ (:) >/nonexistent/f; } 2>/dev/null; test $? -ne 0 && echo on
(:) >/nonexistent/f; test $? -ne 0 && echo on

### a failed redirection without a command does not end the shell
# differs: dash: ends (XCU 2.9.1.3: the command fails)
{ </nonexistent/f; } 2>/dev/null; test $? -ne 0 && echo on

### a failed redirection of a special builtin ends a script
$SH -c ': >/nonexistent/f; echo not reached' 2>/dev/null; test $? -ne 0 && echo ended

### a redirection word is not split
x='a b'; echo y >$x; cat 'a b'

### a redirection word is not matched against files in a script
touch ab; echo x >a*; ls

### tilde and parameter in a redirection word
HOME=$PWD; echo a >~/f; cat f; n=f; cat <$n

### redirection without a command creates the file
>f; test -f f && echo made; >>g; test -f g && echo made

### a redirection's descriptor from an expansion
# differs: busybox: cannot close by an expansion to - (XCU 2.7.6)
n=1; echo a >&$n; m=-; exec 3>f; exec 3>&$m; (echo b >&3) 2>/dev/null || echo closed

### input and output of different files
printf 'b\na\n' >f; sort <f >g; cat g

### redirection of a background list without job control
# differs: bash: lets it read the pipe of the list around it (XCU 2.9.3.1: as if from /dev/null)
echo data | { cat & wait; }
echo end

### &> and |& from bash
# differs: dash: has neither: & ends the list (XCU 2.7 knows no &>)
# differs: mksh: |& is a coprocess, &> is not read in POSIX mode (extensions)
# differs: busybox: knows no |& and &>> (extensions)
{ echo o; echo e >&2; } &>f; sort f
{ echo o; echo e >&2; } |& sort
{ echo o; echo e >&2; } &>>f; wc -l <f | tr -d ' '

### here-string from bash
# differs: dash: has none (not in XCU 2.7)
# differs: busybox: has none (an extension)
cat <<<"a  b"; x='c  d'; cat <<<$x

### writing to a full device fails and says so
echo x >/dev/full; echo $?

### both sides of a pipe with redirections
{ echo a; echo b >&2; } 2>&1 | sort; echo x | cat >f; cat f

### /dev/fd and its like name the script's descriptors
{ echo a >/dev/stderr; echo b >/dev/stdout; echo c >>/dev/fd/2; } 2>f1 >f2; cat f1; echo --; cat f2
exec 3>f3; echo d >/dev/fd/3; exec 3>&-; cat f3
echo in | { read x </dev/stdin; echo "$x"; }
test -e /dev/fd/5 && echo open; exec 5<f1; test -e /dev/fd/5 && echo open; [ -r /dev/fd/5 ] && echo readable
. /dev/stdin <<E
echo dotted
E

### what was closed at the start is closed: writing fails
$SH -c 'echo x' >&- 2>/dev/null; test $? -ne 0 && echo failed
$SH -c 'echo e >&2 || echo failed' 2>&-
$SH -c 'exec >&2; echo e || echo f >f' 2>&-; test ! -e f || echo f

### what was closed at the start is closed: reading fails
$SH -c 'read x || echo failed' <&- 2>/dev/null
$SH -c 'cat || echo failed' <&- 2>/dev/null
$SH -c '(cat; echo $?)' <&- 2>/dev/null

### a substitution reads no input where there is none
# skips: bash: the program reads the substitution's own pipe, for ever (XCU 2.6.3)
$SH -c 'x=$(cat || echo failed); echo $x' <&- 2>/dev/null

### what was closed at the start is closed in children, subshells and background jobs
exec 3>&1
$SH -c 'test -e /proc/self/fd/0 || echo no 0; (test -e /proc/self/fd/0; test -e /proc/self/fd/0 || echo no 0)' <&-
$SH -c 'sh -c "test -e /proc/self/fd/1 || echo no 1 >&3"; : | sh -c "test -e /proc/self/fd/1 || echo no 1 >&3"' >&-
$SH -c 'sh -c "test -e /proc/self/fd/2 || echo no 2" & wait' 2>&-
$SH -c 'env test -e /proc/self/fd/0 <&3 && echo 0' <&- 3</dev/null

### what was closed at the start may be opened
echo data >f
$SH -c 'exec <f; read x; echo $x; exec 4>&1 >g; echo y; cat f; exec >&4; cat g' <&-
exec 3>&1; $SH -c 'x=$(echo sub); echo $x >&2; echo a | cat >&2' <&- 2>&3 >&-
$SH -c 'exec 2>g; nosuch_; test -s g && echo said' 2>&-
