package jobs

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Reason is why a job ID names no job.
type Reason uint8

const (
	NoSuchJob   Reason = iota // nothing matches
	Ambiguous                 // more than one job matches
	NoCurrent                 // %% or %+, and no job is listed
	NoPrevious                // %-, and fewer than two jobs are listed
	NotAJobSpec               // it does not begin with %
)

// SpecError says why a job ID names no job. Its text begins with the job ID, so
// that a caller puts only its own name before it: "fg: %3: no such job (…)".
type SpecError struct {
	Spec   string
	Reason Reason
	Jobs   []*Job // Ambiguous: those that match; NoSuchJob: those there are
}

// maxNamed is how many jobs an error names one by one.
const maxNamed = 8

func (e *SpecError) Error() string {
	var b strings.Builder
	b.WriteString(e.Spec)
	switch e.Reason {
	case Ambiguous:
		b.WriteString(": ambiguous (")
		for i, j := range e.Jobs {
			if i == maxNamed {
				b.WriteString(", and " + strconv.Itoa(len(e.Jobs)-i) + " more")
				break
			}
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("%" + strconv.Itoa(j.id) + " is " + j.Text)
		}
		b.WriteString(")")
	case NoCurrent:
		b.WriteString(": no current job (there are no jobs)")
	case NoPrevious:
		b.WriteString(": no previous job")
	case NotAJobSpec:
		b.WriteString(": not a job ID: write %1, %+, %-, %name or %?text")
	default:
		b.WriteString(": no such job (there ")
		switch len(e.Jobs) {
		case 0:
			b.WriteString("are no jobs")
		case 1:
			b.WriteString("is %" + strconv.Itoa(e.Jobs[0].id))
		default:
			b.WriteString("are ")
			for i, j := range e.Jobs {
				if i == maxNamed {
					b.WriteString(" and " + strconv.Itoa(len(e.Jobs)-i) + " more")
					break
				}
				if i > 0 {
					b.WriteString(", ")
				}
				b.WriteString("%" + strconv.Itoa(j.id))
			}
		}
		b.WriteString(")")
	}
	return b.String()
}

// Find returns the listed job that a job ID names (POSIX.1-2024 XBD 3.182):
//
//	%% %+ %      the current job (a lone % as in bash and ksh)
//	%-           the previous job
//	%n           job number n
//	%?text       the job whose text contains text
//	%text        the job whose text begins with text
//
// The error is a *SpecError.
func (t *Table) Find(spec string) (*Job, error) {
	word, ok := strings.CutPrefix(spec, "%")
	if !ok {
		return nil, &SpecError{Spec: spec, Reason: NotAJobSpec}
	}
	switch word {
	case "", "%", "+":
		if j := t.Current(); j != nil {
			return j, nil
		}
		return nil, &SpecError{Spec: spec, Reason: NoCurrent}
	case "-":
		if j := t.Previous(); j != nil {
			return j, nil
		}
		return nil, &SpecError{Spec: spec, Reason: NoPrevious}
	}
	if allDigits(word) {
		if n, ok := decimal(word, math.MaxInt32); ok {
			if j := t.jobs[n]; j != nil && j.Listed() {
				return j, nil
			}
		}
		return nil, &SpecError{Spec: spec, Jobs: t.Listed()}
	}
	match := strings.HasPrefix
	if text, ok := strings.CutPrefix(word, "?"); ok {
		word, match = text, strings.Contains
	}
	var found []*Job
	for x := t.byID.head; x != nil; x = x.next {
		if j := x.of; j.Listed() && match(j.Text, word) {
			found = append(found, j)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, &SpecError{Spec: spec, Jobs: t.Listed()}
	}
	return nil, &SpecError{Spec: spec, Reason: Ambiguous, Jobs: found}
}

// FindLoose is Find for a command whose operands can be nothing but job IDs
// (fg, bg, disown): the % may be missing.
func (t *Table) FindLoose(spec string) (*Job, error) {
	if strings.HasPrefix(spec, "%") {
		return t.Find(spec)
	}
	j, err := t.Find("%" + spec)
	if e, ok := errors.AsType[*SpecError](err); ok {
		e.Spec = spec // the word that the user typed
	}
	return j, err
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
