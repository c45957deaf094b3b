package puppet

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The memory that driver, helper and puppets share: a memfd that each maps. Its
// pages come when they are touched.

const (
	slots    = 256
	dataSize = 16 << 10
	bigSize  = 2 << 20 // arguments and environment of exec: ARG_MAX is about that
)

// What a puppet is told to do.
const (
	opCall = iota // the system call nr with args
	opFork        // fork; the child uses slot child
)

// The word of a slot. Idle it is the pid, busy it is pid|futexWaiters: who waits
// for the answer is woken also by the kernel, when the puppet ends or becomes
// another program (futex(2), robust lists).
const (
	futexWaiters   = 0x80000000
	futexOwnerDied = 0x40000000
	futexTIDMask   = 0x3fffffff

	wordFree     = 0
	wordStarting = 1 // no process has this pid but init
)

// robustHead is struct robust_list_head of linux/futex.h.
type robustHead struct {
	next    uint64
	offset  int64
	pending uint64
}

// slot is what is shared about one puppet.
type slot struct {
	word   uint32
	pid    int32
	robust robustHead
	entry  uint64 // the one entry of the list: its next, which is the head again

	op     uint32
	child  uint32 // with opFork: the index of the child's slot
	nr     uint64
	args   [6]uint64
	result uint64
	errno  uint64

	ended  uint32 // the helper reaped it
	status uint32 // … with this wait status
	_      uint32
	counts [65]uint32 // signals that were counted by a handler
	name   [16]byte   // comm
	data   [dataSize]byte
}

// memory is the whole of it. Slot 0 is the helper's own.
type memory struct {
	base     uint64 // where helper and puppets have it mapped
	ready    uint32 // a futex: 1 when the helper listens
	closing  uint32 // puppets end
	helper   int32  // pid
	hasLimit uint32
	limit    unix.Rlimit // on open files
	ignored  uint64      // signals that a first puppet ignores
	mask     uint64      // … and blocks
	all      uint64      // every signal
	dfl, ign sigaction
	handler  uint64        // address of the handler that counts
	restorer uint64        // … and of its way back; 0 where none is needed
	patience unix.Timespec // between two looks at whether the helper is there

	slots [slots]slot
	big   [bigSize]byte
}

// sigaction is the kernel's struct of that name (include/linux/signal_types.h).
type sigaction struct{ handler, flags, restorer, mask uint64 }

func newMemory() (m *memory, fd int, err error) {
	fd, err = unix.MemfdCreate("jsh-puppets", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, -1, err
	}
	if err = unix.Ftruncate(fd, int64(unsafe.Sizeof(memory{}))); err == nil {
		m, err = mapMemory(fd)
	}
	if err != nil {
		unix.Close(fd)
		return nil, -1, err
	}
	return m, fd, nil
}

func mapMemory(fd int) (*memory, error) {
	p, err := unix.MmapPtr(fd, 0, nil, unsafe.Sizeof(memory{}), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return (*memory)(p), nil
}

func (m *memory) unmap() { unix.MunmapPtr(unsafe.Pointer(m), unsafe.Sizeof(*m)) }

// far is the address that helper and puppets have for a place in m.
func (m *memory) far(p unsafe.Pointer) uint64 {
	return m.base + uint64(uintptr(p)-uintptr(unsafe.Pointer(m)))
}

// prepare makes a slot ready for a puppet.
func (m *memory) prepare(i int, name string) {
	s := &m.slots[i]
	*s = slot{word: wordStarting}
	s.robust = robustHead{
		next:   m.far(unsafe.Pointer(&s.entry)),
		offset: int64(unsafe.Offsetof(s.word)) - int64(unsafe.Offsetof(s.entry)),
	}
	s.entry = m.far(unsafe.Pointer(&s.robust))
	copy(s.name[:15], name)
}

// futexWait sleeps while *word is v, at most for d nanoseconds.
func futexWait(word *uint32, v uint32, d int64) {
	ts := unix.NsecToTimespec(d)
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 0, uintptr(v),
		uintptr(unsafe.Pointer(&ts)), 0, 0)
}

func futexWake(word *uint32) {
	unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), 1, 1<<30, 0, 0, 0)
}

// farBig is the address that the puppets have for the big memory.
func (m *memory) farBig() uint64 { return m.far(unsafe.Pointer(&m.big)) }
