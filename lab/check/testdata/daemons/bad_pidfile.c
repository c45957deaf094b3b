/* Fault: writes the pid file before the second fork; argument 1 is its path.
   expect: PID */
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

int main(int argc, char **argv) {
	if (fork() > 0)
		return 0;
	setsid();
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644); /* PID */
	dprintf(fd, "%d\n", getpid());
	close(fd);
	if (fork() > 0)
		return 0;
	chdir("/");
	umask(0);
	null();
	for (;;)
		pause();
}
