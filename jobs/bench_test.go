package jobs

import "testing"

// BenchmarkForeground is what each command in the foreground costs.
func BenchmarkForeground(b *testing.B) {
	tab := New()
	for b.Loop() {
		j := &Job{Foreground: true, Procs: []Proc{{Pid: 7}}}
		tab.BeginLaunch()
		tab.Add(j)
		tab.EndLaunch()
		tab.Update(7, Exited(0))
		tab.Remove(j)
	}
}

// The whole life of n background jobs. The time for a job must not grow with n.
func benchmarkBackground(b *testing.B, n int) {
	for b.Loop() {
		tab := New()
		for i := range n {
			tab.Add(background("sleep 1", 1+i))
		}
		for i := range n {
			tab.Update(1+i, Exited(0))
			tab.Current()
			tab.RunningJobs()
		}
		tab.Notices()
		for i := range n {
			tab.Forget(1 + i)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/job")
}

func BenchmarkBackground20(b *testing.B)   { benchmarkBackground(b, 20) }
func BenchmarkBackground2000(b *testing.B) { benchmarkBackground(b, 2000) }
