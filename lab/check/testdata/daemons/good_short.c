/* Good: a daemon with little to do, which ends by itself.
   expect: nothing */
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
	if (pid == -1)
		return 1;
	if (pid > 0)
		return 0;
	setsid();
	if (fork() > 0)
		return 0;
	umask(022);
	chdir("/");
	null();
	usleep(100000);
	return 0;
}
