package shell

import (
	"sort"
	"strconv"
	"strings"
)

// listVars is what set without operands prints: all variables, fit to be read
// back, in the order of their names.
func (s *Shell) listVars() string {
	return s.listWhere("", func(v *variable) bool { return v.set })
}

func (s *Shell) listWhere(prefix string, want func(*variable) bool) string {
	names := make([]string, 0, len(s.vars))
	for n, v := range s.vars {
		if want(v) {
			names = append(names, n)
		}
	}
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		b.WriteString(prefix + n)
		if v := s.vars[n]; v.set {
			b.WriteString("=" + Quote(v.value))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// splitAssign takes NAME=value or NAME+=value apart.
func splitAssign(w string) (name, value string, assign, add bool) {
	i := strings.IndexByte(w, '=')
	if i < 0 {
		return w, "", false, false
	}
	if i > 0 && w[i-1] == '+' {
		return w[:i-1], w[i+1:], true, true
	}
	return w[:i], w[i+1:], true, false
}

// builtinExport is export and readonly.
func builtinExport(s *Shell, args []string) int {
	name := args[0]
	ro := name == "readonly"
	a := args[1:]
	list := len(a) == 0
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		if w != "-p" {
			return s.usage(name, w+": no such option (there is -p)")
		}
		list = len(a) == 0
	}
	if list {
		return s.outString(name, s.listWhere(name+" ", func(v *variable) bool {
			return v.export && !ro || v.readonly && ro
		}))
	}
	status := 0
	for _, w := range a {
		n, value, assign, add := splitAssign(w)
		if !isName(n) {
			status = s.usage(name, n+": not a name for a variable (letters, digits and _ make one)")
			continue
		}
		if assign {
			if add {
				old, _ := s.get(n)
				value = old + value
			}
			if err := s.set(n, value); err != nil {
				s.specialFailed = true
				s.complain(name + ": " + err.Error())
				status = 1
				continue
			}
		}
		s.mark(n, !ro, ro)
	}
	return status
}

func builtinLocal(s *Shell, args []string) int {
	if len(s.frames) == 0 {
		if s.calls == 0 {
			s.complain("local: only means something in a function")
			return 1
		}
		// A subshell of a function, in a process of its own: it ends before
		// the function does, so nothing is to be brought back.
		s.frames = append(s.frames, &frame{args: s.args})
	}
	for _, w := range args[1:] {
		n, value, assign, _ := splitAssign(w)
		if !isName(n) {
			return s.usage("local", n+": not a name for a variable")
		}
		if v := s.vars[n]; v != nil && v.readonly {
			s.complain("local: " + readonlyError{n}.Error())
			return 1
		}
		s.local(n)
		if assign {
			if err := s.set(n, value); err != nil {
				s.complain("local: " + err.Error())
				return 1
			}
		}
	}
	return 0
}

func builtinUnset(s *Shell, args []string) int {
	a := args[1:]
	funcs := false
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		switch w {
		case "-f":
			funcs = true
		case "-v":
			funcs = false
		default:
			return s.usage("unset", w+": no such option (there are -v variable, -f function)")
		}
	}
	status := 0
	for _, n := range a {
		if funcs {
			delete(s.funcs, n)
			continue
		}
		if !isName(n) {
			status = s.usage("unset", n+": not a name for a variable")
			continue
		}
		if err := s.unset(n); err != nil {
			s.specialFailed = true
			s.complain("unset: " + err.Error())
			status = 1
		}
	}
	return status
}

func builtinAlias(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && (a[0] == "--" || a[0] == "-p") {
		a = a[1:]
	}
	show := func(n string) string { return n + "=" + quoteAlways(s.aliases[n]) + "\n" }
	if len(a) == 0 {
		names := make([]string, 0, len(s.aliases))
		for n := range s.aliases {
			names = append(names, n)
		}
		sort.Strings(names)
		var b strings.Builder
		for _, n := range names {
			b.WriteString(show(n))
		}
		return s.outString("alias", b.String())
	}
	status := 0
	for _, w := range a {
		if i := strings.IndexByte(w, '='); i > 0 {
			if strings.ContainsAny(w[:i], " \t\n'\"\\$`/<>|&;()") {
				s.complain("alias: " + w[:i] + ": cannot be the name of an alias")
				status = 1
				continue
			}
			s.aliases[w[:i]] = w[i+1:]
			continue
		}
		if _, ok := s.aliases[w]; !ok {
			s.complain("alias: " + w + ": no such alias")
			status = 1
			continue
		}
		s.outString("alias", show(w))
	}
	return status
}

func quoteAlways(v string) string { return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'" }

func builtinUnalias(s *Shell, args []string) int {
	a := args[1:]
	if len(a) > 0 && a[0] == "-a" {
		clear(s.aliases)
		return 0
	}
	if len(a) > 0 && a[0] == "--" {
		a = a[1:]
	}
	if len(a) == 0 {
		return s.usage("unalias", "the name of an alias is missing (-a removes all)")
	}
	status := 0
	for _, n := range a {
		if _, ok := s.aliases[n]; !ok {
			s.complain("unalias: " + n + ": no such alias")
			status = 1
		}
		delete(s.aliases, n)
	}
	return status
}

// builtinGetopts is getopts (POSIX): OPTIND counts arguments, optionPos the
// letters within one.
func builtinGetopts(s *Shell, args []string) int {
	if len(args) < 3 {
		return s.usage("getopts", "call it as: getopts OPTSTRING NAME [ARG…]")
	}
	opts, name := args[1], args[2]
	if !isName(name) {
		return s.usage("getopts", name+": not a name for a variable")
	}
	list := s.args
	if len(args) > 3 {
		list = args[3:]
	}
	quiet := strings.HasPrefix(opts, ":")
	ind, err := strconv.Atoi(s.Var("OPTIND"))
	if err != nil || ind < 1 {
		ind = 1
	}
	finish := func(value string, next int, status int) int {
		pos := s.optionPos
		for _, e := range []error{s.set("OPTIND", itoa(next)), s.set(name, value)} {
			if e != nil {
				s.complain("getopts: " + e.Error())
				status = 1
			}
		}
		s.optionPos = pos
		return status
	}
	if ind > len(list) {
		s.optionPos = 1
		s.unset("OPTARG")
		return finish("?", len(list)+1, 1)
	}
	w := list[ind-1]
	if s.optionPos == 1 || s.optionPos >= len(w) {
		s.optionPos = 1
		if len(w) < 2 || w[0] != '-' {
			s.unset("OPTARG")
			return finish("?", ind, 1)
		}
		if w == "--" {
			s.unset("OPTARG")
			return finish("?", ind+1, 1)
		}
	}
	c := w[s.optionPos]
	s.optionPos++
	at := strings.IndexByte(strings.TrimPrefix(opts, ":"), c)
	if at < 0 || c == ':' {
		if s.optionPos >= len(w) {
			s.optionPos, ind = 1, ind+1
		}
		if quiet {
			s.set("OPTARG", string(c))
		} else {
			s.unset("OPTARG")
			s.say(s.name + ": -" + string(c) + ": no such option")
		}
		return finish("?", ind, 0)
	}
	takes := strings.HasPrefix(strings.TrimPrefix(opts, ":")[at+1:], ":")
	if !takes {
		s.unset("OPTARG")
		if s.optionPos >= len(w) {
			s.optionPos, ind = 1, ind+1
		}
		return finish(string(c), ind, 0)
	}
	value := w[s.optionPos:]
	s.optionPos = 1
	ind++
	if value == "" {
		if ind > len(list) {
			if quiet {
				s.set("OPTARG", string(c))
				return finish(":", ind, 0)
			}
			s.unset("OPTARG")
			s.say(s.name + ": -" + string(c) + ": its argument is missing")
			return finish("?", ind, 0)
		}
		value = list[ind-1]
		ind++
	}
	s.set("OPTARG", value)
	return finish(string(c), ind, 0)
}
