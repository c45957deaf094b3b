package tutor

// band is what stands at the foot of the screen.
type band struct {
	lines []string
	keys  bool
	marks map[int]string
}

// place is where the lesson stands on the screen, if there is one.
type place interface {
	Screen() bool
	Size() (cols, rows int)
	SetBand(band) error
	Keys() <-chan string
}

// noScreen is a place that is not there.
type noScreen struct{}

func (noScreen) Screen() bool           { return false }
func (noScreen) Size() (cols, rows int) { return 80, 24 }
func (noScreen) SetBand(band) error     { return nil }
func (noScreen) Keys() <-chan string    { return nil }
