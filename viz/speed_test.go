package viz

import (
	"math/rand/v2"
	"testing"

	"jsh/event"
	"jsh/proc"
)

// crowd is a machine with n processes: most in one group, every tenth in a
// session of its own.
func crowd(n int) *proc.Snapshot {
	s := snapshot(shellOn)
	for i := range n {
		p := proc.Proc{Pid: 1000 + i, PPid: 812, Pgid: 1000, Sid: 812, TTY: pts3, Tpgid: 812, State: 'S', Threads: 1, Start: uint64(100 + i), Name: "sleep"}
		if i%10 == 1 {
			p.Pgid, p.Sid, p.TTY, p.Tpgid = p.Pid, p.Pid, 0, -1
		}
		s.Procs = append(s.Procs, p)
	}
	return s
}

func BenchmarkTreeOfThousand(b *testing.B) {
	s := crowd(1000)
	b.Run("fold", func(b *testing.B) {
		for b.Loop() {
			proc.Next(nil, s, proc.World{Shell: 812})
		}
	})
	t := proc.Next(nil, s, proc.World{Shell: 812})
	b.Run("draw", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Tree(t, Style{All: true})
		}
	})
}

func BenchmarkLive(b *testing.B) {
	m := randomMoment(rand.New(rand.NewPCG(1, 2)), 20)
	for b.Loop() {
		Live(m, Style{Colour: true}, 160, 48)
	}
}

func BenchmarkLiveOfThousand(b *testing.B) {
	for _, parent := range []int{812, 300} { // the shell's own, and strangers
		s := crowd(1000)
		for i := range s.Procs {
			if p := &s.Procs[i]; p.Pid >= 1000 {
				p.PPid = parent
				if parent == 300 {
					p.TTY, p.Sid, p.Tpgid = 0, p.Pid, -1
				}
			}
		}
		m := Moment{Tree: proc.Next(nil, s, proc.World{Shell: 812}), Events: []event.Event{{At: 1, Kind: event.LineBegin, Pid: 812}}}
		b.Run(map[int]string{812: "own", 300: "strange"}[parent], func(b *testing.B) {
			for b.Loop() {
				Live(m, Style{Colour: true}, 160, 48)
			}
		})
	}
}
