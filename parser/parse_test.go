package parser

import "testing"

func TestSmoke(t *testing.T) {
	for _, s := range []string{
		"find / -name xyz > tmp\n",
		"a && b || c & d; e\n",
		"cat <<A <<B | x\na $x `y`\nA\nb\nB\n",
		"if a; then b; elif c; then d; else e; fi >x 2>&1\n",
		"case $x in a|b) c;; (esac) ;& d) e; esac\n",
		"f() { echo \"a $(b \"c\")\" 'd' \\e; }\n",
		"echo $((echo a); (echo b))\n",
		"echo $((1+(2)))\n", "echo $(cat <<E\nfoo ) bar\nE\n)\n",
		"echo `echo \\`echo \\\\\\`echo hi\\\\\\`\\``\n",
		"[[ a =~ (a|b c)c && ! -f x || ( a && b || c ) ]]\n", "for i do x; done; for i in; do y; done\n",
		"x=1 y+=\"2\" export a=b\n", "( (a); b)\n", "((a); b)\n", "\\2>x 2>y\n", "{ a <<E; }\nb\nE\n",
	} {
		p, err := Parse("x", s, Options{})
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		out := String(p)
		q, err := Parse("x", out, Options{})
		t.Logf("%q => %q", s, out)
		if err != nil || String(q) != out {
			t.Errorf("%q -> %q: %v", s, out, err)
		}
	}
}
