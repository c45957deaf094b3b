package front

import (
	"encoding/json"
	"os/exec"
	"testing"

	"jsh/ptytest"
)

func TestDoctorTellsOfThisMachine(t *testing.T) {
	out, err := exec.Command(ptytest.JSH(t), "doctor", "--json").Output()
	var d struct {
		Kernel   string
		Line     string
		Findings []struct {
			Key  string
			Good bool
		}
	}
	if err != nil || json.Unmarshal(out, &d) != nil || d.Kernel == "" || d.Line == "" || len(d.Findings) < 8 {
		t.Fatalf("%v %s", err, out)
	}
	s := open(t, "jsh", ptytest.Options{Cols: 100, Rows: 30})
	s.mention("doctor", `.*Size +100 columns, 30 rows`)
	s.mention("doctor | grep Kernel", `.*Linux `+d.Kernel+`.*`)
	s.expect("echo $?", "0")
	s.mention("help doctor", "usage: doctor.*")
	s.noneLeft()
}
