// Package tickd is a small real daemon that comes with jsh: it writes a line
// to a file at intervals. It is there to be looked at, signalled, and asked why.
//
// It owns the command tickd, its configuration file (parsing is pure), and the
// steps by which a Go program becomes a daemon. It never ends by anything but
// SIGTERM, SIGINT or SIGKILL once it runs: a bad configuration, a full disk and a
// file that is gone are told in its log.
//
// Invariants: what started it returns when the daemon is ready or has failed,
// with a status that says which. One daemon runs per pid file: it holds a lock on
// it for life. A configuration is taken whole or not at all.
package tickd
