package grid

// sgr is SGR: the colours and attributes of the text that follows (ECMA-48
// 8.3.117; ISO 8613-6 for colours; xterm and kitty for the underlines).
func (g *Grid) sgr(p *params) {
	pen := &g.cur.pen
	if p.n == 0 {
		*pen = Cell{}
		return
	}
	for i := 0; i < p.n; i++ {
		v := p.get(i, 0)
		if p.isSub(i+1) && v != 4 && v != 38 && v != 48 && v != 58 {
			for p.isSub(i + 1) {
				i++
			}
			continue // a form that nobody defined
		}
		switch {
		case v == 0:
			*pen = Cell{}
		case v == 1:
			pen.Attr |= Bold
		case v == 2:
			pen.Attr |= Faint
		case v == 3:
			pen.Attr |= Italic
		case v == 4:
			style := 1
			if p.isSub(i + 1) {
				style = min(p.get(i+1, 0), 5)
				for p.isSub(i + 1) {
					i++
				}
			}
			pen.Attr.setUnderline(style)
		case v == 5 || v == 6:
			pen.Attr |= Blink
		case v == 7:
			pen.Attr |= Inverse
		case v == 8:
			pen.Attr |= Invisible
		case v == 9:
			pen.Attr |= Strike
		case v == 21:
			pen.Attr.setUnderline(2)
		case v == 22:
			pen.Attr &^= Bold | Faint
		case v == 23:
			pen.Attr &^= Italic
		case v == 24:
			pen.Attr.setUnderline(0)
		case v == 25:
			pen.Attr &^= Blink
		case v == 27:
			pen.Attr &^= Inverse
		case v == 28:
			pen.Attr &^= Invisible
		case v == 29:
			pen.Attr &^= Strike
		case v >= 30 && v <= 37:
			pen.Fg = Indexed(uint8(v - 30))
		case v == 39:
			pen.Fg = 0
		case v >= 40 && v <= 47:
			pen.Bg = Indexed(uint8(v - 40))
		case v == 49:
			pen.Bg = 0
		case v >= 90 && v <= 97:
			pen.Fg = Indexed(uint8(v - 90 + 8))
		case v >= 100 && v <= 107:
			pen.Bg = Indexed(uint8(v - 100 + 8))
		case v == 38 || v == 48 || v == 58:
			c, used, ok := p.color(i + 1)
			i += used
			switch {
			case !ok || v == 58: // the underline's colour is not kept
			case v == 38:
				pen.Fg = c
			default:
				pen.Bg = c
			}
		}
	}
}

// color reads what follows 38 or 48 from parameter i on: 5;n, 2;r;g;b and, with
// colons, 5:n, 2:r:g:b and 2:space:r:g:b. used is how many parameters it took.
func (p *params) color(i int) (c Color, used int, ok bool) {
	colons := p.isSub(i)
	have := p.n - i
	if colons {
		have = 0
		for p.isSub(i + have) {
			have++
		}
	}
	part := func(k int) uint8 { return uint8(min(p.get(i+k, 0), 255)) }
	switch kind := p.get(i, 0); {
	case kind == 5 && have >= 2:
		c, used, ok = Indexed(part(1)), 2, p.get(i+1, 0) <= 255
	case kind == 2 && colons && have >= 5:
		c, used, ok = RGB(part(2), part(3), part(4)), have, true
	case kind == 2 && have >= 4:
		c, used, ok = RGB(part(1), part(2), part(3)), 4, true
	default:
		used = max(have, 0) // nothing after it can be understood
	}
	if colons {
		used = have
	}
	return c, used, ok
}
