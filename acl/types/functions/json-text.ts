import type { BoundExpression } from '../../../store/bound.ts'
import { unsupportedForm } from '../errors.ts'
import { call, cast, concat, text, when } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { typeText } from '../type-name.ts'
import { repeatable } from './repeatable.ts'

const textType = scalar('text')

/** The JSON text that PostgreSQL's to_json gives for a value; NULL for NULL. */
export function jsonText(value: BoundExpression, name: string): BoundExpression {
  const { type } = value
  if (type === undefined) throw unsupportedForm(name, 'an argument of unknown type')
  if (type.kind === 'Array') return arrayJson(value, name)
  if (type.kind === 'Record') throw unsupportedForm(name, 'an argument of type record')
  switch (type.name) {
    case 'json':
    case 'bool':
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
      return cast(value, textType)
    case 'float4':
    case 'float8':
      return floatJson(value, name)
    case 'text':
    case 'varchar':
    case 'name':
      return cast(call('to_json', [value], scalar('json')), textType)
    case 'date':
    case 'uuid':
    case 'time':
    case 'interval':
    case 'oid':
      return quoted(cast(value, textType))
    case 'timestamp':
      return quoted(call('replace', [cast(value, textType), text(' '), text('T')], textType))
    case 'bpchar':
    case 'bytea':
    case 'timestamptz':
      throw unsupportedForm(name, `an argument of type ${typeText(type)}`)
    default:
      throw unsupportedForm(name, 'an argument of this type')
  }
}

/** Without a character that JSON would escape. NULL stays NULL, which concat would not. */
function quoted(value: BoundExpression): BoundExpression {
  const left: BoundExpression = {
    kind: 'BinaryOperation',
    operator: '||',
    left: text('"'),
    right: value,
    type: textType,
  }
  return {
    kind: 'BinaryOperation',
    operator: '||',
    left,
    right: text('"'),
    type: textType,
  }
}

/** Infinity and NaN are no numbers of JSON: PostgreSQL quotes them. */
function floatJson(value: BoundExpression, name: string): BoundExpression {
  repeatable(name, [value])
  const written = cast(value, textType)
  const isFinite = call('isfinite', [value], scalar('bool'))
  return when([[isFinite, written]], quoted(written), textType)
}

/** Element types that the engine writes as PostgreSQL does. */
const plainElements: ReadonlySet<string> = new Set([
  'bool',
  'int2',
  'int4',
  'int8',
  'text',
  'varchar',
])

function arrayJson(value: BoundExpression, name: string): BoundExpression {
  const element = value.type?.kind === 'Array' ? value.type.element.name : ''
  if (!plainElements.has(element)) throw unsupportedForm(name, `an array of ${element}`)
  return cast(call('to_json', [value], scalar('json')), textType)
}

/** A NULL is the word null inside a document. */
export function memberText(value: BoundExpression, name: string): BoundExpression {
  return {
    kind: 'ConditionalCall',
    function: 'coalesce',
    arguments: [jsonText(value, name), text('null')],
    type: textType,
  }
}

/** The parts joined and read as json. */
export function jsonOf(parts: readonly BoundExpression[]): BoundExpression {
  return cast(concat(parts), scalar('json'))
}
