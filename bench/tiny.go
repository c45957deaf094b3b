package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
)

// writeTiny writes the smallest program that there is: an ELF executable of one
// segment (elf(5)) whose only instructions are exit(0). What a shell spends on
// starting it is then nearly all its own and the kernel's; and no compiler is
// needed.
func writeTiny(path string) error {
	image, err := tinyELF(runtime.GOARCH)
	if err != nil {
		return err
	}
	return os.WriteFile(path, image, 0o700)
}

func tinyELF(arch string) ([]byte, error) {
	const (
		address    = 0x400000
		headerSize = 64
		entrySize  = 56 // of the program header
		codeAt     = headerSize + entrySize
	)
	var machine uint16
	var code []byte
	switch arch {
	case "amd64":
		machine = 62
		code = []byte{
			0x31, 0xff, // xor edi, edi
			0x6a, 60, 0x58, // push 60 (exit); pop rax
			0x0f, 0x05, // syscall
		}
	case "arm64":
		machine = 183
		code = []byte{
			0x00, 0x00, 0x80, 0xd2, // mov x0, #0
			0xa8, 0x0b, 0x80, 0xd2, // mov x8, #93 (exit)
			0x01, 0x00, 0x00, 0xd4, // svc #0
		}
	default:
		return nil, fmt.Errorf("no tiny program is known for %s", arch)
	}
	b := []byte{0x7f, 'E', 'L', 'F', 2 /* 64 bits */, 1 /* little-endian */, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	le := binary.LittleEndian
	b = le.AppendUint16(b, 2) // an executable
	b = le.AppendUint16(b, machine)
	b = le.AppendUint32(b, 1)
	b = le.AppendUint64(b, address+codeAt) // entry
	b = le.AppendUint64(b, headerSize)     // program headers
	b = le.AppendUint64(b, 0)              // no section headers
	b = le.AppendUint32(b, 0)
	for _, v := range []uint16{headerSize, entrySize, 1, 0, 0, 0} {
		b = le.AppendUint16(b, v)
	}
	size := uint64(codeAt + len(code))
	b = le.AppendUint32(b, 1) // PT_LOAD
	b = le.AppendUint32(b, 5) // read, execute
	for _, v := range []uint64{0, address, address, size, size, 0x1000} {
		b = le.AppendUint64(b, v)
	}
	return append(b, code...), nil
}
