package check

import (
	"encoding/binary"
	"path/filepath"
	"slices"
	"strings"

	"jsh/lab/trace"
)

// This file reads the line table of an ELF file (DWARF 2 to 5, section 6.2 of
// the standard) and nothing else of it. debug/dwarf and debug/elf would do, but
// with what they import they cost every start of jsh 50 µs for their tables.

// row says that from address addr on the code belongs to a line.
type row struct {
	addr uint64
	file string
	line int
	end  bool // the first address behind a sequence
}

// lineTable is what one program file says of its lines.
type lineTable struct {
	rows     []row  // by address
	lo, hi   uint64 // the executable part, as the file has it
	position bool   // position-independent: it is loaded elsewhere
}

// at is the line of an address in the file, as "daemon.c:31"; "" if none has it.
func (t *lineTable) at(addr uint64) string {
	i, _ := slices.BinarySearchFunc(t.rows, addr, func(r row, a uint64) int {
		if r.addr <= a {
			return -1
		}
		return 1
	})
	if i == 0 || t.rows[i-1].end || t.rows[i-1].line == 0 || t.rows[i-1].file == "" {
		return ""
	}
	return filepath.Base(t.rows[i-1].file) + ":" + num(t.rows[i-1].line)
}

// maxFile bounds what is read of a program.
const maxFile = 256 << 20

func readLines(path string) *lineTable {
	b := []byte(trace.ReadFile(path))
	if len(b) < 64 || len(b) > maxFile || string(b[:4]) != "\x7fELF" || b[4] != 2 {
		return nil
	}
	order := binary.ByteOrder(binary.LittleEndian)
	if b[5] == 2 {
		order = binary.BigEndian
	}
	t := &lineTable{position: order.Uint16(b[16:]) == 3} // ET_DYN
	for i := range int(order.Uint16(b[56:])) {
		p := part(b, order.Uint64(b[32:])+uint64(i)*uint64(order.Uint16(b[54:])), 56)
		if p != nil && order.Uint32(p) == 1 && order.Uint32(p[4:])&1 != 0 { // PT_LOAD, PF_X
			t.lo = order.Uint64(p[16:])
			t.hi = t.lo + order.Uint64(p[40:])
		}
	}
	line, strs, lineStrs := section(b, order, ".debug_line"), section(b, order, ".debug_str"), section(b, order, ".debug_line_str")
	for len(line) > 4 {
		r := reader{b: line, order: order}
		length, wide := r.length()
		if r.bad || length > uint64(len(r.b)) {
			break
		}
		line = r.b[length:]
		r.b = r.b[:length]
		t.rows = append(t.rows, unit(&r, wide, strs, lineStrs)...)
	}
	if len(t.rows) == 0 {
		return nil
	}
	slices.SortStableFunc(t.rows, func(a, b row) int {
		switch {
		case a.addr < b.addr:
			return -1
		case a.addr > b.addr:
			return 1
		case a.end && !b.end:
			return -1
		case b.end && !a.end:
			return 1
		}
		return 0
	})
	return t
}

// part is a piece of a file; nil where the file is shorter.
func part(b []byte, at, size uint64) []byte {
	if at > uint64(len(b)) || size > uint64(len(b))-at {
		return nil
	}
	return b[at : at+size]
}

// section finds a section by its name; nil if it is not there or compressed.
func section(b []byte, order binary.ByteOrder, name string) []byte {
	size, n, names := uint64(order.Uint16(b[58:])), int(order.Uint16(b[60:])), int(order.Uint16(b[62:]))
	header := func(i int) []byte { return part(b, order.Uint64(b[40:])+uint64(i)*size, 64) }
	h := header(names)
	if h == nil {
		return nil
	}
	table := part(b, order.Uint64(h[24:]), order.Uint64(h[32:]))
	for i := range n {
		h := header(i)
		if h == nil {
			return nil
		}
		const compressed = 0x800 // SHF_COMPRESSED
		if text(table, uint64(order.Uint32(h))) == name && order.Uint64(h[8:])&compressed == 0 {
			return part(b, order.Uint64(h[24:]), order.Uint64(h[32:]))
		}
	}
	return nil
}

// text is the C string at a place of a table of strings.
func text(b []byte, at uint64) string {
	if at >= uint64(len(b)) {
		return ""
	}
	s, _, _ := strings.Cut(string(b[at:min(at+4096, uint64(len(b)))]), "\x00")
	return s
}

// reader takes numbers from the front of a slice. Once something was missing
// it is bad, and gives zeros.
type reader struct {
	b     []byte
	order binary.ByteOrder
	bad   bool
}

func (r *reader) take(n uint64) []byte {
	if r.bad || n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return make([]byte, min(n, 16))
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) u8() byte    { return r.take(1)[0] }
func (r *reader) u16() uint16 { return r.order.Uint16(r.take(2)) }
func (r *reader) u32() uint32 { return r.order.Uint32(r.take(4)) }
func (r *reader) u64() uint64 { return r.order.Uint64(r.take(8)) }

func (r *reader) offset(wide bool) uint64 {
	if wide {
		return r.u64()
	}
	return uint64(r.u32())
}

// length is the length of a unit, in the 32-bit or the 64-bit format.
func (r *reader) length() (n uint64, wide bool) {
	if n = uint64(r.u32()); n == 0xffffffff {
		return r.u64(), true
	}
	return n, false
}

func (r *reader) uleb() (v uint64) {
	for shift := 0; shift < 64; shift += 7 {
		c := r.u8()
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			break
		}
	}
	return v
}

func (r *reader) sleb() int64 {
	var v int64
	for shift := 0; shift < 64; shift += 7 {
		c := r.u8()
		v |= int64(c&0x7f) << shift
		if c < 0x80 {
			if c&0x40 != 0 && shift+7 < 64 {
				v |= -1 << (shift + 7)
			}
			break
		}
	}
	return v
}

func (r *reader) cstring() string {
	s := text(r.b, 0)
	r.take(uint64(len(s)) + 1)
	return s
}

// form reads one value of a description of a directory or file (DWARF 5).
func (r *reader) form(f uint64, wide bool, strs, lineStrs []byte) (s string) {
	switch f {
	case 0x08: // DW_FORM_string
		return r.cstring()
	case 0x1f: // DW_FORM_line_strp
		return text(lineStrs, r.offset(wide))
	case 0x0e: // DW_FORM_strp
		return text(strs, r.offset(wide))
	case 0x0b: // data1
		r.take(1)
	case 0x05: // data2
		r.take(2)
	case 0x06: // data4
		r.take(4)
	case 0x07: // data8
		r.take(8)
	case 0x1e: // data16
		r.take(16)
	case 0x0f: // udata
		r.uleb()
	case 0x09: // block
		r.take(r.uleb())
	default:
		r.bad = true
	}
	return ""
}

// described reads the list of directories or of files of a unit (DWARF 5).
func (r *reader) described(wide bool, strs, lineStrs []byte) (names []string) {
	var formats [][2]uint64
	for range r.u8() {
		formats = append(formats, [2]uint64{r.uleb(), r.uleb()})
	}
	for n := r.uleb(); n > 0 && !r.bad; n-- {
		name := ""
		for _, f := range formats {
			s := r.form(f[1], wide, strs, lineStrs)
			if f[0] == 1 { // DW_LNCT_path
				name = s
			}
		}
		names = append(names, name)
	}
	return names
}

// unit runs one line number program.
func unit(r *reader, wide bool, strs, lineStrs []byte) (rows []row) {
	version := r.u16()
	if version < 2 || version > 5 {
		return nil
	}
	if version == 5 {
		r.take(2) // sizes of an address and of a segment
	}
	header := r.offset(wide)
	if header > uint64(len(r.b)) {
		return nil
	}
	program := r.b[header:]
	r.b = r.b[:header]
	minLength := uint64(r.u8())
	if version >= 4 {
		r.u8() // operations of an instruction: 1 but for VLIW machines
	}
	r.u8()
	lineBase, lineRange, opcodeBase := int(int8(r.u8())), int(r.u8()), int(r.u8())
	if lineRange == 0 || opcodeBase == 0 {
		return nil
	}
	lengths := slices.Clone(r.take(uint64(opcodeBase - 1)))
	var files []string
	if version == 5 {
		r.described(wide, strs, lineStrs)
		files = r.described(wide, strs, lineStrs)
	} else {
		for r.cstring() != "" {
		}
		files = []string{""}
		for {
			name := r.cstring()
			if name == "" || r.bad {
				break
			}
			r.uleb()
			r.uleb()
			r.uleb()
			files = append(files, name)
		}
	}
	if r.bad {
		return nil
	}
	r.b = program
	start := row{line: 1}
	s, file := start, uint64(1)
	emit := func(end bool) {
		x := s
		x.end = end
		if file < uint64(len(files)) {
			x.file = files[file]
		}
		rows = append(rows, x)
	}
	for len(r.b) > 0 && !r.bad {
		switch op := int(r.u8()); {
		case op >= opcodeBase:
			op -= opcodeBase
			s.addr += uint64(op/lineRange) * minLength
			s.line += lineBase + op%lineRange
			emit(false)
		case op == 0:
			n := r.uleb()
			e := reader{b: r.take(n), order: r.order}
			switch e.u8() {
			case 1: // DW_LNE_end_sequence
				emit(true)
				s, file = start, 1
			case 2: // DW_LNE_set_address
				s.addr = e.u64()
			}
		case op == 1: // DW_LNS_copy
			emit(false)
		case op == 2: // advance_pc
			s.addr += r.uleb() * minLength
		case op == 3: // advance_line
			s.line += int(r.sleb())
		case op == 4: // set_file
			file = r.uleb()
		case op == 8: // const_add_pc
			s.addr += uint64((255-opcodeBase)/lineRange) * minLength
		case op == 9: // fixed_advance_pc
			s.addr += uint64(r.u16())
		case op == 5 || op == 12: // set_column, set_isa
			r.uleb()
		case op == 6 || op == 7 || op == 10 || op == 11:
		default:
			if op-1 < len(lengths) {
				for range lengths[op-1] {
					r.uleb()
				}
			}
		}
	}
	return rows
}
