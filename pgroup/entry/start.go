package entry

// Written by start_*.s before the runtime starts: the signals that were ignored,
// and 1.
var ignored, seen uint64

func init() { Ignored, SignalsKnown = ignored, seen != 0 }
