/* Good: has worker processes, and waits for those that end.
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
	if (fork() > 0)
		return 0;
	setsid();
	if (fork() > 0)
		return 0;
	chdir("/");
	umask(077);
	null();
	if (fork() == 0)
		_exit(0);
	wait(0);
	for (int i = 0; i < 2; i++)
		if (fork() == 0)
			for (;;)
				pause();
	for (;;)
		if (wait(0) == -1)
			pause();
}
