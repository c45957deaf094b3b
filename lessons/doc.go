// Package lessons is the folder of the course, and has no code of its own: what a
// lesson is (page), what it may ask of the kernel (check), how it is played (play,
// quiz, scenes), the texts (course, questions, scenes), and what becomes of them
// elsewhere (export). All of it is pure; package tutor plays it on real terminals.
package lessons
