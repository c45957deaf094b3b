package plain

// Test decides the expression in args (without the name) for test or [.
func Test(name string, args []string, fs FS) (status int, err string) {
	panic("plain: Test is not written yet")
}
