package grid

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func (g *Grid) send(s string) {
	if g.reply != nil {
		g.reply([]byte(s))
	}
}

// deviceAttributes answers DA: a VT220 with colours.
func (g *Grid) deviceAttributes() { g.send("\x1b[?62;22c") }

// secondaryAttributes answers DA2: a terminal of no known maker, version 1.
func (g *Grid) secondaryAttributes() { g.send("\x1b[>0;1;0c") }

// statusReport answers DSR and DECDSR.
func (g *Grid) statusReport(what int, private bool) {
	mark := ""
	if private {
		mark = "?"
	}
	switch {
	case what == 5 && !private:
		g.send("\x1b[0n")
	case what == 6:
		y := g.cur.y
		if g.modes.Origin {
			y -= g.top
		}
		g.send("\x1b[" + mark + strconv.Itoa(y+1) + ";" + strconv.Itoa(g.cur.x+1) + "R")
	}
}

// requestMode answers DECRQM: 1 set, 2 reset, 0 not known.
func (g *Grid) requestMode(mode int, private bool) {
	value, mark := "0", ""
	answer := func(on bool) {
		value = "2"
		if on {
			value = "1"
		}
	}
	if f := g.modes.flag(mode, private); f != nil {
		answer(*f)
	}
	if private {
		mark = "?"
		for _, m := range mouseModes {
			if m.mode == mode {
				answer(g.modes.Mouse == m.mouse)
			}
		}
		if mode == 47 || mode == 1047 || mode == 1049 {
			answer(g.modes.Alternate)
		}
	}
	g.send("\x1b[" + mark + strconv.Itoa(mode) + ";" + value + "$y")
}

// maxTitles is how many titles can be pushed.
const maxTitles = 10

// windowOp is XTWINOPS, as far as it asks for the size or keeps titles.
func (g *Grid) windowOp(p *params) {
	switch p.get(0, 0) {
	case 18:
		g.send("\x1b[8;" + strconv.Itoa(g.rows) + ";" + strconv.Itoa(g.cols) + "t")
	case 22:
		if p.get(1, 0) != 1 && len(g.titles) < maxTitles {
			g.titles = append(g.titles, g.title)
		}
	case 23:
		if n := len(g.titles); p.get(1, 0) != 1 && n > 0 {
			g.title = g.titles[n-1]
			g.titles = g.titles[:n-1]
		}
	}
}

// osc is an operating system command: of those only the title is of use here.
func (g *Grid) osc(s []byte) {
	kind, text, ok := bytes.Cut(s, []byte{';'})
	if ok && (string(kind) == "0" || string(kind) == "2") {
		g.title = printable(text)
	}
}

// printable is text without what could move a cursor or is no UTF-8: titles
// are shown elsewhere.
func printable(text []byte) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, string(text))
}

// dcs is a device control string: requests for the state of a function
// (DECRQSS) and for capabilities (XTGETTCAP) are answered, with "invalid" for
// what is not known here, as programs wait for the answer.
func (g *Grid) dcs(s []byte) {
	switch {
	case bytes.HasPrefix(s, []byte("$q")):
		value := ""
		switch string(s[2:]) {
		case "r":
			value = strconv.Itoa(g.top+1) + ";" + strconv.Itoa(g.bottom+1) + "r"
		case " q":
			value = strconv.Itoa(int(g.cur.shape)) + " q"
		}
		if value == "" {
			g.send("\x1bP0$r\x1b\\")
			return
		}
		g.send("\x1bP1$r" + value + "\x1b\\")
	case bytes.HasPrefix(s, []byte("+q")):
		g.send("\x1bP0+r\x1b\\")
	}
}
