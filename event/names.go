package event

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// kindNames are the names in JSON: stable for as long as records are kept.
var kindNames = [...]string{
	Spawn:     "spawn",
	SetPgid:   "setpgid",
	SetFg:     "set-foreground",
	Kill:      "kill",
	SaveModes: "save-modes",
	SetModes:  "set-modes",
	Exec:      "exec",
	Exited:    "exited",
	Killed:    "killed",
	Stopped:   "stopped",
	Continued: "continued",
	Signal:    "signal",
	LineBegin: "line-begin",
	LineEnd:   "line-end",
	JobNew:    "job-new",
	JobState:  "job-state",
	JobGone:   "job-gone",
	Seen:      "seen",
	Moved:     "moved",
	Gone:      "gone",
	Fg:        "foreground",
	Key:       "key",
	Gap:       "gap",
	Named:     "named",
	User:      "user",
	Meets:     "meets",
	Call:      "call",
	Told:      "told",
	Fact:      "fact",
}

var sourceNames = [...]string{
	Shell:     "shell",
	Proc:      "proc",
	Connector: "connector",
	Tracer:    "tracer",
	Keyboard:  "keyboard",
	Puppet:    "puppet",
	Lesson:    "lesson",
}

// String is the kind's name as in JSON.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return "kind " + strconv.Itoa(int(k))
	}
	return kindNames[k]
}

// String is the source's name as in JSON; the zero Source, the log itself,
// is "log".
func (s Source) String() string {
	switch {
	case s == 0:
		return "log"
	case int(s) >= len(sourceNames):
		return "source " + strconv.Itoa(int(s))
	}
	return sourceNames[s]
}

// TTYName names a terminal by the device number of /proc/PID/stat, field 7,
// as it is called below /dev: pts/3, tty1. The numbers are those of Linux
// (Documentation/admin-guide/devices.txt in its source); a device that is not
// among the usual terminals is told as major:minor. 0 is "no terminal".
func TTYName(dev int) string {
	if dev == 0 {
		return "no terminal"
	}
	d := uint32(dev)
	major, minor := d>>8&0xfff, d&0xff|d>>12&0xfff00
	name, n := "", minor
	switch {
	case major >= 136 && major <= 143:
		name, n = "pts/", (major-136)<<8+minor
	case major == 4 && minor < 64:
		name = "tty"
	case major == 4:
		name, n = "ttyS", minor-64
	case major == 5 && minor == 1:
		return "console"
	case major == 166:
		name = "ttyACM"
	case major == 188:
		name = "ttyUSB"
	case major == 204 && minor >= 64 && minor < 80:
		name, n = "ttyAMA", minor-64
	case major == 229:
		name = "hvc"
	default:
		name = strconv.Itoa(int(major)) + ":"
	}
	return name + strconv.Itoa(int(n))
}

// SigName is the signal's name with SIG (signal(7)). The real-time ones are
// counted from 34: the two below it are the C library's own.
func SigName(sig int) string {
	switch {
	case sig == 34:
		return "SIGRTMIN"
	case sig > 34 && sig <= 64:
		return "SIGRTMIN+" + strconv.Itoa(sig-34)
	}
	if name := unix.SignalName(unix.Signal(sig)); name != "" {
		return name
	}
	return "signal " + strconv.Itoa(sig)
}

// Visible returns s fit to be shown: control characters, and whatever else has
// no glyph or would turn the line's direction, become \n, \t, \e, \x01 or
// \u202e, and bytes that are not UTF-8 become \xff. A process may name itself
// with escape sequences; the terminal must not obey them.
func Visible(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			b.WriteString(`\x` + hex(uint32(s[i]), 2))
		case unicode.IsPrint(r) && !unicode.Is(unicode.Variation_Selector, r):
			b.WriteString(s[i : i+n])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == 0x1b:
			b.WriteString(`\e`)
		case r < 0x100:
			b.WriteString(`\x` + hex(uint32(r), 2))
		case r < 0x10000:
			b.WriteString(`\u` + hex(uint32(r), 4))
		default:
			b.WriteString(`\U` + hex(uint32(r), 8))
		}
		i += n
	}
	return b.String()
}

func hex(v uint32, digits int) string {
	s := strconv.FormatUint(uint64(v), 16)
	return strings.Repeat("0", max(0, digits-len(s))) + s
}
