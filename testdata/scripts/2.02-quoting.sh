# XCU 2.2 Quoting

### a backslash keeps the next character literal
printf '[%s]' \$HOME \a \\ \" \' \` \# \& \; \| \( \) \< \> \  ; echo

### a backslash before a newline joins the lines
ec\
ho a\
b "c\
d"

### single quotes keep everything, a backslash too
printf '%s\n' 'a\b$HOME`x`"y"'

### double quotes keep a backslash that stands before no special character
printf '%s\n' "a\b" "\$x" "\`" "\"" "\\" "\q\n" "\'"

### double quotes expand parameters, commands and arithmetic
x='a  b'
printf '[%s]\n' "$x" "${x}c" "$(echo "$x")" "`echo 1`" "$((1+2))"

### a quoted empty string is a field, an unquoted empty expansion is none
e=
set -- '' "" $e "$e" ''$e
echo $#

### adjacent quotes make one word
printf '[%s]\n' a'b c'"d e"f\ g

### dollar-single-quotes know the C escapes
# differs: dash: has no $'…' (XCU 2.2.4, POSIX.1-2024)
# differs: busybox: knows no \e in $'...' (XCU 2.2.4)
printf '%s' $'a\tb\nc\\d\'e\"f' | od -An -c
printf '%s' $'\a\b\e\f\r\v\?' | od -An -tx1

### dollar-single-quotes know octal, hexadecimal and control characters
# differs: dash: has no $'…' (XCU 2.2.4)
# differs: busybox: knows no \c in $'...' (XCU 2.2.4)
printf '%s' $'\101\x42\cA\c?' | od -An -tx1

### a dollar before a double quote inside quotes is literal
# differs: bash: $"…" is a translated string there (XCU 2.2.4 leaves it unspecified)
printf '%s\n' "a$" '$' "$ x" a$

### a comment begins only where a word could begin
echo a#b #c
echo 'a' # b'
: # done

### a backslash-newline is removed before tokens are made
tr\
ue &\
& echo yes
echo ${HO\
ME:+set}

### a newline in single quotes stays
echo 'a
b'

### an exclamation mark is an ordinary character in a word
echo a! !a "!" b!c

### reserved words are words where no command name can stand
echo if then else fi { } ! do done case esac for while until in
for in in in; do echo $in; done

### a quoted reserved word is no reserved word
'if' true 2>/dev/null
echo $?
\if 2>/dev/null; echo $?
