package shell

import (
	"slices"
	"sort"
	"strings"

	"golang.org/x/sys/unix"

	"jsh/shell/edit"
)

// complete tells what can stand where the cursor is: a command at the place of
// one, a variable after $, what a builtin takes after its name, else a file.
func (r *repl) complete(line string, cursor int) (start int, found []edit.Candidate) {
	start = wordStart(line[:cursor])
	before, word := line[:start], line[start:cursor]
	if i := strings.LastIndexByte(word, '$'); i >= 0 && isNamePart(strings.TrimPrefix(word[i+1:], "{")) {
		return r.completeVariable(start+i, word[i:])
	}
	if commandPlace(before) && !strings.Contains(word, "/") {
		return start, r.completeCommand(word)
	}
	if t := strings.TrimRight(before, " \t"); !strings.HasSuffix(t, "<") && !strings.HasSuffix(t, ">") {
		if found, ok := r.completeOperand(commandWords(before), word); ok {
			return start, found
		}
	}
	return start, r.completeFile(word)
}

func isNamePart(t string) bool { return t == "" || isName(t) }

// wordStart is where the word before the end of text begins: after the last
// blank or operator that no quote protects.
func wordStart(text string) int {
	start := 0
	var quote byte
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\\':
			i++
		case c == '\'' || c == '"':
			quote = c
		case strings.IndexByte(" \t\n;|&()<>", c) >= 0:
			start = i + 1
		}
	}
	return min(start, len(text))
}

// commandPlace tells whether a word after text would be a command's name.
func commandPlace(text string) bool {
	t := strings.TrimRight(text, " \t")
	if t == "" || strings.IndexByte(";|&(\n{!", t[len(t)-1]) >= 0 {
		return true
	}
	return leadsCommand(t[wordStart(t):])
}

// leadsCommand tells whether a command's name comes after the word.
func leadsCommand(word string) bool {
	switch word {
	case "then", "do", "else", "elif", "if", "while", "until", "time", "!", "{", "command", "exec", "sudo", "nohup", "setsid":
		return true
	}
	return false
}

func (r *repl) completeVariable(start int, word string) (int, []edit.Candidate) {
	open := "$"
	name := word[1:]
	if strings.HasPrefix(name, "{") {
		open, name = "${", name[1:]
	}
	var found []edit.Candidate
	for n, v := range r.s.vars {
		if v.set && strings.HasPrefix(n, name) {
			c := edit.Candidate{Text: open + n, Show: n}
			if open == "${" {
				c.Text += "}"
			}
			found = append(found, c)
		}
	}
	sortCandidates(found)
	return start, found
}

func (r *repl) completeCommand(word string) []edit.Candidate {
	s := r.s
	seen := map[string]bool{}
	var found []edit.Candidate
	add := func(n string) {
		if strings.HasPrefix(n, word) && !seen[n] {
			seen[n] = true
			found = append(found, edit.Candidate{Text: Quote(n), Show: n, Suffix: " "})
		}
	}
	for n := range builtins {
		add(n)
	}
	for n := range s.extra {
		add(n)
	}
	for n := range s.own {
		add(n)
	}
	for n := range s.funcs {
		add(n)
	}
	for n := range s.aliases {
		add(n)
	}
	for n := range reserved {
		add(n)
	}
	for dir := range strings.SplitSeq(s.Var("PATH"), ":") {
		for _, n := range listDir(dir) {
			if strings.HasPrefix(n, word) && !seen[n] && isExecutable(strings.TrimSuffix(dir, "/")+"/"+n) {
				add(n)
			}
		}
	}
	if word == "" && len(found) == 0 {
		return nil
	}
	sortCandidates(found)
	return append(found, r.directories(word)...)
}

// directories are candidates at the place of a command: ./ and below lead to
// programs.
func (r *repl) directories(word string) []edit.Candidate {
	if word == "" {
		return nil
	}
	return onlyDirectories(r.completeFile(word))
}

func onlyDirectories(found []edit.Candidate) []edit.Candidate {
	return slices.DeleteFunc(found, func(c edit.Candidate) bool { return c.Suffix != "/" })
}

func (r *repl) completeFile(word string) []edit.Candidate {
	plainWord := unquote(word)
	dir, base := "", plainWord
	if i := strings.LastIndexByte(plainWord, '/'); i >= 0 {
		dir, base = plainWord[:i+1], plainWord[i+1:]
	}
	where, keep := dir, Quote(dir)
	if dir == "" {
		where, keep = ".", ""
	}
	if strings.HasPrefix(dir, "~") {
		user, rest, _ := strings.Cut(dir[1:], "/")
		home, ok := homeOf(user)
		if user == "" {
			home, ok = r.s.get("HOME")
		}
		if ok {
			where, keep = home+"/"+rest, "~"+user+"/"+quoteNonEmpty(rest)
		}
	}
	var found []edit.Candidate
	for _, n := range listDir(where) {
		if !strings.HasPrefix(n, base) || base == "" && strings.HasPrefix(n, ".") {
			continue
		}
		c := edit.Candidate{Text: keep + Quote(n), Show: n, Suffix: " "}
		var st unix.Stat_t
		if unix.Stat(strings.TrimSuffix(where, "/")+"/"+n, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR {
			c.Show, c.Suffix = n+"/", "/"
		}
		found = append(found, c)
	}
	sortCandidates(found)
	return found
}

func quoteNonEmpty(t string) string {
	if t == "" {
		return ""
	}
	return Quote(t)
}

// unquote takes the quoting off a word that may be unfinished.
func unquote(w string) string {
	var b strings.Builder
	var quote byte
	for i := 0; i < len(w); i++ {
		c := w[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case c == '\\' && quote != '\'' && i+1 < len(w):
			i++
			b.WriteByte(w[i])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func sortCandidates(cs []edit.Candidate) {
	sort.Slice(cs, func(i, j int) bool { return cs[i].Show < cs[j].Show })
}
