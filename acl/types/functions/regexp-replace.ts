import type { BoundExpression } from '../../../store/bound.ts'
import { argumentNotConstant, unsupportedForm } from '../errors.ts'
import { call, constantValue, text } from '../expressions.ts'
import { scalar } from '../scalar.ts'
import { limitLengths, patternBytesMax, subjectBytesMax } from './length-guard.ts'
import { patternOfSameMeaning } from './regexp-pattern.ts'

/**
 * `regexp_replace(value, pattern, replacement[, flags])` for constant patterns that mean the same to
 * PostgreSQL's engine and to RE2. The pattern, the replacement and the flags are constants.
 */
export function regexpReplace(args: readonly BoundExpression[]): BoundExpression {
  const name = 'regexp_replace'
  const [value, ...rest] = args
  const [pattern, replacement, flags = ''] = rest.map(constantValue)
  if (value === undefined) throw new Error('regexp_replace without arguments')
  if (typeof pattern !== 'string' || typeof replacement !== 'string') {
    throw argumentNotConstant(name, 'the pattern and the replacement')
  }
  if (typeof flags !== 'string') throw argumentNotConstant(name, 'the flags')
  if (!/^[gi]*$/.test(flags)) throw unsupportedForm(name, `the flags "${flags}"`)
  const same = patternOfSameMeaning(pattern)
  if (same === undefined) throw unsupportedForm(name, 'this pattern')
  // s: the point matches a newline, as PostgreSQL's does.
  const engineFlags = text(`${flags}s`)
  const engineArguments = [value, text(same), text(replacementOf(replacement)), engineFlags]
  return limitLengths(
    name,
    [
      { value, what: 'text', bytesMax: subjectBytesMax },
      { value: text(pattern), what: 'pattern', bytesMax: patternBytesMax },
      { value: text(replacement), what: 'replacement', bytesMax: patternBytesMax },
    ],
    call(name, engineArguments, scalar('text')),
  )
}

/** PostgreSQL's `\&` is RE2's `\0`; `\1` to `\9` and `\\` are the same. */
function replacementOf(replacement: string): string {
  return replacement.replace(/\\(.?)/gs, (whole, follows: string) => {
    if (follows === '&') return '\\0'
    if (/^[1-9\\]$/.test(follows)) return whole
    throw unsupportedForm('regexp_replace', `the sequence "${whole}" in the replacement`)
  })
}
