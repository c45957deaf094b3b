package doctor

import (
	"strings"
	"testing"
)

func TestEveryRequirementSaysWhyItIsNotMet(t *testing.T) {
	bad := &Facts{Uid: 1000, Source: "/proc, every 50 ms", Proc: "/proc is mounted with hidepid", Box: "clone: EPERM", BoxText: "A seccomp filter.",
		Trace: "a child cannot be traced: EPERM", Pty: "/dev/ptmx: ENOSPC"}
	good := well()
	good.Uid = 0
	for _, r := range Requirements() {
		if why := Lacking(good, r.Name); why != "" {
			t.Errorf("%s is met, but: %s", r.Name, why)
		}
		switch r.Name {
		case Puppets, Terminal, Screen, Keys: // not the machine's
			continue
		}
		if why := Lacking(bad, r.Name); why == "" || strings.Contains(why, "\n") {
			t.Errorf("%s is not met, but: %q", r.Name, why)
		}
		if !Known(r.Name) || r.What == "" {
			t.Errorf("%s is not known", r.Name)
		}
	}
	oneUser := well()
	oneUser.BoxIDs = 1
	if Lacking(oneUser, Users) == "" || Lacking(oneUser, UserNS) != "" {
		t.Error("a sandbox with one user ID is a sandbox, but has not several users")
	}
	traced := well()
	traced.Exact = false
	if Lacking(traced, Exact) != "" || Lacking(traced, Connector) == "" {
		t.Error("where the connector is silent a tracer is exact")
	}
}

func TestAProgramIsLookedForInPATH(t *testing.T) {
	if ok, why := Has("program:sh"); !ok {
		t.Error(why)
	}
	if ok, why := Has("program:no-such-program"); ok || !strings.Contains(why, "no-such-program") {
		t.Errorf("%v %q", ok, why)
	}
	if ok, why := Has("wings"); ok || !strings.Contains(why, "wings") {
		t.Errorf("%v %q", ok, why)
	}
	if Known("program:") || Known("program:/bin/sh") {
		t.Error("that names no program")
	}
}

func TestWhatIsTriedIsTriedForGood(t *testing.T) {
	if ok, why := Has(SpareTerminal); !ok {
		t.Skip(why)
	}
	if ok, _ := Has(SpareTerminal); !ok {
		t.Error("the second answer differs")
	}
}
