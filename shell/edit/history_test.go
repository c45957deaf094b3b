package edit

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

func lines(e *Editor) (out []string) {
	for _, entry := range e.Entries() {
		out = append(out, entry.Line)
	}
	return out
}

func withFile(t *testing.T, path string, size int) *Editor {
	t.Helper()
	e, err := New(Config{HistoryFile: path, HistorySize: size, Wake: -1})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestHistory(t *testing.T) {
	t.Run("blank lines, repeated ones and those that begin with a blank are not kept", func(t *testing.T) {
		e, _ := New(Config{})
		for _, l := range []string{"a", "a", " b", "", " \n", "c", "a"} {
			e.AddHistory(l)
		}
		if got := strings.Join(lines(e), "|"); got != "a|c|a" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("HISTCONTROL decides", func(t *testing.T) {
		for control, want := range map[string]string{
			"": "a|a| b|a", "ignoredups": "a| b|a", "ignorespace": "a|a|a", "erasedups": " b|a", "ignorespace:erasedups": "a",
		} {
			e, _ := New(Config{HistControl: func() string { return control }})
			for _, l := range []string{"a", "a", " b", "a"} {
				e.AddHistory(l)
			}
			if got := strings.Join(lines(e), "|"); got != want {
				t.Errorf("%s: got %s, want %s", control, got, want)
			}
		}
	})
	t.Run("numbers go on when the oldest entries are dropped", func(t *testing.T) {
		e, _ := New(Config{HistorySize: 2})
		for _, l := range []string{"a", "b", "c"} {
			e.AddHistory(l)
		}
		if got := fmt.Sprint(e.Entries()); got != "[{2 b} {3 c}]" {
			t.Errorf("got %s", got)
		}
		if e.DeleteEntry(1) || !e.DeleteEntry(2) || fmt.Sprint(e.Entries()) != "[{3 c}]" {
			t.Errorf("after deleting: %v", e.Entries())
		}
	})
	t.Run("the file brings back every byte, newlines and backslashes too", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "history")
		want := []string{"plain", "two\nlines", `a\nb`, `\\`, "x\xff\x01", `end\`, "\n\nx\\\n\\n"}
		e := withFile(t, path, 100)
		for _, l := range want {
			if err := e.AddHistory(l); err != nil {
				t.Fatal(err)
			}
		}
		want[len(want)-1] = "\n\nx\\\n\\n"
		if got := lines(withFile(t, path, 100)); strings.Join(got, "|") != strings.Join(want[:6], "|") && strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("got %q, want %q", got, want)
		}
		if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
			t.Errorf("the file's mode is %v", st.Mode())
		}
	})
	t.Run("several shells at once lose no entry and mix none", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "history")
		var wg sync.WaitGroup
		for w := range 8 {
			e := withFile(t, path, 1000)
			wg.Go(func() {
				for i := range 50 {
					if err := e.AddHistory(fmt.Sprintf("%d %d %s\nend", w, i, strings.Repeat("x", 100*w))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		got := lines(withFile(t, path, 1000))
		if len(got) != 400 {
			t.Errorf("%d entries of 400", len(got))
		}
		for _, l := range got {
			var w, i int
			fmt.Sscanf(l, "%d %d", &w, &i)
			if l != fmt.Sprintf("%d %d %s\nend", w, i, strings.Repeat("x", 100*w)) {
				t.Errorf("a mixed entry: %q", l)
			}
		}
	})
	t.Run("an entry whose end is missing does not swallow the next", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "history")
		os.WriteFile(path, []byte("one\ntorn"), 0o600)
		withFile(t, path, 10).AddHistory("two")
		if got := strings.Join(lines(withFile(t, path, 10)), "|"); got != "one|torn|two" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("a file that has grown too long is cut, through a link too", func(t *testing.T) {
		dir := t.TempDir()
		path, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
		var b strings.Builder
		for i := range 30 {
			fmt.Fprintln(&b, i)
		}
		os.WriteFile(path, []byte(b.String()), 0o600)
		os.Symlink("real", link)
		if got := strings.Join(lines(withFile(t, link, 3)), " "); got != "27 28 29" {
			t.Errorf("got %s", got)
		}
		if data, _ := os.ReadFile(path); string(data) != "27\n28\n29\n" {
			t.Errorf("the file holds %q", data)
		}
		if to, _ := os.Readlink(link); to != "real" {
			t.Errorf("the link leads to %q", to)
		}
	})
	t.Run("a file that cannot be written is told once, and the entries stay", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "no", "history")
		e := withFile(t, path, 10)
		if err := e.AddHistory("a"); !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), path) {
			t.Errorf("the first time: %v", err)
		}
		if err := e.AddHistory("b"); err != nil {
			t.Errorf("the second time: %v", err)
		}
		if got := strings.Join(lines(e), "|"); got != "a|b" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("/dev/null and a directory do no harm", func(t *testing.T) {
		if err := withFile(t, "/dev/null", 10).AddHistory("a"); err != nil {
			t.Error(err)
		}
		dir := t.TempDir()
		e, _ := New(Config{HistoryFile: dir, Wake: -1})
		if err := e.AddHistory("a"); err == nil {
			t.Error("a directory was written to")
		}
	})
	t.Run("a full disk leaves no torn entry", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "history")
		os.WriteFile(path, []byte("one\n"), 0o600)
		var old unix.Rlimit
		unix.Getrlimit(unix.RLIMIT_FSIZE, &old)
		signalIgnored := ignoreXFSZ()
		defer signalIgnored()
		unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 8, Max: old.Max})
		err := withFile(t, path, 10).AddHistory("longer than four")
		unix.Setrlimit(unix.RLIMIT_FSIZE, &old)
		if err == nil {
			t.Error("no error")
		}
		if data, _ := os.ReadFile(path); string(data) != "one\n" {
			t.Errorf("the file holds %q", data)
		}
	})
}

func TestLastWord(t *testing.T) {
	for line, want := range map[string]string{
		"": "", "a": "a", "a b ": "b", `a "b c"`: `"b c"`, "a 'b c'd": "'b c'd", `a b\ c`: `b\ c`, "a >f": "f", "a;b&&c|d": "d",
		"a &": "&", `a "x\"y z`: `"x\"y z`, `a \`: `\`,
	} {
		if got := lastWord(line); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}

func FuzzEntry(f *testing.F) {
	f.Add("a\\n\n\\")
	f.Fuzz(func(t *testing.T, line string) {
		enc := encodeEntry(line)
		if strings.Contains(enc, "\n") || decodeEntry(enc) != line {
			t.Errorf("%q became %q became %q", line, enc, decodeEntry(enc))
		}
	})
}

// ignoreXFSZ keeps the limit's signal from ending the test.
func ignoreXFSZ() (undo func()) {
	signal.Ignore(unix.SIGXFSZ)
	return func() { signal.Reset(unix.SIGXFSZ) }
}
