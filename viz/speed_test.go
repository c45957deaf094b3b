package viz

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkTreeOfThousand(b *testing.B) {
	m := randomMoment(rand.New(rand.NewPCG(1, 2)), 1000)
	for b.Loop() {
		Tree(m.Tree, Style{All: true})
	}
}
