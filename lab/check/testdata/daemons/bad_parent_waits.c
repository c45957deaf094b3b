/* Fault: the parent waits for its child, so the shell waits too.
   expect: A1 C1 C8 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void null(void) {
	int fd = open("/dev/null", O_RDWR);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

int main(void) {
	pid_t pid = fork();
	if (pid > 0) {
		waitpid(pid, 0, 0); /* C1 */
		return 0;
	}
	setsid();
	pid = fork();
	if (pid > 0)
		pause();
	chdir("/");
	umask(0);
	null();
	for (;;)
		pause();
}
