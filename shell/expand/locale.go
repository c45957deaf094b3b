package expand

import (
	"strings"
	"unicode/utf8"
)

// UTF8 says that the locale's characters are UTF-8.
func (x *Expander) UTF8() bool { return x.isUTF8() }

// isUTF8 says that the locale's characters are UTF-8: LC_ALL, else LC_CTYPE,
// else LANG, names that codeset (XBD 8.2).
func (x *Expander) isUTF8() bool {
	for _, name := range [...]string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v, _ := x.Env.Get(name); v != "" {
			return namesUTF8(v)
		}
	}
	return false
}

// namesUTF8 looks at the codeset of a locale's name: language.codeset@modifier.
func namesUTF8(locale string) bool {
	_, set, _ := strings.Cut(locale, ".")
	set, _, _ = strings.Cut(set, "@")
	return strings.EqualFold(set, "utf-8") || strings.EqualFold(set, "utf8")
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// invalid is added to a byte that is not part of valid UTF-8 to make a
// character of it, apart from all others.
const invalid = utf8.MaxRune + 1

// char reads the character at the beginning of s, which is not empty.
func char(s string, isUTF8 bool) (c rune, width int) {
	if s[0] < utf8.RuneSelf || !isUTF8 {
		return rune(s[0]), 1
	}
	c, width = utf8.DecodeRuneInString(s)
	if width == 1 {
		c = invalid + rune(s[0])
	}
	return c, width
}

// lastChar reads the character at the end of s, which is not empty.
func lastChar(s string, isUTF8 bool) (c rune, width int) {
	b := s[len(s)-1]
	if b < utf8.RuneSelf || !isUTF8 {
		return rune(b), 1
	}
	c, width = utf8.DecodeLastRuneInString(s)
	if width == 1 {
		c = invalid + rune(b)
	}
	return c, width
}

// chars counts characters.
func (x *Expander) chars(s string) int {
	if !isASCII(s) && x.isUTF8() {
		return utf8.RuneCountInString(s)
	}
	return len(s)
}
