package expand

import (
	"errors"
	"fmt"
	"math/rand"
	"strconv"
	"strings"
	"testing"
)

// 2.6.4 Arithmetic Expansion.
func TestArithmetic(t *testing.T) {
	cases := []struct {
		name, expr string
		want       int64
		known      string // the shells that say something else, or cannot
	}{
		{"decimal", "42", 42, ""},
		{"octal", "010", 8, ""},
		{"hexadecimal", "0x1F + 0Xa", 41, ""},
		{"zero", "0", 0, ""},
		{"another base", "2#101 + 16#fF + 36#Z", 5 + 255 + 35, "dash"},
		{"base 64", "64#@ + 64#_ + 64#aA", 62 + 63 + 676, "dash"},
		{"blanks of all sorts", " 1\t+\n2 ", 3, ""},
		{"nothing is 0", "  ", 0, "dash"},
		{"unset is 0", "u + 1", 1, ""},
		{"an empty variable is 0", "e + 1", 1, "dash"},
		{"a variable", "x * 2", 14, ""},
		{"a variable that is octal", "o", 8, ""},
		{"a negative variable", "m + 0", -5, ""},
		{"a variable that is an expression", "ex * 2", 22, "dash"},
		{"products before sums", "1 + 2 * 3 - 4 / 2", 5, ""},
		{"sums from left to right", "10 - 4 - 3", 3, ""},
		{"parentheses", "(1 + 2) * (3 - (4))", -3, ""},
		{"division cuts towards zero", "-7 / 2", -3, ""},
		{"the remainder has the sign of the dividend", "-7 % 2", -1, ""},
		{"shifts", "1 << 4 >> 2", 4, ""},
		{"a right shift keeps the sign", "-8 >> 1", -4, ""},
		{"order", "(1 < 2) + (2 <= 2) * 10 + (3 > 4) * 100 + (4 >= 4) * 1000", 1011, ""},
		{"equality is after order", "1 == 2 < 3", 1, ""},
		{"inequality", "1 != 1", 0, ""},
		{"bits", "6 & 3 | 8 ^ 12", 6, ""},
		{"not of bits", "~5", -6, ""},
		{"logical not", "!5 + !0", 1, ""},
		{"double not", "!!7", 1, ""},
		{"and, or", "1 && 0 || 1", 1, ""},
		{"and binds closer than or", "1 || 1 && 0", 1, ""},
		{"logic gives 0 or 1", "5 && 7", 1, ""},
		{"a sign before a sign", "- - 5 + + 3 - -1", 9, ""},
		{"minus minus a number is no decrement", "--5", 5, ""},
		{"a choice", "1 ? 2 : 3", 2, ""},
		{"choices from right to left", "0 ? 1 : 0 ? 2 : 3", 3, ""},
		{"a choice in a choice", "1 ? 0 ? 4 : 5 : 6", 5, ""},
		{"a choice after or", "0 || 1 ? 2 : 3", 2, ""},
		{"assignment", "x = 3, x * x", 9, "dash"},
		{"assignment gives its value", "(y = 4) + y", 8, ""},
		{"assignments from right to left", "(y = x = 2) + y + x", 6, ""},
		{"assignments with an operator", "(x += 3) + (x *= 2) + (x -= 5) + (x /= 3) + (x %= 3)", 10 + 20 + 15 + 5 + 2, ""},
		{"assignments of bits", "(x <<= 2) + (x >>= 1) + (x &= 12) + (x |= 3) + (x ^= 5)", 28 + 14 + 12 + 15 + 10, ""},
		{"increments", "x++ + ++x + x-- + --x", 7 + 9 + 9 + 7, "dash"},
		{"an increment with blanks", "x ++ + 1", 8, "dash"},
		{"x+++y is x++ + y", "x+++m", 2, "dash"},
		{"x--1 is x - -1, as $((x-$y)) may make", "x--1", 8, "bash"},
		{"the branch not taken of and has no effect", "(0 && (x = 1)) + x", 7, ""},
		{"the branch not taken of or has no effect", "(1 || (x = 1)) + x", 8, ""},
		{"the branch not taken of a choice has no effect", "(1 ? 5 : (x = 1)) + (0 ? (x = 2) : 5) + x", 17, ""},
		{"a branch not taken may divide by zero", "(0 && 1 / 0) + (1 || 1 % 0) + (1 ? 2 : 1 / 0)", 3, ""},
		{"skipping holds in nested branches", "0 && (1 || (x = 1)) || x", 1, ""},
		{"sums wrap around", "9223372036854775807 + 1", -9223372036854775808, ""},
		{"products wrap around", "9223372036854775807 * 2", -2, ""},
		{"the least divided by -1 is itself", "(-9223372036854775807 - 1) / m1", -9223372036854775808, "bash dash"},
		{"its remainder is 0", "(-9223372036854775807 - 1) % m1", 0, "dash"},
		{"comma", "1, 2, 3", 3, "dash"},
		{"a comma in a choice", "1 ? (2, 3) : 4", 3, "dash"},
		{"an equality is no assignment", "x == 7", 1, ""},
		{"an order is no shift and assignment", "x <= 7", 1, ""},
	}
	setup := "x=7 e= o=010 m=-5 m1=-1 ex='x + y + 4' y="
	var scripts []string
	for _, c := range cases {
		scripts = append(scripts, setup+"\n{ n $(("+c.expr+")); } 2>/dev/null")
	}
	answers := map[string][]string{"bash": ask(t, "bash", scripts), "dash": ask(t, "dash", scripts)}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := newEnv()
			e.vars = map[string]string{"x": "7", "e": "", "o": "010", "m": "-5", "m1": "-1", "ex": "x + y + 4", "y": ""}
			got, err := (&Expander{Env: e}).Arith(c.expr)
			if err != nil || got != c.want {
				t.Errorf("%s = %d, %v; want %d", c.expr, got, err, c.want)
			}
			for shell, a := range answers {
				if a == nil || strings.Contains(c.known, shell) {
					continue
				}
				if want := fmt.Sprintf("1:<%d>\n", c.want); a[i] != want {
					t.Errorf("%s says %q to %s", shell, a[i], c.expr)
				}
			}
		})
	}
}

func TestArithmeticErrors(t *testing.T) {
	for _, c := range []struct {
		name, expr, want, caret string
		kind                    Kind
	}{
		{"division by zero", "1 / (x-x)", "1 / (x-x): division by zero at character 3", "1 / (x-x)\n  ^", BadArith},
		{"remainder by zero", "1%0", "1%0: division by zero at character 2", "1%0\n ^", BadArith},
		{"division by zero in an assignment", "x /= 0", "x /= 0: division by zero at character 3", "x /= 0\n  ^", BadArith},
		{"an operand is missing", "1 +", "1 +: an operand is missing at character 4", "1 +\n   ^", BadArith},
		{"an operator where an operand is wanted", "2 ** 3", "2 ** 3: syntax error: an operand is wanted here at character 4", "2 ** 3\n   ^", BadArith},
		{"two operands", "1 2", "1 2: syntax error at character 3", "1 2\n  ^", BadArith},
		{"no closing parenthesis", "(1 + 2", "(1 + 2: this ( has no ) at character 1", "(1 + 2\n^", BadArith},
		{"no opening parenthesis", "1 + 2)", "1 + 2): syntax error at character 6", "1 + 2)\n     ^", BadArith},
		{"a choice without colon", "1 ? 2", "1 ? 2: this ? has no : at character 3", "1 ? 2\n  ^", BadArith},
		{"an octal digit too great", "089", "089: digit too great for base 8 at character 2", "089\n ^", BadArith},
		{"a letter in a number", "12ab", "12ab: digit too great for base 10 at character 3", "12ab\n  ^", BadArith},
		{"a base too great", "65#1", "65#1: a base must be from 2 to 64 at character 1", "65#1\n^", BadArith},
		{"a base too small", "1#1", "1#1: a base must be from 2 to 64 at character 1", "1#1\n^", BadArith},
		{"a base without digits", "2#", "2#: digits are missing after the # at character 3", "2#\n  ^", BadArith},
		{"0x without digits", "0x", "0x: hexadecimal digits are missing at character 3", "0x\n  ^", BadArith},
		{"assignment to a number", "1 = 2", "1 = 2: only a variable can be assigned to at character 3", "1 = 2\n  ^", BadArith},
		{"assignment to a sum", "x + 1 = 2", "x + 1 = 2: only a variable can be assigned to at character 7", "x + 1 = 2\n      ^", BadArith},
		{"an unknown character", "1 @ 2", "1 @ 2: syntax error at character 3", "1 @ 2\n  ^", BadArith},
		{"a variable whose value is no expression", "junk + 1", "1 1: syntax error at character 3", "1 1\n  ^", BadArith},
		{"a variable whose value names itself", "loop + 1", "loop + 0: the value of loop leads back to itself at character 1", "loop + 0\n^", BadArith},
		{"the place counts characters", "1 é 2", "1 é 2: syntax error at character 3", "1 é 2\n  ^", BadArith},
		{"a readonly variable", "ro = 1", "ro: is read only", "", NotSet},
		{"an unset variable under set -u", "1 + unset", "unset: parameter not set", "", Unset},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEnv()
			e.vars = map[string]string{"x": "7", "junk": "1 1", "loop": "loop + 0"}
			e.readonly["ro"] = true
			x := &Expander{Env: e, Opts: Options{NoUnset: true}}
			_, err := x.Arith(c.expr)
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("%s: %v", c.expr, err)
			}
			if got.Error() != c.want || got.Kind != c.kind || got.Caret() != c.caret {
				t.Errorf("%s: kind %d, %q\n%s\nwant %q", c.expr, got.Kind, got.Error(), got.Caret(), c.want)
			}
			if c.kind == NotSet && !errors.Is(err, errReadonly) {
				t.Error("the error of Set is not to be had")
			}
		})
	}
	t.Run("after an error nothing is assigned", func(t *testing.T) {
		e := newEnv()
		x := &Expander{Env: e}
		if _, err := x.Arith("x = 1 / 0, y = 2"); err == nil || len(e.vars) > 0 {
			t.Errorf("error %v, variables %v", err, e.vars)
		}
	})
	t.Run("an unset variable that is only assigned to is no error under set -u", func(t *testing.T) {
		x := &Expander{Env: newEnv(), Opts: Options{NoUnset: true}}
		if n, err := x.Arith("x = 4"); n != 4 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	})
	t.Run("deep nesting is an error, not a crash", func(t *testing.T) {
		x := &Expander{Env: newEnv()}
		if _, err := x.Arith(strings.Repeat("(", 1<<20)); err == nil {
			t.Error("no error for (((…")
		}
		for _, unit := range []string{"!", "1?", "0?1:", "x=", "(", "1+(", "-~"} {
			_, err := x.Arith(strings.Repeat(unit, 1<<20) + "1")
			if err == nil || !strings.Contains(err.Error(), "nested too deeply") {
				t.Errorf("no error, or not that of depth, for %s%s…", unit, unit)
			}
		}
	})
}

// TestArithmeticLikeBash makes expressions at random and asks bash.
func TestArithmeticLikeBash(t *testing.T) {
	rnd := rand.New(rand.NewSource(*seed))
	n := 500
	if *soak > 0 {
		n = *soak
	}
	exprs := make([]string, n)
	scripts := make([]string, n)
	for i := range exprs {
		exprs[i] = randomExpr(rnd, 4)
		scripts[i] = "x=7 y=-3 z=0\n{ n $(( " + exprs[i] + " )); n $x $y $z; } 2>/dev/null"
	}
	answers := ask(t, "bash", scripts)
	if answers == nil {
		t.Skip("no bash")
	}
	for i, expr := range exprs {
		e := newEnv()
		e.vars = map[string]string{"x": "7", "y": "-3", "z": "0"}
		got, err := (&Expander{Env: e}).Arith(expr)
		text := fmt.Sprintf("1:<%d>\n3:<%s><%s><%s>\n", got, e.vars["x"], e.vars["y"], e.vars["z"])
		if err != nil {
			text = ""
		}
		if text != answers[i] {
			t.Errorf("%s: %q (%v), bash %q", expr, text, err, answers[i])
		}
	}
}

func randomExpr(rnd *rand.Rand, depth int) string {
	if depth == 0 || rnd.Intn(8) == 0 {
		switch rnd.Intn(4) {
		case 0:
			return strconv.Itoa(rnd.Intn(5))
		case 1:
			return []string{"0x10", "017", "9223372036854775807", "2#11"}[rnd.Intn(4)]
		default:
			return []string{"x", "y", "z"}[rnd.Intn(3)]
		}
	}
	sub := func() string { return randomExpr(rnd, depth-1) }
	switch rnd.Intn(12) {
	case 0:
		return "(" + sub() + ")"
	case 1:
		return []string{"-", "+", "!", "~"}[rnd.Intn(4)] + " " + sub()
	case 2:
		return sub() + " ? " + sub() + " : " + sub()
	case 3:
		op := []string{"=", "+=", "-=", "*=", "&=", "|=", "^=", "/="}[rnd.Intn(8)]
		return "(" + []string{"x", "y", "z"}[rnd.Intn(3)] + op + sub() + ")"
	case 4:
		return []string{"x++", "--y", "++z", "x--"}[rnd.Intn(4)]
	default:
		ops := strings.Fields("+ - * / % << >> < > <= >= == != & | ^ && ||")
		return sub() + " " + ops[rnd.Intn(len(ops))] + " " + sub()
	}
}

func FuzzArith(f *testing.F) {
	for _, s := range []string{"1 + x * (3 << 2)", "x++ + --y ? z = 4 : 0x1f", "2#101, 64#@", "x--1", "a ? b : c ? d : e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := newEnv()
		e.vars = map[string]string{"x": "7", "y": "x+1", "z": "z"}
		x := &Expander{Env: e}
		_, err := x.Arith(s)
		var ours *Error
		if err != nil && !errors.As(err, &ours) {
			t.Fatalf("%q: %T", s, err)
		}
		if ours != nil && (ours.At < 0 || ours.At > len(ours.Expr)) {
			t.Fatalf("%q: error at %d of %q", s, ours.At, ours.Expr)
		}
		if x.depth != 0 || x.nest != 0 {
			t.Fatalf("%q: depth is left at %d, %d", s, x.depth, x.nest)
		}
	})
}
