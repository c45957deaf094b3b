package homework

import (
	"path/filepath"
	"strings"
)

// NameOf is the learner whose file it is: the name of the file without its ending,
// and of one as lesson hand-in calls it, USER_LESSON_DATE.jsh-log, USER.
func NameOf(file string) string {
	base := filepath.Base(file)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	if filepath.Ext(base) != ".jsh-log" {
		return name
	}
	rest, date, ok := cutLast(name, "_")
	if !ok || len(date) < len("2026-11-25") || strings.Trim(date, "0123456789-()~ ") != "" {
		return name
	}
	if user, _, ok := cutLast(rest, "_"); ok && user != "" {
		return user
	}
	return name
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
