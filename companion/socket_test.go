package companion

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// abandon leaves a socket as a process does that is killed.
func abandon(t *testing.T, path string, listening bool) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, socketFlags, 0)
	if err == nil {
		defer unix.Close(fd)
		err = unix.Bind(fd, &unix.SockaddrUnix{Name: path})
	}
	if err == nil && listening {
		err = unix.Listen(fd, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatAKilledCompanionLeftIsSweptByTheNextStart(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", runtimeDir(t))
	dir, err := Dir()
	if err != nil {
		t.Fatal(err)
	}
	own := dir + "/" + strconv.Itoa(os.Getpid()) + ".sock"
	for _, name := range []string{own, dir + "/1.sock", dir + "/1.lesson"} {
		abandon(t, name, true)
	}
	abandon(t, dir+"/fresh"+earlySuffix, false) // somebody is about to start
	abandon(t, dir+"/old"+earlySuffix, false)
	ago := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dir+"/old"+earlySuffix, ago, ago); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/progress", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h, err := NewHub(Options{Socket: true})
	if err != nil {
		t.Fatal(err)
	}
	if h.Path() != own {
		t.Errorf("the socket is %s, want %s", h.Path(), own)
	}
	h.Close()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), "fresh"+earlySuffix+" progress"; got != want {
		t.Errorf("there are %s, want %s", got, want)
	}
}

func TestCompanionsWithTheSameNumberDoNotTakeEachOthersSocket(t *testing.T) {
	first := newHub(t, Options{Socket: true})
	second, err := NewHub(Options{Socket: true}) // as one of another pid namespace
	if err != nil {
		t.Fatal(err)
	}
	if first.Path() == second.Path() || !Alive(first.Path()) || !Alive(second.Path()) {
		t.Errorf("%s and %s: not both answer", first.Path(), second.Path())
	}
	if _, err := Listen(first.Path()); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("where somebody listens: %v", err)
	}
	list, err := Find()
	if err != nil || len(list) != 2 {
		t.Errorf("found %v, %v", list, err)
	}
	second.Close()
	if !Alive(first.Path()) {
		t.Error("the first is gone with the second")
	}
	if left, _ := filepath.Glob(filepath.Dir(first.Path()) + "/*"); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

func TestAWordThatIsNoJshIsAnsweredByThoseThereAre(t *testing.T) {
	t.Setenv("XDG_RUNTIME_DIR", runtimeDir(t))
	said := func(word, want string) {
		t.Helper()
		if _, err := Named(word); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", word, err, want)
		}
	}
	said("", "no jsh of yours has a companion yet: type viz in one, then try again")
	said("vim", "vim: this is no PID; a socket's path has a / in it")
	for i, want := range []string{
		"1: no jsh with this PID has a companion; the only one that has is ",
		"1: no jsh with this PID has a companion; those that have are ",
	} {
		h, err := NewHub(Options{Socket: true})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		if _, err := Named("1"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("with %d: %v", i+1, err)
		}
	}
}
