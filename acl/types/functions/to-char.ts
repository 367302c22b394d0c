import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant, unsupportedForm } from '../errors.ts'
import { call, constantValue, text } from '../expressions.ts'

/** Template patterns that the engine's strftime writes in the same digits and letters. */
const directives: readonly (readonly [template: string, directive: string])[] = [
  ['YYYY', '%Y'],
  ['HH24', '%H'],
  ['HH12', '%I'],
  ['DDD', '%j'],
  ['Mon', '%b'],
  ['YY', '%y'],
  ['MM', '%m'],
  ['DD', '%d'],
  ['Dy', '%a'],
  ['HH', '%I'],
  ['MI', '%M'],
  ['SS', '%S'],
  ['MS', '%g'],
  ['US', '%f'],
  ['AM', '%p'],
  ['PM', '%p'],
]

/**
 * `to_char(timestamp, template)` for constant templates of the patterns above, quoted text and
 * punctuation. Others (Month with its padding, FM, TH, numbers) are refused.
 */
export function toChar([value, template]: readonly BoundExpression[]): BoundExpression {
  const written = constantValue(template)
  if (typeof written !== 'string') throw argumentNotConstant('to_char', 'the template')
  if (value === undefined) throw new Error('to_char of no value')
  return call('strftime', [value, text(formatOf(written))], { kind: 'Scalar', name: 'text' })
}

function formatOf(template: string): string {
  let format = ''
  let at = 0
  while (at < template.length) {
    const rest = template.slice(at)
    const known = directives.find(([word]) => rest.startsWith(word))
    const literal = /^"([^"\\%]*)"|^[-/.,:; T]/.exec(rest)
    if (known !== undefined) {
      format += known[1]
      at += known[0].length
    } else if (literal !== null && !/^T[HZ]/i.test(rest)) {
      format += literal[1] ?? literal[0]
      at += literal[0].length
    } else {
      throw unsupportedForm('to_char', `the template "${template}"`)
    }
  }
  return format
}
