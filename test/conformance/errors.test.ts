import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

/**
 * Every error line that the source can answer has been seen from a server: it stands in the recordings of the scripts,
 * which conformance.test.ts compares, or in the recorded replies of the 7.4 line.
 */

const root = path.resolve(import.meta.dirname, '../..')

function textsBelow(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending))
    .map(name => readFileSync(path.join(root, folder, name), 'utf8'))
}

/** Lines that no server at hand answers. */
const unjudged: readonly RegExp[] = [
  // Of commands and options that came with Redis 8: HGETDEL, HGETEX, HSETEX, DELEX, IFEQ and its kin, MSETEX, INCREX, BITOP.
  /^ERR Mandatory argument FIELDS is missing/,
  /^ERR Number of fields must be a positive integer/,
  /^ERR The `numfields` parameter must match/,
  /^ERR Only one of (FXX or FNX|EX, PX, EXAT, PXAT or KEEPTTL) arguments/,
  /^ERR (Increment|[LU]BOUND) is not (an integer|a valid float)/,
  /^ERR (BYFLOAT increment|value) cannot be Infinity/,
  /^ERR ENX flag requires an expiration/,
  /^ERR applied increment would/,
  /^ERR LBOUND can't be greater than UBOUND/,
  /^ERR must be exactly 16 hexadecimal characters/,
  /^ERR Key should be of string type if conditions are specified/,
  /^ERR (invalid number of fields|missing expire time|unknown argument: |invalid numkeys value)/,
  /^ERR wrong number of key-value pairs/,
  /^ERR Invalid condition\. Use IFEQ/,
  /^ERR BITOP .* must be called with at least two source keys\./,
  // A server without a dump.rdb answers it once, and then has one.
  /^ERR Error trying to load the RDB dump/,
  // No words lead there; a typed call without options does.
  /^ERR syntax error, XTRIM must be called with a trimming strategy/,
  // Of the streams of Redis 8: XDELEX, XACKDEL, XNACK, MAXCOUNT.
  /^ERR Number of IDs must be a positive integer/,
  /^ERR The `numids` parameter must match/,
  /^ERR IDS option is required/,
  /^ERR mode must be SILENT, FAIL, or FATAL/,
  /^ERR Invalid RETRYCOUNT value, must be/,
  /^ERR syntax error, expected IDS keyword/,
  /^ERR numids must be a positive integer/,
  /^ERR number of IDs doesn't match numids/,
  /^ERR Unrecognized XNACK option/,
  /^ERR MAXCOUNT must not be less/,
  // Of XADD and XCFGSET in Redis 8.6.
  /^ERR IDMP(AUTO|\/IDMPAUTO|-DURATION|-MAXSIZE)? (requires|specified|can be used|must be)/,
  /^ERR At least one parameter must be specified/,
  // Of 7.2 and 7.4, which the recorded replies of that line do not show.
  /^ERR The ID specified in XSETID is smaller than current max_deleted_entry_id/,
  /^ERR The \+ ID is meaningless/,
  // It takes strings of some hundred megabytes.
  /^ERR Insufficient memory, transient memory for LCS/,
  // Of HIMPORT in Redis 8.10, and of CLIENT SETINFO in 7.2.
  /^ERR (duplicate field name in|no such) fieldset/,
  /^ERR value count does not match fieldset/,
  /^ERR Unrecognized option '/,
  // Of a client that listens, in RESP2: test/session/clients.test.ts asks a live server.
  /^ERR Can't execute '/,
  // Of 7.2, see test/support/differences.ts.
  /^ERR timeout is out of range/,
  // Of commands that cannot be recorded.
  /^ERR Command not allowed inside a transaction/,
  // A server without a log exits; what takes long, its clients wait for.
  /^ERR DEBUG LOADAOF (needs a store with files|takes its time)/,
  // Of the engine, which is ours.
  /^ERR (embedis has no debugger for scripts|Use SCRIPT DEBUG)/,
  // Of users and of clients, where test/session/acl.test.ts, rights.test.ts and client.test.ts ask a live server.
  /^ERR (This Redis instance is not configured to use an ACL file|Usernames can't contain)/,
  /^ERR (The 'default' user cannot be removed|ACL GENPASS argument|(BY|GET) option of SORT denied)/,
  /^ERR (Error in ACL SETUSER modifier|Unmatched parenthesis in acl selector|Unknown category) /,
  /^ERR (User|Command) '\$\{.*' not found/,
  /^ERR (Invalid client ID|client-id should be|No such (client|user)|Unknown client type|CLIENT (PAUSE mode|UNBLOCK reason))/,
  /^ERR (A client can only redirect|The client ID you want redirect|PREFIX option requires BCAST|Prefix ')/,
  /^ERR (You can't (switch|specify both)|OPTIN and OPTOUT are not|CLIENT CACHING )/,
  // Of 7.4.
  /^ERR maxage is not an integer/,
  // Of a cluster, where test/session/cluster.test.ts asks a live server.
  /^ERR (Invalid slot|Unknown node|You should send CLUSTER FAILOVER|Copying to another database)/,
  /^ERR (SELECT|SWAPDB|MOVE|REPLICAOF|FAILOVER) (is )?not allowed in cluster mode/,
  // While files are written, see test/session/files.test.ts, and when that fails.
  /^ERR (Background (save|append only file rewriting)|Another child process)/,
  /^ERR Errors trying to SHUTDOWN/,
  // WAITAOF of 7.2.
  /^ERR value is out of range, must be between 0 and 1/,
  /^ERR WAITAOF cannot be used/,
  // Of scripts, for which there is no engine yet.
  /^ERR Number of keys can't be/,
  // Its quotes are escaped in the recordings.
  /^ERR MODULE command not allowed/,
  // Our own.
  /^ERR (scripts need an engine|the nodes of embedis|embedis (cannot be a|has no) replica|the store has no files)/,
  /^ERR (SHUTDOWN is not for clients|the snapshot could not be written)/,
  /^ERR the connection was closed/,
  /concerns a connection: send it to store\.session/,
  /^MISCONF Errors writing to the AOF file: /,
  /^ERR the store (is|was) closed/,
  /^ERR the expiry of hash fields is not supported yet/,
]

const sources = ['errors.ts', 'commands', 'session', 'wire'].flatMap(place =>
  place.endsWith('.ts') ? [readFileSync(path.join(root, 'src', place), 'utf8')] : textsBelow(`src/${place}`, '.ts'),
)

/** Error lines by the words that they begin with, in any of three kinds of quotes. */
const codes = 'ERR|WRONGTYPE|MISCONF|INVALIDOBJ|NOPROTO|WRONGPASS|EXECABORT|BUSYGROUP|BUSYKEY|NOGROUP'
const spelled = new RegExp(`'((?:${codes}) [^'\n]+)'|\`((?:${codes}) [^\`]+)\`|"((?:${codes}) [^"\n]+)"`, 'g')

it('every error line has been seen from a server', () => {
  const seen = textsBelow('test/recordings', '.jsonl').join('\n')
  const missing = new Set<string>()
  for (const source of sources) {
    for (const [, quoted, template, doubled] of source.matchAll(spelled)) {
      const line = quoted ?? template ?? doubled
      // What a template fills in differs from reply to reply: its fixed parts must stand in one recorded line.
      const parts = line
        .split(/\$\{(?:[^{}]|\{[^}]*\})*\}/)
        .map(part => part.replace(/[.*+?^()|[\]\\{}$]/g, '\\$&').replaceAll('"', '\\\\\\\\"'))
      if (unjudged.some(known => known.test(line))) continue
      if (!new RegExp(`-${parts.join('[^\n]*')}`).test(seen)) missing.add(line)
    }
  }
  expect([...missing]).toEqual([])
})
