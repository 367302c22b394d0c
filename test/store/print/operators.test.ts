import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { BinaryOperator } from '../../../store/bound.ts'
import type { ScalarTypeName } from '../../../store/sql-type.ts'
import { askEngine, askPostgres, startJudges } from './differential.ts'
import type { Answer, Judges } from './differential.ts'
import { selectOf } from './engine.ts'
import { samples } from './samples.ts'
import type { Sample } from './samples.ts'
import { binary, cast, column, constant, valuesOf } from './tree.ts'

let judges: Judges
beforeAll(async () => {
  judges = await startJudges()
}, 60_000)
afterAll(() => judges.stop())

interface Case {
  readonly left: ScalarTypeName
  readonly operator: BinaryOperator
  readonly right: ScalarTypeName
  readonly result: ScalarTypeName
}

const integers = ['int2', 'int4', 'int8'] as const
const floats = ['float4', 'float8'] as const

/** PostgreSQL's operators over equal types, and those over different ones. */
const cases: readonly Case[] = [
  ...integers.flatMap((type) =>
    (['+', '-', '*', '/', '%', '&', '|', '#'] as const).map((operator) => sameType(operator, type)),
  ),
  ...integers.flatMap((type) =>
    (['<<', '>>'] as const).map(
      (operator) => ({ left: type, operator, right: 'int4', result: type }) as const,
    ),
  ),
  ...floats.flatMap((type) =>
    (['+', '-', '*', '/'] as const).map((operator) => sameType(operator, type)),
  ),
  sameType('^', 'float8'),
  ...(['+', '-', '*', '/', '%'] as const).map((operator) => sameType(operator, 'numeric')),
  { left: 'int2', operator: '+', right: 'int8', result: 'int8' },
  { left: 'int4', operator: '*', right: 'int2', result: 'int4' },
  { left: 'float4', operator: '*', right: 'float8', result: 'float8' },
  { left: 'date', operator: '+', right: 'int4', result: 'date' },
  { left: 'int4', operator: '+', right: 'date', result: 'date' },
  { left: 'date', operator: '-', right: 'int4', result: 'date' },
  { left: 'date', operator: '-', right: 'date', result: 'int4' },
  { left: 'date', operator: '+', right: 'time', result: 'timestamp' },
  { left: 'date', operator: '+', right: 'interval', result: 'timestamp' },
  { left: 'time', operator: '-', right: 'time', result: 'interval' },
  { left: 'time', operator: '+', right: 'interval', result: 'time' },
  { left: 'time', operator: '-', right: 'interval', result: 'time' },
  ...(['timestamp', 'timestamptz'] as const).flatMap((type) => [
    { left: type, operator: '+', right: 'interval', result: type } as const,
    { left: 'interval', operator: '+', right: type, result: type } as const,
    { left: type, operator: '-', right: 'interval', result: type } as const,
    { left: type, operator: '-', right: type, result: 'interval' } as const,
  ]),
  { left: 'interval', operator: '+', right: 'interval', result: 'interval' },
  { left: 'interval', operator: '-', right: 'interval', result: 'interval' },
  { left: 'interval', operator: '*', right: 'float8', result: 'interval' },
  { left: 'float8', operator: '*', right: 'interval', result: 'interval' },
  { left: 'interval', operator: '/', right: 'float8', result: 'interval' },
  { left: 'text', operator: '||', right: 'text', result: 'text' },
  { left: 'bytea', operator: '||', right: 'bytea', result: 'bytea' },
  ...(
    [
      'bool',
      'oid',
      'int8',
      'float8',
      'numeric',
      'text',
      'bpchar',
      'bytea',
      'date',
      'time',
      'timestamp',
      'interval',
      'uuid',
    ] as const
  ).flatMap((type) =>
    (['=', '<', '>='] as const).map(
      (operator) => ({ left: type, operator, right: type, result: 'bool' }) as const,
    ),
  ),
]

function sameType(operator: BinaryOperator, type: ScalarTypeName): Case {
  return { left: type, operator, right: type, result: type }
}

const noValue: Sample = { text: null, value: null }

/** So many pairs of values a case, spread evenly: all of them are some ten thousand. */
const pairsMax = 10

function pairsOf({ left, right }: Case): readonly (readonly [Sample, Sample])[] {
  const all = [...samples[left], noValue].flatMap((one) =>
    [...samples[right], noValue].map((other): readonly [Sample, Sample] => [one, other]),
  )
  const step = Math.max(1, all.length / pairsMax)
  return all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))
}

function quoted(text: string | null): string {
  return text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
}

/**
 * What we differ in on purpose: numeric has 38 digits of which 18 are after the point, float underflow
 * gives zero, and the class of an error about dates is that of any value out of range.
 */
function isSame(engine: Answer, postgres: Answer, type: ScalarTypeName): boolean {
  if (engine.kind === 'Error' && postgres.kind === 'Error')
    return sameClass(engine.sqlState, postgres.sqlState)
  if (type === 'numeric' && engine.kind === 'Error') return engine.sqlState.startsWith('22')
  if (engine.kind === 'Rows' && postgres.kind === 'Error')
    return postgres.sqlState === '22003' && textOf(engine) === '0'
  const [ours, theirs] = [textOf(engine), textOf(postgres)]
  if (ours === theirs) return true
  if (type !== 'numeric' || ours === null || theirs === null) return false
  const tolerance = Math.max(1e-14 * Math.abs(Number(theirs)), 1e-18)
  return Math.abs(Number(ours) - Number(theirs)) <= tolerance
}

function sameClass(ours: string, theirs: string): boolean {
  const isOutOfRange = theirs === '22008' || theirs === '22003'
  return ours === theirs || (isOutOfRange && (ours === '22003' || ours === '22P02'))
}

function textOf(answer: Answer): string | null {
  if (answer.kind === 'Error') return answer.sqlState
  return answer.rows[0]?.[0] ?? null
}

describe.each(cases)('$left $operator $right', ({ left, operator, right, result }) => {
  test('gives what PostgreSQL gives', async () => {
    const differences: string[] = []
    for (const [one, other] of pairsOf({ left, operator, right, result })) {
      const text = `CAST(${quoted(one.text)} AS ${left}) ${operator} CAST(${quoted(other.text)} AS ${right})`
      const postgres = await askPostgres(judges, `SELECT (${text})::text`)
      const rows = valuesOf([[constant(one.value, left), constant(other.value, right)]])
      const ofColumns = binary(column(1, 1, left), operator, column(1, 2, right), result)
      const ofConstants = binary(
        constant(one.value, left),
        operator,
        constant(other.value, right),
        result,
      )
      const engine = [
        await askEngine(judges, selectOf([cast(ofConstants, 'text')])),
        await askEngine(
          judges,
          selectOf([cast(ofColumns, 'text')], {
            from: [{ kind: 'Derived', range: 1, lateral: false, query: rows }],
          }),
        ),
      ]
      for (const answer of engine) {
        if (isSame(answer, postgres, result)) continue
        differences.push(`${text}: PostgreSQL ${textOf(postgres)}, engine ${textOf(answer)}`)
      }
    }
    expect(differences).toEqual([])
  })
})
