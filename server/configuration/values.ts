/**
 * The kinds of value that a key may have: each a zod schema from the text to the value, and the words that
 * say what is accepted.
 */
import { isIP } from 'node:net'
import { z } from 'zod'

export interface ValueKind<T> {
  readonly schema: z.ZodType<T, string>
  /** Completes "expected ...". */
  readonly accepts: string
}

/** Where an endpoint listens. */
export interface Address {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean
}

function kind<T>(accepts: string, read: (text: string) => T | undefined): ValueKind<T> {
  const schema = z.string().transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `expected ${accepts}` })
    return z.NEVER
  })
  return { schema, accepts }
}

export const flag: ValueKind<boolean> = kind('true or false', (text) => {
  if (text === 'true') return true
  return text === 'false' ? false : undefined
})

export const path: ValueKind<string> = kind('a path', (text) =>
  text === '' || text.includes('\0') ? undefined : text,
)

export function oneOf<const T extends string>(choices: readonly T[]): ValueKind<T> {
  return kind(`one of ${choices.join(', ')}`, (text) => choices.find((choice) => choice === text))
}

/** Bounds of a number, both included. */
export interface NumberRange {
  readonly min: number
  readonly max: number
}

export function integer({ min, max }: NumberRange): ValueKind<number> {
  return kind(`an integer from ${min} to ${max}`, (text) => {
    const value = readInteger(text)
    return value !== undefined && value >= min && value <= max ? value : undefined
  })
}

const byteUnits = new Map([
  ['', 1],
  ['k', 1024],
  ['m', 1024 ** 2],
  ['g', 1024 ** 3],
])

/** A size as QuestDB writes it: `512k`, `1m`, `2g`, or a number of bytes. */
export function bytes({
  min,
  max,
}: {
  readonly min: string
  readonly max: string
}): ValueKind<number> {
  const least = readUnits(min, byteUnits) ?? 0
  const most = readUnits(max, byteUnits) ?? 0
  return kind(`a size such as 512k, 16m or 2g, from ${min} to ${max}`, (text) => {
    const value = readUnits(text.toLowerCase(), byteUnits)
    return value !== undefined && value >= least && value <= most ? value : undefined
  })
}

const millisecondUnits = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/** A time span in milliseconds: a bare number is milliseconds, as with QuestDB's time-out keys. */
export function duration({
  min,
  max,
}: {
  readonly min: string
  readonly max: string
}): ValueKind<number> {
  const least = readUnits(min, millisecondUnits) ?? 0
  const most = readUnits(max, millisecondUnits) ?? 0
  return kind(
    `a time such as 500ms, 30s or 5m (a bare number is milliseconds), from ${min} to ${max}`,
    (text) => {
      const value = readUnits(text.toLowerCase(), millisecondUnits)
      return value !== undefined && value >= least && value <= most ? value : undefined
    },
  )
}

export const address: ValueKind<Address> = kind(
  'host:port, such as 127.0.0.1:8812, 0.0.0.0:8812, localhost:8812 or [::1]:8812',
  readAddress,
)

/** questdb-rbac.md, D8. */
export const passwordBytesMax = 1024

export const password: ValueKind<string> = kind(
  `a password of 1 to ${passwordBytesMax} bytes`,
  (text) => (text !== '' && Buffer.byteLength(text) <= passwordBytesMax ? text : undefined),
)

/** questdb-rbac.md, D4; the length is checked against `acl.entity.name.max.length`. */
export const principalName: ValueKind<string> = kind(
  'a name without control characters, ":" and surrounding white space, other than _sso',
  (text) => (isPrincipalName(text) ? text : undefined),
)

function isPrincipalName(text: string): boolean {
  if (text === '' || text !== text.trim() || text.toLowerCase() === '_sso') return false
  return !/[\p{Cc}:]/u.test(text)
}

function readInteger(text: string): number | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}

function readUnits(text: string, units: ReadonlyMap<string, number>): number | undefined {
  const [, digits, unit] = /^(\d{1,15})([a-z]*)$/.exec(text) ?? []
  if (digits === undefined || unit === undefined) return undefined
  const factor = units.get(unit)
  return factor === undefined ? undefined : Number(digits) * factor
}

function readAddress(text: string): Address | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port > 65_535) return undefined
  if (bracketed !== undefined ? isIP(host) !== 6 : !isHost(host)) return undefined
  return { host, port, isLoopback: isLoopback(host) }
}

function isHost(text: string): boolean {
  // Digits and dots only: an IPv4 address, or a slip in one.
  if (/^[\d.]+$/.test(text)) return isIP(text) === 4
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text)
}

/** A name other than localhost may resolve to anything, today or tomorrow: not loopback. */
function isLoopback(host: string): boolean {
  const lower = host.toLowerCase()
  return lower === 'localhost' || lower === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(lower)
}
