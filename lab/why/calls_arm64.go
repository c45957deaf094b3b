package why

// oldCall knows the calls that only older machines have: arm64 has none.
func oldCall(int) (name string, fd int) { return "", -1 }
