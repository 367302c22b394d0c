/** Functions over json (PostgreSQL 15, chapter "JSON Functions and Operators"). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { invalidArgument } from '../errors.ts'
import {
  binary,
  call,
  cast,
  constant,
  constantValue,
  isNull,
  raise,
  text,
  when,
} from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { jsonOf, jsonText, memberText } from './json-text.ts'
import { built, variadic } from './make-row.ts'
import { repeatable } from './repeatable.ts'
import type { CallContext, ScalarRow } from './row.ts'

const textType = scalar('text')

/** `json_build_object(key, value, ...)` with PostgreSQL's blanks: `{"a" : 1, "b" : 2}`. */
function buildObject(args: readonly BoundExpression[], { name }: CallContext): BoundExpression {
  if (args.length % 2 !== 0) {
    throw invalidArgument('argument list must have even number of elements')
  }
  const members = args.flatMap((one, index) => {
    if (index % 2 !== 0) return [text(' : '), memberText(one, name)]
    return [text(index === 0 ? '' : ', '), keyText(one, index, name)]
  })
  return jsonOf([text('{'), ...members, text('}')])
}

/** A key is any value's text, quoted. */
function keyText(value: BoundExpression, index: number, name: string): BoundExpression {
  if (value.kind === 'Constant' && value.value === null) throw nullKey(index)
  repeatable(name, [value])
  const quoted = cast(call('to_json', [cast(value, textType)], scalar('json')), textType)
  if (constantValue(value) !== undefined) return quoted
  const message = `argument ${index + 1} cannot be null`
  return when([[isNull(value), raise(SqlState.InvalidParameterValue, message)]], quoted, textType)
}

function nullKey(index: number): Error {
  return invalidArgument(`argument ${index + 1} cannot be null`)
}

/** `json_build_array(value, ...)`: `[1, "x"]`. */
function buildArray(args: readonly BoundExpression[], { name }: CallContext): BoundExpression {
  const members = args.flatMap((one, index) => [
    text(index === 0 ? '' : ', '),
    memberText(one, name),
  ])
  return jsonOf([text('['), ...members, text(']')])
}

function arrayLength([document]: readonly BoundExpression[]): BoundExpression {
  if (document === undefined) throw new Error('json_array_length of nothing')
  repeatable('json_array_length', [document])
  const kind = call('json_type', [document], textType)
  return when(
    [
      [binary(kind, '=', text('ARRAY')), call('json_array_length', [document], scalar('int4'))],
      [binary(kind, '=', text('OBJECT')), noArray('non-array')],
      [{ kind: 'NullTest', operand: kind, negated: true, type: scalar('bool') }, noArray('scalar')],
    ],
    constant(null, scalar('int4')),
    scalar('int4'),
  )
}

function noArray(what: string): BoundExpression {
  return raise(SqlState.InvalidParameterValue, `cannot get array length of a ${what}`)
}

/** PostgreSQL's words for the engine's; every other one of the engine's is a number. */
const kinds = [
  ['ARRAY', 'array'],
  ['OBJECT', 'object'],
  ['VARCHAR', 'string'],
  ['BOOLEAN', 'boolean'],
  ['NULL', 'null'],
] as const

function typeOf([document]: readonly BoundExpression[]): BoundExpression {
  if (document === undefined) throw new Error('json_typeof of nothing')
  repeatable('json_typeof', [document])
  const kind = call('json_type', [document], textType)
  return when(
    [
      [isNull(kind), constant(null, textType)],
      ...kinds.map(([engineWord, word]): readonly [BoundExpression, BoundExpression] => [
        binary(kind, '=', text(engineWord)),
        text(word),
      ]),
    ],
    text('number'),
    textType,
  )
}

/** Functions over json. */
export const jsonRows: readonly ScalarRow[] = [
  built('to_json', ['anyelement'], 'json', ([value], { name }) =>
    cast(jsonText(value ?? text(''), name), scalar('json')),
  ),
  built('array_to_json', ['anyarray'], 'json', ([value], { name }) =>
    cast(jsonText(value ?? text(''), name), scalar('json')),
  ),
  variadic(built('json_build_object', ['any'], 'json', buildObject)),
  built('json_build_object', [], 'json', () => jsonOf([text('{}')])),
  variadic(built('json_build_array', ['any'], 'json', buildArray)),
  built('json_build_array', [], 'json', () => jsonOf([text('[]')])),
  built('json_array_length', ['json'], 'int4', arrayLength),
  built('json_typeof', ['json'], 'text', typeOf),
]
