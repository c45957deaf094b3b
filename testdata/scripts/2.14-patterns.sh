# XCU 2.14 Pattern Matching Notation

### a bracket expression
for x in a b - ] ^ ! A 5; do case $x in [abc]) echo "$x abc";; []]) echo "$x bracket";; [!a-z5]) echo "$x other";; [0-9]) echo "$x digit";; *) echo "$x rest";; esac; done

### character classes
for x in a A 5 ' ' _ .; do case $x in [[:alpha:]]) echo alpha;; [[:digit:]]) echo digit;; [[:space:]]) echo space;; [[:punct:]]) echo punct;; esac; done

### ranges, also at the ends
for x in a m z -; do case $x in [a-m]) echo low;; [n-z]) echo high;; [-x]) echo dash;; esac; done
case - in [a-]) echo end;; esac

### equivalence classes and collating symbols
# differs: dash: knows neither in its own matcher (XCU 2.14.1 with XBD 9.3.5)
case a in [[=a=]]) echo eq;; esac; case - in [[.-.]]) echo coll;; esac

### a quoted special character is literal
case '*' in \*) echo star;; esac; case 'ab' in a"*") echo no;; a*) echo yes;; esac; case '[a]' in \[a]) echo bracket;; esac; case a in [\a]) echo a;; esac; case '-' in [a\-z]) echo dash;; esac; case b in [a\-z]) echo no;; *) echo quoted;; esac

### an unclosed bracket is literal
case '[a' in [a) echo literal;; esac; case '[' in [) echo one;; esac

### a bracket with an exclamation mark that is quoted
case '!' in ["!"a]) echo yes;; esac; case b in [\!a]) echo no;; *) echo other;; esac

### * matches any string, slashes and dots too, in case
case a/.b in *) echo all;; esac; case .a in *a) echo dot;; esac; case '' in *) echo empty;; esac; case abcabc in *b*c) echo yes;; esac

### a backslash from an expansion quotes in a pattern
# differs: mksh: takes it literally (XCU 2.14.1: it quotes)
p='\*'; case '*' in $p) echo star;; esac; case a in $p) echo no;; *) echo other;; esac

### removing with patterns
x=abcabc; echo ${x#*b} ${x##*b} ${x%b*} ${x%%b*} ${x#[ab]} ${x%?} ${x#a*c}; y=/usr/lib/x.tar.gz; echo ${y##*/} ${y%/*} ${y%%.*} ${y%.*}

### multi-byte characters count as one in a UTF-8 locale
# differs: dash: counts bytes (XCU 2.14.1 speaks of characters)
# differs: bash: depends on which locales are installed here
# differs: busybox: is built without it here
#> 3 yes
LC_ALL=C.UTF-8; x=äöü; case ä in ?) echo ${#x} yes;; esac

### a pathname pattern with directories that cannot be read or do not exist
mkdir -p a/b c; touch a/b/f c/f; echo a/*/f */f */*/f nosuch/*

### a trailing slash and a double slash in a pattern
mkdir d; echo */ ./* .//d*

### patterns that name no file stay, one that does is replaced
touch x1; set -- x* y* 'x*'; echo $#; printf '%s\n' "$@"

### names with blanks and newlines are one field
touch 'a b' 'c
d'; for f in *; do echo "[$f]"; done

### names that are not UTF-8 survive
f=$(printf 'a\377b'); touch "$f"; for g in *; do test "$f" = "$g" && echo same; done; echo ${#g} | grep -c .; case $f in a?b) echo one;; esac

### dot files need an explicit dot
touch .x y; echo * .?* | tr ' ' '\n' | grep -v '^\.\.$'
