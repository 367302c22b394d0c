import { withValues } from './single-use.ts'

/** An interval in PostgreSQL's default style: `1 year 2 mons -3 days +04:05:06.7`. */
export function intervalText(sql: string): string {
  return withValues([sql], (value) => {
    const clock = `((datepart('hour', ${value}) * 60 + datepart('minute', ${value})) * 60000000 + datepart('microseconds', ${value}))`
    const fields = ['year', 'month', 'day'].map((unit) => `datepart('${unit}', ${value})`)
    return withValues([...fields, clock], (years, months, days, micros) => {
      const isBefore = `(${days} < 0 OR (${days} = 0 AND (${years} < 0 OR ${months} < 0)))`
      const dayPlus = `(${years} < 0 OR ${months} < 0) AND ${days} > 0`
      const isTimeShown = `${micros} <> 0 OR (${years} = 0 AND ${months} = 0 AND ${days} = 0)`
      const parts = [
        unitText(years, 'year', 'false'),
        unitText(months, 'mon', 'false'),
        unitText(days, 'day', dayPlus),
        `CASE WHEN ${isTimeShown} THEN ${clockText(micros, isBefore)} END`,
      ]
      return `CASE WHEN ${years} IS NOT NULL THEN concat_ws(' ', ${parts.join(', ')}) END`
    })
  })
}

/** A field that is zero is left out; a positive one after a negative one shows its sign. */
function unitText(value: string, unit: string, isPlusShown: string): string {
  const sign = `CASE WHEN ${isPlusShown} THEN '+' ELSE '' END`
  const plural = `CASE WHEN ${value} = 1 THEN '' ELSE 's' END`
  return `CASE WHEN ${value} <> 0 THEN ${sign} || CAST(${value} AS VARCHAR) || ' ${unit}' || ${plural} END`
}

function clockText(micros: string, isBefore: string): string {
  const sign = `CASE WHEN ${micros} < 0 THEN '-' WHEN ${isBefore} THEN '+' ELSE '' END`
  const hours = `abs(${micros}) // 3600000000`
  const rest = [`abs(${micros}) // 60000000 % 60`, `abs(${micros}) // 1000000 % 60`]
  const shownHours = `CASE WHEN ${hours} < 10 THEN '0' ELSE '' END || CAST(${hours} AS VARCHAR)`
  const shownRest = rest.map((field) => `lpad(CAST(${field} AS VARCHAR), 2, '0')`)
  const digits = `rtrim(lpad(CAST(abs(${micros}) % 1000000 AS VARCHAR), 6, '0'), '0')`
  const fraction = `CASE WHEN abs(${micros}) % 1000000 = 0 THEN '' ELSE '.' || ${digits} END`
  return `(${[sign, shownHours, "':'", shownRest[0], "':'", shownRest[1], fraction].join(' || ')})`
}
