package proc

import "slices"

// Concerns says whether a session is part of the shell's picture: it is the
// shell's own, or holds something that was started from it.
func (t *Tree) Concerns(s *Session) bool {
	if t.Shell != nil && t.Shell.Session == s {
		return true
	}
	return slices.ContainsFunc(s.Groups, func(g *Group) bool { return g.concerns(false) })
}

// concerns says whether a group holds somebody whom the picture shows. In the
// shell's own session everybody is shown who is not plumbing.
func (g *Group) concerns(all bool) bool {
	return slices.ContainsFunc(g.Members, func(p *Process) bool { return (all || p.Ours) && !p.Plumbing })
}

// nameGroups gives letters to the groups of the picture. A group that had one
// keeps it; a new one gets the letter after the last in use, so that the order
// of the letters is that of the births, and nothing has to move for a newcomer.
func (t *Tree) nameGroups(prev *Tree) {
	type place struct{ sid, pgid int }
	had := make(map[place]int)
	if prev != nil {
		for _, s := range prev.Sessions {
			for _, g := range s.Groups {
				if g.letter != 0 {
					had[place{s.Sid, g.Pgid}] = g.letter
				}
			}
		}
	}
	last := 0
	var fresh []*Group
	for _, s := range t.Sessions {
		own := t.Shell != nil && t.Shell.Session == s
		for _, g := range s.Groups {
			if !g.concerns(own) {
				continue
			}
			if n := had[place{s.Sid, g.Pgid}]; n != 0 {
				g.letter = n
				last = max(last, n)
				continue
			}
			fresh = append(fresh, g)
		}
	}
	slices.SortStableFunc(fresh, func(a, b *Group) int {
		shell := func(g *Group) int {
			if t.Shell != nil && t.Shell.Group == g {
				return 0
			}
			return 1
		}
		if d := shell(a) - shell(b); d != 0 {
			return d
		}
		return a.born.compare(b.born)
	})
	for _, g := range fresh {
		last++
		g.letter = last
	}
	for _, s := range t.Sessions {
		for _, g := range s.Groups {
			g.Letter = letters(g.letter)
		}
	}
}

// letters is A for 1, Z for 26, AA for 27; "" for 0.
func letters(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('A'+(n-1)%26)) + s
	}
	return s
}
