# XCU sh: OPTIONS, OPERANDS, INPUT FILES, EXIT STATUS

### a script on standard input is read a line at a time
# differs: dash: reads ahead (sh, INPUT FILES: must not)
# differs: busybox: reads ahead (sh, INPUT FILES)
printf 'read x\nhello\necho "got $x"\n' | $SH

### a child may read the rest of the script
# differs: dash: reads ahead (sh, INPUT FILES: must not)
# differs: busybox: reads ahead (sh, INPUT FILES)
printf 'head -n 1\nfirst line\necho after\n' >f; $SH <f
printf 'cat\nline 1\nline 2\n' | $SH

### -c with a name and arguments
$SH -c 'echo "$0 $1 $#"' name a b; $SH -c 'echo $#'; $SH -c 'echo "$@"' x -a --

### options before -c's command string
$SH -ec 'false; echo no'; echo $?; $SH -e -u -c 'echo ${x-unset}'; $SH -o errexit -c 'false; echo no'; echo $?; $SH +e -c 'false; echo on'

### -s with arguments
echo 'echo "$1 $2 $#"' | $SH -s a b; echo 'echo $#' | $SH -s --; echo 'echo $1' | $SH -s -- -x

### a script with arguments
printf 'echo "${0##*/} $1 $#"\n' >f; $SH ./f a b; $SH -u ./f 'x y'

### a script without a last newline
printf 'echo a' >f; $SH ./f; printf 'echo b #' | $SH

### a script with a here-document at its end
printf 'cat <<X\ntext\nX' >f; $SH ./f

### carriage returns are ordinary characters
printf 'echo a\r\n' >f; $SH ./f | od -An -c

### an option of the command line shows in $-
$SH -fc 'case $- in *f*) echo f;; esac'; $SH -C -a -c 'case $- in *C*) echo C;; esac'; $SH -c 'case $- in *i*) echo i;; *) echo no;; esac'

### -n reads only, also from standard input
echo 'echo no' | $SH -n; echo $?

### -v on the command line
echo 'echo a' >f; $SH -v ./f 2>&1

### an unknown option
# differs: busybox: goes on after an unknown name of -o (sh, OPTIONS)
$SH -Z -c : 2>/dev/null; test $? -ne 0 && echo refused; $SH -o nosuch -c : 2>/dev/null; test $? -ne 0 && echo refused

### a lone dash and two dashes end the options
echo 'echo $1' >f; $SH -- ./f a; $SH - ./f b

### exit in a script on standard input leaves the rest alone
printf 'echo a\nexit 3\necho b\n' | $SH; echo $?

### the exit status of a script is that of its last command
printf 'true\n(exit 4)\n\n# end\n' >f; $SH ./f; echo $?; printf '(exit 4)\n:\n' | $SH; echo $?

### a command line is run before the next is read
printf 'alias x="echo aliased"\nx\n' >f; $SH ./f; printf 'f() { echo one\n}\nf\n' | $SH

### an empty script
: >f; $SH ./f; echo $?; $SH </dev/null; echo $?

### the environment of a shell
env -i /bin/sh -c :; env -i $SH -c 'echo ${HOME-nohome}'

### IFS of the environment is not used
IFS=b $SH -c 'x=abc; set -- $x; echo $#'

### a very long argument list
x=$(i=0; while [ $i -lt 3000 ]; do echo "word$i"; i=$((i+1)); done); set -- $x; echo $#; echo "$@" | wc -w | tr -d ' '; for i do :; done; echo $i

### commands that cannot be read end the shell with 128
# differs: bash: 2 and 126 (sh, EXIT STATUS)
# differs: dash, mksh, busybox: take it for the end of the input (sh, EXIT STATUS)
#> 128
#> 128
#> bye
#> 128
$SH </ 2>/dev/null; echo $?
$SH / 2>/dev/null; echo $?
mkdir d; printf 'trap "echo bye" EXIT; exec 0<d\necho no\n' | $SH 2>/dev/null; echo $?

### a script on standard input goes on in what exec puts there
# differs: dash, busybox: run the lines that they read ahead first (sh, INPUT FILES)
echo 'echo from f' >f; printf 'exec <f\necho rest\n' | $SH; printf 'exec <f\necho rest\n' >g; $SH <g
