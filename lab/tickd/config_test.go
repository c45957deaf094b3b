package tickd

import (
	"strings"
	"testing"
	"time"
)

func TestAConfigurationIsReadWhole(t *testing.T) {
	c, err := parse("/etc/x.conf", "# ticks\n\ninterval = 0.25 # seconds\n file=ticks\npidfile = /run/x.pid\n")
	want := config{interval: 250 * time.Millisecond, file: "/etc/ticks", pidFile: "/run/x.pid", log: "/etc/x.log"}
	if err != nil || c != want {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := parse("/etc/ticking", "file = /a b"); err != nil || c.interval != time.Second || c.pidFile != "/etc/ticking.pid" || c.file != "/a b" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestABadConfigurationIsRefusedWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "file = NAME is missing",
		"interval = 1":                      "file = NAME is missing",
		"file = a\ninterval = often":        "/x.conf:2: interval = often: seconds are expected",
		"interval = 0\nfile = a":            "/x.conf:1: interval = 0",
		"interval = -1\nfile = a":           "/x.conf:1: ",
		"interval = NaN\nfile = a":          "/x.conf:1: ",
		"interval = 1e9\nfile = a":          "/x.conf:1: ",
		"file = a\n\nnonsense":              "/x.conf:3: nonsense: NAME = VALUE",
		"file = a\ncolour = red":            "/x.conf:2: colour: no such name",
		"file = a\nfile = b":                "/x.conf:2: file is given twice",
		"file =":                            "/x.conf:1: file: the value is missing",
		"file = a\n" + "interval = 1 2 # x": "/x.conf:2: interval = 1 2",
	} {
		if _, err := parse("/x.conf", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
