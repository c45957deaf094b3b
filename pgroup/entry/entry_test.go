package entry_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"jsh/pgroup/entry"
)

// The test is outside the package: inside, the package would import what the test
// imports, os among it, and come after.
func TestTheLimitIsTheOneOfTheStarter(t *testing.T) {
	if os.Getenv("ENTRY_TEST") != "" {
		print(entry.NoFile.Cur)
		os.Exit(0)
	}
	cmd := exec.Command("/bin/sh", "-c", "ulimit -S -n 321; exec "+os.Args[0]+" -test.run=TestTheLimit")
	cmd.Env = append(os.Environ(), "ENTRY_TEST=1")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "321" {
		t.Errorf("got %q (%v), want 321", out, err)
	}
}
