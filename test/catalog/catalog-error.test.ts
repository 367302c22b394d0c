import { expect, test } from '@jest/globals'
import { convertDriverErrors, sqlErrorOf } from '../../catalog/catalog-error.ts'
import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

test.each([
  ['SQLITE_FULL', '53100'],
  ['SQLITE_IOERR', '58030'],
  ['SQLITE_IOERR_WRITE', '58030'],
  ['SQLITE_IOERR_FSYNC', '58030'],
  ['SQLITE_READONLY_DBMOVED', '58030'],
  ['SQLITE_CANTOPEN', '58030'],
  ['SQLITE_NOMEM', '53200'],
  ['SQLITE_BUSY_SNAPSHOT', '55006'],
  ['SQLITE_CORRUPT_VTAB', 'XX001'],
  ['SQLITE_NOTADB', 'XX001'],
])('%s of the driver is %s to a client, without the driver’s words', (code, sqlState) => {
  const cause = Object.assign(new Error('words of the driver'), { code })
  const error = sqlErrorOf(cause)
  expect(error).toMatchObject({ sqlState, cause })
  expect(error?.message).not.toContain('driver')
})

test.each([
  ['a constraint', Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' })],
  ['wrong SQL', Object.assign(new Error('x'), { code: 'SQLITE_ERROR' })],
  ['an error without a code', new Error('x')],
  ['a SqlError', new SqlError(SqlState.DuplicateObject, 'x')],
])('%s passes as it is', (_, cause) => {
  expect(sqlErrorOf(cause)).toBeUndefined()
  expect(() =>
    convertDriverErrors(() => {
      throw cause
    }),
  ).toThrow(cause)
})
