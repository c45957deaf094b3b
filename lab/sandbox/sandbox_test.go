package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestARefusalNamesStageErrnoAndSetting(t *testing.T) {
	for _, c := range []struct {
		stage    string
		errno    syscall.Errno
		settings map[string]string
		want     string
	}{
		{stageUser, syscall.ENOSPC, map[string]string{"/proc/sys/user/max_user_namespaces": "0"}, "sysctl user.max_user_namespaces=10000"},
		{stageUser, syscall.ENOSPC, nil, "nested too deeply"},
		{stageUser, syscall.EPERM, map[string]string{"/proc/sys/kernel/unprivileged_userns_clone": "0"}, "sysctl kernel.unprivileged_userns_clone=1"},
		{stageUser, syscall.EPERM, map[string]string{"seccomp": "2"}, "seccomp=unconfined"},
		{stageUser, syscall.EPERM, nil, "chroot"},
		{stageUser, syscall.EINVAL, nil, "CONFIG_USER_NS"},
		{stageMap, syscall.EPERM, map[string]string{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}, "AppArmor"},
		{stageProc, syscall.EPERM, map[string]string{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}, "AppArmor"},
		{stageProc, syscall.EPERM, nil, "covered by other mounts"},
		{stageHome, syscall.EACCES, nil, "user_namespaces(7)"},
	} {
		r := &Refusal{c.stage, c.errno}
		text := explain(r, func(name string) string { return c.settings[name] })
		if !strings.Contains(text, c.want) || !strings.Contains(text, c.stage) || !strings.Contains(text, r.Error()[len(r.Stage)+2:len(r.Stage)+8]) {
			t.Errorf("%s %v: %s", c.stage, c.errno, text)
		}
		for l := range strings.SplitSeq(text+Instead, "\n") {
			if len(l) > 76 {
				t.Errorf("%d columns: %s", len(l), l)
			}
		}
	}
}

func TestTheWelcomeFitsATerminal(t *testing.T) {
	for _, v := range []string{"1 limit", "65536 pid_max", "65536 nothing", ""} {
		for l := range strings.SplitSeq(Welcome(v), "\n") {
			if len(l) > 80 {
				t.Errorf("%d columns: %s", len(l), l)
			}
		}
	}
}

func TestTheSubordinateRangeIsFoundByNameOrNumber(t *testing.T) {
	file := filepath.Join(t.TempDir(), "subuid")
	os.WriteFile(file, []byte("# none\nsomebody:1:2\n4711:100000:65536\nbroken\n4712:x:1\n"), 0o600)
	if s, ok := subordinate(file, 4711); !ok || s.outside != 100000 || s.count != many-1 {
		t.Errorf("%+v %v", s, ok)
	}
	for _, uid := range []int{4712, 4713} {
		if _, ok := subordinate(file, uid); ok {
			t.Errorf("%d has a range", uid)
		}
	}
}
