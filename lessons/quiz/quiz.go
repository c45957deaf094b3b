// Package quiz plays questions one after the other: for one learner (Round), and
// before a class that votes (Show).
//
// It owns the order of the questions, the score, and the votes. A question itself
// is a lesson of one step, and package play plays it. It makes no system call,
// reads no clock and draws no lots: a seed decides.
//
// Invariants:
//
//   - The same questions and the same seed give the same order and the same random
//     parts.
//   - What happened before a question began is no part of its experiment: not the
//     events, and not the processes that an earlier question left.
//   - A vote is taken before the experiment that decides, and is never changed by
//     it.
package quiz

import (
	"math/rand/v2"

	"jsh/lessons/page"
)

// IDPrefix stands before a question's id where progress is kept, so that a lesson
// may have the same.
const IDPrefix = "quiz/"

// Deal shuffles questions and fills in their random parts.
func Deal(questions []*page.Lesson, seed uint64) []*page.Lesson {
	dealt := make([]*page.Lesson, len(questions))
	for i, q := range questions {
		dealt[i] = q.Instance(seed)
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(dealt), func(i, j int) { dealt[i], dealt[j] = dealt[j], dealt[i] })
	return dealt
}

// Find is what a word after quiz means: all, a topic, or one question. Empty:
// there is nothing of that name.
func Find(all []*page.Lesson, word string) []*page.Lesson {
	if word == "all" {
		return all
	}
	var found []*page.Lesson
	for _, q := range all {
		if q.Topic == word || q.ID == word {
			found = append(found, q)
		}
	}
	return found
}
