/** Floating-point numbers as text: the shortest digits, an exponent where PostgreSQL writes one. */
import { withValues } from './single-use.ts'

/**
 * The engine writes `1.0`, `inf`, and an exponent from 1e16 on; PostgreSQL `1`, `Infinity`, and an
 * exponent from 1e15 on.
 */
export function float8Text(sql: string): string {
  const digits = `CAST(${sql} AS VARCHAR)`
  const exponent = `regexp_replace(${digits}, '^(-?\\d)(\\d{15})\\.(\\d+)$', '\\1.\\2\\3e+15')`
  return named(`regexp_replace(${exponent}, '\\.?0+(e.*)$|\\.0$', '\\1')`)
}

/** float4: PostgreSQL writes an exponent from 1e6 on. */
export function float4Text(sql: string): string {
  const digits = `CAST(${sql} AS VARCHAR)`
  const text = withValues([digits], (value) => {
    const power = `strlen(regexp_extract(${value}, '^-?(\\d+)\\.', 1)) - 1`
    const mantissa = `regexp_replace(${value}, '^(-?\\d)(\\d+)\\.(\\d+)$', '\\1.\\2\\3')`
    const isLarge = `regexp_matches(${value}, '^-?\\d{7,}\\.')`
    const exponent = `${mantissa} || 'e+' || lpad(CAST(${power} AS VARCHAR), 2, '0')`
    return `CASE WHEN ${isLarge} THEN ${exponent} ELSE ${value} END`
  })
  return named(`regexp_replace(${text}, '\\.?0+(e.*)$|\\.0$', '\\1')`)
}

function named(sql: string): string {
  return `replace(regexp_replace(${sql}, '^-?nan$', 'NaN'), 'inf', 'Infinity')`
}
