package jobs

// node is a place in a list, kept inside what it links, so that leaving a list
// costs no search and joining one no allocation.
type node[T any] struct {
	prev, next *node[T]
	in         *list[T] // the list it is in; nil for none
	of         T
}

// list is a doubly linked list of nodes. Its zero value is empty.
type list[T any] struct {
	head, tail *node[T]
	n          int
}

func (l *list[T]) pushBack(x *node[T]) {
	x.in, x.prev, x.next = l, l.tail, nil
	if l.tail != nil {
		l.tail.next = x
	} else {
		l.head = x
	}
	l.tail = x
	l.n++
}

func (l *list[T]) pushFront(x *node[T]) {
	x.in, x.prev, x.next = l, nil, l.head
	if l.head != nil {
		l.head.prev = x
	} else {
		l.tail = x
	}
	l.head = x
	l.n++
}

// leave takes x out of its list, if it is in one.
func (x *node[T]) leave() {
	l := x.in
	if l == nil {
		return
	}
	if x.prev != nil {
		x.prev.next = x.next
	} else {
		l.head = x.next
	}
	if x.next != nil {
		x.next.prev = x.prev
	} else {
		l.tail = x.prev
	}
	x.in, x.prev, x.next = nil, nil, nil
	l.n--
}
