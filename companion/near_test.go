package companion

import (
	"math/rand/v2"
	"slices"
	"testing"

	"jsh/proc"
)

// Of a machine's lives, some processes are near the shell. Whoever folds what the
// stream tells of these, and now and then of everybody, always knows the near ones
// as they are.
func TestWhoIsNearTheShellIsUpToDateInTheStream(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 2))
		var everybody, before *proc.Snapshot
		for i, s := range randomSnapshots(r, 60) {
			near := &proc.Snapshot{At: s.At}
			for _, p := range s.Procs {
				if p.Pid%3 == 0 {
					near.Procs = append(near.Procs, p)
				}
			}
			if everybody == nil {
				everybody = s
			}
			f, changed := among(everybody, before, near)
			if changed {
				same := &proc.Snapshot{Procs: slices.Clone(everybody.Procs)}
				f.change(same)
				if everybody = f.after(everybody); !slices.Equal(same.Procs, everybody.Procs) || same.At != everybody.At {
					t.Fatalf("seed %d, step %d: changed to\n%v\nwant\n%v", seed, i, same, everybody)
				}
			}
			before = near
			if r.IntN(5) == 0 {
				f, _ := between(everybody, s)
				everybody = f.after(everybody)
			}
			if !slices.IsSortedFunc(everybody.Procs, func(a, b proc.Proc) int { return a.Pid - b.Pid }) {
				t.Fatalf("seed %d, step %d: not by pid", seed, i)
			}
			var got []proc.Proc
			for _, p := range everybody.Procs {
				if p.Pid%3 == 0 {
					got = append(got, p)
				}
			}
			if !slices.Equal(got, near.Procs) {
				t.Fatalf("seed %d, step %d:\n%v\nwant\n%v", seed, i, got, near.Procs)
			}
		}
	}
}
