package grid_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"jsh/screen/grid"
)

// BenchmarkRecorded writes the recorded streams of real programs, over and
// over.
func BenchmarkRecorded(b *testing.B) {
	files, _ := filepath.Glob("testdata/*.bytes")
	var streams [][]byte
	for _, file := range files {
		stream, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		streams = append(streams, stream)
	}
	all := bytes.Join(streams, nil)
	g := grid.New(80, 24, grid.Options{Scrollback: 10_000})
	b.SetBytes(int64(len(all)))
	for b.Loop() {
		g.Write(all)
	}
}
