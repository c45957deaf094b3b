package entry

// Written by start_*.s before the runtime starts: the signals that were ignored,
// which of descriptors 0-2 were closed, and 1.
var ignored, closed, seen uint64

func init() { Ignored, Closed, SignalsKnown = ignored, closed, seen != 0 }
