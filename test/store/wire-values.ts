import type { ScalarTypeName, SqlType, SqlValue } from '../../store/sql-type.ts'

/** One value in three spellings: PostgreSQL's SQL, the engine's SQL, and ours. */
export interface WireValue {
  readonly type: SqlType
  readonly postgres: string
  readonly engine: string
  readonly value: SqlValue
}

function of(
  name: ScalarTypeName,
  postgres: string,
  value: SqlValue,
  engine = postgres,
  modifiers: {
    readonly length?: number
    readonly precision?: number
    readonly scale?: number
  } = {},
): WireValue {
  return { type: { kind: 'Scalar', name, ...modifiers }, postgres, engine, value }
}

function arrayOf(
  name: ScalarTypeName,
  postgres: string,
  value: SqlValue,
  engine: string,
): WireValue {
  return { type: { kind: 'Array', element: { kind: 'Scalar', name } }, postgres, engine, value }
}

const interval = (months: number, days: number, micros: bigint): SqlValue => ({
  kind: 'Interval',
  months,
  days,
  micros,
})

const second = 1_000_000n
const day = 86_400n * second

/** Every type, usual and extreme values. */
export const wireValues: readonly WireValue[] = [
  of('bool', 'true', true),
  of('bool', 'false', false),

  of('int2', '(-32768)::int2', -32768),
  of('int2', '32767::int2', 32767),
  of('int4', '0', 0),
  of('int4', '(-2147483648)::int4', -2147483648),
  of('int4', '2147483647', 2147483647),
  of('int4', '1000000000', 1_000_000_000),
  of('int8', '(-9223372036854775808)::int8', -9223372036854775808n),
  of('int8', '9223372036854775807', 9223372036854775807n),
  of('int8', '4294967296', 4294967296n),
  of('int8', '(-1)::int8', -1n),
  of('int8', '999999999999999999', 999999999999999999n),
  of('int8', '1000000000::int8', 1000000000n),
  of('int8', '4503599627370497', 4503599627370497n),
  of('oid', '4294967295::oid', 4294967295, '4294967295::UINTEGER'),
  of('oid', '1::oid', 1, '1::UINTEGER'),

  of('float4', `'0.1'::float4`, Math.fround(0.1)),
  of('float4', `'1e6'::float4`, 1e6),
  of('float4', `'123456'::float4`, 123456),
  of('float4', `'1e-45'::float4`, 2 ** -149),
  of('float4', `'3.4028235e38'::float4`, Math.fround(3.4028235e38)),
  of('float4', `'-0'::float4`, -0),
  of('float4', `'NaN'::float4`, NaN),
  of('float4', `'-Infinity'::float4`, -Infinity),
  of('float8', `'0.1'::float8`, 0.1),
  of('float8', `'1e20'::float8`, 1e20),
  of('float8', `'1e15'::float8`, 1e15),
  of('float8', `'123456789012345'::float8`, 123456789012345),
  of('float8', `'1e-5'::float8`, 1e-5),
  of('float8', `'0.0001'::float8`, 0.0001),
  of('float8', `'1e23'::float8`, 1e23),
  of('float8', `'5e-324'::float8`, 5e-324),
  of('float8', `'1.7976931348623157e308'::float8`, Number.MAX_VALUE),
  of('float8', `'-0'::float8`, -0),
  of('float8', `'0'::float8`, 0),
  of('float8', `'-1.5'::float8`, -1.5),
  of('float8', `'-0.05'::float8`, -0.05),
  of('float8', `'1234.56'::float8`, 1234.56),
  of('float8', `'0.3'::float8 - '0.2'::float8`, 0.3 - 0.2),
  of('float8', `'NaN'::float8`, NaN),
  of('float8', `'Infinity'::float8`, Infinity),

  of('numeric', '1.50::numeric(10,2)', '1.50', '1.50::DECIMAL(10,2)', { precision: 10, scale: 2 }),
  of('numeric', '-0.05::numeric(4,2)', '-0.05', '-0.05::DECIMAL(4,2)', { precision: 4, scale: 2 }),
  of('numeric', '0::numeric(9,4)', '0.0000', '0::DECIMAL(9,4)', { precision: 9, scale: 4 }),
  of('numeric', '99999.9999::numeric(9,4)', '99999.9999', '99999.9999::DECIMAL(9,4)', {
    precision: 9,
    scale: 4,
  }),
  of(
    'numeric',
    '123456789012345.678::numeric(18,3)',
    '123456789012345.678',
    '123456789012345.678::DECIMAL(18,3)',
    { precision: 18, scale: 3 },
  ),
  of('numeric', '1.5::numeric', '1.5', '1.5::DECIMAL(38,18)'),
  of(
    'numeric',
    '-12345678901234567890::numeric',
    '-12345678901234567890',
    '-12345678901234567890::DECIMAL(38,18)',
  ),
  of('numeric', '0::numeric', '0', '0::DECIMAL(38,18)'),
  of(
    'numeric',
    '0.000000000000000001::numeric',
    '0.000000000000000001',
    '0.000000000000000001::DECIMAL(38,18)',
  ),
  of(
    'numeric',
    '99999999999999999999999999999999999999::numeric',
    '99999999999999999999999999999999999999',
    '99999999999999999999999999999999999999::DECIMAL(38,0)',
  ),
  of('numeric', '10000::numeric', '10000', '10000::HUGEINT'),

  of('text', `'hello'`, 'hello'),
  of('text', `''`, ''),
  of('text', `'exactly 12 b'`, 'exactly 12 b'),
  of('text', `'more than twelve bytes'`, 'more than twelve bytes'),
  of('text', `'héllo wörld 🦆 日本'`, 'héllo wörld 🦆 日本'),
  of('varchar', `'abc'::varchar(5)`, 'abc', `'abc'`, { length: 5 }),
  of('bpchar', `'ab'::char(4)`, 'ab', `'ab  '`, { length: 4 }),
  of('bpchar', `'🦆'::char(3)`, '🦆', `'🦆'`, { length: 3 }),
  of('name', `'pg_class'::name`, 'pg_class', `'pg_class'`),
  of('json', `'{"a": [1, null]}'::json`, '{"a": [1, null]}', `'{"a": [1, null]}'::JSON`),
  of('bytea', `'\\x0001ff'::bytea`, Uint8Array.of(0, 1, 255), `'\\x00\\x01\\xff'::BLOB`),
  of('bytea', `''::bytea`, Uint8Array.of(), `''::BLOB`),
  of(
    'uuid',
    `'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid`,
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
  ),
  of(
    'uuid',
    `'00000000-0000-0000-0000-000000000001'::uuid`,
    '00000000-0000-0000-0000-000000000001',
  ),
  of(
    'uuid',
    `'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid`,
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ),

  of('date', `'2024-02-29'::date`, 19782),
  of('date', `'1970-01-01'::date`, 0),
  of('date', `'0001-01-01'::date`, -719162),
  of('date', `'0044-03-15 BC'::date`, -735160, `'-0043-03-15'::DATE`),
  of('date', `'4714-11-24 BC'::date`, -2440588, `'1970-01-01'::DATE - 2440588`),
  of('date', `'5874897-12-31'::date`, 2145042905, `'1970-01-01'::DATE + 2145042905`),
  of('date', `'infinity'::date`, Infinity),
  of('date', `'-infinity'::date`, -Infinity),
  of('time', `'04:05:06.789'::time`, 14_706_789_000n),
  of('time', `'00:00'::time`, 0n, `'00:00:00'::time`),
  of('time', `'24:00:00'::time`, day),
  of('timestamp', `'2024-02-29 12:34:56.789012'::timestamp`, 1709210096789012n),
  of('timestamp', `'2024-02-29 12:34:56.5'::timestamp`, 1709210096500000n),
  of('timestamp', `'1999-12-31 23:59:59'::timestamp`, 946684799000000n),
  of('timestamp', `'0001-01-01 00:00:00'::timestamp`, -62135596800000000n),
  of(
    'timestamp',
    `'0044-03-15 01:02:03.4 BC'::timestamp`,
    -735160n * day + 3723_400_000n,
    `'-0043-03-15 01:02:03.4'::timestamp`,
  ),
  of(
    'timestamp',
    `'294247-01-01 23:59:59.999999'::timestamp`,
    9223371331199999999n,
    `make_timestamp(9223371331199999999)`,
  ),
  of('timestamp', `'1677-09-21 00:12:43.145225'::timestamp`, -9223372036854775n),
  of('timestamp', `'infinity'::timestamp`, Infinity),
  of('timestamp', `'-infinity'::timestamp`, -Infinity),
  of('timestamptz', `'2024-02-29 12:34:56.789012+00'::timestamptz`, 1709210096789012n),
  of('timestamptz', `'2024-07-01 12:00:00+00'::timestamptz`, 1719835200000000n),
  of('timestamptz', `'1850-01-01 00:00:00+00'::timestamptz`, -3786825600000000n),
  of('timestamptz', `'2300-07-01 00:00:00+00'::timestamptz`, 10429430400000000n),
  of(
    'timestamptz',
    `'0044-03-15 01:02:03.4+00 BC'::timestamptz`,
    -735160n * day + 3723_400_000n,
    `'-0043-03-15 01:02:03.4+00'::timestamptz`,
  ),
  of('timestamptz', `'infinity'::timestamptz`, Infinity),
  of('timestamptz', `'-infinity'::timestamptz`, -Infinity),
  ...(
    [
      ['1 year 2 mons 3 days 04:05:06', interval(14, 3, 14706n * second)],
      ['0', interval(0, 0, 0n)],
      ['-1 year -2 mons 3 days -04:05:06.7', interval(-14, 3, -14706_700_000n)],
      ['1 mon -1 days', interval(1, -1, 0n)],
      ['-1 days 02:03:00', interval(0, -1, 7380n * second)],
      ['100:00:00.000001', interval(0, 0, 360_000n * second + 1n)],
      ['-00:00:00.5', interval(0, 0, -500_000n)],
      ['1 day', interval(0, 1, 0n)],
    ] as const
  ).map(([text, value]) => of('interval', `'${text}'::interval`, value, intervalSql(value))),

  arrayOf('int4', `'{1,NULL,3}'::int4[]`, [1, null, 3], '[1, NULL, 3]::INTEGER[]'),
  arrayOf('int4', `'{}'::int4[]`, [], '[]::INTEGER[]'),
  arrayOf(
    'int4',
    `'{{1,2},{3,4}}'::int4[]`,
    [
      [1, 2],
      [3, 4],
    ],
    '[[1, 2], [3, 4]]::INTEGER[][]',
  ),
  arrayOf(
    'text',
    `ARRAY['a b', 'NULL', 'null', '', NULL, 'a"b', 'a\\b', 'a,b', '{', 'tab	x', 'plain']`,
    ['a b', 'NULL', 'null', '', null, 'a"b', 'a\\b', 'a,b', '{', 'tab\tx', 'plain'],
    `['a b', 'NULL', 'null', '', NULL, 'a"b', 'a\\b', 'a,b', '{', 'tab	x', 'plain']`,
  ),
  arrayOf('bool', `'{t,f}'::bool[]`, [true, false], '[true, false]'),
  arrayOf(
    'timestamptz',
    `ARRAY['2024-02-29 12:00:00+00'::timestamptz]`,
    [1709208000000000n],
    `['2024-02-29 12:00:00+00'::timestamptz]`,
  ),
  arrayOf('bytea', `ARRAY['\\x01'::bytea]`, [Uint8Array.of(1)], `['\\x01'::BLOB]`),
  arrayOf('numeric', `'{1.5,-2}'::numeric[]`, ['1.5', '-2'], '[1.5, -2]::DECIMAL(38,18)[]'),

  record(
    [scalarType('int4'), scalarType('text'), scalarType('text')],
    `ROW(1, 'a,b "c" \\d'::text, NULL::text)`,
    [1, 'a,b "c" \\d', null],
    `ROW(1, 'a,b "c" \\d', NULL::VARCHAR)`,
  ),
  record(
    [scalarType('text'), { kind: 'Array', element: { kind: 'Scalar', name: 'int4' } }],
    `ROW(''::text, '{1,2}'::int4[])`,
    ['', [1, 2]],
    `ROW('', [1, 2])`,
  ),
]

function scalarType(name: ScalarTypeName): SqlType {
  return { kind: 'Scalar', name }
}

function record(
  fields: readonly SqlType[],
  postgres: string,
  value: SqlValue,
  engine: string,
): WireValue {
  return { type: { kind: 'Record', fields }, postgres, engine, value }
}

function intervalSql(value: SqlValue): string {
  if (value === null || typeof value !== 'object' || !('kind' in value)) return 'NULL'
  const { months, days, micros } = value
  return `to_months(${months}) + to_days(${days}) + to_microseconds(${micros})`
}
