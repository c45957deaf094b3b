package shell

import (
	"strings"

	"golang.org/x/sys/unix"
)

// builtinCd is cd (POSIX.1-2024, cd) with -L, -P and -e.
func builtinCd(s *Shell, args []string) int {
	a := args[1:]
	physical, check := false, false
	for len(a) > 0 && len(a[0]) > 1 && a[0][0] == '-' {
		w := a[0]
		a = a[1:]
		if w == "--" {
			break
		}
		for _, c := range w[1:] {
			switch c {
			case 'L':
				physical = false
			case 'P':
				physical = true
			case 'e':
				check = true
			default:
				return s.usage("cd", "-"+string(c)+": no such option (there are -L, -P and -e)")
			}
		}
	}
	if len(a) > 1 {
		return s.usage("cd", "only one directory can be the working directory")
	}
	dir, show := "", false
	switch {
	case len(a) == 0:
		if dir = s.Var("HOME"); dir == "" {
			s.complain("cd: HOME is not set; where to?")
			return 1
		}
	case a[0] == "-":
		if dir = s.Var("OLDPWD"); dir == "" {
			s.complain("cd: OLDPWD is not set: there is no directory to go back to")
			return 1
		}
		show = true
	case a[0] == "":
		s.complain("cd: the name of the directory is empty")
		return 1
	default:
		dir = a[0]
	}
	target := dir
	if !strings.HasPrefix(dir, "/") && dir != "." && dir != ".." && !strings.HasPrefix(dir, "./") && !strings.HasPrefix(dir, "../") {
		if path := s.Var("CDPATH"); path != "" {
			for d := range strings.SplitSeq(path, ":") {
				p := dir
				if d != "" {
					p = strings.TrimSuffix(d, "/") + "/" + dir
				}
				var st unix.Stat_t
				if unix.Stat(p, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR {
					target = p
					show = show || d != ""
					break
				}
			}
		}
	}
	old := s.Var("PWD")
	logical := target
	if !physical {
		if !strings.HasPrefix(logical, "/") && old != "" {
			logical = strings.TrimSuffix(old, "/") + "/" + logical
		}
		logical = cleanLogical(logical)
		target = logical
	}
	if err := unix.Chdir(target); err != nil {
		s.complain("cd: " + dir + ": " + errnoText(err))
		return 1
	}
	now := logical
	if physical || !strings.HasPrefix(now, "/") {
		wd, err := unix.Getwd()
		if err != nil {
			s.complain("cd: the new directory has no name that can be found: " + errnoText(err))
			if check {
				return 1
			}
		} else {
			now = wd
		}
	}
	if err := s.set("OLDPWD", old); err != nil {
		s.complain("cd: " + err.Error())
	}
	if err := s.set("PWD", now); err != nil {
		s.complain("cd: " + err.Error())
	}
	if show {
		return s.outString("cd", now+"\n")
	}
	return 0
}

// cleanLogical takes . and .. out of an absolute path by its text (cd -L,
// step 8), where what stands before .. is a directory.
func cleanLogical(p string) string {
	if !strings.HasPrefix(p, "/") {
		return p
	}
	var parts []string
	for c := range strings.SplitSeq(p, "/") {
		switch c {
		case "", ".":
		case "..":
			var st unix.Stat_t
			if len(parts) > 0 && unix.Stat("/"+strings.Join(parts, "/"), &st) != nil {
				return p // let chdir say what is wrong
			}
			if len(parts) > 0 {
				parts = parts[:len(parts)-1]
			}
		default:
			parts = append(parts, c)
		}
	}
	return "/" + strings.Join(parts, "/")
}

func builtinPwd(s *Shell, args []string) int {
	physical := false
	for _, w := range args[1:] {
		switch w {
		case "-L":
			physical = false
		case "-P":
			physical = true
		case "--":
		default:
			return s.usage("pwd", w+": it takes no operands (there are -L and -P)")
		}
	}
	dir := s.Var("PWD")
	if physical || !goodPWD(dir) {
		wd, err := unix.Getwd()
		if err != nil {
			s.complain("pwd: the working directory has no name that can be found: " + errnoText(err))
			return 1
		}
		dir = wd
	}
	return s.outString("pwd", dir+"\n")
}
