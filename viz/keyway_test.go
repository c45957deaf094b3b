package viz

import (
	"testing"
)

func TestTheWayOfAKeyInWords(t *testing.T) {
	names := map[int]string{7: "find", 8: "grep", 9: "less", 10: "sleep", 11: "sh", 12: "\x1b[31m"}
	for _, c := range []struct{ rule, log, want string }{
		{"each member of the group is told by its fate", `
			0 line x
			1 spawn! 7 7 find
			10 key ^C
			10 meets 7 7 2 default
			10 meets 8 7 2 default
			10 meets 9 7 2 caught
			10 meets 10 7 2 ignored
			10 meets 11 7 2 blocked
			11 killed 7 2
			12 killed 8 2`, "^C: the terminal sends SIGINT to group 7: find, grep died; less handles it; sleep ignores it; sh blocks it"},
		{"who handles it may exit by itself, at once", `
			10 key ^C
			10 meets 9 7 2 caught
			20 exited 9 130`, "^C: the terminal sends SIGINT to group 7: less handled it and exited with 130"},
		{"an exit much later is not the key's doing", `
			10 key ^C
			10 meets 9 7 2 caught
			10 meets 10 7 2 ignored
			20 exited 10 0
			1500 exited 9 0`, "^C: the terminal sends SIGINT to group 7: less handles it; sleep ignores it"},
		{"without a sample the fates alone are told", `
			1 spawn! 7 7 find
			10 key ^Z
			11 stopped 7 20
			20 continued 7`, "^Z: the terminal sends SIGTSTP to group 7: find stopped and was continued"},
		{"what comes to other groups is not the key's doing", `
			1 spawn! 7 7 find
			1 spawn 8 8 grep
			10 key ^C
			10 meets 7 7 2 default
			11 killed 8 2`, "^C: the terminal sends SIGINT to group 7: find has not died (yet)"},
		{"names do not act on the terminal", `
			10 key ^\
			10 meets 12 7 3 default
			11 killed 12 3`, `^\: the terminal sends SIGQUIT to group 7: \e[31m died`},
		{"several of one fate are told together", `
			10 key ^C
			10 meets 9 7 2 ignored
			10 meets 10 7 2 ignored
			10 meets 11 7 2 caught
			10 meets 7 7 2 caught`, "^C: the terminal sends SIGINT to group 7: less, sleep ignore it; sh, find handle it"},
		{"the next command line ends it", `
			10 key ^C
			10 meets 7 7 2 caught
			11 line y
			12 killed 7 2`, "^C: the terminal sends SIGINT to group 7: find handles it"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			ways := KeyWays(tale(c.log))
			if len(ways) != 1 {
				t.Fatalf("%+v", ways)
			}
			if got := ways[0].Words(nil, func(pid int) string { return names[pid] }); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
