package grid

import (
	"sort"
	"unicode"
)

//go:generate go run width_gen.go

// runeRange is a range of characters, both ends included.
type runeRange struct{ lo, hi rune }

// runeWidth is how many columns a character takes: 2 for the wide ones, 0 for
// those that combine with the one before, -1 for those that are not shown at
// all. Characters of ambiguous width take 1.
func runeWidth(r rune) int {
	switch {
	case r < 0x7f:
		return 1
	case r < 0xa0:
		return -1 // DEL and the C1 controls
	case r < 0x300:
		return 1 // the soft hyphen too, as in xterm
	case r == 0x2028 || r == 0x2029:
		return -1 // separators of lines and paragraphs
	case r >= 0x1160 && r <= 0x11ff || r >= 0xd7b0 && r <= 0xd7ff:
		return 0 // the later letters of a Hangul syllable
	case r >= 0x2500 && r < 0x2600:
		if r != 0x25fd && r != 0x25fe {
			return 1 // lines and blocks: frequent, so found fast
		}
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		if unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
			return 1 // signs that stand before a number, not on a letter
		}
		return 0
	}
	i := sort.Search(len(wide), func(i int) bool { return wide[i].hi >= r })
	if i < len(wide) && wide[i].lo <= r {
		return 2
	}
	return 1
}
