package daemonize

func (c *command) twin(string) int { return 1 }
func (c *command) compare() int    { return 1 }
