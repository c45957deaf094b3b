/* Fault: holds the terminal open under another number.
   expect: A1 C4 C8 */
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
	int tty = open("/dev/tty", O_RDWR); /* C4 */
	if (fork() > 0)
		return 0;
	setsid();
	if (fork() > 0)
		return 0;
	chdir("/");
	umask(0);
	null();
	for (;;)
		if (tty < 0)
			pause();
		else
			pause();
}
