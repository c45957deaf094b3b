package tutor

import (
	"testing"

	"jsh/lab/doctor"
	"jsh/lessons/play"
)

func TestWhatALessonMayWantIsWhatDoctorCanTry(t *testing.T) {
	for _, w := range play.Wants() {
		if !doctor.Known(w) {
			t.Errorf("lint takes wants: %s, which doctor does not know", w)
		}
	}
}
