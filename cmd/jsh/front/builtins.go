package front

import "jsh/shell"

// builtins are those that the shell does not know by itself.
func builtins() map[string]shell.Builtin {
	return map[string]shell.Builtin{
		"answer":       builtinAnswer,
		"demo":         builtinDemo,
		"lesson":       builtinLesson,
		"explain":      builtinExplain,
		"narrate":      builtinNarrate,
		"record":       builtinRecord,
		"replay":       builtinReplay,
		"viz":          builtinViz,
		"ps-tree":      builtinPSTree,
		"quiz":         builtinQuiz,
		"lesson-stage": builtinStage,
		"timeline":     builtinTimeline,
		"why":          builtinWhy,
		"slow":         builtinSlow,
		"trace-jobs":   builtinTraceJobs,
		"setpgid":      builtinSetpgid,
		"spare-tty":    builtinSpareTTY,
	}
}
