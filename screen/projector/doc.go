// Package projector shows a recorded scene on a whole terminal as it was seen when
// it was live: the picture of the processes, the shell's part, and the scene's words
// at the foot, with the same keys.
//
// It owns what the page looks like and the time that goes by in a recording. The
// picture is drawn by package viz from the recorded log; the scene's words and keys are
// those of package scenes; the terminal is package viewer's. It starts no process and
// asks the kernel for nothing.
//
// Invariants: whatever is shown, the first line says RECORDING, where and when; what
// comes later in the recording is on no page; each step is there again as often as one
// goes to it.
package projector
