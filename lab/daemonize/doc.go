// Package daemonize makes daemons of real processes, step by step: the recipe of
// the course, each step with its reason, done or left out.
//
// It owns the steps and their words (Steps), the doing of them on puppets
// (Recipe), the walk with a pause before each, the twins, which run the recipe
// with and without a step and make the consequence happen, and the table of all
// of that. It never draws a timeline (cmd/jsh does, from the events), and knows
// nothing of the shell.
//
// Invariants: what is shown was read from the kernel after the call; what could
// not be measured is said, with the reason. When it is left half-way no process
// remains (package puppet); the daemon that it made remains, and is told.
package daemonize
