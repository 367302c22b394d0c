import { SqlError } from '../../errors/sql-error.ts'
import { SqlState } from '../../errors/sql-state.ts'

/**
 * The settings in the start-up key `options`: `-c name=value`, `-cname=value`, `--name=value`, several,
 * separated by blanks; a backslash takes the next character as it is (PostgreSQL 15, `pg_split_opts`,
 * `process_postgres_switches`). Hyphens in names mean underscores, as `ParseLongOption` has it.
 * @throws SqlError FATAL 42601 for anything else
 */
export function parseCommandLine(options: string): readonly (readonly [string, string])[] {
  const words = splitWords(options)
  const settings: (readonly [string, string])[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '-c') settings.push(parseAssignment(words[++index] ?? '', '-c '))
    else if (word.startsWith('--')) settings.push(parseAssignment(word.slice(2), '--'))
    else if (word.startsWith('-c')) settings.push(parseAssignment(word.slice(2), '-c '))
    else throw invalidSwitch(word)
  }
  return settings
}

function splitWords(options: string): readonly string[] {
  return Array.from(options.matchAll(/(?:\\[\s\S]|[^\s\\])+/g), ([word]) =>
    word.replaceAll(/\\([\s\S])/g, '$1'),
  )
}

function parseAssignment(text: string, prefix: string): readonly [string, string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw missingValue(prefix + text)
  return [text.slice(0, equals).replaceAll('-', '_').toLowerCase(), text.slice(equals + 1)]
}

function missingValue(assignment: string): SqlError {
  return new SqlError(SqlState.SyntaxError, `${assignment} requires a value`, { severity: 'FATAL' })
}

function invalidSwitch(word: string): SqlError {
  return new SqlError(
    SqlState.SyntaxError,
    `invalid command-line argument for server process: ${word}`,
    { severity: 'FATAL' },
  )
}
