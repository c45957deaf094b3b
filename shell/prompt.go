package shell

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jsh/parser"
	"jsh/pgroup"
	"jsh/shell/edit"
)

// promptString is a prompt ready to be shown: PS1, PS2 and PS4 are expanded as
// parameters (POSIX 2.5.3). Of the escapes that people bring from bash those
// for directory, user, host, time and $ are known.
func (s *Shell) promptString(name string) string {
	v, _ := s.get(name)
	if strings.IndexByte(v, '\\') >= 0 {
		v = s.promptEscapes(v)
	}
	if strings.ContainsAny(v, "$`") {
		status := s.status
		defer func() { s.status = status }()
		prog, err := parser.Parse(name, "<<EOF\n"+v+"\nEOF\n", parser.Options{})
		if err != nil {
			return v
		}
		sc, ok := s.onlyCommand(prog).(*parser.Simple)
		if !ok || len(sc.Redirs) != 1 || sc.Redirs[0].Here == nil {
			return v
		}
		s.syncOpts()
		s.x.Opts.NoUnset = false
		text, err := s.x.HereDoc(sc.Redirs[0].Here)
		if err != nil {
			return v
		}
		v = strings.TrimSuffix(text, "\n")
	}
	return v
}

// promptEscapes replaces bash's backslash escapes in a prompt. \[ and \] go:
// the line editor sees by itself what takes no room.
func (s *Shell) promptEscapes(v string) string {
	var b strings.Builder
	for i := 0; i < len(v); i++ {
		if v[i] != '\\' || i+1 == len(v) {
			b.WriteByte(v[i])
			continue
		}
		i++
		switch v[i] {
		case 'w', 'W':
			dir := s.Var("PWD")
			if home := s.Var("HOME"); home != "" && home != "/" && (dir == home || strings.HasPrefix(dir, home+"/")) {
				dir = "~" + dir[len(home):]
			}
			if v[i] == 'W' && dir != "/" && dir != "~" {
				dir = dir[strings.LastIndexByte(dir, '/')+1:]
			}
			b.WriteString(literal(dir))
		case 'u':
			b.WriteString(literal(userName()))
		case 'h', 'H':
			name := hostName()
			if v[i] == 'h' {
				name, _, _ = strings.Cut(name, ".")
			}
			b.WriteString(literal(name))
		case 's':
			b.WriteString("jsh")
		case 't', 'T', 'A', '@':
			b.WriteString(time.Now().Format(map[byte]string{'t': "15:04:05", 'T': "03:04:05", 'A': "15:04", '@': "03:04 PM"}[v[i]]))
		case 'j':
			b.WriteString(itoa(len(s.jobs.Listed())))
		case '$':
			b.WriteString(map[bool]string{true: "#", false: `\$`}[unix.Geteuid() == 0])
		case 'n':
			b.WriteByte('\n')
		case 'e':
			b.WriteByte(0x1b)
		case 'a':
			b.WriteByte(7)
		case '[', ']':
		case '\\':
			b.WriteString(`\\`)
		default:
			b.WriteString(`\` + string(v[i]))
		}
	}
	return b.String()
}

// literal protects text from the expansion that follows.
func literal(t string) string {
	if !strings.ContainsAny(t, "\\$`") {
		return t
	}
	return strings.NewReplacer(`\`, `\\`, `$`, `\$`, "`", "\\`").Replace(t)
}

func hostName() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Nodename[:])
}

// openEditor makes the line editor on the shell's terminal, or a plain reader
// where there is none or it is dumb.
func (r *repl) openEditor() {
	s := r.s
	if s.tty < 0 {
		s.openTerminal()
	}
	cfg := edit.Config{
		TTY: s.fds.at(0), Out: s.fds.at(2), Wake: s.wake, OnWake: r.onWake, Complete: r.complete,
		HistControl: func() string {
			if v, ok := s.get("HISTCONTROL"); ok {
				return v
			}
			return "ignoreboth"
		},
		NoColor: s.Var("NO_COLOR") != "",
	}
	term := s.Var("TERM")
	cfg.Dumb = term == "" || term == "dumb" || cfg.TTY == closed || !pgroup.IsTerminal(cfg.TTY)
	if !cfg.Dumb {
		if !pgroup.IsTerminal(cfg.Out) {
			cfg.Out = s.tty
		}
	}
	cfg.HistoryFile, cfg.HistorySize = s.historyFile()
	ed, err := edit.New(cfg)
	if err != nil {
		s.complain(err.Error())
	}
	r.ed = ed
	r.watchVisitor()
}

// historyFile is where the history is kept, and how many entries count: HISTFILE
// and HISTSIZE, or what they mean when unset.
func (s *Shell) historyFile() (path string, size int) {
	path, ok := s.get("HISTFILE")
	if home := s.Var("HOME"); !ok && home != "" {
		path = home + "/.jsh_history"
	}
	size, _ = strconv.Atoi(s.Var("HISTSIZE"))
	return path, size
}
