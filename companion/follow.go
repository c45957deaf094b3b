package companion

import "strings"

// Where a tracer follows all that the shell starts, nothing of it is missed
// whatever the watcher can see.

// followed tells whether one does. The caller holds mu.
func (h *Hub) followed() bool {
	for c := range h.conns {
		if c.follows != 0 && c.follows == h.shell {
			return true
		}
	}
	return false
}

// setSource says who watches, in words for the picture: the watcher, and a tracer
// where the watcher may miss something. The caller holds mu.
func (h *Hub) setSource(watches string) {
	h.watches, h.source = watches, watches
	if h.followed() && !strings.HasPrefix(watches, "the kernel") {
		h.source = "a tracer, and " + watches
	}
	h.tellAbout()
}
