import { ALL_INTEGERS, type Line, Script } from '../script.ts'

/**
 * What a server answers that stands alone: no replicas, no cluster, no modules. Left out is what a live server does and we
 * do not (REPLICAOF a host, SYNC), what depends on time, and what ends the server.
 */
export function alone(): Line[] {
  const s = new Script()
  s.arity(
    'ROLE',
    'WAIT 0 0',
    'REPLICAOF NO ONE',
    'SLAVEOF NO ONE',
    'READONLY',
    'READWRITE',
    'ASKING',
    'LASTSAVE',
    'SAVE',
  )
  s.arity('MODULE UNLOAD x', 'MODULE LIST', 'CLUSTER INFO', 'CLUSTER KEYSLOT x', 'CLUSTER GETKEYSINSLOT 0 1')
  s.arity(
    'CLUSTER COUNTKEYSINSLOT 0',
    'CLUSTER MYID',
    'CLUSTER SLOTS',
    'CLUSTER FORGET x',
    'BGREWRITEAOF',
    'PFSELFTEST',
  )
  s.run('ROLE', 'role', 'REPLICAOF NO ONE', 'slaveof no one', 'REPLICAOF a b', 'REPLICAOF a -1', 'REPLICAOF a 65536')
  s.run('REPLICAOF NO TWO', 'SLAVEOF ONE NO', 'READONLY', 'READWRITE', 'ASKING')
  s.run(...ALL_INTEGERS.map(n => ['WAIT', '0', n]), ...ALL_INTEGERS.slice(17).map(n => ['WAIT', n, '1']))
  s.run('WAIT -1 0', 'WAIT 1 1', 'MULTI', 'WAIT 1 0', 'EXEC')
  s.run('REPLCONF', 'REPLCONF x', 'REPLCONF x y', 'REPLCONF listening-port 1', 'REPLCONF listening-port x')
  s.run('REPLCONF capa eof capa psync2', 'REPLCONF ip-address 1.1.1.1', 'REPLCONF capa', 'REPLCONF X y')
  s.run('FAILOVER', 'FAILOVER ABORT', 'FAILOVER x', 'FAILOVER TIMEOUT', 'FAILOVER TIMEOUT 0', 'FAILOVER TIMEOUT x')
  s.run('FAILOVER TO', 'FAILOVER TO a', 'FAILOVER TO a b', 'FAILOVER TO a 1', 'FAILOVER TO a 1 FORCE TIMEOUT 1')
  s.run('FAILOVER FORCE', 'FAILOVER FORCE FORCE', 'FAILOVER ABORT FORCE', 'FAILOVER TIMEOUT -1')
  s.run('MODULE', 'MODULE x', 'MODULE LIST', 'MODULE HELP', 'MODULE LOAD', 'MODULE LOAD x', 'MODULE LOADEX x y')
  s.run('MODULE UNLOAD x', 'module list')
  s.run('CLUSTER', 'CLUSTER x', 'CLUSTER INFO', 'CLUSTER HELP', 'CLUSTER NODES', 'CLUSTER SHARDS', 'CLUSTER RESET')
  s.run('CLUSTER ADDSLOTS 1', 'CLUSTER MEET a 1', 'CLUSTER LINKS', 'CLUSTER KEYSLOT a', 'cluster slots')
  s.run('BGSAVE x', 'BGSAVE x y', 'BGSAVE SCHEDULE x', 'SHUTDOWN x', 'SHUTDOWN SAVE NOSAVE', 'SHUTDOWN NOSAVE SAVE')
  s.run('SHUTDOWN ABORT', 'SHUTDOWN ABORT ABORT', 'SHUTDOWN ABORT NOW', 'SHUTDOWN ABORT SAVE', 'SHUTDOWN FORCE ABORT')
  s.run('SHUTDOWN SAVE SAVE x')
  for (const body of ['SAVE', 'SHUTDOWN NOSAVE', 'SYNC', 'PSYNC a b', 'WAIT 1 x', 'ROLE', 'CLUSTER INFO', 'READONLY']) {
    s.fresh().run('MULTI', body, 'SET k 1', 'EXEC', 'GET k')
  }
  s.run(
    'LATENCY GRAPH x',
    'LATENCY GRAPH',
    'PFSELFTEST',
    'SCRIPT HELP',
    'FUNCTION HELP',
    'SCRIPT',
    'FUNCTION',
    'SCRIPT x',
  )
  s.run(
    'EVALSHA x',
    'FCALL x',
    'EVAL',
    'SCRIPT LOAD',
    'SCRIPT LOAD x y',
    'SCRIPT EXISTS',
    'FUNCTION DELETE',
    'FUNCTION x',
    'SCRIPT FLUSH',
    'SCRIPT FLUSH sync',
    'SCRIPT FLUSH x',
    'SCRIPT FLUSH SYNC x',
    'FUNCTION FLUSH',
    'FUNCTION FLUSH Async',
    'FUNCTION FLUSH x',
    'FUNCTION FLUSH SYNC x',
  )
  s.fresh().run('PFADD h a b c', 'PFDEBUG ENCODING h', 'PFDEBUG DECODE h', 'pfdebug getreg h', 'PFDEBUG ENCODING h')
  s.fresh().run(
    'PFADD h a b c',
    'PFDEBUG TODENSE h',
    'PFDEBUG TODENSE h',
    'PFDEBUG DECODE h',
    'PFDEBUG x h',
    'PFCOUNT h',
  )
  s.run('PFDEBUG ENCODING none', 'PFDEBUG', 'PFDEBUG ENCODING', 'PFDEBUG ENCODING h x', 'SET s x', 'PFDEBUG ENCODING s')
  s.run('RPUSH l x', 'PFDEBUG ENCODING l', 'PFDEBUG x none')
  s.fresh().run('MIGRATE a 1 none 0 1', 'MIGRATE a 1 none x 1', 'MIGRATE a 1 none 0 x', 'MIGRATE a 1 none 0 1 x')
  s.run('MIGRATE a 1 "" 0 1 KEYS a b', 'MIGRATE a 1 k 0 1 KEYS a', 'MIGRATE a 1 none 0 1 COPY REPLACE AUTH x')
  s.run('MIGRATE a 1 none 0 1 AUTH', 'MIGRATE a 1 none 0 1 AUTH2 x', 'MIGRATE a 1 none 0')
  s.fresh().run('RESTORE-ASKING a 0 b', 'RESTORE-ASKING a', 'RESTORE-ASKING a -1 x')
  s.run(
    'COMMAND GETKEYS EVAL x 2 a b c',
    'COMMAND GETKEYS EVAL x 0',
    'COMMAND GETKEYS FCALL x 0 a',
    'COMMAND GETKEYS EVALSHA x 1 a',
    'COMMAND GETKEYS MIGRATE h 1 k 0 1',
  )
  s.run(
    'COMMAND GETKEYS MIGRATE h 1 "" 0 1 KEYS a b',
    'COMMAND GETKEYS RESTORE-ASKING k 0 x',
    'COMMAND GETKEYS PFDEBUG x k',
  )
  s.run('COMMAND GETKEYSANDFLAGS FCALL_RO x 1 a', 'COMMAND GETKEYSANDFLAGS PFDEBUG x k')
  return s.lines
}
