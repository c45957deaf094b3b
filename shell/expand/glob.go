package expand

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// component is one name of a pathname pattern with the slashes after it.
type component struct {
	pat     Pattern
	slashes string
}

// globber walks the directories of one pathname pattern.
type globber struct {
	comps []component
	out   []string
}

// glob appends the pathnames that a pattern matches (2.14.3), sorted by their
// bytes; nothing where it matches none or has no special character.
func (x *Expander) glob(out []string, text string, quoted mask) []string {
	text, quoted = unescape(text, quoted)
	g := globber{out: out}
	magic := false
	for i := 0; i < len(text); {
		n := strings.IndexByte(text[i:], '/')
		if n < 0 {
			n = len(text) - i
		}
		// A slash is never inside a bracket expression here, so an open one
		// before it is an ordinary character, as 2.14.3 wants.
		c := component{pat: compileUnescaped(text[i:i+n], quoted.from(i), x)}
		magic = magic || c.pat.elems != nil
		i += n
		for n = i; i < len(text) && text[i] == '/'; i++ {
		}
		c.slashes = text[n:i]
		g.comps = append(g.comps, c)
	}
	if !magic {
		return out
	}
	from := len(out)
	g.walk("", g.comps)
	slices.Sort(g.out[from:])
	return g.out
}

// walk finds the pathnames that begin with dir, which is empty or ends in a
// slash, and go on with comps. Those that cannot be read or searched are passed
// over.
func (g *globber) walk(dir string, comps []component) {
	for len(comps) > 0 && comps[0].pat.elems == nil {
		dir += comps[0].pat.text + comps[0].slashes
		comps = comps[1:]
	}
	if len(comps) == 0 {
		var st unix.Stat_t
		if ignoringEINTR(func() error { return unix.Lstat(dir, &st) }) == nil {
			g.out = append(g.out, dir)
		}
		return
	}
	c := comps[0]
	last := len(comps) == 1 && c.slashes == ""
	if last {
		readDir(dir, func(name string, _ byte) {
			if c.pat.matchName(name) {
				g.out = append(g.out, join(dir, name, ""))
			}
		})
		return
	}
	// The directory is read to its end and closed before the walk goes deeper,
	// so that a deep tree takes one descriptor, not one for each level.
	var deeper []string
	readDir(dir, func(name string, sort byte) {
		switch sort {
		case unix.DT_DIR, unix.DT_LNK, unix.DT_UNKNOWN:
			if c.pat.matchName(name) {
				deeper = append(deeper, join(dir, name, c.slashes))
			}
		}
	})
	for _, d := range deeper {
		g.walk(d, comps[1:])
	}
}

// join copies: name is lent by readDir.
func join(dir, name, slashes string) string {
	var b strings.Builder
	b.Grow(len(dir) + len(name) + len(slashes))
	b.WriteString(dir)
	b.WriteString(name)
	b.WriteString(slashes)
	return b.String()
}

// matchName is match for a name in a directory: a period at its beginning must
// be matched by one in the pattern, and . and .. are never matched.
func (p *Pattern) matchName(name string) bool {
	if name[0] == '.' {
		if name == "." || name == ".." || p.elems[0].kind != elemText || p.elems[0].text[0] != '.' {
			return false
		}
	}
	return p.match(name)
}

// readDir calls each for the names in a directory, . and .. among them, with
// their file type (unix.DT_*). A name is good only during the call. It makes no
// os.File: those change the mode of descriptions that are shared with others.
func readDir(dir string, each func(name string, sort byte)) {
	if dir == "" {
		dir = "."
	}
	fd := -1
	if ignoringEINTR(func() (err error) {
		fd, err = unix.Open(dir, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		return err
	}) != nil {
		return
	}
	defer unix.Close(fd)
	const nameAt = 19 // struct linux_dirent64: d_ino, d_off, d_reclen, d_type, d_name
	buf := make([]byte, 32<<10)
	for {
		n, err := unix.Getdents(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return
		}
		for rec := buf[:n]; len(rec) > nameAt; {
			size := int(binary.NativeEndian.Uint16(rec[16:]))
			name := rec[nameAt:size]
			if end := bytes.IndexByte(name, 0); end > 0 {
				// No copy is made of a name that will not match.
				each(unsafe.String(&name[0], end), rec[18])
			}
			rec = rec[size:]
		}
	}
}

func ignoringEINTR(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
