/** Interesting values of every type, as PostgreSQL's text has them and as the bound tree has them. */
import type { ScalarTypeName, SqlValue } from '../../../store/sql-type.ts'

export interface Sample {
  readonly text: string | null
  readonly value: SqlValue
}

function same(...values: readonly (number | bigint | string)[]): readonly Sample[] {
  return values.map((value) => ({
    text: String(value),
    value: typeof value === 'number' ? value : value,
  }))
}

const day = 86_400_000_000n

function days(text: string): number {
  return Date.parse(`${text}T00:00:00Z`) / 86_400_000
}

function micros(text: string): bigint {
  return BigInt(Date.parse(text)) * 1000n
}

const instants: readonly Sample[] = [
  { text: '2020-02-29 12:34:56.5', value: micros('2020-02-29T12:34:56.5Z') },
  { text: '1969-12-31 23:59:59.999999', value: -1n },
  { text: '2021-03-01 00:00:00', value: micros('2021-03-01T00:00:00Z') },
  { text: '0044-03-15 01:00:00 BC', value: micros('-000043-03-15T01:00:00Z') },
  { text: '12345-06-07 08:09:10', value: micros('+012345-06-07T08:09:10Z') },
]

const texts = same(
  '',
  'abc',
  'aBc',
  "it's",
  'a\\b',
  'a b',
  '%',
  'é',
  '12',
  ' 7 ',
  'true',
  '0',
  '{1,2}',
)

export const samples: Readonly<Record<ScalarTypeName, readonly Sample[]>> = {
  bool: [
    { text: 'true', value: true },
    { text: 'false', value: false },
  ],
  int2: same(0, 1, -1, 2, 7, -32768, 32767),
  int4: same(0, 1, -1, 2, -7, 10, 33, -2147483648, 2147483647),
  int8: same(0n, 1n, -1n, 3n, -7n, 64n, -9223372036854775808n, 9223372036854775807n),
  float4: [
    ...same(0, 1, -1.5, 2.5, 1234567, 16777216),
    { text: 'NaN', value: NaN },
    { text: 'Infinity', value: Infinity },
  ],
  float8: [
    ...same(0, 1, -1.5, 2.5, 3.5, 0.1, 1e15, 123456789012345680, 0.001, 1e300, -1e300),
    { text: '-0', value: -0 },
    { text: 'NaN', value: NaN },
    { text: '-Infinity', value: -Infinity },
  ],
  numeric: same(
    '0',
    '1',
    '-1.5',
    '2.50',
    '0.000000000000000001',
    '-7',
    '3',
    '12345678901234567890.5',
    '99999999999.123456789',
    '123456789012.5',
  ),
  text: texts,
  varchar: texts,
  bpchar: same('abc', 'ab '),
  bytea: [
    { text: '\\x', value: new Uint8Array() },
    { text: '\\x00ff41', value: new Uint8Array([0, 255, 65]) },
  ],
  date: [
    { text: '2020-02-29', value: days('2020-02-29') },
    { text: '1969-12-31', value: -1 },
    { text: '0044-03-15 BC', value: days('-000043-03-15') },
    { text: 'infinity', value: Infinity },
    { text: '-infinity', value: -Infinity },
  ],
  time: [
    { text: '00:00:00', value: 0n },
    { text: '12:34:56.789', value: 45_296_789_000n },
    { text: '24:00:00', value: day },
  ],
  timestamp: instants,
  timestamptz: instants.map(({ text, value }) => ({
    text: `${text}+00`.replace(' BC+00', '+00 BC'),
    value,
  })),
  interval: [
    { text: '0', value: { kind: 'Interval', months: 0, days: 0, micros: 0n } },
    { text: '1 day', value: { kind: 'Interval', months: 0, days: 1, micros: 0n } },
    {
      text: '1 year 2 mons -3 days 04:05:06.7',
      value: { kind: 'Interval', months: 14, days: -3, micros: 14_706_700_000n },
    },
    { text: '-1 mon 5 days', value: { kind: 'Interval', months: -1, days: 5, micros: 0n } },
    {
      text: '-100:00:00.000001',
      value: { kind: 'Interval', months: 0, days: 0, micros: -360_000_000_001n },
    },
  ],
  uuid: same('00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
  json: same('{"a":1}', '[1,2,null]', '"x"', '{"a/b":{"~":5},"$":6,"0":7,"":null}'),
  oid: same(0, 1, 4294967295),
  name: same('abc', 'x'),
}
