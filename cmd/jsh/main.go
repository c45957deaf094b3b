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
	"runtime"

	_ "jsh/cmd/jsh/begin"
	"jsh/cmd/jsh/front"
	"jsh/screen/projector"
	"jsh/tutor"
)

// init keeps what takes a whole terminal on the main thread, which signals come to.
func init() {
	if len(os.Args) > 1 && os.Args[1] == "demo" {
		runtime.LockOSThread()
	}
}

// main is reached by the lesson's process and by jsh lesson, quiz and demo alone.
func main() {
	os.Exit(tutor.Main(os.Args, tutor.Host{Version: front.Version, Guard: projector.Guard, Project: project}))
}

// project shows a recorded scene on the terminal.
func project(s tutor.Showing) (status int, err error) {
	scene := projector.Scene{Lesson: s.Lesson, Reel: s.Reel, Step: s.Step, Because: s.Because}
	if s.Tell != nil {
		scene.Tell = func(at projector.At) { s.Tell(at.Step, at.Done, at.End) }
	}
	return projector.Run(scene, front.EnvStyle())
}
