package event

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAppendJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		e    Event
		want string
	}{
		{"keys stand in one order and zero fields are left out",
			Event{Seq: 3, At: 12, Kind: Spawn, Source: Shell, Pid: 4711, Pgid: 4711, Fg: true, Path: "/bin/ls", Argv: []string{"ls", "-l"}},
			`{"seq":3,"at":12,"kind":"spawn","source":"shell","pid":4711,"pgid":4711,"foreground":true,"path":"/bin/ls","argv":["ls","-l"]}`},
		{"a zero that carries the meaning is written",
			Event{Kind: Exited, Source: Shell, Pid: 5},
			`{"kind":"exited","source":"shell","pid":5,"status":0}`},
		{"the log's own words have no source",
			Event{Seq: 1, Kind: Gap, Text: "x"},
			`{"seq":1,"kind":"gap","text":"x"}`},
		{"control characters, quotes and line separators are escaped",
			Event{Kind: Key, Text: "\x1b\"\\\n\t\x7f\u0085\u2028é"},
			`{"kind":"key","text":"\u001b\"\\\n\t\u007f\u0085\u2028é"}`},
		{"a byte that is not UTF-8 is a lone surrogate",
			Event{Kind: LineBegin, Text: "a\xff\xe9z"},
			`{"kind":"line-begin","text":"a\udcff\udce9z"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := string(AppendJSON([]byte("> "), &c.e))
			if got != "> "+c.want {
				t.Errorf("got  %s\nwant > %s", got, c.want)
			}
			back, err := ParseJSON([]byte(c.want))
			if err != nil || !cmp.Equal(back, c.e) {
				t.Errorf("read back as %+v, %v", back, err)
			}
			if !json.Valid([]byte(c.want)) {
				t.Error("encoding/json does not take it")
			}
		})
	}
}

func TestParseJSON(t *testing.T) {
	t.Run("keys may come in any order, with white space", func(t *testing.T) {
		e, err := ParseJSON([]byte(" { \"pid\" : 7 ,\t\"kind\":\"gone\" , \"argv\" : [ \"a\" , \"b\" ] } \r\n"))
		want := Event{Kind: Gone, Pid: 7, Argv: []string{"a", "b"}}
		if err != nil || !cmp.Equal(e, want) {
			t.Errorf("%+v, %v", e, err)
		}
	})
	t.Run("a surrogate pair is one character", func(t *testing.T) {
		e, err := ParseJSON([]byte(`{"kind":"key","text":"\ud83d\ude00\/"}`))
		if err != nil || e.Text != "😀/" {
			t.Errorf("%q, %v", e.Text, err)
		}
	})

	for _, c := range []struct{ line, want string }{
		{``, `column 1: expected "{"`},
		{`[]`, `column 1: expected "{"`},
		{`{}`, `column 2: an event needs a kind`},
		{`{"pid":1}`, `column 10: an event needs a kind`},
		{`{"kind":"gone"} x`, `column 17: something follows the event`},
		{"{\"kind\":\"gone\"}\x00", `column 16: something follows the event`},
		{`{"kind":"gone","pidd":1}`, `column 16: unknown key "pidd"`},
		{`{"kind":"gone","kind":"gone"}`, `column 16: key "kind" is given twice`},
		{`{"kind":"went"}`, `column 9: unknown kind "went"`},
		{`{"kind":""}`, `column 9: unknown kind ""`},
		{`{"kind":"gone","source":"me"}`, `column 25: unknown source "me"`},
		{`{"kind":"gone","pid":"1"}`, `column 22: expected an integer`},
		{`{"kind":"gone","pid":1.5}`, `column 23: expected "}"`},
		{`{"kind":"gone","pid":01}`, `column 22: expected an integer`},
		{`{"kind":"gone","pid":-0}`, `column 22: expected an integer`},
		{`{"kind":"gone","pid":99999999999999999999}`, `column 22: the integer is out of range`},
		{`{"kind":"gone","seq":-1}`, `column 22: the integer is out of range`},
		{`{"kind":"gone","core":1}`, `column 23: expected true or false`},
		{`{"kind":"gone","core":truely}`, `column 27: expected "}"`},
		{`{"kind":"gone","text":null}`, `column 23: expected a string`},
		{`{"kind":"gone","text":"a`, `column 25: the string does not end`},
		{`{"kind":"gone","text":"\q"}`, `column 24: unknown escape in a string`},
		{`{"kind":"gone","text":"\ud83d"}`, `column 24: half of a surrogate pair`},
		{`{"kind":"gone","text":"\udc7f"}`, `column 24: half of a surrogate pair`},
		{"{\"kind\":\"gone\",\"text\":\"\xff\"}", `column 24: a byte that is not UTF-8; write it as \udc80 to \udcff`},
		{"{\"kind\":\"gone\",\"text\":\"\n\"}", `column 24: a control character must be escaped in a string`},
		{`{"kind":"gone","argv":["a",]}`, `column 28: expected a string`},
		{`{"kind":"gone","argv":["a"`, `column 27: expected "]"`},
		{`{"kind":"gone",}`, `column 16: expected a string`},
	} {
		t.Run("refused with its place: "+c.line, func(t *testing.T) {
			_, err := ParseJSON([]byte(c.line))
			if err == nil || err.Error() != "event, "+c.want {
				t.Errorf("got  %v\nwant event, %s", err, c.want)
			}
		})
	}
}

// randomEvent fills every field at random, also with bytes that are not text.
func randomEvent(r *rand.Rand) Event {
	text := func() string {
		b := make([]byte, r.IntN(12))
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		if r.IntN(3) == 0 {
			return string(b) + "é😀\u2029\ufffd"
		}
		return string(b)
	}
	var e Event
	v := reflect.ValueOf(&e).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if r.IntN(3) == 0 {
			continue
		}
		switch f.Interface().(type) {
		case Kind:
			continue
		case Source:
			f.SetUint(uint64(r.IntN(len(sourceNames))))
		case uint64:
			f.SetUint(r.Uint64())
		case int64, int:
			f.SetInt(int64(r.Uint64() >> r.IntN(64)))
		case bool:
			f.SetBool(true)
		case string:
			f.SetString(text())
		case []string:
			for range r.IntN(4) {
				e.Argv = append(e.Argv, text())
			}
		default:
			panic("a field of a type that this test does not know: " + f.Type().String())
		}
	}
	e.Kind = Kind(1 + r.IntN(len(kindNames)-1))
	return e
}

func TestJSONRoundTrip(t *testing.T) {
	t.Run("every event is read back as it was written, on one line of UTF-8", func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for range 20_000 {
			e := randomEvent(r)
			line := AppendJSON(nil, &e)
			back, err := ParseJSON(line)
			if err != nil || !cmp.Equal(back, e) {
				t.Fatalf("%+v\n%s\n%+v, %v", e, line, back, err)
			}
			if bytes.ContainsAny(line, "\n\r") || !utf8.Valid(line) || !json.Valid(line) {
				t.Fatalf("not one line of JSON: %q", line)
			}
		}
	})
	t.Run("every kind and source has a name of its own", func(t *testing.T) {
		seen := map[string]bool{}
		for k := Spawn; k <= Call; k++ {
			if seen[k.String()] || strings.Contains(k.String(), " ") {
				t.Errorf("kind %d is %q", k, k)
			}
			seen[k.String()] = true
		}
		for s := Source(0); s <= Keyboard; s++ {
			if seen["source "+s.String()] || strings.Contains(s.String(), " ") {
				t.Errorf("source %d is %q", s, s)
			}
			seen["source "+s.String()] = true
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		e := randomEvent(r)
		f.Add(AppendJSON(nil, &e))
	}
	f.Add([]byte(`{"kind":"gone","text":"\ud83d\ude00\udcff"} `))
	f.Fuzz(func(t *testing.T, line []byte) {
		e, err := ParseJSON(line)
		if err != nil {
			return
		}
		if !json.Valid(line) {
			t.Fatalf("took what encoding/json does not: %q", line)
		}
		back, err := ParseJSON(AppendJSON(nil, &e))
		if err != nil || !cmp.Equal(back, e) {
			t.Fatalf("%+v came back as %+v, %v", e, back, err)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	e := Event{Seq: 3, At: 123456789012, Kind: Spawn, Source: Shell, Pid: 4711, Pgid: 4711, Fg: true, Path: "/bin/ls", Argv: []string{"ls", "-l"}}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendJSON(buf[:0], &e)
	}
}
