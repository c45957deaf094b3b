package expand

import "strings"

// unquoted adds unquoted literal text with its tilde-prefixes expanded (2.6.1).
// tilde says that one may stand at its beginning, last that the word ends after
// it. It returns whether one may stand right after it.
func (r *run) unquoted(s string, k kind, tilde, last bool) bool {
	for {
		if tilde && s != "" && s[0] == '~' {
			if n, dir, ok := r.tilde(s, last); ok {
				if dir == "" {
					r.mark(null)
				}
				r.add(dir, quo)
				s = s[n:]
			}
		}
		if !r.assign {
			r.add(s, k)
			return false
		}
		n := strings.IndexByte(s, ':')
		if n < 0 {
			r.add(s, k)
			return false
		}
		r.add(s[:n+1], k)
		s = s[n+1:]
		tilde = true
		if s == "" {
			return true
		}
	}
}

// tilde reads the tilde-prefix at the beginning of s and tells the directory it
// stands for. A name that nobody has, and ~ while HOME is unset, stay as they
// are. ~+ and ~- are PWD and OLDPWD, as in bash.
func (r *run) tilde(s string, last bool) (n int, dir string, ok bool) {
	for n = 1; n < len(s) && s[n] != '/' && (s[n] != ':' || !r.assign); n++ {
	}
	if n == len(s) && !last {
		return 0, "", false // a quote or an expansion is part of the prefix
	}
	switch name := s[1:n]; name {
	case "":
		dir, ok = r.x.Env.Get("HOME")
	case "+":
		dir, ok = r.x.Env.Get("PWD")
	case "-":
		dir, ok = r.x.Env.Get("OLDPWD")
	default:
		dir, ok = r.x.Env.HomeOf(name)
	}
	if ok && n < len(s) && s[n] == '/' {
		dir = strings.TrimSuffix(dir, "/")
	}
	return n, dir, ok
}
