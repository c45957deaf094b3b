package expand

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"jsh/parser"
)

// fakeEnv is a shell of variables and positional parameters.
type fakeEnv struct {
	vars     map[string]string
	readonly map[string]bool
	args     []string
	homes    map[string]string
	gets     int
	subst    func(*parser.CmdSubst) ([]byte, error)
}

func newEnv() *fakeEnv {
	return &fakeEnv{vars: map[string]string{}, readonly: map[string]bool{}}
}

var errReadonly = errors.New("is read only")

func (e *fakeEnv) Get(name string) (string, bool) {
	e.gets++
	v, ok := e.vars[name]
	return v, ok
}

func (e *fakeEnv) Set(name, value string) error {
	if e.readonly[name] {
		return errReadonly
	}
	e.vars[name] = value
	return nil
}

func (e *fakeEnv) Special(c byte) (string, bool) {
	switch c {
	case '#':
		return fmt.Sprint(len(e.args)), true
	case '!':
		return "", false
	case '?':
		return "0", true
	case '$':
		return "4711", true
	case '-':
		return "hu", true
	}
	return "sh", true
}

func (e *fakeEnv) Args() []string { return e.args }

func (e *fakeEnv) HomeOf(user string) (string, bool) {
	dir, ok := e.homes[user]
	return dir, ok
}

func (e *fakeEnv) CmdSubst(cs *parser.CmdSubst) ([]byte, error) {
	if e.subst != nil {
		return e.subst(cs)
	}
	cmd := exec.Command("sh", "-c", cs.Source)
	for k, v := range e.vars {
		if k != "IFS" && k != "PATH" {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
	}
	return cmd.Output()
}

// runScript runs simple commands: assignments, set --, set -/+uf, unset and
// cat with a here-document, and n, which writes the number of its operands and each of them.
func runScript(e *fakeEnv, src string) (string, error) {
	x := &Expander{Env: e}
	var out strings.Builder
	prog, err := parser.Parse("test", src, parser.Options{})
	if err != nil {
		return "", err
	}
	for _, st := range prog.Stmts {
		c := st.Pipelines[0].Cmds[0].(*parser.Simple)
		words, err := x.Fields(c.Words)
		if err != nil {
			return out.String(), err
		}
		for _, a := range c.Assigns {
			v, err := x.Assign(a.Value)
			if err != nil {
				return out.String(), err
			}
			if err = e.Set(a.Name, v); err != nil {
				return out.String(), err
			}
		}
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "n":
			fmt.Fprintf(&out, "%d:", len(words)-1)
			for _, w := range words[1:] {
				fmt.Fprintf(&out, "<%s>", w)
			}
			out.WriteByte('\n')
		case "cat":
			body, err := x.HereDoc(c.Redirs[0].Here)
			if err != nil {
				return out.String(), err
			}
			out.WriteString(body)
		case "unset":
			for _, n := range words[1:] {
				delete(e.vars, n)
			}
		case "readonly":
			for _, n := range words[1:] {
				e.readonly[n] = true
			}
		case "set":
			switch words[1] {
			case "--":
				e.args = words[2:]
			case "-u", "+u":
				x.Opts.NoUnset = words[1] == "-u"
			case "-f", "+f":
				x.Opts.NoGlob = words[1] == "-f"
			}
		default:
			return "", fmt.Errorf("no such command in the test: %q", words[0])
		}
	}
	return out.String(), nil
}

// word reads one word.
func word(t testing.TB, src string) *parser.Word {
	t.Helper()
	prog, err := parser.Parse("test", "n "+src, parser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return prog.Stmts[0].Pipelines[0].Cmds[0].(*parser.Simple).Words[1]
}
