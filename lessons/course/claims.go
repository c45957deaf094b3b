package course

import (
	_ "embed"
	"strings"
)

//go:embed claims.txt
var claims string

// Claim is something that the course says, which a lesson has the kernel show.
type Claim struct{ ID, Text string }

// Claims are those that lessons must prove, in the order of the course.
func Claims() []Claim {
	var list []Claim
	for line := range strings.Lines(claims) {
		if id, text, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			list = append(list, Claim{id, text})
		}
	}
	return list
}
