/* Fault: never waits for a child that has ended.
   expect: ZOMBIE */
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
	if (fork() > 0)
		return 0;
	setsid();
	if (fork() > 0)
		return 0;
	chdir("/");
	umask(0);
	null();
	if (fork() == 0) /* ZOMBIE */
		_exit(3);
	for (;;)
		pause();
}
