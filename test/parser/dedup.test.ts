import { expect, test } from '@jest/globals'
import { parseStatements } from '../../parser/parse.ts'
import { printStatement } from '../../parser/print.ts'

function printed(text: string): string {
  const [parsed] = parseStatements(text)
  if (parsed?.statement.kind !== 'SetDeduplication') throw new Error(`another statement: ${text}`)
  return printStatement(parsed.statement)
}

test.each([
  ['alter table "T" dedup enable upsert keys (ts, "Sym")', 'DEDUP ENABLE UPSERT KEYS'],
  ['ALTER TABLE IF EXISTS s.t DEDUP DISABLE', 'DEDUP DISABLE'],
])('%s is printed as it was meant', (text, action) => {
  expect(printed(text)).toContain(action)
  expect(printed(printed(text))).toBe(printed(text))
})

test.each([
  'ALTER TABLE t DEDUP',
  'ALTER TABLE t DEDUP ENABLE',
  'ALTER TABLE t DEDUP ENABLE UPSERT KEYS',
  'ALTER TABLE t DEDUP ENABLE UPSERT KEYS ()',
  'ALTER TABLE t DEDUP DISABLE UPSERT KEYS (a)',
])('%s is a syntax error', (text) => {
  expect(() => parseStatements(text)).toThrow(expect.objectContaining({ sqlState: '42601' }))
})
