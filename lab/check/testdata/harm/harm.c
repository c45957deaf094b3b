/* A daemon that does all the harm it can: it writes, removes, binds a port and
   kills whom it may. Arguments: a directory, a port, a process, and the pid
   namespace outside, as readlink tells it: there it does nothing. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
	char here[64] = "";
	if (argc != 5 || readlink("/proc/self/ns/pid", here, sizeof here - 1) <= 0 || strcmp(here, argv[4]) == 0)
		return 99;
	if (chdir(argv[1]))
		return 98;
	int new = open("new", O_WRONLY | O_CREAT, 0644);
	int old = open("appended", O_WRONLY | O_APPEND);
	if (new < 0 || write(old, "harm\n", 5) != 5 || unlink("removed"))
		return 97;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
	int s = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1))
		return 96;
	if (fork())
		_exit(0);
	setsid();
	kill(atoi(argv[3]), SIGKILL);
	kill(1, SIGTERM);
	kill(1, SIGKILL);
	kill(getppid(), SIGKILL);
	kill(-1, SIGTERM);
	kill(-1, SIGKILL);
	for (;;)
		pause();
}
