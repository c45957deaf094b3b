package parser

// Lines gives the parser its input, one line at a time and never ahead:
// POSIX's sh must not read more of a script on standard input than the command
// it is about to run (sh, INPUT FILES). The line includes its newline; only
// the last may lack it. io.EOF ends the input (a line may come with it).
// continuation says that a command has been begun and is not complete: an
// interactive reader prompts with PS2 then.
type Lines interface {
	ReadLine(continuation bool) (string, error)
}

// Options are what the parser asks of the shell while it reads.
type Options struct {
	// Name stands before the place in messages: the script's name, or "jsh".
	Name string
	// Alias tells the value of an alias; nil where aliases are off.
	Alias func(name string) (value string, ok bool)
}
