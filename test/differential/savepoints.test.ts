/** Savepoints where no table is written: every message is PostgreSQL's own. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Grantd } from '../e2e/grantd.ts'
import { admin, startGrantd } from '../e2e/grantd.ts'
import { sentBytes } from '../golden/sent-bytes.ts'
import type { Postgres } from '../postgres.ts'
import { startPostgres } from '../postgres.ts'
import { RawClient } from '../server/pgwire/raw-client.ts'

let grantd: Grantd
let postgres: Postgres
beforeAll(async () => {
  ;[grantd, postgres] = await Promise.all([startGrantd(), startPostgres()])
})
afterAll(async () => {
  await Promise.all([grantd.remove(), postgres.stop()])
})

function simple(...statements: readonly string[]): readonly string[] {
  return statements.map((text) => `Query ${JSON.stringify({ text })}`)
}

function extended(...statements: readonly string[]): readonly string[] {
  return statements.flatMap((text) => [
    `Parse ${JSON.stringify({ text })}`,
    'Bind',
    'Execute',
    'Sync',
  ])
}

/** A portal of three rows, of which the first is fetched. */
function portal(name: string): readonly string[] {
  return [
    'Parse {"text":"select g::int4 as g from generate_series(1, 3) as s(g)"}',
    `Bind {"portal":"${name}"}`,
    `Execute {"portal":"${name}","rowsMax":1}`,
    'Sync',
  ]
}

const more = (name: string): readonly string[] => [
  `Execute {"portal":"${name}","rowsMax":1}`,
  'Sync',
]

const nested = [
  // PostgreSQL keeps a custom setting that it has once heard of, empty.
  "set app.x to '0'",
  'begin',
  "set app.x to 'a'",
  'savepoint s',
  "set app.x to 'b'",
  'savepoint t',
  "set local app.x to 'c'",
  'savepoint S',
  "set app.x to 'd'",
  'rollback to s',
  'show app.x',
  'release s',
  'show app.x',
  'rollback to savepoint s',
  'show app.x',
  'rollback to t',
  'rollback work to s',
  'release savepoint s',
  'rollback to s',
  'commit',
  'show app.x',
]

const failing = [
  'begin',
  "set app.x to 'a'",
  'savepoint s',
  "set app.x to 'b'",
  'selec',
  'select 1 as a',
  'savepoint t',
  'release s',
  'rollback to t',
  'rollback to s',
  'show app.x',
  'selec',
  'rollback to s',
  'release s',
  'commit',
  'show app.x',
]

const notInABlock = [
  'savepoint s',
  'release s',
  'rollback to s',
  'rollback transaction to savepoint "S"',
]

const scripts: readonly (readonly [string, readonly string[]])[] = [
  ['nested, simple', simple(...nested)],
  ['nested, extended', extended(...nested)],
  ['after errors, simple', simple(...failing)],
  ['after errors, extended', extended(...failing)],
  ['outside of a block, simple', simple(...notInABlock)],
  ['outside of a block, extended', extended(...notInABlock)],
  [
    'in one message with others',
    simple(
      'select 1 as a; savepoint s',
      'begin; savepoint s; select 1 as a; rollback to s; release s; commit',
      'begin; savepoint s; rollback to x; commit',
      'rollback to s; rollback',
    ),
  ],
  [
    'portals made before live on, those made since are gone',
    [
      ...simple('begin'),
      ...portal('old'),
      ...simple('savepoint s'),
      ...portal('new'),
      ...more('old'),
      ...simple('rollback to s'),
      ...more('old'),
      ...more('new'),
      ...simple('rollback to s'),
      ...more('old'),
      ...simple('commit'),
    ],
  ],
  [
    'portals rest while the transaction is failed',
    [
      ...simple('begin'),
      ...portal('old'),
      ...simple('savepoint s'),
      ...portal('new'),
      ...simple('selec'),
      ...more('old'),
      ...simple('rollback to s'),
      ...more('old'),
      ...more('new'),
      ...simple('commit'),
    ],
  ],
  [
    'released, their portals are the outer ones',
    [
      ...simple('begin', 'savepoint s', 'savepoint t'),
      ...portal('new'),
      ...simple('release t'),
      ...more('new'),
      ...simple('rollback to s'),
      ...more('new'),
      ...simple('rollback'),
    ],
  ],
  [
    'read-only outside is read-only inside',
    simple(
      'begin read only',
      'savepoint s',
      'set transaction read write',
      'rollback to s',
      'release s',
      'set transaction read write',
      'savepoint s',
      'set transaction read only',
      'set transaction read write',
      'rollback to s',
      'set transaction read write',
      'commit',
    ),
  ],
  [
    'what pools send',
    [
      ...simple('close all', 'unlisten *', 'unlisten x', 'discard plans', 'discard sequences'),
      ...simple('discard temp', 'discard temporary', 'close x', 'begin'),
      ...portal('p'),
      ...simple('close p'),
      ...portal('p'),
      ...simple('close all'),
      ...more('p'),
      ...simple('rollback'),
    ],
  ],
]

async function answers(client: RawClient, script: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = []
  for (const line of script) {
    client.write(sentBytes(line))
    if (line !== 'Sync' && !line.startsWith('Query')) continue
    lines.push(...(await client.readUntil('ReadyForQuery')))
  }
  client.close()
  return lines
}

test.each(scripts)('%s', async (_name, script) => {
  const path = `${postgres.host}/.s.PGSQL.${postgres.port}`
  const asked = await RawClient.open(connect({ path }))
  await asked.startUp({ user: postgres.user })
  const ours = await RawClient.login(grantd.port, admin)
  expect(await answers(ours, script)).toEqual(await answers(asked, script))
})
