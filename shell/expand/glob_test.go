package expand

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"jsh/parser"
)

// makeTree makes files, directories (those that end in a slash) and symbolic
// links (name -> target) in the working directory.
func makeTree(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		var err error
		switch {
		case isLink:
			err = os.Symlink(target, link)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(name, 0o777)
		default:
			if dir := filepath.Dir(name); dir != "." {
				err = os.MkdirAll(dir, 0o777)
			}
			if err == nil {
				err = os.WriteFile(name, nil, 0o666)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// 2.6.6 and 2.14.3: pathname expansion.
func TestPathnameExpansion(t *testing.T) {
	t.Chdir(t.TempDir())
	makeTree(t, "a*b", "axb", `a\b`, "d1/f", "d1/.h", "d2/f", "d2/g", "d2/sub/f", ".hid", ".hdir/f", "[", "]x", "q[x", "q[ab]", "-",
		"dangling -> nowhere", "link -> d1", "é", "è", "\xff", "Z", "sp ace")
	check(t, []rule{
		{"* matches all names that have no leading period, in the order of their bytes",
			"n *", "17:<-><Z><[><]x><a*b><a\\b><axb><d1><d2><dangling><link><q[ab]><q[x><sp ace><è><é><\xff>\n", nil},
		{"a period at the beginning is matched by a period only", "n .h*; n ?hid; n [.]hid; n [!a]hid; n d1/*; n d1/.*",
			"2:<.hdir><.hid>\n1:<?hid>\n1:<[.]hid>\n1:<[!a]hid>\n1:<d1/f>\n1:<d1/.h>\n",
			map[string]string{"dash": "2:<.hdir><.hid>\n1:<?hid>\n1:<[.]hid>\n1:<[!a]hid>\n1:<d1/f>\n3:<d1/.><d1/..><d1/.h>\n"}},
		{". and .. are never matched by a pattern", "n .*", "2:<.hdir><.hid>\n",
			map[string]string{"dash": "4:<.><..><.hdir><.hid>\n"}},
		{". and .. in the pattern are names like others", "n ./d?; n */../d1; n d1/.; n d*/.", "2:<./d1><./d2>\n3:<d1/../d1><d2/../d1><link/../d1>\n1:<d1/.>\n2:<d1/.><d2/.>\n", nil},
		{"a quoted glob character stands for itself", `n "*" '?' \* a"*"b a\** a'*'*; x='*'; n "$x" "a$x"`, "6:<*><?><*><a*b><a*b><a*b>\n2:<*><a*>\n", nil},
		{"a pattern from an unquoted expansion is live", "x='a*b'; n $x; n ${u-a*b}; n $(echo 'd?'); n d$((1))*", "3:<a*b><a\\b><axb>\n3:<a*b><a\\b><axb>\n2:<d1><d2>\n1:<d1>\n", nil},
		{"a backslash from an expansion escapes, and stays where nothing matches",
			`x='a\*b'; n $x; x='a\**'; n $x; x='a\\*'; n $x; x='no\**'; n $x; x='a\x*'; n $x; x='d\1/*'; n $x; x='a*\'; n $x`,
			"1:<a\\*b>\n1:<a*b>\n1:<a\\b>\n1:<no\\**>\n1:<axb>\n1:<d1/f>\n1:<a*\\>\n", nil},
		{"a backslash from an expansion before a slash is dropped where names match", `x='d*\/f'; n $x`, "2:<d1/f><d2/f>\n",
			map[string]string{"bash": "1:<d*\\/f>\n"}},
		{"a word that matches nothing stays, without its quotes", `n no* "no"* no'*'* d1/no* no/* no\*?`, "6:<no*><no*><no**><d1/no*><no/*><no*?>\n", nil},
		{"a slash is matched by a slash only", "n d1?f d1[/]f; n d*f; n d*/f; n */sub/*", "2:<d1?f><d1[/]f>\n1:<d*f>\n2:<d1/f><d2/f>\n1:<d2/sub/f>\n", nil},
		{"[ is ordinary where no ] closes it before the slash", `n d[1/]f; n q[*; n [; n q[x; n [*`, "1:<d[1/]f>\n2:<q[ab]><q[x>\n1:<[>\n1:<q[x>\n1:<[>\n", nil},
		{"sets, and negated ones", "n d[12]; n d[!1]; n d[2-9]; n [[:upper:]]; n q[[]x", "2:<d1><d2>\n1:<d2>\n1:<d2>\n1:<Z>\n1:<q[x>\n", nil},
		{"a slash at the end wants a directory", "n d*/; n a*/; n l*/", "2:<d1/><d2/>\n1:<a*/>\n1:<link/>\n", nil},
		{"a link is followed where more comes after it, and need not be where nothing does", "n l*/f; n dang*; n dang*/; n dang*/*", "1:<link/f>\n1:<dangling>\n1:<dang*/>\n1:<dang*/*>\n", nil},
		{"slashes stay as they are written (bash: one)", "n d*//f; n d1//*; n .//d?/f", "2:<d1//f><d2//f>\n1:<d1//f>\n2:<.//d1/f><.//d2/f>\n",
			map[string]string{"bash": "2:<d1/f><d2/f>\n1:<d1//f>\n2:<.//d1/f><.//d2/f>\n"}},
		{"a file is no directory", "n a*/..; n a*/.", "1:<a*/..>\n1:<a*/.>\n", nil},
		{"? matches one character", "n [èé]; n ??; LC_ALL=C; n ?", "2:<è><é>\n3:<]x><d1><d2>\n4:<-><Z><[><\xff>\n",
			map[string]string{"dash": "1:<[èé]>\n5:<]x><d1><d2><è><é>\n4:<-><Z><[><\xff>\n"}},
		{"a byte that is no character is matched by ?", "n ?; n [!a-zA-Zè-é[-]", "6:<-><Z><[><è><é><\xff>\n1:<\xff>\n",
			map[string]string{"dash": "4:<-><Z><[><\xff>\n1:<\xff>\n"}},
		{"set -f turns it off", "set -f; n * a*; x='*'; n $x; set +f; n a*b", "2:<*><a*>\n1:<*>\n3:<a*b><a\\b><axb>\n", nil},
		{"an assignment's value is not matched against names", `v=*; n "$v"; x='d*'; v=$x; n "$v"`, "1:<*>\n1:<d*>\n", nil},
		{"each field of a split expansion is a pattern of its own", "x='d? sp*'; n $x; n ${u-d? \"d?\"}", "3:<d1><d2><sp ace>\n3:<d1><d2><d?>\n", nil},
		{"names are not split again", "n sp*", "1:<sp ace>\n", nil},
		{"the fields of $@ are patterns", `set -- 'd?' 'Z*'; n $@; n "$@"`, "3:<d1><d2><Z>\n2:<d?><Z*>\n", nil},
		{"quotes in the middle of a pattern", `n "d"?/'f'; n d"1"/*; n \d?`, "2:<d1/f><d2/f>\n1:<d1/f>\n2:<d1><d2>\n", nil},
		{"an absolute pattern", "n /de[v]/nul[l]; n //de[v]/null", "1:</dev/null>\n1:<//dev/null>\n", nil},
	})
}

func TestPathnameExpansionAndPermissions(t *testing.T) {
	heedPermissions(t)
	dir := t.TempDir()
	t.Chdir(dir)
	makeTree(t, "search/in/f", "read/f", "open/f")
	for name, mode := range map[string]os.FileMode{"search": 0o311, "read": 0o644} {
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(filepath.Join(dir, name), 0o755) })
	}
	x := &Expander{Env: newEnv()}
	for _, c := range []struct{ name, src, want string }{
		{"a component without special characters wants search permission only", "search/in/*", "[search/in/f]"},
		{"a component with special characters wants read permission", "search/*", "[search/*]"},
		{"a directory that cannot be read is passed over", "*/f", "[open/f]"},
		{"names can be read where files cannot be reached", "read/*", "[read/f]"},
		{"what cannot be reached does not match", "*/.", "[open/. search/.]"},
	} {
		got, err := x.Fields([]*parser.Word{word(t, c.src)})
		t.Run(c.name, func(t *testing.T) {
			if fmt.Sprint(got) != c.want || err != nil {
				t.Errorf("%s: %s, %v; want %s", c.src, got, err, c.want)
			}
		})
	}
}

// heedPermissions takes from root, for the rest of the test and on its thread
// only, the capabilities that pass over the permissions of files.
func heedPermissions(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	runtime.LockOSThread() // and never unlock: the thread ends with the test
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var caps [2]unix.CapUserData
	if err := unix.Capget(&head, &caps[0]); err != nil {
		t.Skip("capget: ", err)
	}
	caps[0].Effective &^= 1<<unix.CAP_DAC_OVERRIDE | 1<<unix.CAP_DAC_READ_SEARCH
	if err := unix.Capset(&head, &caps[0]); err != nil {
		t.Skip("capset: ", err)
	}
}

func TestPathnameExpansionLeavesNothingBehind(t *testing.T) {
	t.Chdir(t.TempDir())
	makeTree(t, "a/b/c/d", "a/b2/c/d", "a2/b/c/d")
	x := &Expander{Env: newEnv()}
	descriptors := func() int {
		d, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc/self/fd: ", err)
		}
		return len(d)
	}
	before := descriptors()
	for range 10 {
		if got, err := x.Fields([]*parser.Word{word(t, "*/*/*/*")}); len(got) != 3 || err != nil {
			t.Fatal(got, err)
		}
	}
	if after := descriptors(); after != before {
		t.Errorf("%d descriptors, before %d", after, before)
	}
}

func TestLargeDirectory(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const many = 20000
	for i := range many {
		name := fmt.Sprintf("file-%d-with-a-name-of-some-length", i)
		if err := unix.Mknod(name, unix.S_IFREG|0o600, 0); err != nil {
			t.Fatal(err)
		}
	}
	x := &Expander{Env: newEnv()}
	got, err := x.Fields([]*parser.Word{word(t, "f*")})
	if err != nil || len(got) != many || !slices.IsSorted(got) {
		t.Errorf("%d names, %v, sorted %v", len(got), err, slices.IsSorted(got))
	}
	got, err = x.Fields([]*parser.Word{word(t, "file-*[05]-*")})
	if err != nil || len(got) != many/5 {
		t.Errorf("%d names, %v", len(got), err)
	}
}
