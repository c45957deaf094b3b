package grid_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jsh/screen/grid"
)

// sequences is a stream of well-formed control sequences with text between
// them: any final byte, prefixes, intermediates, parameters and subparameters.
func sequences(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	params := func() {
		for i := range r.IntN(6) {
			if i > 0 {
				b.WriteByte(";;;:"[r.IntN(4)])
			}
			if r.IntN(4) > 0 {
				fmt.Fprint(&b, r.IntN([]int{3, 30, 300, 70000}[r.IntN(4)]))
			}
		}
	}
	for range 100 {
		switch r.IntN(8) {
		case 0, 1:
			b.WriteString([]string{"plain text", "世界", "e\u0301", "x"}[r.IntN(4)])
		case 2:
			b.WriteByte("\a\b\t\n\v\f\r\x0e\x0f"[r.IntN(9)])
		case 3, 4, 5:
			b.WriteString("\x1b[")
			if r.IntN(4) == 0 {
				b.WriteByte("?>="[r.IntN(3)])
			}
			params()
			if r.IntN(8) == 0 {
				b.WriteByte(" !$\""[r.IntN(4)])
			}
			b.WriteByte(byte('@' + r.IntN('~'-'@'+1)))
		case 6:
			// Not what begins a sequence or a string.
			b.WriteByte(0x1b)
			if r.IntN(3) == 0 {
				b.WriteByte("()*+#"[r.IntN(5)])
			}
			b.WriteByte("78=>DEHMNOZc0AB"[r.IntN(15)])
		case 7:
			fmt.Fprintf(&b, "\x1b]%d;title %d%s", r.IntN(3), r.IntN(100), []string{"\a", "\x1b\\"}[r.IntN(2)])
		}
	}
	return []byte(b.String())
}

func TestWellFormedSequencesAreReadAsTheAnsiLibraryReadsThem(t *testing.T) {
	streams := map[string][]byte{}
	files, _ := filepath.Glob("testdata/*.bytes")
	for _, file := range files {
		stream, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		streams[file] = stream
	}
	for seed := range uint64(200) {
		streams[fmt.Sprint("sequences ", seed)] = sequences(seed)
		streams[fmt.Sprint("sane ", seed)] = saneStream(seed)
	}
	for name, stream := range streams {
		ours := grid.New(80, 24, grid.Options{Scrollback: 50})
		ours.Write(stream)
		theirs := grid.New(80, 24, grid.Options{Scrollback: 50})
		grid.WriteThroughLibrary(theirs, stream)
		if state(ours) != state(theirs) {
			t.Errorf("%s: %q\nours:\n%s\nthe library's:\n%s", name, stream, ours.Text(), theirs.Text())
			return
		}
	}
}
