# XCU 2.10 Shell Grammar

### newlines may stand where the grammar has linebreak or newline_list
if

true

then

echo a
else
:
fi
for i

in b
do

echo $i

done
case c

in

c)

echo c

;;

esac
while

false
do
:
done
f()

{
echo f
}
f

### newlines after | && and ||
echo a |

cat &&

echo b ||

echo c

### separators of a compound list are ; & and newlines
if :& then echo a; fi; { echo b& wait; }; (echo c;); while echo d; false& wait; break; do :; done; if true; then false; else echo no; fi; echo $?

### for without in goes through the positional parameters
set -- a 'b c'; for x do echo "$x"; done; for x; do echo "$x"; done; for x
do echo "$x"; done; for x in; do echo no; done; echo $?

### a function's body is any compound command, with its redirections
a() (echo sub; exit 3); a; echo $?; b() if true; then echo if; fi; b; c() for i in 1 2; do echo $i; done >f; c; cat f; d() case $1 in x) echo case;; esac; d x; e() { cat; } <f; e; g() while read l; do echo $l; done <f; g

### redirections follow compound commands, several of them
{ echo out; echo err >&2; } >f 2>g; cat f g; (echo a) >f 2>&1 <g; cat f; if true; then cat; fi <f; for i in 1; do cat; done <f | cat; until true; do :; done >f; cat f

### the first ) or newline of case patterns
case b in (a|b) echo one;; esac; case b in a | b ) echo two;; esac; case b in
a|b) ;; *) echo no;; esac; echo $?; case b in *) esac; echo $?; case x in a);; b);; esac; echo $?

### assignments and redirections of a simple command come in any order
x=1 >f y=2 sh -c 'echo $x$y'; cat f; >f; <f x=3 cat; echo $x; 2>g >f <g; echo $?

### a word with = after the name is no assignment, one that is no name neither
echo a=b; exec 2>/dev/null; 1a=b; test $? = 127 && echo none; a-b=c; test $? = 127 && echo none; =x; test $? = 127 && echo none

### ! negates a whole pipeline
! false | true; echo $?; ! true | false; echo $?; if ! echo a | grep -q b; then echo no b; fi

### what is incomplete or out of place is an error, and runs nothing of its command
# differs: mksh: takes empty lists, and () for nothing (XCU 2.10.2: compound_list has a term)
for c in ';' 'a;;' '&' '&& a' 'a &&' 'a | | b' '| a' 'if' 'if a' 'if a; then' 'if a; then b' 'if; then b; fi' 'then' 'fi' 'do' 'done' 'while a; done' 'for' 'for 1 in a; do :; done' 'for a b; do :; done' 'for a in b; c; done' 'case' 'case a' 'case a in b' 'case a in b) c' 'esac' '{' '{ a' '}' '(' '( a' ')' '()' 'f(' 'f()' 'f( )' 'f(a) { :; }' '>' '<' 'a >' 'a <<' '"' "'" '`' '$(' '${' '$((' '${a' '"$(a"' 'a (b)' 'a )' '!' '{ }' '( )' 'if a; then; fi' 'while a; do done' 'a > > b' '2>' ';;' 'a & & b' 'a ; ; b'; do
	$SH -c "echo began; $c" >f 2>&1 </dev/null; s=$?
	test $s -ne 0 || echo "$c: $s"
done; echo end
