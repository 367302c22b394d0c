/** Functions over text (PostgreSQL 15, chapter "String Functions and Operators"). */
import { SqlState } from '../../../errors/sql-state.ts'
import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant, invalidArgument, unsupportedForm } from '../errors.ts'
import {
  binary,
  call,
  cast,
  concat,
  constantInteger,
  constantValue,
  integer,
  raise,
  text,
  when,
} from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { chr } from './chr.ts'
import { limitLengths, patternBytesMax, subjectBytesMax } from './length-guard.ts'
import { built, engine, refused, variadic } from './make-row.ts'
import { pad, repeat } from './padding.ts'
import { regexpReplace } from './regexp-replace.ts'
import { repeatable } from './repeatable.ts'
import type { ScalarRow } from './row.ts'
import { similarToEscape } from './similar-to.ts'
import { overlay, substring } from './substring.ts'

const textType = scalar('text')

const lengths: readonly ScalarRow[] = [
  ...['length', 'char_length', 'character_length'].map((name) =>
    engine(name, ['text'], 'int4', 'length'),
  ),
  engine('length', ['bytea'], 'int4', 'octet_length'),
  engine('octet_length', ['text'], 'int4', 'strlen'),
  engine('octet_length', ['bytea'], 'int4', 'octet_length'),
  engine('bit_length', ['text'], 'int4'),
]

const trims: readonly ScalarRow[] = (
  [
    ['btrim', 'trim'],
    ['ltrim', 'ltrim'],
    ['rtrim', 'rtrim'],
  ] as const
).flatMap(([name, engineName]) => [
  // The engine's form without characters trims other white space too, PostgreSQL's blanks alone.
  built(name, ['text'], 'text', ([value], { result }) =>
    call(engineName, given(value, text(' ')), result),
  ),
  engine(name, ['text', 'text'], 'text', engineName),
])

/** The arguments that are there; the tables' declarations see to it that all are. */
function given(...args: readonly (BoundExpression | undefined)[]): readonly BoundExpression[] {
  return args.filter((one) => one !== undefined)
}

const parts: readonly ScalarRow[] = [
  ...['substring', 'substr'].flatMap((name) => [
    built(name, ['text', 'int4'], 'text', substring),
    built(name, ['text', 'int4', 'int4'], 'text', substring),
  ]),
  refused('substring', ['text', 'text'], 'text', 'a regular expression'),
  refused('substring', ['text', 'text', 'text'], 'text', 'a regular expression'),
  built('overlay', ['text', 'text', 'int4', 'int4'], 'text', overlay),
  built('overlay', ['text', 'text', 'int4'], 'text', overlay),
  engine('left', ['text', 'int4'], 'text'),
  engine('right', ['text', 'int4'], 'text'),
  built('split_part', ['text', 'text', 'int4'], 'text', splitPart),
]

/** Field 0 is an error, and an empty delimiter splits nothing; the engine has it otherwise. */
function splitPart(args: readonly BoundExpression[]): BoundExpression {
  const [value, delimiter, field] = args
  if (value === undefined || delimiter === undefined || field === undefined) throw noArgument()
  const number = constantInteger(field)
  if (number === 0) throw invalidArgument('field position must not be zero')
  const isPlain = number !== undefined && typeof constantValue(delimiter) === 'string'
  const body = call('split_part', args, textType)
  if (isPlain && constantValue(delimiter) !== '') return body
  repeatable('split_part', args)
  const isOnlyField = when(
    [[{ kind: 'InList', operand: field, items: [integer(1), integer(-1)], negated: false }, value]],
    text(''),
    textType,
  )
  return when(
    [
      [
        binary(field, '=', integer(0)),
        raise(SqlState.InvalidParameterValue, 'field position must not be zero'),
      ],
      [binary(delimiter, '=', text('')), isOnlyField],
    ],
    body,
    textType,
  )
}

function noArgument(): Error {
  return new Error('a function was given fewer arguments than it declares')
}

const searches: readonly ScalarRow[] = [
  engine('strpos', ['text', 'text'], 'int4'),
  // POSITION(x IN y): the grammar turns the arguments round.
  engine('position', ['text', 'text'], 'int4', 'strpos'),
  engine('starts_with', ['text', 'text'], 'bool'),
]

const replacements: readonly ScalarRow[] = [
  built('replace', ['text', 'text', 'text'], 'text', (args, { name }) =>
    limitLengths(name, replaceLimits(args), call('replace', args, textType)),
  ),
  built('translate', ['text', 'text', 'text'], 'text', (args, { name }) =>
    limitLengths(name, replaceLimits(args), call('translate', args, textType)),
  ),
  built('similar_to_escape', ['text'], 'text', similarToEscape),
  built('similar_to_escape', ['text', 'text'], 'text', similarToEscape),
  built('regexp_replace', ['text', 'text', 'text'], 'text', regexpReplace),
  built('regexp_replace', ['text', 'text', 'text', 'text'], 'text', regexpReplace),
]

function replaceLimits([subject, pattern, replacement]: readonly BoundExpression[]): Parameters<
  typeof limitLengths
>[1] {
  const limits: [BoundExpression | undefined, string, number][] = [
    [subject, 'text', subjectBytesMax],
    [pattern, 'searched text', patternBytesMax],
    [replacement, 'replacement', patternBytesMax],
  ]
  return limits.flatMap(([value, what, bytesMax]) =>
    value === undefined ? [] : [{ value, what, bytesMax }],
  )
}

const codes: readonly ScalarRow[] = [
  engine('ascii', ['text'], 'int4'),
  built('chr', ['int4'], 'text', chr),
  engine('md5', ['text'], 'text'),
  engine('md5', ['bytea'], 'text'),
  built('sha256', ['bytea'], 'bytea', (args, { result }) =>
    call('unhex', [call('sha256', args, textType)], result),
  ),
  built('encode', ['bytea', 'text'], 'text', encode),
  built('to_hex', ['int4'], 'text', ([value], { name }) => {
    const [number] = repeatable(name, [cast(value ?? integer(0), scalar('int8'))])
    const shifted = binary(number, '+', { ...integer(0), value: 2n ** 32n, type: scalar('int8') })
    const unsigned = when(
      [[binary(number, '<', integer(0)), { ...shifted, type: scalar('int8') }]],
      number,
      scalar('int8'),
    )
    return call('lower', [call('hex', [unsigned], textType)], textType)
  }),
  built('to_hex', ['int8'], 'text', (args) =>
    call('lower', [call('hex', args, textType)], textType),
  ),
]

/** PostgreSQL breaks base64 after 76 characters. */
function encode([value, format]: readonly BoundExpression[]): BoundExpression {
  if (value === undefined) throw noArgument()
  const name = constantValue(format)
  if (name === 'hex') return call('lower', [call('hex', [value], textType)], textType)
  if (typeof name !== 'string') throw argumentNotConstant('encode', 'the format')
  if (name !== 'base64') throw unsupportedForm('encode', `the format "${name}"`)
  const plain = call('to_base64', [value], textType)
  return call('regexp_replace', [plain, text('.{76}'), text('\\0\n'), text('g')], textType)
}

const joins: readonly ScalarRow[] = [
  variadic(
    built('concat', ['any'], 'text', (args, context) =>
      concat(args.map((one) => outputText(one, context.name))),
    ),
  ),
  variadic(
    built('concat_ws', ['text', 'any'], 'text', ([separator, ...args], context) =>
      call(
        'concat_ws',
        given(separator, ...args.map((one) => outputText(one, context.name))),
        textType,
      ),
    ),
  ),
]

/** A value as its type's output function writes it, which for bool is not what a cast to text gives. */
function outputText(value: BoundExpression, name: string): BoundExpression {
  const type = value.type?.kind === 'Scalar' ? value.type.name : undefined
  // Its output keeps the padding that every cast takes away.
  if (type === 'bpchar') throw unsupportedForm(name, 'an argument of type character')
  if (type === 'text') return value
  return type === 'bool' ? boolLetter(value, name) : cast(value, textType)
}

function boolLetter(value: BoundExpression, name: string): BoundExpression {
  repeatable(name, [value])
  const isFalse: BoundExpression = { kind: 'Not', operand: value, type: scalar('bool') }
  return when(
    [
      [value, text('t')],
      [isFalse, text('f')],
    ],
    { kind: 'Constant', value: null, type: textType },
    textType,
  )
}

/** Functions over text. */
export const stringRows: readonly ScalarRow[] = [
  engine('lower', ['text'], 'text'),
  engine('upper', ['text'], 'text'),
  engine('reverse', ['text'], 'text'),
  ...lengths,
  ...trims,
  ...parts,
  built('lpad', ['text', 'int4'], 'text', pad('lpad')),
  built('lpad', ['text', 'int4', 'text'], 'text', pad('lpad')),
  built('rpad', ['text', 'int4'], 'text', pad('rpad')),
  built('rpad', ['text', 'int4', 'text'], 'text', pad('rpad')),
  built('repeat', ['text', 'int4'], 'text', repeat),
  ...searches,
  ...replacements,
  ...codes,
  ...joins,
]
