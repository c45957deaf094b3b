package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []float64
		want float64
	}{
		{"nothing has the median 0", nil, 0},
		{"an odd count has a middle, in whatever order", []float64{9, 1, 4}, 4},
		{"an even count takes the mean of the two in the middle", []float64{8, 1, 2, 4}, 3},
		{"one wild run does not move it", []float64{2, 2, 1000, 2, 2}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := median(c.in); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	t.Run("the runs stay in their order", func(t *testing.T) {
		in := []float64{3, 1, 2}
		median(in)
		if in[0] != 3 || in[1] != 1 || in[2] != 2 {
			t.Errorf("now %v", in)
		}
	})
}

func TestTable(t *testing.T) {
	t.Run("the ratios divide jsh by dash and by bash", func(t *testing.T) {
		got := table([]string{"dash", "bash", "jsh"},
			[]row{{name: "x", unit: "ms", goal: "1.0", medians: []float64{2, 8, 123.4}}})
		want := "| case | dash | bash | jsh | jsh ÷ dash | jsh ÷ bash | goal (never worse than) |\n" +
			"|---|---:|---:|---:|---:|---:|---|\n" +
			"| x | 2.00 ms | 8.00 ms | 123 ms | 61.70 | 15.43 | 1.0 |\n"
		if got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
	t.Run("a pipe in a name does not end the cell", func(t *testing.T) {
		if got := table([]string{"jsh"}, []row{{name: "a | b", unit: "ms", medians: []float64{1}}}); !strings.Contains(got, `| a \| b | 1.00 ms |`) {
			t.Errorf("got\n%s", got)
		}
	})
	t.Run("a shell that is missing leaves its ratio empty", func(t *testing.T) {
		got := table([]string{"bash", "jsh"}, []row{{name: "x", unit: "µs", medians: []float64{2, 3}}})
		if !strings.Contains(got, "| 3.00 µs |  | 1.50 |") {
			t.Errorf("got\n%s", got)
		}
	})
}

func TestTheTinyProgramRunsAndSucceeds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tiny")
	if err := writeTiny(path); err != nil {
		t.Skip(err)
	}
	if out, err := exec.Command(path).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v, %q", err, out)
	}
}
