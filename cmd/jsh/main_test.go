package main

// Variables are initialised before init functions run: the tests are not to
// become a shell.
var _ = func() bool { underTest = true; return true }()
