package plain

// Printf appends to out what printf writes for args (without the name).
func Printf(args []string, out []byte) (newOut []byte, status int, errs []string) {
	panic("plain: Printf is not written yet")
}
