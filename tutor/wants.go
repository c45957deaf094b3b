package tutor

import (
	"errors"
	"slices"

	"jsh/lab/doctor"
	"jsh/lessons/course"
	"jsh/lessons/page"
)

// wanting says what a lesson needs that cannot be had on this machine.
func wanting(l *page.Lesson) error {
	text := ""
	for _, line := range lacking(l) {
		text += "\n  " + line
	}
	if text == "" {
		return nil
	}
	return errors.New(l.ID + " cannot be played here, for it needs" + text)
}

// lacking is what a lesson needs that cannot be had on this machine, each with the
// reason.
func lacking(l *page.Lesson) (list []string) {
	for _, w := range needed(l) {
		if ok, why := doctor.Has(w); !ok {
			list = append(list, w+": "+why)
		}
	}
	return list
}

// needed are the requirements of a lesson, as doctor names them.
func needed(l *page.Lesson) []string {
	if l.Exact && !slices.Contains(l.Wants, doctor.Exact) {
		return append(slices.Clone(l.Wants), doctor.Exact)
	}
	return l.Wants
}

// lacks names what a lesson needs and cannot have here.
func lacks(l *page.Lesson) (names []string) {
	for _, w := range needed(l) {
		if ok, _ := doctor.Has(w); !ok {
			names = append(names, w)
		}
	}
	return names
}

// undone is the first lesson that is not done and can be played here; nil: there is
// none. past are those before it that cannot be, each with the reason.
func undone(all []course.Entry, known []record) (next *course.Entry, past []string) {
	done := map[string]bool{}
	for _, r := range known {
		done[r.id] = r.done
	}
	for i := range all {
		l := all[i].Lesson
		if l == nil || l.Kind != page.KindLesson || done[l.ID] {
			continue
		}
		if err := wanting(l); err != nil {
			past = append(past, err.Error())
			continue
		}
		return &all[i], past
	}
	return nil, past
}

// instead names a lesson that can be played, for somebody who wanted one that cannot.
func instead(all []course.Entry, known []record) string {
	if e, _ := undone(all, known); e != nil {
		return "\nInstead:  lesson " + e.Lesson.ID + "  (" + e.Lesson.Title + "); lesson list has the others."
	}
	return "\nlesson list  says which can be played here."
}
