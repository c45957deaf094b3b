# XCU 2.4 Reserved Words

### a reserved word is one as the first word of a command
if true; then echo if; fi; { echo brace; }; ! false && echo not; while false; do :; done; until true; do :; done; for i in 1; do echo $i; done; case a in a) echo case;; esac

### after a reserved word other than case, for and in
if ! { false; }; then while true; do if true; then { echo in; break; }; fi; done; fi

### as the third word in is one in case and for, do in for
for for in in do done; do echo $for; done; case case in case) echo case;; esac; for x do echo $x; done; set -- a; for if
do echo $if; done

### they are words elsewhere
echo if then else elif fi do done case esac while until for { } ! in; x=if; echo $x; for i in then fi; do echo $i; done

### a quoted one or one out of an expansion is a command's name
exec 2>/dev/null
\if true; test $? = 127 && echo none; 'while' false; test $? = 127 && echo none; x=if; $x true; test $? = 127 && echo none; "{" ; test $? = 127 && echo none

### } and ! need blanks or separators around them
exec 2>/dev/null
{ echo a;}; echo }; {echo b; test $? = 127 && echo none; !true; test $? = 127 && echo none

### esac ends a list of patterns, and is a pattern after (
case esac in (esac) echo pattern;; esac; case a in esac; echo $?

### a function may not be called like one where that is read as one
$SH -c 'if() { echo no; }; if' 2>/dev/null; test $? -ne 0 && echo refused

### a reserved word after a redirection or an assignment is none
exec 2>/dev/null
$SH -c '>f if true; then echo no; fi'; test $? -ne 0 && echo refused; $SH -c 'x=1 while true; do echo no; done'; test $? -ne 0 && echo refused
