// Package parser turns shell text into the tree that the shell runs: the
// language of POSIX.1-2024 (XCU chapter 2) with a few forms of bash that
// learners meet everywhere ([[ ]], $'…', &>, |&, <<<, +=, time).
//
// It owns the whole way from bytes to tree: tokens, quoting, aliases,
// here-documents and the grammar; and the way back, from a tree to text
// ([String], [JobText], [Handover]).
//
// It never expands a word, opens a file, looks at the environment or writes a
// message: what it has to say it returns as a *[SyntaxError].
//
// What always holds:
//
//   - A [Parser] asks its [Lines] for a line only when the command that it has
//     begun cannot be understood without it. [Parser.Next] stops at the newline
//     that ends a complete command, so nothing read is ever left over.
//   - Bytes are kept as read. Text need not be UTF-8. Only NUL bytes are
//     dropped, as bash and dash do.
//   - An alias is expanded as POSIX 2.3.1 says: its value is read again as
//     input, so it can hold reserved words, operators, half a quote.
//   - What jsh does not run (arrays, ((…)), <(…) and their like) is refused by
//     name and place; a command that holds such a thing is not begun.
//   - No input makes it panic, and nesting is limited to maxDepth levels.
//   - Time is linear in the text, but for $(( that turns out to be $( (, which
//     is read twice for each level that it is nested.
package parser
