/* Good: closes every descriptor first, as daemon(7) asks for.
   expect: nothing */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
	for (int fd = 3; fd < 100; fd++)
		close(fd);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	if (fork() > 0)
		return 0;
	setsid();
	if (fork() > 0)
		return 0;
	close(0);
	close(1);
	close(2);
	open("/dev/null", O_RDWR);
	dup(0);
	dup(0);
	umask(0);
	chdir("/");
	for (;;)
		pause();
}
