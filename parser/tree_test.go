package parser

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// tree writes node without positions and Source, so that two trees can be
// compared and a failed comparison be read.
func tree(node any) string {
	var b strings.Builder
	writeTree(&b, reflect.ValueOf(node))
	return b.String()
}

var spanType = reflect.TypeOf(Span{})

func writeTree(b *strings.Builder, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			b.WriteString("nil")
			return
		}
		writeTree(b, v.Elem())
	case reflect.Slice:
		b.WriteString("[")
		for i := range v.Len() {
			if i > 0 {
				b.WriteString(" ")
			}
			writeTree(b, v.Index(i))
		}
		b.WriteString("]")
	case reflect.Struct:
		t := v.Type()
		b.WriteString(t.Name() + "{")
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Type == spanType || f.Name == "Source" || f.Name == "src" || v.Field(i).IsZero() {
				continue
			}
			b.WriteString(f.Name + ":")
			writeTree(b, v.Field(i))
			b.WriteString(" ")
		}
		b.WriteString("}")
	case reflect.String:
		fmt.Fprintf(b, "%q", v.String())
	default:
		fmt.Fprint(b, v)
	}
}

// mustParse gives the tree of src, which must be right.
func mustParse(t *testing.T, src string) *Program {
	t.Helper()
	p, err := Parse("test", src, Options{})
	if err != nil {
		t.Fatalf("Parse(%q): %v", src, err)
	}
	return p
}

// aliases gives the Alias of Options for a list of name, value, name, value…
func aliases(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// walk calls f for n and every command and substitution in it.
func walk(n any, f func(any)) { walkValue(reflect.ValueOf(n), f) }

func walkValue(v reflect.Value, f func(any)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeOf((*source)(nil)) {
			return
		}
		f(v.Interface())
		walkValue(v.Elem(), f)
	case reflect.Interface:
		if !v.IsNil() {
			walkValue(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walkValue(v.Field(i), f)
			}
		}
	}
}
