//go:build race

package ptytest

// raceEnabled says that this test, and so the jsh under test, has the race
// detector, which makes both several times slower.
const raceEnabled = true
