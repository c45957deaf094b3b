package grid

import (
	"github.com/charmbracelet/x/ansi"
)

// WriteThroughLibrary gives a stream to the terminal with its sequences read by
// the parser of charmbracelet/x/ansi instead of our own. It serves as an oracle.
//
// The product has its own parser for three reasons. The library builds its
// table at the start of the program, and brings packages that do likewise:
// 0.15 ms for every jsh, and each subshell is one. In a title "✓ done" it takes
// the second byte of ✓ (0x9C) for the end of the string, so that the rest is
// printed on the screen. And the first byte of a character that was cut off
// swallows the escape sequence behind it.
func WriteThroughLibrary(g *Grid, stream []byte) {
	p := ansi.NewParser()
	p.SetParamsSize(maxParams + 2) // the library drops the last
	p.SetHandler(ansi.Handler{
		Print: func(r rune) {
			if r < 0x7f {
				g.printASCII([]byte{byte(r)})
			} else {
				g.printRune(r)
			}
		},
		Execute: func(b byte) {
			if b < ' ' && b != 0x18 && b != 0x1a && b != 0x1b {
				g.control(b)
			}
		},
		HandleCsi: func(cmd ansi.Cmd, params ansi.Params) {
			g.parser.prefix, g.parser.inter = cmd.Prefix(), cmd.Intermediate()
			to := &g.parser.params
			to.n, to.sub = 0, 0
			sub := false
			for _, v := range params {
				if to.n == maxParams {
					break
				}
				to.v[to.n] = int32(min(v.Param(-1), maxParam))
				if sub {
					to.sub |= 1 << to.n
				}
				sub = v.HasMore()
				to.n++
			}
			g.csiDispatch(cmd.Final())
		},
		HandleEsc: func(cmd ansi.Cmd) {
			g.parser.inter = cmd.Intermediate()
			if cmd.Final() != '\\' { // the end of a string, which was dispatched
				g.escDispatch(cmd.Final())
			}
		},
		HandleOsc: func(_ int, data []byte) { g.osc(data) },
	})
	for _, b := range stream {
		p.Advance(b)
	}
}
