package shell

import "errors"

// options are those of set (POSIX 2.15, set) that are on or off.
type options struct {
	allexport, notify, noclobber, errexit, noglob, hashall, monitor,
	noexec, nounset, verbose, xtrace, ignoreeof, pipefail, nolog, vi, emacs bool
}

// option is one of them by letter and name. A zero letter has none.
type option struct {
	letter byte
	name   string
	at     func(*options) *bool
}

// optionList is in the order in which set -o prints them.
var optionList = [...]option{
	{'a', "allexport", func(o *options) *bool { return &o.allexport }},
	{0, "emacs", func(o *options) *bool { return &o.emacs }},
	{'e', "errexit", func(o *options) *bool { return &o.errexit }},
	{'h', "hashall", func(o *options) *bool { return &o.hashall }},
	{0, "ignoreeof", func(o *options) *bool { return &o.ignoreeof }},
	{'m', "monitor", func(o *options) *bool { return &o.monitor }},
	{'C', "noclobber", func(o *options) *bool { return &o.noclobber }},
	{'n', "noexec", func(o *options) *bool { return &o.noexec }},
	{'f', "noglob", func(o *options) *bool { return &o.noglob }},
	{0, "nolog", func(o *options) *bool { return &o.nolog }},
	{'b', "notify", func(o *options) *bool { return &o.notify }},
	{'u', "nounset", func(o *options) *bool { return &o.nounset }},
	{0, "pipefail", func(o *options) *bool { return &o.pipefail }},
	{'v', "verbose", func(o *options) *bool { return &o.verbose }},
	{0, "vi", func(o *options) *bool { return &o.vi }},
	{'x', "xtrace", func(o *options) *bool { return &o.xtrace }},
}

func optionByLetter(c byte) *option {
	for i := range optionList {
		if optionList[i].letter == c && c != 0 {
			return &optionList[i]
		}
	}
	return nil
}

func optionByName(name string) *option {
	for i := range optionList {
		if optionList[i].name == name {
			return &optionList[i]
		}
	}
	return nil
}

// setOption turns an option on or off and lets it act. The error is for the
// user.
func (s *Shell) setOption(o *option, on bool) error {
	if o.name == "monitor" && on != s.monitor {
		return s.setMonitor(on)
	}
	if o.name == "vi" && on {
		return errors.New("-o vi: vi editing mode is not in jsh; the keys are emacs'")
	}
	*o.at(&s.opts) = on
	return nil
}

// optionLetters is $-: the letters of the options that are on, then i and s as
// the shell was started (POSIX 2.5.2).
func (s *Shell) optionLetters() string {
	var b []byte
	for i := range optionList {
		o := &optionList[i]
		if o.letter != 0 && *o.at(&s.opts) {
			b = append(b, o.letter)
		}
	}
	if s.interactive {
		b = append(b, 'i')
	}
	return string(b)
}

// SetFlag sets or unsets one option by letter, as the command line asks.
func (s *Shell) SetFlag(letter byte, on bool) bool {
	o := optionByLetter(letter)
	if o == nil {
		return false
	}
	if err := s.setOption(o, on); err != nil {
		s.complain(err.Error())
	}
	return true
}

// SetNamed is SetFlag by the name that -o takes.
func (s *Shell) SetNamed(name string, on bool) bool {
	o := optionByName(name)
	if o == nil {
		return false
	}
	if err := s.setOption(o, on); err != nil {
		s.complain(err.Error())
	}
	return true
}

// KnownFlag and KnownOption tell which options the command line may set.
func KnownFlag(letter byte) bool { return optionByLetter(letter) != nil }

// KnownOption is KnownFlag by name.
func KnownOption(name string) bool { return optionByName(name) != nil }
