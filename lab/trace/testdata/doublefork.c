/* Double forks, one after the other, as many as the argument says. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
	int n = atoi(argv[1]);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();
		if (pid == -1)
			return 1;
		if (pid == 0) {
			if (setsid() == -1 || chdir("/") == -1)
				_exit(2);
			pid_t again = fork();
			if (again == -1)
				_exit(3);
			_exit(again == 0 ? i % 100 : 101);
		}
		int status;
		if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 101)
			return 4;
	}
	return 0;
}
