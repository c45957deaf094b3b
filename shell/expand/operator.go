package expand

// op is a binary operator of arithmetic.
type op uint8

const (
	opNone op = iota
	opOrOr
	opAndAnd
	opOr
	opXor
	opAnd
	opEq
	opNe
	opLt
	opGt
	opLe
	opGe
	opShl
	opShr
	opAdd
	opSub
	opMul
	opDiv
	opMod
)

// prec is C's precedence: the greater binds the closer.
type prec uint8

const (
	precOr prec = iota + 1
	precAnd
	precBitOr
	precXor
	precBitAnd
	precEqual
	precOrder
	precShift
	precSum
	precProduct
)

// operator looks at the binary operator that comes next, n bytes long.
func (a *arith) operator() (o op, p prec, n int) {
	c, d := a.next(0), a.next(1)
	switch c {
	case '+':
		return opAdd, precSum, 1
	case '-':
		return opSub, precSum, 1
	case '*':
		return opMul, precProduct, 1
	case '/':
		return opDiv, precProduct, 1
	case '%':
		return opMod, precProduct, 1
	case '<':
		switch d {
		case '<':
			return opShl, precShift, 2
		case '=':
			return opLe, precOrder, 2
		}
		return opLt, precOrder, 1
	case '>':
		switch d {
		case '>':
			return opShr, precShift, 2
		case '=':
			return opGe, precOrder, 2
		}
		return opGt, precOrder, 1
	case '=':
		if d == '=' {
			return opEq, precEqual, 2
		}
	case '!':
		if d == '=' {
			return opNe, precEqual, 2
		}
	case '&':
		if d == '&' {
			return opAndAnd, precAnd, 2
		}
		return opAnd, precBitAnd, 1
	case '|':
		if d == '|' {
			return opOrOr, precOr, 2
		}
		return opOr, precBitOr, 1
	case '^':
		return opXor, precXor, 1
	}
	return opNone, 0, 0
}

// assigns says that a = after the operator makes an assignment of it.
func (a *arith) assigns(o op, n int) bool {
	switch o {
	case opAdd, opSub, opMul, opDiv, opMod, opShl, opShr, opAnd, opXor, opOr:
		return a.next(n) == '='
	}
	return false
}

// binary is x op y; at is where the operator stands.
func (a *arith) binary(o op, x, y int64, at int) int64 {
	switch o {
	case opOrOr:
		return truth(x != 0 || y != 0)
	case opAndAnd:
		return truth(x != 0 && y != 0)
	case opOr:
		return x | y
	case opXor:
		return x ^ y
	case opAnd:
		return x & y
	case opEq:
		return truth(x == y)
	case opNe:
		return truth(x != y)
	case opLt:
		return truth(x < y)
	case opGt:
		return truth(x > y)
	case opLe:
		return truth(x <= y)
	case opGe:
		return truth(x >= y)
	case opShl:
		return x << (y & 63) // C leaves other counts undefined; processors do this
	case opShr:
		return x >> (y & 63)
	case opAdd:
		return x + y
	case opSub:
		return x - y
	case opMul:
		return x * y
	}
	if y == 0 {
		if a.skip == 0 && a.err == nil {
			a.fail("division by zero", at)
		}
		return 0
	}
	if o == opMod {
		return x % y
	}
	return x / y
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
