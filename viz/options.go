package viz

import "strings"

// option is one that ps-tree or timeline knows.
type option struct {
	names []string
	wants string                              // what its value is, "the name of a file"; "" takes none
	take  func(value string) (message string) // message says what is wrong with it
}

// toggle is an option without a value.
func toggle(set *bool, names ...string) option {
	return option{names, "", func(string) string { *set = true; return "" }}
}

// fileName is the option whose value is a file's name.
func fileName(set *string, names ...string) option {
	return option{names, "the name of a file", func(value string) string { *set = value; return "" }}
}

// parseOptions goes through the arguments of a command. A value follows its option as the next
// word or after "=", behind a letter also without anything between. operand gets all other words;
// only says that they stand behind "--". The first message ends it.
func parseOptions(command string, args []string, options []option, operand func(word string, only bool) (message string)) (message string) {
	only := false
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case only || !strings.HasPrefix(arg, "-"):
			if message = operand(arg, only); message != "" {
				return message
			}
			continue
		case arg == "--":
			only = true
			continue
		}
		o, value, has := optionOf(options, arg)
		if o == nil {
			return "unknown option " + quote(arg) + "; " + command + " --help lists what there is"
		}
		if o.wants != "" && !has {
			if i++; i < len(args) {
				value = args[i]
			}
		}
		if o.wants != "" && value == "" {
			name, _, _ := strings.Cut(arg, "=")
			return name + " needs " + o.wants
		}
		if message = o.take(value); message != "" {
			return message
		}
	}
	return ""
}

// optionOf finds the option that a word begins, and the value that stands in the word itself.
func optionOf(options []option, arg string) (o *option, value string, has bool) {
	for i := range options {
		o = &options[i]
		for _, name := range o.names {
			rest, ok := strings.CutPrefix(arg, name)
			switch {
			case !ok:
			case rest == "":
				return o, "", false
			case o.wants == "":
			case rest[0] == '=':
				return o, rest[1:], true
			case len(name) == 2: // -n3
				return o, rest, true
			}
		}
	}
	return nil, "", false
}
