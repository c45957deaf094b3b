package viz

import (
	"strconv"
	"strings"

	"jsh/event"
	"jsh/typeset"
)

// picture is an SVG document in the making: no script, no font and no image
// from elsewhere. Text is text. It grows with what is drawn: nothing stands
// outside its view box, as far as the width of a character can be known.
type picture struct {
	body   strings.Builder
	words  strings.Builder // lie above all shapes
	dx, dy float64         // added to all places
	w, h   float64         // the extent of what was drawn
}

// Sizes are in SVG user units: pixels, where nobody scales the picture.
const (
	fontSize  = 14
	charWidth = 0.62 * fontSize // the widest of the usual monospaced fonts
	border    = 24
)

// The colours are those of Okabe and Ito, which people with any of the usual
// colour blindnesses can keep apart, on two backgrounds.
const svgStyle = `
text{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:14px;fill:#1c2128;white-space:pre}
.bg,.cut{fill:#fff}.b{font-weight:bold}.big{font-size:20px;font-weight:bold}
.small{font-size:12px}.faint{fill:#5f6875}.blue{fill:#005c91}.orange{fill:#7a4f00}.red{fill:#a84300}.purple{fill:#8a3d6b}.onblue{fill:#fff}
.grid{stroke:#e3e7ec}.rule{stroke:#8b95a3}.zig{stroke:#b9c1cb;fill:none;stroke-width:1.5}
.halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.guide{stroke:#a84300;stroke-dasharray:4 3;stroke-width:1.5}
.band{fill:#f1f4f7;stroke:#c3cad3}.thick{fill:#0072b2}.thin{fill:#aab3bf}
.alive{fill:#7b8798}.front{fill:#0072b2}.halt{fill:url(#hatch);stroke:#b87a00}.hatch{stroke:#e69f00;stroke-width:3}.plate{fill:#fff}
.cap{fill:#fff;stroke:#8b95a3;stroke-width:1.5}.pill{fill:#fff3ea;stroke:#d55e00;stroke-width:1.5}
.session{fill:#f7f9fb;stroke:#aab3bf;stroke-width:1.5}.other{fill:none;stroke:#c3cad3;stroke-width:1.5;stroke-dasharray:6 4}
.group{fill:#fff;stroke:#aab3bf;stroke-width:1.5}.holder{fill:#fff;stroke:#0072b2;stroke-width:4}.badge{fill:#e3e7ec}
@media (prefers-color-scheme:dark){
text{fill:#e6e9ee}.bg,.cut{fill:#14181d}
.faint{fill:#98a2b0}.blue{fill:#6cc0f5}.orange{fill:#f0bd55}.red{fill:#ff9a5c}.purple{fill:#e6a3c6}.onblue{fill:#fff}
.grid{stroke:#2a3038}.rule,.zig{stroke:#6b7583}.halo{stroke:#14181d}.guide{stroke:#ff9a5c}
.band{fill:#1d232a;stroke:#3a424d}.thin{fill:#56606d}
.alive{fill:#77849a}.plate{fill:#14181d}
.cap{fill:#1d232a;stroke:#6b7583}.pill{fill:#33210f}
.session{fill:#1a1f25;stroke:#56606d}.other{stroke:#3a424d}.group{fill:#14181d;stroke:#56606d}.holder{fill:#14181d;stroke:#3a9bd9}.badge{fill:#2a3038}
}
`

func (p *picture) reach(x, y float64) { p.w, p.h = max(p.w, x+p.dx), max(p.h, y+p.dy) }

func (p *picture) tag(name string, attributes ...string) {
	p.body.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		p.body.WriteString(" " + attributes[i] + `="` + attributes[i+1] + `"`)
	}
	p.body.WriteString("/>\n")
}

func (p *picture) rect(class string, x, y, w, h, round float64) {
	p.reach(x+w, y+h)
	p.tag("rect", "class", class, "x", px(x+p.dx), "y", px(y+p.dy), "width", px(max(w, 0)), "height", px(max(h, 0)), "rx", px(round))
}

func (p *picture) line(class string, x0, y0, x1, y1 float64) {
	p.reach(max(x0, x1), max(y0, y1))
	p.tag("line", "class", class, "x1", px(x0+p.dx), "y1", px(y0+p.dy), "x2", px(x1+p.dx), "y2", px(y1+p.dy))
}

// text writes s with its baseline at y.
func (p *picture) text(class string, x, y float64, s string) {
	if s == "" {
		return
	}
	p.reach(x+textLength(s, class), y+4)
	p.words.WriteString("<text")
	if class != "" {
		p.words.WriteString(` class="` + class + `"`)
	}
	p.words.WriteString(` x="` + px(x+p.dx) + `" y="` + px(y+p.dy) + `">` + xmlText(s) + "</text>\n")
}

// document is the whole picture. title is for those who do not see it.
func (p *picture) document(title string) []byte {
	w, h := px(p.w+border), px(p.h+border)
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<svg xmlns="http://www.w3.org/2000/svg" width="` + w + `" height="` + h + `" viewBox="0 0 ` + w + " " + h + `">` + "\n" +
		"<title>" + xmlText(title) + "</title>\n<style>" + svgStyle + "</style>\n" +
		`<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
		`<rect class="plate" width="8" height="8"/><line class="hatch" x1="2" y1="0" x2="2" y2="8"/></pattern></defs>` + "\n" +
		`<rect class="bg" width="` + w + `" height="` + h + `"/>` + "\n" + p.body.String() + p.words.String() + "</svg>\n")
}

// textLength is how long s is at most.
func textLength(s, class string) float64 {
	w := float64(typeset.Width(s)) * charWidth
	for c := range strings.FieldsSeq(class) {
		switch c {
		case "big":
			w *= 20.0 / fontSize
		case "small":
			w *= 12.0 / fontSize
		}
	}
	return w
}

// px is a length with at most one decimal.
func px(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// xmlText is s as XML character data. What XML cannot hold (XML 1.0, 2.2) is
// made visible first.
func xmlText(s string) string {
	var b strings.Builder
	for _, r := range event.Visible(s) {
		switch r {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&quot;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
