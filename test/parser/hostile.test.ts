import { beforeAll, describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { SqlError } from '../../errors/sql-error.ts'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { redactSecrets, redactText } from '../../parser/redact.ts'

beforeAll(async () => loadParser())

const words =
  `CREATE ALTER DROP GRANT REVOKE SHOW SET USER SERVICE ACCOUNT GROUP TABLE VIEW ADD REMOVE
  SELECT INSERT FROM WHERE ON TO WITH PASSWORD TOKEN TYPE REST JWK TTL AS IF NOT EXISTS NULL DEFAULT
  CHECK PRIMARY KEY TIMESTAMP PARTITION BY WAL OWNED COLUMN RENAME ALL TABLES BEGIN COMMIT EXPLAIN
  DECLARE OVERRIDABLE CASE WHEN END VALUES LIKE CASCADE PERMISSIONS ASSUME a t INT SYMBOL`.split(
    /\s+/,
  )
const signs =
  `( ) [ ] , ; . * = :: := @ @a =@t - -- /* */ ' " '' 'a' "a" E'\\ U&'\\0041' UESCAPE $$ $a$ $1 1 30d
  1e 0x \\ { \n \0 \ud800 é 😀`.split(' ')

/** Pieces of SQL, whole and broken, of which texts are put together. */
const piece = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...signs),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(' '))

describe('any text is statements or a SqlError', () => {
  test('and the places of both lie within it', () => {
    fc.assert(
      fc.property(text, (sql) => {
        expect(typeof redactText(sql)).toBe('string')
        try {
          for (const parsed of parseStatements(sql)) {
            expect(sql.slice(parsed.span.start, parsed.span.end)).toBe(parsed.text)
            expect(typeof redactSecrets(parsed)).toBe('string')
          }
        } catch (error) {
          if (!(error instanceof SqlError)) throw error
          expect(error.message).not.toMatch(/undefined|\[object/)
          const offset = error.offset ?? 0
          expect(offset).toBeGreaterThanOrEqual(0)
          expect(offset).toBeLessThanOrEqual(sql.length)
        }
      }),
      { numRuns: 300 },
    )
  })
})
