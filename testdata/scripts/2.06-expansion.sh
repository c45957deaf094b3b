# XCU 2.6 Word Expansions

### use default values
unset u; n=; s=set
printf '[%s]' "${u-d}" "${u:-d}" "${n-d}" "${n:-d}" "${s-d}" "${s:-d}"; echo

### assign default values
unset u; n=
printf '[%s]' "${u=d}" "$u" "${n=e}" "$n" "${n:=f}" "$n"; echo

### indicate an error if null or unset
unset u; n=; s=1
(echo "${u?no}"; echo not reached) 2>/dev/null; test $? -ne 0 && echo failed
(echo "${n?no}")
(echo "${n:?no}") 2>/dev/null; test $? -ne 0 && echo failed
echo "${s?no}" "${s:?no}"

### an error of expansion ends a script
unset u
echo before
(echo ${u?gone}; echo not reached) 2>/dev/null || echo failed
$SH -c 'echo ${u?gone}; echo not reached' 2>/dev/null || echo failed

### use alternative value
unset u; n=; s=set
printf '[%s]' "${u+a}" "${u:+a}" "${n+a}" "${n:+a}" "${s+a}" "${s:+a}"; echo

### string length
x=abc; set -- a b; echo ${#x} ${##} ${#} ${#1} ${#?}

### remove suffix and prefix patterns
x=a/b/c.d.e
echo ${x%.*} ${x%%.*} ${x#*/} ${x##*/} ${x%x} ${x#"*"}

### quoted characters in a pattern are literal
x='a*b'
echo "${x#a\*}" "${x#'a*'}" "${x%"*b"}" "${x%%*}|"

### a brace in quotes does not end an expansion
x=
echo "${x:-a}b}" ${x:-'}'} ${x:-\}} "${x:-"}"}"

### the word of an expansion is expanded only if it is needed
x=1
echo ${x-$(echo bad >&2)} ${x:=$(echo bad >&2)}
unset y; echo ${y+$(echo bad >&2)}

### nested expansions
a=; b=; c=3
echo ${a:-${b:-${c}}} "${a:-"${b:-"${c}"}"}"

### the default word is split outside quotes and not inside
unset u
set -- ${u-a b c}; echo $#
set -- "${u-a b c}"; echo $#
set -- ${u-"a b" c}; echo $#

### parameters of $@ with operators
# differs: dash: takes $@ without parameters for set (XCU 2.6.2 leaves it unspecified)
# differs: busybox: takes $@ for set when there are no parameters (XCU 2.5.2, 2.6.2)
set -- a.x b.x
echo "${@+yes}" "${*:-no}"
set --
echo "${@-no}" "${*:-no}"

### command substitution strips trailing newlines only
x=$(printf 'a\n\nb\n\n\n'); printf '[%s]\n' "$x"

### command substitution keeps inner newlines in quotes, splits without
echo $(printf 'a\nb\n') "$(printf 'a\nb\n')"

### command substitution nests
echo $(echo $(echo $(echo deep))) `echo \`echo deep\``

### command substitution holds unbalanced parentheses of case
echo $(case a in a) echo yes;; esac) $(case a in (a) echo yes;; esac)

### a comment and a quote in a command substitution
echo $(
# it's a comment )
echo ok
)

### backquotes and backslashes
x=1; printf '%s\n' `printf '%s' \\\\a` `printf '%s' '\$x'` `echo \$HOME | wc -l | tr -d ' '`

### the status of a command that is only an assignment is that of the substitution
x=$(exit 3); echo $?
x=$(exit 3) y=$(exit 4); echo $?
x=1; echo $?
x=$(false) true; echo $?

### arithmetic expansion
echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((-7/2)) $((-7%3)) $((1<<4)) $((255>>2)) $((5&3)) $((5|3)) $((5^3)) $((~5)) $((!5)) $((!0))

### arithmetic comparisons and logic
echo $((1<2)) $((2<=2)) $((3>4)) $((4>=4)) $((1==1)) $((1!=1)) $((1&&0)) $((1||0)) $((1?2:3)) $((0?2:3))

### arithmetic assignment
x=5; echo $((x=3)) $x $((x+=2)) $((x-=1)) $((x*=3)) $((x/=2)) $((x%=4)) $((x<<=3)) $((x>>=1)) $((x|=1)) $((x&=6)) $((x^=1)) $x

### arithmetic constants
echo $((010)) $((0x1F)) $((0xff)) $((10))

### variables in arithmetic need no dollar
x=4 y=; unset z; echo $((x*2)) $(($x*2)) $((y+1)) $((z+1))

### arithmetic in arithmetic
echo $(( $((1+1)) + $(echo 3) + ${u:-4} ))

### the largest numbers
# differs: mksh: has 32 bits (XCU 1.1.2.1: signed long)
echo $((9223372036854775807)) $((-9223372036854775807-1)) $((0x7fffffffffffffff))

### short circuits in arithmetic do not assign
# differs: busybox: assigns in the branch that is not taken (XCU 2.6.4, C 6.5.15)
x=1; echo $((0 && (x=2))) $((1 || (x=3))) $((1 ? 5 : (x=4))) $x

### division by zero is an error
(echo $((1/0)); echo not reached) 2>/dev/null; test $? -ne 0 && echo failed

### a result of expansion is split by IFS, literal text is not
IFS=:; x=a:b; set -- $x c:d "$x"; echo $#

### white space of IFS collapses, other characters do not
IFS=' :'; x=' a : b::c '; set -- $x; echo $#; printf '[%s]' "$@"; echo

### an empty IFS splits nothing
IFS=; x='a b'; set -- $x; echo $#

### an unset IFS is blank, tab and newline
unset IFS; x='a	b
c d'; set -- $x; echo $#

### a trailing separator makes no empty field
IFS=,; x=a,b,; set -- $x; echo $#; x=,a; set -- $x; echo $#; x=a,,b; set -- $x; echo $#

### assignments and here-documents and case words are not split
IFS=' '; x='a  b'; y=$x; case $x in 'a  b') echo yes;; esac; echo "$y"
cat <<X
$x
X

### a backslash in an expansion's result is no quoting
x='a\ b'; set -- $x; echo $#; printf '[%s]' "$@"; echo

### pathname expansion sorts and keeps what matches nothing
touch b a .h 'c d'
echo * .h* x* '*' "*" \*

### patterns of pathname expansion
touch a1 a2 b1 'a]'
echo a? [ab]1 [!a]* a[12] a[]]

### a slash must be matched by a slash
mkdir d e; touch d/a e/b
echo */* d/* */

### a leading dot must be matched by a dot
touch .a b; echo * [.]* ?a
echo .[!.]*

### set -f turns pathname expansion off
touch a; set -f; echo *; set +f; echo *

### pathname expansion acts on results of expansions
touch a b; x='*'; echo $x "$x"

### a pattern in quotes within a variable is live, quoted in the word is not
touch 'a*' ab; x='a*'; echo $x; echo "a"*; echo a"*"

### tilde expansion in assignments after colons
HOME=/h; x=~:~/a:b; echo $x; y=a:~; echo $y; export z=~; echo $z

### a tilde in quotes or an expansion is not expanded
HOME=/h; x='~'; echo $x "~" '~' \~ "a:~"

### the home of a user
test "$(echo ~root)" = /root && echo ok; echo ~nosuchuser_

### an unset HOME leaves the tilde
# differs: bash: takes the home directory of the password file (XCU 2.6.1: unspecified)
unset HOME; echo ~

### quote removal leaves quotes that came from expansions
x=\'a\"; echo $x "$x"

### expansion order: parameters see what assignments before them did
x=1; x=2 y=$x; echo $y

### assignment words expand left to right
a=1 b=$a c=$b; echo $a $b $c

### $((...)) with nested parentheses is still arithmetic
echo $(((1+2)*(3+4)))

### $( (...) ) is a subshell in a substitution
echo $( (echo a; echo b) )

### $((...) is read as a substitution when it is no arithmetic
# differs: dash: reports a missing )) (XCU 2.6.3: it must be treated as a command substitution if it is no arithmetic)
# differs: busybox: does not try it (XCU 2.6.3)
echo $((echo a); (echo b))

### special parameters with operators
set -- a; echo ${1:-x} ${2:-y} ${#:-z} ${?:-s}

### the prefix and suffix removal of a list of names
set -- a.c b.c
for f do echo ${f%.c}; done
