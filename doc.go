// Package jsh holds no code: it is the root of the module, where a test holds
// the packages to the drawing in ARCHITECTURE.md. The program is in cmd/jsh.
package jsh
