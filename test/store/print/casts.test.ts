import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScalarType, ScalarTypeName } from '../../../store/sql-type.ts'
import { askEngine, askPostgres, startJudges } from './differential.ts'
import type { Answer, Judges } from './differential.ts'
import { selectOf } from './engine.ts'
import { samples } from './samples.ts'
import { cast, column, constant, scalar, valuesOf } from './tree.ts'

let judges: Judges
beforeAll(async () => {
  judges = await startJudges()
}, 60_000)
afterAll(() => judges.stop())

const names = [
  'bool',
  'int2',
  'int4',
  'int8',
  'oid',
  'float4',
  'float8',
  'numeric',
  'text',
  'varchar',
  'bpchar',
  'name',
  'bytea',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'uuid',
  'json',
] as const

const targets: readonly { readonly words: string; readonly type: ScalarType }[] = [
  ...names.map((name) => ({ words: name, type: scalar(name) })),
  { words: 'varchar(2)', type: scalar('varchar', { length: 2 }) },
  { words: 'char(4)', type: scalar('bpchar', { length: 4 }) },
  { words: 'numeric(6,2)', type: scalar('numeric', { precision: 6, scale: 2 }) },
]

function textOf(answer: Answer): string | null {
  return answer.kind === 'Error' ? answer.sqlState.slice(0, 2) : (answer.rows[0]?.[0] ?? null)
}

/** What we differ in on purpose: numeric has no NaN, no infinity, and 38 digits. */
function isSame(ours: string | null, theirs: string | null, type: ScalarType): boolean {
  if (ours === theirs) return true
  if (type.name !== 'numeric' || theirs === null || ours === null) return false
  return ours === '22' || Number(ours) === Number(theirs)
}

/** The engine has no way to tell padded spaces of bpchar from its text here. */
const listed: ReadonlySet<string> = new Set(['bpchar to bytea'])

describe.each(names)('%s', (source: ScalarTypeName) => {
  test.each(targets.filter(({ words }) => !listed.has(`${source} to ${words}`)))(
    'casts to $words as in PostgreSQL',
    async ({ words, type }) => {
      const differences: string[] = []
      for (const { text, value } of [...samples[source], { text: null, value: null }]) {
        const quoted = text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
        const postgres = await askPostgres(
          judges,
          `SELECT CAST(CAST(${quoted} AS ${source}) AS ${words})::text`,
        )
        // There is no such cast: the binder refuses it (42846).
        if (postgres.kind === 'Error' && postgres.sqlState === '42846') return
        const rows = valuesOf([[constant(value, source)]])
        const engine = await askEngine(
          judges,
          selectOf([cast(cast(column(1, 1, source), type), 'text')], {
            from: [{ kind: 'Derived', range: 1, lateral: false, query: rows }],
          }),
        )
        const [ours, theirs] = [textOf(engine), textOf(postgres)]
        if (!isSame(ours, theirs, type))
          differences.push(`${text}: PostgreSQL ${theirs}, engine ${ours}`)
      }
      expect(differences).toEqual([])
    },
  )
})
