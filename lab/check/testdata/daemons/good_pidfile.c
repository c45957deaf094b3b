/* Good: writes a pid file in the last child; argument 1 is its path.
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

int main(int argc, char **argv) {
	if (fork() > 0)
		_exit(0);
	setsid();
	if (fork() > 0)
		_exit(0);
	umask(022);
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	dprintf(fd, "%d\n", getpid());
	close(fd);
	chdir("/");
	null();
	for (;;)
		pause();
}
