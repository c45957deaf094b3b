package edit

import (
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// The cursor moves over grapheme clusters (UAX #29): what a reader calls one
// character. A byte that is not UTF-8, and a control character, is a cluster
// of its own; a cluster never reaches over an ASCII character that follows.

// clusterLen is the length in bytes of the first cluster of s, which is not
// empty.
func clusterLen(s []byte) int {
	c := s[0]
	if c < ' ' || c == 0x7f || len(s) == 1 {
		return 1
	}
	if c < utf8.RuneSelf && s[1] < utf8.RuneSelf {
		return 1
	}
	r, n := utf8.DecodeRune(s)
	if r == utf8.RuneError && n == 1 {
		return 1
	}
	it := graphemes.FromBytes(s)
	if !it.Next() {
		return n
	}
	for end := len(it.Value()); n < end; {
		r, m := utf8.DecodeRune(s[n:])
		if r < utf8.RuneSelf || r == utf8.RuneError && m == 1 {
			break
		}
		n += m
	}
	return n
}

// runStart is the start of the stretch that ends at pos, and at which no
// cluster begins earlier: an ASCII character, or what follows a byte that is
// not UTF-8.
func runStart(s []byte, pos int) int {
	for pos > 0 {
		r, n := utf8.DecodeLastRune(s[:pos])
		if r == utf8.RuneError && n == 1 {
			break
		}
		pos -= n
		if r < utf8.RuneSelf {
			break
		}
	}
	return pos
}

// nextCluster is the end of the cluster at pos.
func nextCluster(s []byte, pos int) int {
	if pos >= len(s) {
		return len(s)
	}
	return pos + clusterLen(s[pos:])
}

// prevCluster is the start of the cluster that ends at pos.
func prevCluster(s []byte, pos int) int {
	if pos == 0 {
		return 0
	}
	start := runStart(s, pos)
	if start == pos { // a byte that is not UTF-8
		return pos - 1
	}
	for {
		end := nextCluster(s, start)
		if end >= pos {
			return start
		}
		start = end
	}
}

// snap moves pos to the end of the cluster that it is inside of, if it is.
func snap(s []byte, pos int) int {
	if pos == 0 || pos >= len(s) {
		return pos
	}
	// A cluster can reach into pos only over characters that are not ASCII.
	if s[pos] < utf8.RuneSelf {
		return pos
	}
	// Bytes typed one by one can have become a character around pos.
	for i := max(0, pos-utf8.UTFMax+1); i < pos; i++ {
		if _, n := utf8.DecodeRune(s[i:]); n > 1 && i+n > pos {
			pos = i + n
			break
		}
	}
	start := runStart(s, pos)
	for start < pos {
		start = nextCluster(s, start)
	}
	return start
}

// isWord tells whether readline's word commands take a cluster as part of a
// word: its marks are what its character is.
func isWord(cluster []byte) bool {
	r, n := utf8.DecodeRune(cluster)
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return !(r == utf8.RuneError && n == 1) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// wordEnd is the end of the word at or behind pos.
func wordEnd(s []byte, pos int) int {
	for in := false; pos < len(s); {
		next := nextCluster(s, pos)
		if isWord(s[pos:next]) {
			in = true
		} else if in {
			break
		}
		pos = next
	}
	return pos
}

// wordStart is the start of the word at or before pos.
func wordStart(s []byte, pos int) int {
	for in := false; pos > 0; {
		prev := prevCluster(s, pos)
		if isWord(s[prev:pos]) {
			in = true
		} else if in {
			break
		}
		pos = prev
	}
	return pos
}

// blankWordStart is wordStart for words that only blanks and newlines part.
func blankWordStart(s []byte, pos int) int {
	for in := false; pos > 0; {
		prev := prevCluster(s, pos)
		if pos-prev > 1 || !isBlank(s[prev]) {
			in = true
		} else if in {
			break
		}
		pos = prev
	}
	return pos
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// lineStart and lineEnd are the ends of pos's own line in a text of several.
func lineStart(s []byte, pos int) int {
	for pos > 0 && s[pos-1] != '\n' {
		pos--
	}
	return pos
}

func lineEnd(s []byte, pos int) int {
	for pos < len(s) && s[pos] != '\n' {
		pos++
	}
	return pos
}

// lastWord is the last word of a command, quotes and all, as M-. inserts it.
func lastWord(s string) string {
	last := ""
	for i := 0; i < len(s); {
		if isBlank(s[i]) {
			i++
			continue
		}
		start := i
		if isOperator(s[i]) {
			for i < len(s) && isOperator(s[i]) {
				i++
			}
		} else {
			i = wordAt(s, i)
		}
		last = s[start:i]
	}
	return last
}

func isOperator(c byte) bool {
	switch c {
	case ';', '&', '|', '<', '>', '(', ')':
		return true
	}
	return false
}

// wordAt is the end of the word that starts at i: quoted parts belong to it.
func wordAt(s string, i int) int {
	for i < len(s) && !isBlank(s[i]) && !isOperator(s[i]) {
		switch q := s[i]; q {
		case '\\':
			i++
		case '\'', '"':
			for i++; i < len(s) && s[i] != q; i++ {
				if q == '"' && s[i] == '\\' {
					i++
				}
			}
		}
		i++
	}
	return min(i, len(s))
}
