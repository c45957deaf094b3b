package ptytest

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// programs are the helpers of this test binary, and the directory that holds
// what was made for the whole run.
var programs registry

type registry struct {
	mu    sync.Mutex
	funcs map[string]func()
	temp  string // "" outside of Main
	bin   string // made by the first who needs it
}

// Register gives a name to a program for tests: a function of the test binary
// itself. The shell under test finds it in its PATH under that name, where
// Main is used; os.Args holds its arguments. It exits with 0 when f returns.
// Call it from an init function or a package-level variable.
func Register(name string, f func()) bool {
	programs.mu.Lock()
	defer programs.mu.Unlock()
	if programs.funcs == nil {
		programs.funcs = map[string]func(){}
	}
	if programs.funcs[name] != nil {
		panic("ptytest: two programs are called " + name)
	}
	programs.funcs[name] = f
	return true
}

// Main runs the tests; or, if this process was started under the name of a
// registered program, that program. It does not return.
func Main(m *testing.M) {
	if f := programs.funcs[filepath.Base(os.Args[0])]; f != nil {
		f()
		os.Exit(0)
	}
	temp, err := os.MkdirTemp("", "jshtest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "ptytest:", err)
		os.Exit(1)
	}
	programs.temp = temp
	code := m.Run()
	os.RemoveAll(temp)
	os.Exit(code)
}

// dir is a directory with a link to the test binary for each program; "" if
// there is none.
func (r *registry) dir() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bin != "" || r.temp == "" || len(r.funcs) == 0 {
		return r.bin
	}
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	bin := filepath.Join(r.temp, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		panic(err)
	}
	for name := range r.funcs {
		if err := os.Symlink(self, filepath.Join(bin, name)); err != nil {
			panic(err)
		}
	}
	r.bin = bin
	return bin
}
