package parser

import (
	"io"
	"strings"
	"testing"
)

// one gives the same line again and again.
type one struct{ line string }

func (o one) ReadLine(bool) (string, error) { return o.line, nil }

func BenchmarkInteractiveLine(b *testing.B) {
	p := New(one{"find / -name xyz > tmp\n"}, Options{Alias: aliases("ls", "ls -l")})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

const piece = `# a comment
count() {
	n=0
	for i in "$@" $(ls "$1"/*.c 2>/dev/null); do
		case $i in
		*.c | *.h) n=$((n + 1)) ;;
		*) printf '%s\n' "not counted: ${i##*/}" >&2 ;;
		esac
	done
	if [ "$n" -gt 10 ] && test -n "$HOME"; then
		cat <<EOF
$n files in ${1:-.}
EOF
	fi | sed -e 's/a/b/' -e "s/$x/y/" >"$TMPDIR/out" 2>&1
}
count "$@" || exit 1
`

// BenchmarkScript reads 10 MB, a complete command at a time.
func BenchmarkScript(b *testing.B) {
	src := strings.Repeat(piece, 10_000_000/len(piece))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		p := New(FromString(src), Options{})
		for {
			_, err := p.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkWholeScript reads 10 MB as one tree.
func BenchmarkWholeScript(b *testing.B) {
	src := strings.Repeat(piece, 10_000_000/len(piece))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse("bench", src, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
