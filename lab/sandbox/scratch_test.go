package sandbox

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheDirectoryOfAKilledSandboxIsSweptByTheNextAndNoOthers(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	left := filepath.Join(temp, scratchPrefix+"left") // its owner was killed: nobody holds the lock
	other := filepath.Join(temp, "other")
	full := filepath.Join(temp, scratchPrefix+"full")
	for _, dir := range []string{left, other, full, filepath.Join(full, "x")} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	lives, done, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	next, over, err := scratch()
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]bool{left: false, other: true, full: true, lives: true, next: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s is there: %v", filepath.Base(dir), err == nil)
		}
	}
	done()
	done()
	over()
	if _, err := os.Stat(lives); err == nil {
		t.Error("a sandbox that ended in order left its directory")
	}
}
