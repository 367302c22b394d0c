import { beforeAll, describe, expect, test } from '@jest/globals'
import { loadParser, parseStatements } from '../../parser/parse.ts'
import { redactSecrets, redactText } from '../../parser/redact.ts'

beforeAll(async () => loadParser())

describe('secrets of a statement are hidden (S16)', () => {
  test.each([
    ["CREATE USER u WITH PASSWORD 's'", `CREATE USER u WITH PASSWORD '***'`],
    ['CREATE USER u WITH PASSWORD s', `CREATE USER u WITH PASSWORD '***'`],
    ["ALTER USER u WITH PASSWORD /* x */ E's' -- y", `ALTER USER u WITH PASSWORD /* x */ '***'`],
    [
      "CREATE SERVICE ACCOUNT a WITH PASSWORD 's'\n't' OWNED BY g",
      `CREATE SERVICE ACCOUNT a WITH PASSWORD '***' OWNED BY g`,
    ],
    ["ALTER USER u DROP TOKEN TYPE REST 'qt1'", `ALTER USER u DROP TOKEN TYPE REST '***'`],
    [
      "ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY x 'a' y 'b'",
      `ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY x '***' y '***'`,
    ],
    ['ALTER USER password WITH NO PASSWORD', 'ALTER USER password WITH NO PASSWORD'],
    ["SELECT password FROM t WHERE password = 'x'", "SELECT password FROM t WHERE password = 'x'"],
  ])('%s', (sql, expected) => {
    const [first] = parseStatements(sql)
    expect(first && redactSecrets(first)).toBe(expected)
  })

  test('wherever the statement stands in its text', () => {
    const parsed = parseStatements("SELECT 'é😀'; ALTER USER u WITH PASSWORD 's'; SELECT 1")
    expect(parsed.map(redactSecrets)).toEqual([
      "SELECT 'é😀'",
      "ALTER USER u WITH PASSWORD '***'",
      'SELECT 1',
    ])
  })
})

describe('a text that does not parse loses all that may be one', () => {
  test.each([
    ["CREATE USER u PASSWORD 's'", "CREATE USER u PASSWORD '***'"],
    ["CREATE USER 'u WITH PASSWORD 's'", "CREATE USER 'u WITH PASSWORD '***'"],
    ["ALTER USER u WITH ENCRYPTED PASSWORD='s", "ALTER USER u WITH ENCRYPTED PASSWORD '***'"],
    ["alter user u drop token type rest 's' x", "alter user u drop token '***'"],
    ["ALTER USER u CREATE TOKEN TYPE JWK WITH PUBLIC KEY x 's", "ALTER USER u CREATE TOKEN '***'"],
    ["SELEC 'a'", "SELEC 'a'"],
  ])('%s', (sql, expected) => {
    expect(redactText(sql)).toBe(expected)
  })
})
