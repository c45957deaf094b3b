package viz

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
)

// element is one element of an SVG document, with the text in it.
type svgElement struct {
	name string
	attr map[string]string
	text string
}

func (e *svgElement) number(t *testing.T, key string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(e.attr[key], 64)
	if err != nil {
		t.Fatalf("<%s> has no number %s: %v", e.name, key, e.attr)
	}
	return v
}

func parseSVG(t *testing.T, doc []byte) (list []svgElement) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(doc)))
	var open []int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(list) == 0 || list[0].name != "svg" {
				t.Fatalf("no SVG: %.200s", doc)
			}
			return list
		}
		if err != nil {
			t.Fatalf("%v\n%.2000s", err, doc)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := svgElement{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				if e.attr[a.Name.Local] != "" {
					t.Fatalf("%s twice in <%s>", a.Name.Local, e.name)
				}
				e.attr[a.Name.Local] = a.Value
			}
			open = append(open, len(list))
			list = append(list, e)
		case xml.CharData:
			if len(open) > 0 {
				list[open[len(open)-1]].text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

// checkSVG holds for every picture: it parses, loads and runs nothing, and
// nothing stands outside the view box.
func checkSVG(t *testing.T, doc []byte) []svgElement {
	t.Helper()
	list := parseSVG(t, doc)
	box := strings.Fields(list[0].attr["viewBox"])
	if len(box) != 4 {
		t.Fatalf("view box %q", box)
	}
	width, _ := strconv.ParseFloat(box[2], 64)
	height, _ := strconv.ParseFloat(box[3], 64)
	classes := map[string]bool{"": true}
	for _, e := range list {
		if e.name == "style" {
			for _, rule := range strings.FieldsFunc(e.text, func(r rune) bool { return strings.ContainsRune("{},\n", r) }) {
				if class, ok := strings.CutPrefix(rule, "."); ok {
					classes[class] = true
				}
			}
		}
	}
	for _, e := range list {
		switch e.name {
		case "svg", "title", "style", "defs", "pattern":
		case "rect", "line", "path":
		case "text":
			x, y := e.number(t, "x"), e.number(t, "y")
			if right := x + textLength(e.text, e.attr["class"]); x < 0 || right > width || y < 10 || y > height {
				t.Errorf("%q reaches from %v to %v at %v, outside of %v×%v", e.text, x, right, y, width, height)
			}
		default:
			t.Errorf("<%s> is no part of a still picture", e.name)
		}
		for class := range strings.FieldsSeq(e.attr["class"]) {
			if !classes[class] {
				t.Errorf("class %q has no style", class)
			}
		}
		for key, v := range e.attr {
			if strings.HasPrefix(key, "on") || key == "href" || strings.Contains(v, "://") && key != "xmlns" {
				t.Errorf("%s=%q", key, v)
			}
		}
		if e.name == "rect" && e.attr["x"] != "" {
			x, y := e.number(t, "x"), e.number(t, "y")
			if x < 0 || y < 0 || x+e.number(t, "width") > width || y+e.number(t, "height") > height {
				t.Errorf("%v lies outside of %v×%v", e.attr, width, height)
			}
		}
	}
	return list
}

// texts are what can be read in a picture, one a line.
func texts(list []svgElement) string {
	var b strings.Builder
	b.WriteString("\n")
	for _, e := range list {
		if e.name == "text" {
			b.WriteString(e.text + "\n")
		}
	}
	return b.String()
}

func TestTimelineSVG(t *testing.T) {
	for _, tl := range tales {
		t.Run("all of the tale "+tl.name+" can be read", func(t *testing.T) {
			doc := TimelineSVG(tl.events, tl.lines, ms(tl.now))
			read := texts(checkSVG(t, doc))
			p := recall(tl.events, tl.lines, ms(tl.now))
			for _, g := range p.bands {
				for _, b := range g.bars {
					if !strings.Contains(read, "\n"+strconv.Itoa(b.pid)+" ") {
						t.Errorf("%d is missing", b.pid)
					}
				}
			}
			for _, n := range p.notes {
				if !strings.Contains(read, n) {
					t.Errorf("%q is missing", n)
				}
			}
			if len(p.bands) < 9 && len(doc) < 20000 {
				compare(t, "testdata/timeline/"+strings.ReplaceAll(tl.name, " ", "-")+".svg", string(doc))
			}
		})
	}
	t.Run("of nothing there is no picture", func(t *testing.T) {
		if doc := TimelineSVG(nil, 1, 0); doc != nil {
			t.Errorf("%s", doc)
		}
	})
}

func TestTreeSVG(t *testing.T) {
	for _, s := range stories {
		t.Run("all of the story "+s.name+" can be read", func(t *testing.T) {
			tree := s.tree()
			doc := TreeSVG(tree, Style{All: true})
			read := texts(checkSVG(t, doc))
			for p := range tree.All {
				if !strings.Contains(read, "\n"+strconv.Itoa(p.Pid)+"\n") {
					t.Errorf("%d is missing in %s", p.Pid, read)
				}
			}
			for _, ses := range tree.Sessions {
				for _, g := range ses.Groups {
					if g.Pgid != 0 && !strings.Contains(read, "\ngroup "+strconv.Itoa(g.Pgid)+"\n") {
						t.Errorf("group %d is missing", g.Pgid)
					}
				}
			}
			compare(t, "testdata/"+strings.ReplaceAll(s.name, " ", "-")+".svg", string(doc))
		})
	}
	t.Run("what is out of scope is not drawn", func(t *testing.T) {
		if read := texts(parseSVG(t, TreeSVG(stories[1].tree(), Style{}))); strings.Contains(read, "sshd") {
			t.Error(read)
		}
	})
}
