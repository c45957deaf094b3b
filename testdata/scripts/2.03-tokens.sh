# XCU 2.3 Token Recognition: the rules by their numbers

### the end of the input ends a token (rule 1)
printf 'echo a' | $SH; $SH -c 'echo b'

### an operator takes as many characters as make one (rules 2 and 3)
true&&echo and;false||echo or;echo x>f;cat<f;echo y>>f;cat f;echo z>|f;cat f;cat<<-E;echo a&wait
	here
	E

### an operator that cannot be longer ends there (rule 3)
echo a;(echo b);{ echo c;};case x in(x)echo d;;esac;case y in y)echo e;esac

### quotes make no token of their own (rule 4)
echo a'b c'"d e"\ f; echo 'a'; x='p'"q"; echo $x

### an expansion is read to its end, blanks and quotes included (rule 5)
x=; echo ${x:-a  b} "${x:-c  d}" $(echo e  f) "$(echo "g  h")" `echo i` $((1 +
2)); echo ${x:-"}"} ${x:-\}} "$(echo ")")"

### a quoted operator character is part of a word (rule 6)
echo a\;b 'c|d' "e&f" \> \<\<; echo a\
b

### a blank ends a token and is none (rule 7)
echo	a 	 b; echo 	c|cat

### characters of a word are appended to it (rule 8)
echo a=b -c +d @e %f ^g ,h .i /j :k !l a{b}c

### # begins a comment only where a token begins (rule 9)
echo a#b c #d
echo '#' \# "#" x=#;#echo
:; # a comment to the end ' " ` $(
echo end

### a newline in a list is a token that ends a command
echo a
echo b;
echo c &
wait

### digits before < and > are a descriptor only where they touch it (2.10, IO_NUMBER)
echo 1 >f; cat f; echo 2>g; cat g; echo a2>h; cat h; echo \1>i; cat i; echo 1\
>j; cat j

### a line continuation may stand within an operator, a name and an expansion
tr\
ue &\
& ec\
ho a; echo "b\
c"; x=1; echo $\
x ${\
x} $(\
echo d) $\
((1\
+1))

### a continuation in single quotes or a comment is none
echo 'a\
b' # comment \
echo c
