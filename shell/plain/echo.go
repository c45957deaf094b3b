package plain

// Echo appends to out what echo writes for args (without the name), and
// returns the longer buffer. Its status is always 0.
func Echo(args []string, out []byte) []byte { panic("plain: Echo is not written yet") }

// XSIEcho is Echo as the XSI option of POSIX wants it.
func XSIEcho(args []string, out []byte) []byte { panic("plain: XSIEcho is not written yet") }
