import { type Line, Script } from '../script.ts'

/** What one client sees of MULTI and its kin; several clients at once are in test/session. */
export function transactions(): Line[] {
  const s = new Script()
  s.arity('MULTI', 'EXEC', 'DISCARD', 'WATCH k', 'UNWATCH', 'ECHO x', 'SELECT 1', 'PING x')
  s.fresh().run('EXEC', 'DISCARD', 'UNWATCH', 'MULTI', 'MULTI', 'EXEC', 'EXEC', 'MULTI', 'DISCARD', 'DISCARD')
  // Queued, run together, and errors of either kind.
  const bodies: readonly (readonly string[])[] = [
    [],
    ['SET k 1', 'INCR k', 'GET k'],
    ['SET k a', 'INCR k', 'LPUSH k x', 'GET k'],
    [
      'RPUSH l 1 2 3',
      'LRANGE l 0 -1',
      'HSET h f v',
      'HGETALL h',
      'SADD s a',
      'SMEMBERS s',
      'ZADD z 1.5 m',
      'ZSCORE z m',
    ],
    ['NOSUCH', 'SET k 2'],
    ['SET k 2', 'GET'],
    ['SET k 2', 'GET k extra'],
    ['WATCH k', 'SET k 2'],
    ['MULTI', 'SET k 2'],
    ['PING', 'PING x', 'ECHO y', 'SELECT 1', 'SET k other', 'SELECT 0', 'GET k'],
    ['SELECT 99', 'SELECT x', 'GET k'],
    ['UNWATCH', 'GET k'],
    ['EXPIRE k 100', 'PERSIST k', 'TTL k'],
    ['OBJECT ENCODING k', 'OBJECT NOSUCH k'],
    ['OBJECT'],
    ['FLUSHALL', 'SET k again'],
    ['BLPOP none 0', 'BLMOVE none l LEFT LEFT 0', 'BZPOPMIN none 0', 'BRPOPLPUSH none l 0'],
    ['BLMPOP 0 1 none LEFT', 'BZMPOP 0 1 none MIN COUNT 2'],
    ['RPUSH q 1 2', 'BLPOP q 0', 'BRPOP q 0', 'BLPOP q 0'],
    ['BLPOP k 0', 'BLPOP none x', 'BLPOP none -1'],
    ['PUBLISH c m', 'SPUBLISH c m'],
  ]
  for (const body of bodies) {
    for (const end of ['EXEC', 'DISCARD']) {
      s.fresh().run('SET k 1', 'MULTI', ...body, end, 'GET k', 'EXEC', 'SELECT 0', 'DBSIZE')
    }
  }
  // What counts as a change of a watched key, and what does not.
  const changes = [
    'GET k',
    'SET k 1',
    'SET k 2',
    'SET other 1',
    'DEL k',
    'DEL none',
    'INCR k',
    'APPEND k x',
    'EXPIRE k 100',
    'EXPIRE none 100',
    'PERSIST k',
    'RENAME k new',
    'RENAME other k',
    'COPY other k REPLACE',
    'SETNX k 1',
    'SETNX none 1',
    'LPUSH none 1',
    'FLUSHDB',
    'FLUSHALL',
    'SWAPDB 0 1',
    'MOVE k 1',
    'GETDEL k',
    'GETEX k EX 100',
    'TOUCH k',
    'SET k 1 XX',
    'SET k 1 NX',
    'UNWATCH',
    'LTRIM l 0 -1',
    'LREM l 0 none',
    'SADD s a',
    'SREM s none',
    'HSET h f v',
    'ZADD z 1 m',
    'ZADD z 2 m',
    'SORT l STORE k',
    'OBJECT ENCODING k',
  ]
  for (const change of changes) {
    s.fresh().run(
      'SET k 1',
      'SET other x',
      'RPUSH l 1 2',
      'SADD s a',
      'HSET h f v',
      'ZADD z 1 m',
      'WATCH k none l s h z',
      change,
      'MULTI',
      'SET done yes',
      'EXEC',
      'GET done',
      // The watch has ended with EXEC.
      'SET k 3',
      'MULTI',
      'PING',
      'EXEC',
    )
  }
  s.fresh().run('WATCH k', 'SET k 1', 'MULTI', 'PING', 'DISCARD', 'MULTI', 'PING', 'EXEC')
  s.fresh().run('WATCH k', 'SET k 1', 'MULTI', 'NOSUCH', 'EXEC', 'MULTI', 'PING', 'EXEC')
  s.fresh().run('SET k 1 PX 20', 'WATCH k', '@wait 60', 'MULTI', 'PING', 'EXEC')
  s.fresh().run('SET k 1 PX 20', '@wait 60', 'WATCH k', 'MULTI', 'PING', 'EXEC')
  // Commands that wait, when there is no need to.
  s.arity('BLPOP k 0', 'BRPOP k 0', 'BLMOVE a b LEFT RIGHT 0', 'BRPOPLPUSH a b 0')
  s.run('BLMPOP', 'BLMPOP 0', 'BLMPOP 0 1', 'BLMPOP 0 1 k', 'BZMPOP', 'BZMPOP 0', 'BZMPOP 0 1', 'BZMPOP 0 1 k')
  s.arity('BZPOPMIN k 0', 'BZPOPMAX k 0', 'PUBLISH c m', 'SPUBLISH c m')
  const timeouts = [
    '0',
    '1',
    '0.5',
    '-1',
    '-0',
    '-0.1',
    'abc',
    '',
    'inf',
    '-inf',
    'nan',
    '1e3',
    '1e18',
    '1e17',
    '9223372036854775807',
    ' 1',
  ]
  for (const timeout of timeouts) {
    const word = JSON.stringify(timeout)
    s.fresh().run('RPUSH l 1 2 3 4 5 6 7 8', 'ZADD z 1 a 2 b 3 c 4 d', 'SET str x')
    s.run(`BLPOP l ${word}`, `BRPOP none l ${word}`, `BLMOVE l m LEFT RIGHT ${word}`, `BRPOPLPUSH l m ${word}`)
    s.run(
      `BLMPOP ${word} 1 l LEFT`,
      `BLMPOP ${word} 2 none l RIGHT COUNT 2`,
      `BZPOPMIN z ${word}`,
      `BZPOPMAX none z ${word}`,
    )
    s.run(`BZMPOP ${word} 1 z MIN`, `BLPOP str ${word}`, `BLMOVE l str LEFT LEFT ${word}`, `BZPOPMIN l ${word}`)
    s.run('LRANGE l 0 -1', 'LRANGE m 0 -1', 'ZRANGE z 0 -1')
  }
  s.fresh().run('RPUSH l 1 2 3')
  s.run('BLMPOP 0 0 l LEFT', 'BLMPOP 0 x l LEFT', 'BLMPOP 0 2 l LEFT', 'BLMPOP 0 1 l UP', 'BLMPOP 0 1 l LEFT COUNT 0')
  s.run(
    'BLMPOP 0 1 l LEFT COUNT',
    'BLMPOP 0 1 l LEFT NOSUCH 1',
    'BLMPOP x 0 l UP',
    'BLMOVE l m UP LEFT x',
    'BLMOVE l m LEFT UP x',
  )
  s.run('BZMPOP 0 1 l MIN', 'BZMPOP 0 1 z UP', 'BZMPOP 0 -1 z MIN', 'BZMPOP -1 1 z MIN COUNT 1')
  return s.lines
}

/** Channels, as one client sees them that does not listen. */
export function channels(): Line[] {
  const s = new Script()
  s.arity(
    'PUBSUB CHANNELS *',
    'PUBSUB NUMSUB a',
    'PUBSUB NUMPAT',
    'PUBSUB HELP',
    'PUBSUB SHARDCHANNELS *',
    'PUBSUB SHARDNUMSUB a',
  )
  s.fresh().run(
    'PUBSUB',
    'PUBSUB NOSUCH',
    'PUBLISH c m',
    'PUBLISH "" ""',
    'SPUBLISH c m',
    'PUBSUB CHANNELS',
    'PUBSUB CHANNELS x*',
  )
  s.run(
    'PUBSUB NUMSUB',
    'PUBSUB NUMSUB a b',
    'PUBSUB NUMPAT',
    'PUBSUB HELP',
    'PUBSUB SHARDCHANNELS',
    'PUBSUB SHARDNUMSUB a',
    'pubsub channels',
  )
  return s.lines
}
