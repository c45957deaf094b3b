package shell

import (
	"slices"
	"strings"

	"jsh/jobs"
	"jsh/shell/edit"
)

// commandWords are the words of the simple command that is not finished at the
// end of text: its name first, without quotes, assignments and the words that
// lead to a command.
func commandWords(text string) []string {
	var words []string
	begin := -1 // of the word at hand
	end := func(i int) {
		if begin >= 0 {
			words = append(words, unquote(text[begin:i]))
			begin = -1
		}
	}
	var quote byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case strings.IndexByte(" \t<>", c) >= 0, c == '&' && i > 0 && strings.IndexByte("<>", text[i-1]) >= 0:
			end(i)
		case strings.IndexByte("\n;|&()", c) >= 0:
			end(i)
			words = words[:0]
		default:
			if begin < 0 {
				begin = i
			}
			switch c {
			case '\\':
				i++
			case '\'', '"':
				quote = c
			}
		}
	}
	end(len(text))
	for len(words) > 0 {
		name, _, assign, _ := splitAssign(words[0])
		if !leadsCommand(words[0]) && !(assign && isName(name)) {
			break
		}
		words = words[1:]
	}
	return words
}

// completeOperand is what can follow the words of a builtin in the place of
// word; ok is false where that is a file.
func (r *repl) completeOperand(words []string, word string) (found []edit.Candidate, ok bool) {
	if len(words) == 0 {
		return nil, false
	}
	s := r.s
	last := words[len(words)-1]
	option := strings.HasPrefix(word, "-")
	switch words[0] {
	case "cd", "rmdir":
		return onlyDirectories(r.completeFile(word)), true
	case "kill":
		switch {
		case last == "-s" && len(words) == 2:
			return signalCandidates("", word), true
		case option && len(words) == 1:
			return signalCandidates("-", word), true
		}
		return r.completeJob(word), true
	case "fg", "bg", "jobs", "wait", "disown":
		return r.completeJob(word), true
	case "trap":
		if len(words) > 1 && !option {
			return append(addCandidate(nil, "EXIT", word), signalCandidates("", word)...), true
		}
	case "help":
		return s.helpCandidates(word), true
	case "type", "hash":
		if !strings.Contains(word, "/") {
			return r.completeCommand(word), true
		}
	case "set":
		if last == "-o" || last == "+o" {
			for i := range optionList {
				found = addCandidate(found, optionList[i].name, word)
			}
			return found, true
		}
	case "unset", "export", "readonly", "read", "local":
		if strings.Contains(word, "=") || option {
			return nil, false
		}
		if words[0] == "unset" && slices.Contains(words, "-f") {
			for n := range s.funcs {
				found = addCandidate(found, n, word)
			}
		} else {
			for n, v := range s.vars {
				if v.set {
					found = addCandidate(found, n, word)
				}
			}
		}
		sortCandidates(found)
		return found, true
	case "alias", "unalias":
		for n := range s.aliases {
			found = addCandidate(found, n, word)
		}
		sortCandidates(found)
		return found, true
	}
	return nil, false
}

func addCandidate(to []edit.Candidate, name, word string) []edit.Candidate {
	if !strings.HasPrefix(name, word) {
		return to
	}
	return append(to, edit.Candidate{Text: Quote(name), Show: name, Suffix: " "})
}

// completeJob offers each job once. By its number; by the first word of its
// command line where the user began to write that and it names one job only.
func (r *repl) completeJob(word string) []edit.Candidate {
	begun, ok := strings.CutPrefix(word, "%")
	if !ok && word != "" {
		return nil
	}
	t := r.s.jobs
	var found []edit.Candidate
	for _, j := range t.Listed() {
		spec := "%" + itoa(j.ID())
		if !strings.HasPrefix(spec, word) {
			if begun == "" || !strings.HasPrefix(j.Text, begun) {
				continue
			}
			name, _, _ := strings.Cut(j.Text, " ")
			if one, err := t.Find("%" + name); err == nil && one == j && Quote(name) == name && strings.HasPrefix(name, begun) {
				spec = "%" + name
			}
		}
		found = append(found, edit.Candidate{Text: spec, Show: spec + " (" + j.Text + ")", Suffix: " "})
	}
	return found
}

// signalCandidates are names of signals, with what stands before them.
func signalCandidates(before, word string) (found []edit.Candidate) {
	for n := 1; n <= jobs.MaxSig; n++ {
		if name := strings.TrimPrefix(jobs.SigName(n), "SIG"); name != "" && !strings.HasPrefix(name, "RT") {
			found = addCandidate(found, before+name, word)
		}
	}
	return found
}

// helpCandidates are what help has a page for.
func (s *Shell) helpCandidates(word string) (found []edit.Candidate) {
	found = addCandidate(found, "builtins", word)
	for p := range eachHelpPage {
		for n := range strings.FieldsSeq(p.names) {
			found = addCandidate(found, n, word)
		}
	}
	for n := range s.extra {
		found = addCandidate(found, n, word)
	}
	for n := range s.own {
		found = addCandidate(found, n, word)
	}
	sortCandidates(found)
	return found
}
