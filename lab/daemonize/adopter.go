package daemonize

import (
	"os"
	"strconv"
	"strings"

	"jsh/event"
)

// adopter says who a process that adopts orphans is.
func adopter(pid int) string {
	name, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	text := event.Visible(strings.TrimSpace(string(name)))
	switch {
	case err != nil:
		return ""
	case pid == 1:
		return text + ", the init of this system"
	}
	return text + ", the nearest ancestor that asked for orphans (a subreaper)"
}
