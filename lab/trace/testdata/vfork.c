/* vfork, and a chain of execs. */
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
	pid_t pid = vfork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "exec sh -c 'exec true'", (char *)0);
		_exit(9);
	}
	int status;
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}
