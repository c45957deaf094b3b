package companion

import (
	"bufio"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestAProcessInAnotherPidNamespaceHasItsNumberThereBesideIt(t *testing.T) {
	cmd := exec.Command("unshare", "-pf", "sh", "-c", "echo in; read x; :")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Skip("no unshare: " + err.Error())
	}
	defer func() { in.Close(); cmd.Wait() }()
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "in\n" {
		t.Skip("no pid namespace can be made here")
	}
	h := newHub(t, Options{Socket: true, ShellPid: cmd.Process.Pid})
	cl, err := Dial(h.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	kids, err := exec.Command("pgrep", "-P", strconv.Itoa(cmd.Process.Pid)).Output()
	if err != nil {
		t.Skip("no pgrep: " + err.Error())
	}
	child, _ := strconv.Atoi(strings.TrimSpace(string(kids)))
	for _, log := range []interface {
		Moment(Place) Moment
		Updates() <-chan struct{}
	}{h, cl} {
		await(t, "the number inside", log.Updates(), func() bool {
			m := log.Moment(Place{})
			return m.Inside[child] == "1" && m.Inside[cmd.Process.Pid] == ""
		})
	}
}
