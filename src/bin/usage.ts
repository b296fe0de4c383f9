/** What `--help` prints, by command. */
export const usage: Readonly<Record<string, string>> = {
  '': `Usage: embedis <command> [options]

  serve                  lets Redis clients reach a store
  check <file or dir>    says what is in files, and whether they are sound
  dump <file or dir>     prints every key as a line of JSON
  load <dump.rdb>        makes a directory of a snapshot

embedis <command> --help says more. --version prints the version.
`,
  serve: `Usage: embedis serve [options]

Lets Redis clients reach a store, until SIGINT, SIGTERM or SHUTDOWN.

  --port <n>             the port, 6379 by default; 0 takes a free one
  --host <address>       the address to listen on, 127.0.0.1 by default; others need a password
  --path <socket>        a Unix socket in place of a port
  --dir <directory>      keeps the data there; without it they go when the server ends
  --fsync <when>         always, everysec (the default) or no
  --target <version>     7.4 (the default) or 7.0: the oldest Redis that is to read the directory, when it is made
  --recovery <mode>      tail (the default), strict or pointInTime: what to do about a damaged log
  --password <text>      what clients must give; better in the environment, as EMBEDIS_PASSWORD
  --user <name:password> another user; may be repeated
  --tls-cert <file>      speaks TLS, with this certificate
  --tls-key <file>       and this key
  --tls-ca <file>        and asks clients for a certificate of this authority
  --cluster <n>          answers as a cluster of n nodes, on as many ports, over the one store
  --databases <n>        how many there are, 16 by default
  --max-clients <n>      how many clients there may be, 10000 by default
  --timeout <seconds>    disconnects clients that send nothing for so long; 0, never, by default
  --notify <classes>     keyspace notifications, as notify-keyspace-events of Redis
  --redis-version <v>    the version that INFO and HELLO report
  --quiet                prints nothing but errors
`,
  check: `Usage: embedis check <file or directory> [options]

Says of each file what it is, what is in it and whether it is sound, and changes nothing: an RDB file, a log (AOF), the
manifest of a log or a directory of Redis or embedis.

  --databases <n>        how many databases there may be, 16 by default
  --json                 prints one line of JSON for each file

Ends with 0 when all is sound, with 1 when something is damaged, with 2 when it could not be read.
`,
  dump: `Usage: embedis dump <file or directory> [options]

Prints every key as a line of JSON, databases and keys in order: {"db":0,"key":"k","type":"string","value":"v"}, with
"expiresAt" in milliseconds since 1970. Of a hash "fieldsExpireAt" says which fields expire. Of damaged files what is
sound before the damage is printed.

  --databases <n>        how many databases there may be, 16 by default

Ends with 0, with 1 when something is damaged, with 2 when it could not be read.
`,
  load: `Usage: embedis load <dump.rdb> --dir <directory> [options]

Makes a directory that a store, or redis-server with appendonly yes, opens, out of a snapshot. Keys that have expired are
left out. A directory that holds keys is refused.

  --dir <directory>      where to; made when it is not there
  --target <version>     7.4 (the default) or 7.0
  --databases <n>        how many databases there may be, 16 by default

Ends with 0, with 1 when the snapshot is damaged, and then the directory stays empty, with 2 when it could not be done.
`,
}
