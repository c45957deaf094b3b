package scratch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheDirectoryOfAKilledOwnerIsSweptByTheNextAndNoOthers(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	left := filepath.Join(temp, "jsh.17") // its owner was killed: nobody holds the lock
	other := filepath.Join(temp, "17")
	named := filepath.Join(temp, "jsh.conf")
	link := filepath.Join(temp, "jsh.18")
	for _, dir := range []string{left, filepath.Join(left, "lesson"), other, named} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	lives, err := Make("jsh.", 19)
	if err != nil {
		t.Fatal(err)
	}
	next, err := Make("jsh.", 19)
	if err != nil {
		t.Fatal(err)
	}
	if lives.Path == next.Path || filepath.Base(lives.Path) != "jsh.19" {
		t.Errorf("made %s and %s", lives.Path, next.Path)
	}
	for dir, want := range map[string]bool{left: false, other: true, named: true, link: true, lives.Path: true, next.Path: true} {
		if _, err := os.Lstat(dir); (err == nil) != want {
			t.Errorf("%s is there: %v", filepath.Base(dir), err == nil)
		}
	}
	lives.Remove()
	lives.Remove()
	if _, err := os.Stat(lives.Path); err == nil {
		t.Error("an owner that ended in order left its directory")
	}
	if _, err := os.Stat(next.Path); err != nil {
		t.Error("another owner's directory went with it")
	}
	next.Remove()
}
