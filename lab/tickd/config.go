package tickd

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// config is what the file says. Paths are absolute: a daemon's directory is /.
type config struct {
	interval time.Duration // between two ticks
	file     string        // to which ticks are appended
	pidFile  string
	log      string
}

// Bounds of the interval.
const (
	shortest = 10 * time.Millisecond
	longest  = time.Hour
)

// parse reads a configuration: lines NAME = VALUE, # begins a comment. path is
// the file's own, absolute: relative names are looked for beside it, and the names
// of pid file and log are made of it where they are not given. Errors name the
// line.
func parse(path, text string) (c config, err error) {
	dir := filepath.Dir(path)
	base := strings.TrimSuffix(path, ".conf")
	c = config{interval: time.Second, pidFile: base + ".pid", log: base + ".log"}
	seen := map[string]bool{}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		bad := func(why string) (config, error) {
			return config{}, errors.New(path + ":" + strconv.Itoa(n) + ": " + why)
		}
		name, value, ok := strings.Cut(line, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !ok:
			return bad(line + ": NAME = VALUE is expected")
		case value == "":
			return bad(name + ": the value is missing")
		case seen[name]:
			return bad(name + " is given twice")
		}
		seen[name] = true
		full := value
		if !strings.HasPrefix(full, "/") {
			full = filepath.Join(dir, full)
		}
		switch name {
		case "interval":
			s, err := strconv.ParseFloat(value, 64)
			if c.interval = time.Duration(s * float64(time.Second)); err != nil || !(s >= shortest.Seconds() && s <= longest.Seconds()) {
				return bad("interval = " + value + ": seconds are expected, 0.01 to 3600")
			}
		case "file":
			c.file = full
		case "pidfile":
			c.pidFile = full
		case "log":
			c.log = full
		default:
			return bad(name + ": no such name (interval, file, pidfile, log)")
		}
	}
	if c.file == "" {
		return config{}, errors.New(path + ": file = NAME is missing: where are the ticks to be written?")
	}
	return c, nil
}

func (c *config) String() string {
	return "a tick every " + strconv.FormatFloat(c.interval.Seconds(), 'g', -1, 64) + " s to " + c.file
}
