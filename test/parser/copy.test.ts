import { expect, test } from '@jest/globals'
import { parseStatements } from '../../parser/parse.ts'

test('COPY FROM with its options', () => {
  const [parsed] = parseStatements(
    "COPY s.t FROM 'a.csv' WITH HEADER true TIMESTAMP 'ts' FORMAT 'yyyy' DELIMITER ';' PARTITION BY DAY ON ERROR ABORT",
  )
  expect(parsed?.statement).toMatchObject({
    kind: 'CopyFrom',
    table: { name: { text: 't' }, schema: { text: 's' } },
    file: { value: 'a.csv' },
    options: {
      header: true,
      timestamp: { text: 'ts' },
      format: { value: 'yyyy' },
      delimiter: ';',
      partitionBy: 'DAY',
      onError: 'ABORT',
    },
  })
})

test('COPY id CANCEL', () => {
  const [parsed] = parseStatements("COPY '0f' CANCEL")
  expect(parsed?.statement).toMatchObject({ kind: 'CancelCopy', id: { value: '0f' } })
})

test.each([
  ['COPY t', '42601'],
  ['COPY t FROM', '42601'],
  ["COPY t FROM 'a' HEADER", '42601'],
  ["COPY t FROM 'a' HEADER true HEADER false", '42601'],
  ["COPY t FROM 'a' DELIMITER ',,'", '42601'],
  ["COPY t FROM 'a' DELIMITER '\"'", '42601'],
  ["COPY t FROM 'a' ON ERROR NOTHING", '42601'],
  ["COPY t FROM 'a' NONSENSE", '42601'],
  ["COPY 'id'", '42601'],
  ['COPY t FROM STDIN', '0A000'],
  ["COPY t FROM PROGRAM 'x'", '0A000'],
  ["COPY t (a) FROM 'x'", '0A000'],
  ["COPY (SELECT 1) TO 'x'", '0A000'],
  ['COPY PERMISSIONS FROM a TO b', '0A000'],
])('%s is refused', (text, sqlState) => {
  expect(() => parseStatements(text)).toThrow(expect.objectContaining({ sqlState }))
})
