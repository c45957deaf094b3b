package front

import "jsh/shell"

const quizHelp = `usage: quiz [TOPIC|QUESTION|all] [--seed N]
       quiz present [TOPIC|QUESTION|all] [--seed N]
       quiz hint|show|skip|next|restart|where|quit
       quiz export --gift|--moodle [FILE]
A quiz runs experiments in this shell: you predict how one ends, you type
it, and what the kernel did is the grade. quiz alone lists the topics and
the questions, with your score. The seed is that of a quiz that you want
again: the same questions in the same order.
  answer B, answer 3, answer find ls   what you predict
Enter on an empty line goes on when a question is answered.
quiz present is for a class: it votes (answer A 10 B 60), talks, votes
again, and then the experiment is run. quiz export writes all questions for
a learning platform; it runs from any shell as jsh quiz export.
  status: 0; 1 not possible here; 2 wrong usage, or no such topic
`

// builtinQuiz is quiz.
func builtinQuiz(s *shell.Shell, args []string) int {
	switch a := args[1:]; {
	case len(a) > 0 && a[0] == "--help":
		s.WriteOut([]byte(quizHelp))
		return 0
	case len(a) == 0 || a[0] == "export" || a[0] == "list":
		return s.RunProgram(s.Exe(), append([]string{"jsh", "quiz"}, a...), args)
	}
	return tellTutor(s, args)
}
