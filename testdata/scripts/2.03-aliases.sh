# XCU 2.3 Token Recognition, 2.3.1 Alias Substitution, 2.4 Reserved Words
# bash expands aliases in scripts in its POSIX mode.

### an alias replaces the command's name
alias hi='echo hello'
hi there

### an alias may be a reserved word
alias wenn=if dann=then ende=fi
wenn true; dann echo yes; ende

### an alias may hold an operator and a whole list
alias both='echo a; echo' pipe='echo x |'
both b
pipe cat

### an alias that ends in a blank lets the next word be one
alias a='echo ' b=c
a b b

### an alias does not expand itself
alias echo='echo x'
echo y

### aliases of each other stop
alias p=q q='echo q'
p
alias r=s s=r
r 2>/dev/null || echo $?

### a quoted word is no alias
alias foo='echo alias'
\foo 2>/dev/null; echo $?
'foo' 2>/dev/null; echo $?

### an alias after an assignment and a redirection
alias hi='echo hello'
x=1 hi
>out hi; cat out

### an alias holds from the next line on
alias z='echo z' 2>/dev/null; z 2>/dev/null || echo not yet
z

### an alias in a function body is expanded when the function is read
alias g='echo old'
f() { g; }
alias g='echo new'
f

### an alias is expanded in command substitution and eval
alias e='echo here'
echo $(e)
eval e

### an alias may begin a quoted string's command
alias q="echo 'a"
q b'

### unalias removes
alias t='echo t'
unalias t
t 2>/dev/null || echo gone
unalias -a
alias

### alias prints what can be read back
alias a="it's" b='x y'
alias a b >f; alias >>f; unalias -a
eval alias -- $(sed -n 2p f) 2>/dev/null || eval alias $(sed -n 2p f)
alias b
. ./f 2>/dev/null
eval "alias $(sed -n 1p f)"
alias a >g; unalias a; eval "alias $(cat g)"; test "$(alias a)" = "$(cat g)" && echo same

### alias of an unknown name fails
# differs: mksh: says so on standard output (alias, STDERR)
alias nosuch 2>/dev/null; echo $?
unalias nosuch 2>/dev/null; echo $?

### operators need no blanks
echo a;echo b&&echo c||echo d
(echo e)|cat
echo f>out;cat<out

### a comment ends at the newline, not at a backslash
echo a # b \
echo c

### the longest operator is taken
echo a>|out;cat out
cat <<-X
	tab
	X

### a digit before a redirection is a descriptor only without a blank
echo 2>out; cat out
echo 2 >out; cat out
echo a2>out; cat out

### a case pattern may be a reserved word
case if in if) echo yes;; esac
case esac in (esac) echo yes;; esac

### a brace is reserved only as a word of its own
echo {a} }b { }
{ echo x; }
