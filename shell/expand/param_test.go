package expand

import "testing"

// 2.6.2 Parameter Expansion.
func TestParameterExpansion(t *testing.T) {
	check(t, []rule{
		{"without a colon only unset counts, with one null too",
			`e=; s=v; n "${u-1}" "${u:-1}" "${e-1}" "${e:-1}" "${s-1}" "${s:-1}"; n "${u+1}" "${u:+1}" "${e+1}" "${e:+1}" "${s+1}" "${s:+1}"`,
			"6:<1><1><><1><v><v>\n6:<><><1><><1><1>\n", nil},
		{"${x=w} assigns, and only where it must", `n ${x=1} ${x=2}; e=; n "${e=1}" "${e:=1}" "$e"`, "2:<1><1>\n3:<><1><1>\n", nil},
		{"expansions nest", `n ${a-${b-${c-d}}}; b=1; n "${a-"${b-"$c"}"}"`, "1:<d>\n1:<1>\n", nil},
		{"the word is expanded only where it is used", `x=1; n ${x-${y=2}} ${y-no}; n ${x+${y=2}} $y`, "2:<1><no>\n2:<2><2>\n", nil},
		{"the result of an expansion is not expanded again", `x='$y'; y=1; n $x ${x-}`, "2:<$y><$y>\n", nil},
		{"# and % take the shortest, ## and %% the longest",
			"x=a/b/c; n ${x#*/} ${x##*/} ${x%/*} ${x%%/*}; x=abcabc; n ${x#*b} ${x##*b} ${x%b*} ${x%%b*}",
			"4:<b/c><c><a/b><a>\n4:<cabc><c><abca><a>\n", nil},
		{"a trim that matches nothing changes nothing", "x=abc; n ${x#b} ${x%b} ${x#} ${x%} ${x##b*}", "5:<abc><abc><abc><abc><abc>\n", nil},
		{"a trim can take all", `x=abc; n "${x#abc}" "${x%%*}" "${x##*}" "${x#*}" "${x%*}"`, "5:<><><><abc><abc>\n", nil},
		{"quoted characters of a trim's pattern stand for themselves",
			`x='a*b*c'; n "${x#*\*}" "${x#*"*"}" "${x##*'*'}" "${x#"a*"}" "${x%'*'?}"`, "5:<b*c><b*c><c><b*c><a*b>\n", nil},
		{"double-quotes around the expansion do not quote the pattern",
			`x=a*b; p='a?'; n "${x#$p}" "${x#"$p"}"`, "2:<b><a*b>\n", nil},
		{"a pattern from an expansion is live", `x=abc; p='?'; n ${x#$p} ${x#"$p"}`, "2:<bc><abc>\n", nil},
		{"a backslash in a pattern from an expansion escapes", `x='*bc'; p='\*'; n ${x#$p}; x=abc; n ${x#$p}`, "1:<bc>\n1:<abc>\n", nil},
		{"brackets in trims", "x=file.tar.gz; n ${x%.[!t]*} ${x##*[[:punct:]]} ${x#[a-f]}", "3:<file.tar><gz><ile.tar.gz>\n", nil},
		{"several stars in a trim", "x=a.b.c.d; n ${x#*.*.} ${x##*.*.} ${x%.*.*} ${x%%.*.*}", "4:<c.d><d><a.b><a>\n", nil},
		{"a trim works on characters", "x=éa; n ${x#?}; x=aé; n ${x%?} ${x%%?}; x=éé; n ${x#*é} ${x%é*} ${x%%é*}x",
			"1:<a>\n2:<a><a>\n3:<é><é><x>\n", map[string]string{"dash": "1:<\xa9a>\n2:<a\xc3><a\xc3>\n3:<é><é><x>\n"}},
		{"a byte that is no character is one character", "x='\xffa\xc3'; n ${x#?} ${x%?} ${#x}", "3:<a\xc3><\xffa><3>\n", nil},
		{"length counts characters", "x=aéz; n ${#x}; LC_ALL=C; n ${#x}; n ${#u} ${##}", "1:<3>\n1:<4>\n2:<0><1>\n",
			map[string]string{"dash": "1:<4>\n1:<4>\n2:<0><1>\n"}},
		{"a tilde in the word of an expansion", `n ${u-~} ${u-~/a} "${u-~}" ${u-a~} ${u-"~"} ${u-\~}; x=/home/me/a; n ${x#~}`,
			"6:</home/me></home/me/a><~><a~><~><~>\n1:</a>\n", nil},
		{"expansion goes from left to right", "n ${x:=1}$x; n $((y+=1)) $y $((y+=1)) $y; n $z${z=3}$z; n $((i=5))$((i*=2))$i", "1:<11>\n4:<1><1><2><2>\n1:<33>\n1:<51010>\n", nil},
		{"an assigned tilde is expanded in ${x=~}", `n ${x=~/b}; n "$x"`, "1:</home/me/b>\n1:</home/me/b>\n", nil},
		{"arithmetic is expanded as in double-quotes", `x='1 + 1'; n $(($x)) "$((x))" $((${u-3} + $(echo 4))); n $(( 1 ? 2 : 3 ))`, "3:<2><2><7>\n1:<2>\n",
			map[string]string{"dash": ""}},
		{"single quotes in a word in double-quotes are ordinary", `n "${u-'a b'}"; n ${u-'a b'}`, "1:<'a b'>\n1:<a b>\n", nil},
		{"a parameter ends where its name ends", `x=1; xy=2; n $x-$xy-${x}y`, "1:<1-2-1y>\n", nil},
		{"a dollar that begins nothing is a dollar", `n $ a$ "$" $/ "a$"`, "5:<$><a$><$><$/><a$>\n", nil},
	})
}

// 2.6.1 Tilde Expansion.
func TestTildeExpansion(t *testing.T) {
	check(t, []rule{
		{"a tilde begins a word", "n ~ ~/a a~ /~ ~/~", "5:</home/me></home/me/a><a~></~></home/me/~>\n", nil},
		{"a quoted tilde is ordinary", `n "~" '~' \~ \~/a "~"/a`, "5:<~><~><~><~/a><~/a>\n", nil},
		{"a prefix with a quoted part is ordinary", `n ~"" ~\a ~"/a" ~''/a`, "4:<~><~a><~/a><~/a>\n", nil},
		{"a prefix with an expansion is ordinary", `u=root; e=; n ~$u ~$e ~$e/a`, "3:<~root><~><~/a>\n", nil},
		{"a tilde from an expansion is ordinary", `x='~'; n $x $x/a`, "2:<~><~/a>\n", nil},
		{"an unknown user stays", "n ~nobody-of-that-name/a", "1:<~nobody-of-that-name/a>\n", nil},
		{"in an assignment a tilde follows = and each unquoted colon",
			`v=~:~/a:b:~; n "$v"; v=a:~; n "$v"; v=a~:~b; n "$v"; v="a:"~; n "$v"; v=a\:~; n "$v"; v=":"~:~; n "$v"`,
			"1:</home/me:/home/me/a:b:/home/me>\n1:<a:/home/me>\n1:<a~:~b>\n1:<a:~>\n1:<a:~>\n1:<:~:/home/me>\n", nil},
		{"in an assignment a tilde follows a colon after an expansion", `x=a; v=$x:~; n "$v"; v="$x":~/b; n "$v"; v=$x~; n "$v"`,
			"1:<a:/home/me>\n1:<a:/home/me/b>\n1:<a~>\n", nil},
		{"in other words a colon is part of the prefix", "n ~:~ a:~ a=~", "3:<~:~><a:~><a=~>\n",
			map[string]string{"bash": "3:</home/me:~><a:~><a=~>\n"}},
		{"HOME's slash before another is left out (POSIX.1-2024)", "HOME=/; n ~ ~/a; HOME=/h/; n ~ ~/a", "2:</></a>\n2:</h/></h/a>\n",
			map[string]string{"bash": "2:</><//a>\n2:</h/></h//a>\n", "dash": "2:</><//a>\n2:</h/></h//a>\n"}},
		{"an empty HOME gives an empty field", "HOME=; n ~; n ~/a", "1:<>\n1:</a>\n", map[string]string{"dash": "0:\n1:</a>\n"}},
		{"the home directory is as if quoted", "HOME='/*'; n ~; HOME='a  b'; n ~ ~/c", "1:</*>\n2:<a  b><a  b/c>\n", nil},
		{"without HOME a tilde stays (unspecified; bash asks the user database)", "unset HOME; n ~ ~/a", "2:<~><~/a>\n",
			map[string]string{"bash": "2:</root></root/a>\n"}},
		{"a colon in the word of an expansion in an assignment counts", `v=${u-a:~}; n "$v"; v=${u-~:~}; n "$v"`,
			"1:<a:/home/me>\n1:</home/me:/home/me>\n", map[string]string{"bash": "1:<a:~>\n1:</home/me:~>\n"}},
	})
	t.Run("~user is that user's directory", func(t *testing.T) {
		e := newEnv()
		e.homes = map[string]string{"kim": "/home/kim/"}
		got, err := runScript(e, `n ~kim ~kim/a ~kimm "~kim"; v=a:~kim:~kim/b; n "$v"`)
		if want := "4:</home/kim/></home/kim/a><~kimm><~kim>\n1:<a:/home/kim/:/home/kim/b>\n"; err != nil || got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	})
	t.Run("~+ and ~- are PWD and OLDPWD", func(t *testing.T) {
		e := newEnv()
		e.vars["PWD"] = "/p"
		got, err := runScript(e, `n ~+ ~+/a ~-`)
		if want := "3:</p></p/a><~->\n"; err != nil || got != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	})
}
