// One goroutine does all the work: the runtime need not watch how many processors
// it may use, nor keep descriptors open for that.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// Command jsh is a POSIX shell with job control that shows how UNIX runs
// programs. The whole of it is in package front; package begin says why.
package main

import (
	"os"

	_ "jsh/cmd/jsh/begin"
	"jsh/cmd/jsh/front"
	"jsh/tutor"
)

// main is reached by the lesson's process and by jsh lesson alone.
func main() { os.Exit(tutor.Main(os.Args, front.Version)) }
